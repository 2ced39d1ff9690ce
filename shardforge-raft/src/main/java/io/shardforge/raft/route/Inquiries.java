package io.shardforge.raft.route;

import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Questions of this node to another one about what only that one knows, such as its sessions; what
 * is asked, and how it is answered, is the business of whoever asks and answers. Any thread.
 */
public final class Inquiries {
  /** Who has not answered by then counts as silent. */
  private static final Duration CALL_TIME = Duration.ofSeconds(1);

  private final int self;
  private final Supplier<Collection<Integer>> nodes;
  private final NodeDialer dialer;
  private final Clock clock;
  private volatile Respondent respondent =
      _ -> {
        throw new IllegalStateException("this node is starting");
      };

  /** Answers the questions of other nodes; called on threads that may block. */
  public interface Respondent {
    byte[] answer(byte[] question);
  }

  /**
   * Asks by way of a dialer.
   *
   * @param nodes all nodes of the cluster, this one perhaps among them
   */
  public Inquiries(int self, Supplier<Collection<Integer>> nodes, NodeDialer dialer, Clock clock) {
    this.self = self;
    this.nodes = nodes;
    this.dialer = dialer;
    this.clock = clock;
  }

  /** Takes questions of other nodes from now on. */
  public void register(RpcServices services, Executor blocking) {
    services.register(
        Services.INQUIRIES,
        blocking,
        (_, question) -> CompletableFuture.completedFuture(respondent.answer(question)));
  }

  /** Says who answers. */
  public void answerBy(Respondent one) {
    respondent = one;
  }

  /** The other nodes that this one has heard of, also those that are gone. */
  public List<Integer> others() {
    return nodes.get().stream().filter(node -> node != self).sorted().toList();
  }

  /** Asks a node; fails if it does not answer within a second. */
  public CompletableFuture<byte[]> ask(int node, byte[] question) {
    return dialer.call(node, Services.INQUIRIES, question, Deadline.after(clock, CALL_TIME));
  }
}
