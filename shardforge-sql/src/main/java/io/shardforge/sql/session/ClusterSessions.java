package io.shardforge.sql.session;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.raft.route.Inquiries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of all nodes, and the way to stop what they do. Those of this node are in its
 * directory; of others their nodes are asked, and here the same questions are answered. Any thread.
 *
 * <pre>
 *  REPORT  process, database, role, each 0 for any  → count, count × report
 *  SIGNAL  process, whether to end it               → whether it is there
 *  CANCEL  process, its client's secret             → nothing
 * </pre>
 */
public final class ClusterSessions implements Inquiries.Respondent {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterSessions.class);
  static final String TOPIC = "sessions";
  private static final int REPORT = 1;
  private static final int SIGNAL = 2;
  private static final int CANCEL = 3;

  private final int self;
  private final SessionFactory.Directory directory;
  private final Inquiries inquiries;
  private final ClusterControl cluster;

  ClusterSessions(
      int self, SessionFactory.Directory directory, Inquiries inquiries, ClusterControl cluster) {
    this.self = self;
    this.directory = directory;
    this.inquiries = inquiries;
    this.cluster = cluster;
  }

  /** Which sessions somebody asks for; 0 is any. */
  record Selection(int processId, int databaseId, int roleId) {
    static final Selection ALL = new Selection(0, 0, 0);

    private boolean has(Session session) {
      return (processId == 0 || processId == session.client().processId())
          && (databaseId == 0 || databaseId == session.databaseId())
          && (roleId == 0 || roleId == session.loginRoleId());
    }

    private boolean mayBeOn(int node) {
      return processId == 0 || new ProcessNumber(processId).isOf(node);
    }
  }

  /**
   * Sessions of the nodes that have answered.
   *
   * @param silent the nodes that have not, without those that are gone for good
   */
  record Found(List<SessionReport> sessions, List<Integer> silent) {}

  /** Asks all nodes for sessions, and waits for them for about a second. */
  Found find(Selection selection) throws InterruptedException {
    byte[] question =
        new WireWriter(16)
            .putByte(REPORT)
            .putVarint(selection.processId)
            .putVarint(selection.databaseId)
            .putVarint(selection.roleId)
            .toByteArray();
    Map<Integer, CompletableFuture<byte[]>> asked = new LinkedHashMap<>();
    for (int node : inquiries.others()) {
      if (selection.mayBeOn(node)) {
        asked.put(node, inquiries.ask(node, TOPIC, question));
      }
    }
    List<SessionReport> sessions = new ArrayList<>(own(selection));
    List<Integer> silent = new ArrayList<>();
    for (Map.Entry<Integer, CompletableFuture<byte[]>> call : asked.entrySet()) {
      int node = call.getKey();
      try {
        WireReader in = new WireReader(call.getValue().get());
        int count = in.readCount();
        for (int i = 0; i < count; i++) {
          sessions.add(SessionReport.read(node, in));
        }
        in.expectEnd();
      } catch (ExecutionException e) {
        LOG.debug("node does not tell of its sessions node={}", node, e);
        silent.add(node);
      }
    }
    if (!silent.isEmpty()) {
      Map<Integer, NodeState> states = cluster.nodeStates();
      silent.removeIf(node -> states.get(node) == NodeState.DECOMMISSIONED);
    }
    return new Found(sessions, silent);
  }

  /** Asks for the session of a process, which is none if nothing is found and nobody silent. */
  Found find(int processId) throws InterruptedException {
    Session own = directory.session(processId);
    if (own != null) {
      return new Found(List.of(SessionReport.of(self, own)), List.of());
    }
    return processId <= 0 ? new Found(List.of(), List.of()) : find(new Selection(processId, 0, 0));
  }

  private List<SessionReport> own(Selection selection) {
    List<SessionReport> reports = new ArrayList<>();
    for (Session session : directory.sessions()) {
      if (selection.has(session)) {
        reports.add(SessionReport.of(self, session));
      }
    }
    return reports;
  }

  /**
   * Cancels what a session runs, or ends it; false if it is gone, or its node silent.
   *
   * @param end whether to end the session, too
   */
  boolean signal(SessionReport session, boolean end) throws InterruptedException {
    if (session.node() == self) {
      return signal(session.processId(), end);
    }
    byte[] question =
        new WireWriter(16)
            .putByte(SIGNAL)
            .putVarint(session.processId())
            .putBoolean(end)
            .toByteArray();
    try {
      return new WireReader(inquiries.ask(session.node(), TOPIC, question).get()).readBoolean();
    } catch (ExecutionException e) {
      LOG.debug("node was not reached for a signal node={}", session.node(), e);
      return false;
    }
  }

  private boolean signal(int processId, boolean end) {
    Session session = directory.session(processId);
    if (session == null) {
      return false;
    }
    if (end) {
      session.terminate();
    } else {
      session.cancel();
    }
    return true;
  }

  /**
   * Cancels what a session runs, on whichever node, if the secret is that of its client; tells
   * nobody whether it did, only when. Does not block.
   */
  CompletableFuture<Void> cancel(int processId, byte[] secret) {
    directory.cancel(processId, secret);
    ProcessNumber process = new ProcessNumber(processId);
    byte[] question =
        new WireWriter(48).putByte(CANCEL).putVarint(processId).putBytes(secret).toByteArray();
    return CompletableFuture.allOf(
            inquiries.others().stream()
                .filter(process::isOf)
                .map(node -> inquiries.ask(node, TOPIC, question))
                .toArray(CompletableFuture<?>[]::new))
        .exceptionally(failure -> {
          LOG.debug("node was not reached to cancel process={}", processId, failure);
          return null;
        });
  }

  @Override
  public byte[] answer(byte[] question) {
    WireReader in = new WireReader(question);
    WireWriter out = new WireWriter(256);
    switch (in.readByte()) {
      case REPORT -> {
        List<SessionReport> reports = own(new Selection(in.readInt(), in.readInt(), in.readInt()));
        out.putVarint(reports.size());
        reports.forEach(report -> report.put(out));
      }
      case SIGNAL -> out.putBoolean(signal(in.readInt(), in.readBoolean()));
      case CANCEL -> directory.cancel(in.readInt(), in.readBytes());
      default -> throw WireReader.corrupt("a question about sessions");
    }
    in.expectEnd();
    return out.toByteArray();
  }
}
