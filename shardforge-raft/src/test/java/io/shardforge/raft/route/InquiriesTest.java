package io.shardforge.raft.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Questions between two nodes, over real connections. */
final class InquiriesTest {
  private static final byte[] QUESTION = {1, 2};

  private static Inquiries open(RpcNode node, int id) {
    return new Inquiries(id, () -> List.of(2, 1), node.dialer, node.clock);
  }

  @Test
  void whoeverIsAskedAnswersOnceItCan() throws Exception {
    try (RpcNode first = new RpcNode(1);
        RpcNode second = new RpcNode(2)) {
      first.book.learn(second.address());
      Inquiries asking = open(first, 1);
      Inquiries asked = open(second, 2);
      asked.register(second.services, second.blocking);
      assertThat(asking.others()).containsExactly(2);
      assertThatThrownBy(() -> asking.ask(2, "reversal", QUESTION).get())
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("nobody here answers about reversal yet");
      asked.answerBy("reversal", question -> new byte[] {question[1], question[0]});
      assertThat(asking.ask(2, "reversal", QUESTION).get()).containsExactly(2, 1);
    }
  }

  @Test
  void aSilentNodeIsNotWaitedForForLong() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (RpcNode first = new RpcNode(1);
        RpcNode second = new RpcNode(2)) {
      first.book.learn(second.address());
      Inquiries asked = open(second, 2);
      asked.register(second.services, second.blocking);
      asked.answerBy(
          "reversal",
          question -> {
            try {
              over.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return question;
          });
      CompletableFuture<byte[]> answer = open(first, 1).ask(2, "reversal", QUESTION);
      assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class);
      over.countDown();
    }
  }
}
