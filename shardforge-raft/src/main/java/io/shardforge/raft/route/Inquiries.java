package io.shardforge.raft.route;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Map<String, Respondent> respondents = new ConcurrentHashMap<>();

  /** Answers the questions of other nodes about a topic; called on threads that may block. */
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
        (_, inquiry) -> CompletableFuture.completedFuture(answer(new WireReader(inquiry))));
  }

  private byte[] answer(WireReader inquiry) {
    String topic = inquiry.readString();
    byte[] question = inquiry.readBytes();
    inquiry.expectEnd();
    Respondent respondent = respondents.get(topic);
    if (respondent == null) {
      throw new IllegalStateException("nobody here answers about " + topic + " yet");
    }
    return respondent.answer(question);
  }

  /** Says who answers about a topic. */
  public void answerBy(String topic, Respondent respondent) {
    respondents.put(topic, respondent);
  }

  /** The other nodes that this one has heard of, also those that are gone. */
  public List<Integer> others() {
    return nodes.get().stream().filter(node -> node != self).sorted().toList();
  }

  /** Asks a node; fails if it does not answer within a second. */
  public CompletableFuture<byte[]> ask(int node, String topic, byte[] question) {
    byte[] inquiry =
        new WireWriter(32 + question.length).putString(topic).putBytes(question).toByteArray();
    return dialer.call(node, Services.INQUIRIES, inquiry, Deadline.after(clock, CALL_TIME));
  }
}
