package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shard most of whose replicas are gone says so, and the others know nothing of it. */
final class LostMajorityTest {
  private static final byte[] BORDER = LogsCluster.key("m");
  private static final List<ShardDescriptor> SHARDS =
      List.of(
          new ShardDescriptor(1, KeySpace.metaSpan(), 1, List.of(1, 4, 5)),
          new ShardDescriptor(
              2, new KeySpan(KeySpace.dataSpan().start(), BORDER), 1, List.of(1, 2, 3)),
          new ShardDescriptor(
              3, new KeySpan(BORDER, KeySpace.dataSpan().end()), 1, List.of(1, 4, 5)));

  @TempDir @Nullable Path directory;

  private static KvError errorOf(KvException e) {
    return e.error();
  }

  @Test
  void oneShardIsLostAndAnotherGoesOn() throws Exception {
    Path root = directory;
    if (root == null) {
      throw new IllegalStateException("no directory");
    }
    try (LogsCluster cluster = new LogsCluster(root, SHARDS)) {
      cluster.begin(List.of(1, 2, 3, 4, 5));
      var _ = cluster.write(1, "a", "lost");
      var _ = cluster.write(1, "z", "kept");
      var _ = cluster.crash(2);
      var _ = cluster.crash(3);
      // No deadline at all, and an answer all the same.
      assertThatThrownBy(() -> cluster.readOnce(1, "a"))
          .isInstanceOfSatisfying(
              KvException.class,
              e ->
                  assertThat(errorOf(e))
                      .isEqualTo(new KvError.QuorumLost(2, List.of(1, 2, 3), List.of(2, 3))));
      assertThat(cluster.readOnce(4, "z")).isEqualTo("kept");
      var _ = cluster.write(4, "z", "kept");
      assertThat(cluster.fatal()).isNull();
    }
  }
}
