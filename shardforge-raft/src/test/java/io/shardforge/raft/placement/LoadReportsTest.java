package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.route.RpcNode;
import io.shardforge.raft.shard.ShardLoad;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What nodes say of their shards, over real connections. */
final class LoadReportsTest {
  private static final List<ShardLoad> FIRST = List.of(new ShardLoad(1, 0), new ShardLoad(9, 44));
  private static final List<ShardLoad> SECOND = List.of(new ShardLoad(2, ShardLoad.UNKNOWN));

  @Test
  void whoAnswersIsHeard() throws Exception {
    try (RpcNode first = new RpcNode(1);
        RpcNode second = new RpcNode(2)) {
      first.book.learn(second.address());
      LoadReports asking = new LoadReports(1, () -> FIRST, first.dialer, first.clock);
      new LoadReports(2, () -> SECOND, second.dialer, second.clock)
          .register(second.services, second.blocking);
      assertThat(asking.ask(List.of(1, 2)))
          .containsOnlyKeys(1, 2)
          .containsEntry(1, FIRST)
          .containsEntry(2, SECOND);
      assertThat(asking.ask(List.of(1, 3))).as("nobody knows node 3").containsOnlyKeys(1);
    }
  }
}
