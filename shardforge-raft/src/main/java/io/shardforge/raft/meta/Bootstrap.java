package io.shardforge.raft.meta;

import io.shardforge.raft.proto.ClusterPlanMessage;
import io.shardforge.raft.proto.EnrollMessage;
import io.shardforge.raft.proto.InitReplyMessage;
import io.shardforge.raft.proto.StatusMessage;
import io.shardforge.raft.route.HostPort;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.raft.route.NodeIdentity;
import io.shardforge.raft.route.PeerDialer;
import io.shardforge.raft.route.RpcException;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.Services;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.MonotonicTimer;
import io.shardforge.storage.clock.Randomness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node becomes a member of a cluster.
 *
 * <p>A node with an empty store listens and asks the nodes of its join list, again and again,
 * whether there is a cluster. {@code init}, sent to one of them, makes one of all that it reaches:
 * it asks each for a promise not to follow another plan, then tells each its place. A node that
 * missed its place, came later, or lost its store is enrolled by any member.
 *
 * <pre>
 *   STATUS                 → StatusMessage
 *   INIT                   → InitReplyMessage
 *   PROMISE cluster id     → nothing
 *   ENROLLED EnrollMessage → nothing
 *   JOIN    NodeAddress    → EnrollMessage
 * </pre>
 */
public final class Bootstrap {
  private static final Logger log = LoggerFactory.getLogger(Bootstrap.class);

  private static final byte STATUS = 1;
  private static final byte INIT = 2;
  private static final byte PROMISE = 3;
  private static final byte ENROLLED = 4;
  private static final byte JOIN = 5;

  /** How long {@code init} waits for the nodes of the join list that it does not reach. */
  private static final Duration GATHER_TIME_MAX = Duration.ofSeconds(10);

  /** A promise is forgotten when its plan has not come for so long. */
  private static final Duration PROMISE_TIME = Duration.ofSeconds(30);

  private static final Duration CALL_TIME = Duration.ofSeconds(5);
  private static final Duration JOIN_TIME = Duration.ofSeconds(30);
  private static final Duration ASK_PAUSE = Duration.ofMillis(200);
  private static final int CLUSTER_ID_BYTES = 16;

  private final NodeIdentity identity;
  private final List<HostPort> joinList;
  private final PeerDialer dialer;
  private final Clock clock;
  private final Randomness randomness;
  private final long process;
  private final CompletableFuture<Membership> joined = new CompletableFuture<>();
  private final Object initializing = new Object();
  private volatile @Nullable Enrollment enrollment;
  private @Nullable String promisedTo;
  private @Nullable MonotonicTimer promisedFor;

  public Bootstrap(
      NodeIdentity identity,
      List<HostPort> joinList,
      PeerDialer dialer,
      Clock clock,
      Randomness randomness) {
    this.identity = identity;
    this.joinList = List.copyOf(joinList);
    this.dialer = dialer;
    this.clock = clock;
    this.randomness = randomness;
    this.process = randomness.nextLong();
  }

  /** Answers other nodes from now on; the executor's tasks may block. */
  public void register(RpcServices services, Executor blocking) {
    services.register(Services.META, blocking, (_, payload) -> handle(payload));
  }

  /** Lets newcomers in from now on. */
  public void openTo(Enrollment newEnrollment) {
    enrollment = newEnrollment;
  }

  /** What this node, which had an empty store, has become. */
  public CompletableFuture<Membership> joined() {
    return joined;
  }

  /** Looks for a cluster until this node is a member of one. */
  public void seek() throws InterruptedException {
    Map<HostPort, String> failures = new HashMap<>();
    while (!joined.isDone()) {
      for (HostPort address : joinList) {
        if (!joined.isDone() && !isPromised()) {
          String failure = ask(address);
          if (!failure.equals(failures.put(address, failure)) && !failure.isEmpty()) {
            log.info("a node of the join list cannot be asked reason=\"{}\"", failure);
          }
        }
      }
      clock.sleep(ASK_PAUSE);
    }
  }

  /** Asks a node to let this one in; returns why that failed, or nothing. */
  private String ask(HostPort address) throws InterruptedException {
    try {
      StatusMessage status = status(address);
      if (status.getProcess() == process || status.getClusterId().isEmpty()) {
        return "";
      }
      byte[] reply = call(address, JOIN, identity.self().address().toBytes(), JOIN_TIME);
      become(EnrollMessage.parseFrom(reply));
      return "";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Sends {@code init} to a node, trying again while it cannot be reached. */
  public static InitReplyMessage requestInit(
      PeerDialer dialer, HostPort node, Duration patience, Clock clock)
      throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(clock, patience);
    while (true) {
      try {
        byte[] reply =
            dialer
                .callAddress(
                    node, Services.META, new byte[] {INIT}, Deadline.after(clock, JOIN_TIME))
                .get();
        return InitReplyMessage.parseFrom(reply);
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        boolean hopeless =
            cause instanceof RpcException rpc && rpc.reason() == RpcException.Reason.MISMATCH;
        if (hopeless || deadline.isExpired(clock)) {
          throw new IOException(cause == null ? e.getMessage() : cause.getMessage());
        }
        clock.sleep(ASK_PAUSE);
      }
    }
  }

  private CompletableFuture<byte[]> handle(byte[] payload) {
    if (payload.length == 0) {
      return CompletableFuture.failedFuture(new IOException("empty request"));
    }
    byte[] body = new byte[payload.length - 1];
    System.arraycopy(payload, 1, body, 0, body.length);
    try {
      byte[] reply =
          switch (payload[0]) {
            case STATUS -> ownStatus().toByteArray();
            case INIT -> initialize().toByteArray();
            case PROMISE -> promise(HexFormat.of().formatHex(body));
            case ENROLLED -> {
              become(EnrollMessage.parseFrom(body));
              yield new byte[0];
            }
            case JOIN -> enroll(NodeAddress.fromBytes(body));
            default -> throw new IOException("unknown request " + payload[0]);
          };
      return CompletableFuture.completedFuture(reply);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(e);
    }
  }

  private StatusMessage ownStatus() {
    NodeIdentity.Self self = identity.self();
    return StatusMessage.newBuilder()
        .setProcess(process)
        .setClusterId(self.clusterId())
        .setSelf(self.address().toMessage())
        .build();
  }

  private StatusMessage status(HostPort address) throws IOException, InterruptedException {
    return StatusMessage.parseFrom(call(address, STATUS, new byte[0], CALL_TIME));
  }

  // ---- init ----

  /** Makes a cluster, unless there is one. Public for a node that is a cluster of its own. */
  public InitReplyMessage initialize() throws IOException, InterruptedException {
    synchronized (initializing) {
      NodeIdentity.Self self = identity.self();
      if (self.hasCluster()) {
        return InitReplyMessage.newBuilder()
            .setAlready(true)
            .setClusterId(self.clusterId())
            .build();
      }
      Map<HostPort, StatusMessage> gathered = gather();
      for (Map.Entry<HostPort, StatusMessage> entry : gathered.entrySet()) {
        if (!entry.getValue().getClusterId().isEmpty()) {
          return InitReplyMessage.newBuilder()
              .setAlready(true)
              .setClusterId(entry.getValue().getClusterId())
              .build();
        }
      }
      byte[] clusterId = new byte[CLUSTER_ID_BYTES];
      randomness.nextBytes(clusterId);
      List<NodeAddress> nodes = new ArrayList<>();
      for (StatusMessage status : gathered.values()) {
        NodeAddress unnumbered = NodeAddress.fromMessage(status.getSelf());
        nodes.add(unnumbered.numbered(nodes.size() + 1, 1));
      }
      ClusterPlan plan = ClusterPlan.first(HexFormat.of().formatHex(clusterId), nodes);
      for (HostPort address : gathered.keySet()) {
        call(address, PROMISE, clusterId, CALL_TIME);
      }
      // From here on the cluster exists: whoever misses this is enrolled later by the others.
      ClusterPlanMessage message = plan.toMessage();
      List<String> missed = new ArrayList<>();
      int number = 0;
      for (HostPort address : gathered.keySet()) {
        number++;
        EnrollMessage place =
            EnrollMessage.newBuilder().setNodeId(number).setIncarnation(1).setPlan(message).build();
        try {
          call(address, ENROLLED, place.toByteArray(), CALL_TIME);
        } catch (IOException e) {
          log.warn("a node missed its place node={} reason=\"{}\"", number, e.getMessage());
          missed.add(address.toString());
        }
      }
      for (HostPort address : joinList) {
        if (!gathered.containsKey(address) && !isSelf(address)) {
          missed.add(address.toString());
        }
      }
      log.info(
          "cluster made cluster={} nodes={} missed={}", plan.clusterId(), nodes.size(), missed);
      return InitReplyMessage.newBuilder()
          .setClusterId(plan.clusterId())
          .setNodes(nodes.size())
          .addAllUnreachable(missed)
          .build();
    }
  }

  private boolean isSelf(HostPort address) {
    return address.equals(identity.self().address().rpc());
  }

  /** The nodes of the join list and this one, each once, in the list's order. */
  private Map<HostPort, StatusMessage> gather() throws InterruptedException {
    Deadline deadline = Deadline.after(clock, GATHER_TIME_MAX);
    Map<HostPort, StatusMessage> answers = new LinkedHashMap<>();
    while (true) {
      for (HostPort address : joinList) {
        if (!answers.containsKey(address)) {
          try {
            answers.put(address, isSelf(address) ? ownStatus() : status(address));
          } catch (IOException e) {
            log.debug("not there yet address={} reason=\"{}\"", address, e.getMessage());
          }
        }
      }
      if (answers.size() == joinList.size() || deadline.isExpired(clock)) {
        break;
      }
      clock.sleep(ASK_PAUSE);
    }
    Map<HostPort, StatusMessage> ordered = new LinkedHashMap<>();
    List<Long> seen = new ArrayList<>();
    for (HostPort address : joinList) {
      StatusMessage status = answers.get(address);
      if (status != null && !seen.contains(status.getProcess())) {
        seen.add(status.getProcess());
        ordered.put(address, status);
      }
    }
    if (!seen.contains(process)) {
      ordered.put(identity.self().address().rpc(), ownStatus());
    }
    return ordered;
  }

  private synchronized byte[] promise(String clusterId) throws IOException {
    NodeIdentity.Self self = identity.self();
    if (self.hasCluster()) {
      throw new IOException("this node belongs to cluster " + self.clusterId() + " already");
    }
    if (isPromised() && !clusterId.equals(promisedTo)) {
      throw new IOException("this node is about to become a member of another cluster");
    }
    promisedTo = clusterId;
    promisedFor = MonotonicTimer.start(clock);
    return new byte[0];
  }

  private synchronized boolean isPromised() {
    MonotonicTimer timer = promisedFor;
    return timer != null && timer.elapsed().compareTo(PROMISE_TIME) < 0;
  }

  private synchronized void become(EnrollMessage place) throws IOException {
    ClusterPlan plan = ClusterPlan.fromMessage(place.getPlan());
    NodeIdentity.Self self = identity.self();
    if (self.hasCluster()) {
      throw new IOException("this node belongs to cluster " + self.clusterId() + " already");
    }
    NodeAddress numbered = self.address().numbered(place.getNodeId(), place.getIncarnation());
    var _ = joined.complete(new Membership(numbered, plan));
  }

  // ---- newcomers ----

  private byte[] enroll(NodeAddress newcomer) throws IOException, InterruptedException {
    Enrollment open = enrollment;
    if (open == null) {
      throw new IOException("this node cannot let others in yet");
    }
    Membership membership = open.enroll(newcomer);
    return EnrollMessage.newBuilder()
        .setNodeId(membership.self().nodeId())
        .setIncarnation(membership.self().incarnation())
        .setPlan(membership.plan().toMessage())
        .build()
        .toByteArray();
  }

  private byte[] call(HostPort address, byte kind, byte[] body, Duration time)
      throws IOException, InterruptedException {
    byte[] request = new byte[1 + body.length];
    request[0] = kind;
    System.arraycopy(body, 0, request, 1, body.length);
    if (isSelf(address)) {
      return own(request);
    }
    try {
      return dialer.callAddress(address, Services.META, request, Deadline.after(clock, time)).get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(cause == null ? e.getMessage() : cause.getMessage());
    }
  }

  private byte[] own(byte[] request) throws IOException, InterruptedException {
    try {
      return handle(request).get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(cause == null ? e.getMessage() : cause.getMessage());
    }
  }
}
