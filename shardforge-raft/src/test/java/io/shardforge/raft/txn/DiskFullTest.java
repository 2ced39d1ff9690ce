package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import org.junit.jupiter.api.Test;

/** A node without space for new rows refuses them, and only them. */
final class DiskFullTest extends ClusterTest {
  @Test
  void refusesRowsAndTakesThemAgainWithSpace() {
    write(key(1, "a"), "1");
    cluster.node(1).setSpaceLow(true);
    Txn oneShard = begin(Isolation.READ_COMMITTED);
    oneShard.put(TABLE, key(1, "a"), bytes("2"));
    assertThat(errorOf(oneShard::commit)).isEqualTo(new KvError.DiskFull(1));
    Txn severalShards = begin(Isolation.SERIALIZABLE);
    severalShards.put(TABLE, key(1, "a"), bytes("3"));
    severalShards.put(TABLE, key(2, "a"), bytes("3"));
    assertThat(errorOf(severalShards::commit)).isEqualTo(new KvError.DiskFull(1));
    assertThat(read(key(1, "a"))).isEqualTo("1");
    assertThat(read(key(2, "a"))).isNull();
    cluster.node(1).setSpaceLow(false);
    write(key(1, "a"), "4");
    assertThat(read(key(1, "a"))).isEqualTo("4");
  }
}
