package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.ReportedLock;
import io.shardforge.raft.kv.RowWait;
import io.shardforge.raft.route.RpcNode;
import io.shardforge.storage.mvcc.TxnId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What nodes say of who waits for row locks, over real connections. */
final class WaitReportsTest {
  private static final byte[] ROW = {1, 2};

  @Test
  void whoAnswersIsHeard() throws Exception {
    RowWait told =
        new RowWait(
            new TxnId(1, 2),
            ROW,
            LockStrength.UPDATE,
            List.of(new ReportedLock(new TxnId(3, 4), ROW, LockStrength.SHARE)));
    try (RpcNode first = new RpcNode(1);
        RpcNode second = new RpcNode(2)) {
      first.book.learn(second.address());
      WaitReports asking = new WaitReports(1, List::of, first.dialer, first.clock);
      new WaitReports(2, () -> List.of(told), second.dialer, second.clock)
          .register(second.services, second.blocking);
      assertThat(asking.ask(List.of(1, 2, 3)))
          .as("nobody knows node 3")
          .usingRecursiveFieldByFieldElementComparator()
          .containsExactly(told);
    }
  }
}
