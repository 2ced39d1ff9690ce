package io.shardforge.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.KvError;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients are told of outcomes below SQL. */
final class ErrorMapperTest {
  private final ErrorMapper mapper = new ErrorMapper(_ -> "a relation");

  @Test
  void aLostMajorityIsNamedWithItsNodesAndTheWayOut() {
    KvError lost = new KvError.QuorumLost(7, List.of(1, 2, 3), List.of(2, 3));
    ShardForgeException told = mapper.map(lost);
    assertThat(told.code()).isEqualTo(ErrorCode.CANNOT_CONNECT_NOW);
    assertThat(told.getMessage())
        .isEqualTo("shard 7 has lost its majority: 2 of its 3 replicas cannot be reached");
    assertThat(told.detail()).contains("nodes 1, 2, 3").contains("nodes 2, 3");
    assertThat(told.hint()).contains("shardforge node recover");
    assertThat(ErrorMapper.mayRetry(lost)).isFalse();
  }
}
