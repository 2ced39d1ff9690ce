package io.shardforge.raft.group;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.route.AddressBook;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.MonotonicTimer;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's members of all groups, on one Ratis server. */
public final class RatisGroups implements GroupFactory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RatisGroups.class);

  /** The upper half of the group ids; the lower one is the shard's id. */
  private static final long GROUP_ID_HIGH = 0x5368617264466f72L;

  private static final long SNAPSHOT_MILLIS_MAX = 10_000;

  /** How long a member may be stopped before its node is given up: the map is read more often. */
  static final Duration STOPPED_MAX = Duration.ofSeconds(30);

  private final GroupsConfig config;
  private final AddressBook book;
  private final FatalHandler fatal;
  private final Executor blocking;
  private final Executor copying;
  private final StateTransfers transfers;
  private final RaftServer server;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final Map<RaftGroupId, ShardStateMachine> machines = new ConcurrentHashMap<>();
  private final Map<RaftGroupId, Arrivals> arrivals = new ConcurrentHashMap<>();
  private final Map<Long, RatisGroup> groups = new ConcurrentHashMap<>();
  private final Set<RaftGroupId> opened = ConcurrentHashMap.newKeySet();
  private final Set<Long> replacing = ConcurrentHashMap.newKeySet();

  /** Members that have ended by themselves; the thread's that calls {@link #tend}. */
  private final Map<Long, MonotonicTimer> stoppedFor = new HashMap<>();

  private final Clock clock;
  private volatile boolean closing;

  /**
   * Starts the server without any group.
   *
   * @param handlers runs what other members send; bounded, and never blocked for long
   * @param blocking runs what may block, on virtual threads
   * @param copying runs copies of whole states, on threads of the system's: beside busy sessions a
   *     copy on virtual threads would wait for its turn again and again
   */
  public RatisGroups(
      GroupsConfig config,
      NodeDialer dialer,
      RpcServices services,
      AddressBook book,
      Executor handlers,
      Executor blocking,
      Executor copying,
      Clock clock,
      FatalHandler fatal)
      throws IOException {
    this.config = config;
    this.book = book;
    this.fatal = fatal;
    this.blocking = blocking;
    this.copying = copying;
    this.clock = clock;
    this.transfers = new StateTransfers(dialer, services, copying, clock);
    Files.createDirectories(config.directory());
    Path none = Files.createDirectories(config.directory().resolve("starting"));
    RaftProperties properties = GroupProperties.of(config);
    // The server opens every group that it finds, before its state could be known here: let it
    // find none, and then point it to the logs.
    RaftServerConfigKeys.setStorageDir(properties, List.of(none.toFile()));
    RaftConfigKeys.Rpc.setType(properties, new NodeRpcType());
    Parameters parameters = new Parameters();
    parameters.put(
        NodeRpcType.FACTORY_PARAMETER,
        new TransportFactory(
            dialer,
            services,
            handlers,
            opened::contains,
            id -> Optional.ofNullable(arrivals.get(id)),
            clock),
        TransportFactory.class);
    this.server =
        RaftServer.newBuilder()
            .setServerId(new PeerName(config.nodeId(), config.incarnation()).toId())
            .setProperties(properties)
            .setParameters(parameters)
            .setOption(RaftStorage.StartupOption.RECOVER)
            .setStateMachineRegistry(this::machineOf)
            .build();
    server.start();
    transfers.start();
    RaftServerConfigKeys.setStorageDir(
        server.getProperties(), List.of(config.directory().toFile()));
  }

  private ShardStateMachine machineOf(RaftGroupId groupId) {
    ShardStateMachine machine = machines.get(groupId);
    if (machine == null) {
      throw new IllegalStateException("no state for group " + groupId);
    }
    return machine;
  }

  @Override
  public RaftGroup open(ShardDescriptor shard, ReplicatedState state) {
    if (!logExists(shard.shardId()) && !config.newStore()) {
      throw missing(shard.shardId());
    }
    return open(shard, state, firstPeers(shard));
  }

  @Override
  public void seed(long shardId, List<String> members) throws IOException {
    SeededLog.make(config.directory(), idOf(shardId), members);
  }

  @Override
  public RaftGroup openSeeded(ShardDescriptor shard, ReplicatedState state) {
    if (!logExists(shard.shardId())) {
      throw missing(shard.shardId());
    }
    // The members are in the log.
    return open(shard, state, List.of());
  }

  static RaftGroupId idOf(long shardId) {
    return RaftGroupId.valueOf(new UUID(GROUP_ID_HIGH, shardId));
  }

  private boolean logExists(long shardId) {
    return Files.isDirectory(config.directory().resolve(idOf(shardId).getUuid().toString()));
  }

  /** What a node that has lost a log promised to others it does not know any more. */
  private ShardForgeException missing(long shardId) {
    return damaged(
        shardId, new DamagedLogException("it is missing from " + config.directory(), null));
  }

  private RaftGroup open(ShardDescriptor shard, ReplicatedState state, List<RaftPeer> peers) {
    long shardId = shard.shardId();
    RaftGroupId groupId = idOf(shardId);
    Arrivals received = new Arrivals();
    arrivals.put(groupId, received);
    ShardStateMachine machine =
        new ShardStateMachine(shardId, state, transfers, received, copying, fatal);
    machines.put(groupId, machine);
    transfers.offer(shardId, state);
    try {
      if (logExists(shardId)) {
        LogRepair.check(config.directory(), shardId, state.applied());
      }
      check(
          server.groupManagement(
              GroupManagementRequest.newAdd(
                  client,
                  server.getId(),
                  callIds.incrementAndGet(),
                  org.apache.ratis.protocol.RaftGroup.valueOf(groupId, peers),
                  false)));
      opened.add(groupId);
      RatisGroup group =
          new RatisGroup(
              shardId,
              groupId,
              server,
              server.getDivision(groupId),
              machine,
              client,
              callIds::incrementAndGet,
              changesOf(shardId, groupId));
      groups.put(shardId, group);
      return group;
    } catch (DamagedLogException e) {
      throw damaged(shardId, e);
    } catch (IOException e) {
      if (LogRepair.contradictsMembers(config.directory(), shardId)) {
        throw damaged(shardId, new DamagedLogException("the members kept beside it are others", e));
      }
      throw new UncheckedIOException("cannot open the log of shard " + shardId, e);
    }
  }

  private static ShardForgeException damaged(long shardId, DamagedLogException how) {
    return new ShardForgeException(
            ErrorCode.DATA_CORRUPTED,
            "the log of shard " + shardId + " is damaged: " + how.getMessage(),
            how)
        .withHint("The next start of this node rebuilds its store from the other nodes.");
  }

  /** Whether a shard could not be opened because its log does not hold what was written. */
  public static boolean isDamagedLog(ShardForgeException failure) {
    return failure.getCause() instanceof DamagedLogException;
  }

  /**
   * The members with which a group began, the same on all of them. Later changes are in its log. A
   * node whose store was made anew knows no members: the group's leader will add it.
   */
  private List<RaftPeer> firstPeers(ShardDescriptor shard) {
    if (config.incarnation() > 1 || !shard.nodeIds().contains(config.nodeId())) {
      return List.of();
    }
    return shard.nodeIds().stream().map(node -> new PeerName(node, 1).toPeer()).toList();
  }

  private RatisGroup.Changes changesOf(long shardId, RaftGroupId groupId) {
    return new RatisGroup.Changes() {
      @Override
      public CompletableFuture<Void> setVoters(RatisGroup group, Collection<Integer> nodes) {
        return RatisGroups.this.setVoters(group, nodes);
      }

      @Override
      public boolean follows(RatisGroup group, int nodeId) {
        return RatisGroups.this.follows(group, nodeId);
      }

      @Override
      public long copiedBytes() {
        return transfers.exportedBytes(shardId);
      }

      @Override
      public void leave() {
        RatisGroups.this.leave(shardId, groupId);
      }
    };
  }

  @Override
  public void forget(long shardId) throws IOException {
    SeededLog.forget(config.directory(), idOf(shardId));
  }

  private void leave(long shardId, RaftGroupId groupId) {
    opened.remove(groupId);
    groups.remove(shardId);
    transfers.withdraw(shardId);
    try {
      check(
          server.groupManagement(
              GroupManagementRequest.newRemove(
                  client, server.getId(), callIds.incrementAndGet(), groupId, false, false)));
    } catch (IOException e) {
      log.warn("leaving a group failed shard={}", shardId, e);
    }
    machines.remove(groupId);
    arrivals.remove(groupId);
  }

  /** Bounds the bytes a second that all copies from this node take together. */
  public void limitCopies(long bytesPerSecond) {
    transfers.limit(bytesPerSecond);
  }

  /** The copies of shards' states that this node has begun to send since its start. */
  public long copiesBegun() {
    return transfers.begunCount();
  }

  /** The groups that are open on this node. */
  public List<RaftGroup> groups() {
    return List.copyOf(groups.values());
  }

  /**
   * Whether a shard's group counts this node among its members; one that lost its store has to
   * wait.
   */
  public boolean isMember(long shardId) {
    RatisGroup group = groups.get(shardId);
    return group != null
        && group.division().getRaftConf().getCurrentPeers().stream()
            .anyMatch(peer -> peer.getId().equals(server.getId()));
  }

  /** Whether this node leads a group, and another has just answered it as a follower. */
  public boolean follows(RaftGroup member, int nodeId) {
    RatisGroup group = groups.get(member.shardId());
    if (group == null || !group.isLeader()) {
      return false;
    }
    long silenceMax = config.electionTimeoutMin().toMillis();
    return group
        .division()
        .getInfo()
        .getRoleInfoProto()
        .getLeaderInfo()
        .getFollowerInfoList()
        .stream()
        .anyMatch(follower ->
            PeerName.parse(follower.getId().getId().toStringUtf8()).nodeId() == nodeId
                && follower.getLastRpcElapsedTimeMs() < silenceMax);
  }

  /** The number of entries that a restart would have to apply again. */
  public long entriesBehindDurable() {
    long entries = 0;
    for (RatisGroup group : groups.values()) {
      entries +=
          Math.max(0, group.machine().applied().index() - group.machine().durableNow().index());
    }
    return entries;
  }

  /**
   * The members here that lead although the disk has stopped, which is known from any one of their
   * logs; one thread asks, some times a second.
   */
  public List<RaftGroup> stalledLeaders() {
    boolean stopped = false;
    List<RaftGroup> leaders = new ArrayList<>();
    for (RatisGroup group : groups.values()) {
      stopped |= group.isStalledLeader();
      if (group.isLeader()) {
        leaders.add(group);
      }
    }
    return stopped ? leaders : List.of();
  }

  /**
   * The members here that lead and have not heard most others for about as long as those would wait
   * for a leader; one thread asks, some times a second.
   */
  public List<RaftGroup> unheardLeaders() {
    long silenceMax = config.electionTimeoutMin().plus(config.electionTimeoutMax()).toMillis() / 2;
    List<RaftGroup> unheard = new ArrayList<>();
    for (RatisGroup group : groups.values()) {
      if (group.isLeader() && !group.isHeard(silenceMax)) {
        unheard.add(group);
      }
    }
    return unheard;
  }

  /** Lets go of the log up to what is durable; called now and then, after a flush. */
  public void purgeLogs() {
    for (RatisGroup group : groups.values()) {
      SnapshotManagementRequest request =
          SnapshotManagementRequest.newCreate(
              client,
              server.getId(),
              group.groupId(),
              callIds.incrementAndGet(),
              SNAPSHOT_MILLIS_MAX,
              GroupProperties.PURGE_GAP);
      var _ =
          server
              .snapshotManagementAsync(request)
              .exceptionally(e -> {
                log.warn("purging a log failed shard={}", group.shardId(), e);
                return null;
              });
    }
  }

  /**
   * Looks after the groups; called every second or so. Stops the node if a member has died for
   * good, and where this node leads, puts the new incarnation of a node that lost its store into
   * the place of the old one.
   */
  public void tend() {
    if (closing) {
      return;
    }
    stoppedFor.keySet().retainAll(groups.keySet());
    for (RatisGroup group : groups.values()) {
      if (group.isAlive()) {
        stoppedFor.remove(group.shardId());
      } else if (group.hasLeft()) {
        // It was told that it belongs to the group no more, and waits to be removed.
        continue;
      } else if (isWantedLong(group)) {
        fatal.stopNode(
            "the log of shard " + group.shardId() + " stopped",
            new IllegalStateException("group " + group.groupId() + " is closed"));
        return;
      }
      if (group.isLeaderReady()) {
        replaceLostPeers(group);
      }
    }
  }

  /**
   * Whether a member has been stopped for so long that the map of shards would have had it removed.
   * One that was away while the others went on without it stops when they tell it, which its own
   * log does not say: that is none of the node's other members' affair.
   */
  private boolean isWantedLong(RatisGroup group) {
    MonotonicTimer stopped =
        stoppedFor.computeIfAbsent(group.shardId(), _ -> MonotonicTimer.start(clock));
    return stopped.elapsed().compareTo(STOPPED_MAX) > 0
        && !closing
        && groups.containsKey(group.shardId());
  }

  private void replaceLostPeers(RatisGroup group) {
    List<RaftPeer> current = List.copyOf(group.division().getRaftConf().getCurrentPeers());
    List<RaftPeer> wanted = new ArrayList<>();
    for (RaftPeer peer : current) {
      wanted.add(newestOf(PeerName.of(peer.getId()).nodeId(), peer));
    }
    if (!wanted.equals(current)) {
      var _ = change(group, current, wanted);
    }
  }

  /** The newest member that a node is known to be, at least the one given. */
  private RaftPeer newestOf(int nodeId, RaftPeer known) {
    int newest = book.find(nodeId).map(NodeAddress::incarnation).orElse(0);
    return newest > PeerName.of(known.getId()).incarnation()
        ? new PeerName(nodeId, newest).toPeer()
        : known;
  }

  private CompletableFuture<Void> setVoters(RatisGroup group, Collection<Integer> nodes) {
    List<RaftPeer> current = List.copyOf(group.division().getRaftConf().getCurrentPeers());
    Map<Integer, RaftPeer> known = new HashMap<>();
    current.forEach(peer -> known.put(PeerName.of(peer.getId()).nodeId(), peer));
    List<RaftPeer> wanted = new ArrayList<>();
    for (int node : nodes) {
      wanted.add(newestOf(node, known.getOrDefault(node, new PeerName(node, 1).toPeer())));
    }
    return change(group, current, wanted);
  }

  /** Changes the members of a group that this node leads; one change at a time. */
  private CompletableFuture<Void> change(
      RatisGroup group, List<RaftPeer> current, List<RaftPeer> wanted) {
    if (!replacing.add(group.shardId())) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("another change of members is under way"));
    }
    log.info("changing members shard={} from={} to={}", group.shardId(), current, wanted);
    SetConfigurationRequest request =
        new SetConfigurationRequest(
            client,
            server.getId(),
            group.groupId(),
            callIds.incrementAndGet(),
            SetConfigurationRequest.Arguments.newBuilder()
                .setServersInNewConf(wanted)
                .setServersInCurrentConf(current)
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .build());
    CompletableFuture<Void> result = new CompletableFuture<>();
    blocking.execute(() -> setConfiguration(group, request, result));
    return result;
  }

  private void setConfiguration(
      RatisGroup group, SetConfigurationRequest request, CompletableFuture<Void> result) {
    try {
      check(server.setConfiguration(request));
      log.info("changed members shard={}", group.shardId());
      replacing.remove(group.shardId());
      result.complete(null);
    } catch (IOException | RuntimeException e) {
      // One is under way already, or the new member is not there yet: the next round tries again.
      log.info("changing members failed shard={} reason=\"{}\"", group.shardId(), e.getMessage());
      replacing.remove(group.shardId());
      result.completeExceptionally(e);
    }
  }

  private static void check(RaftClientReply reply) throws IOException {
    if (!reply.isSuccess()) {
      throw reply.getException();
    }
  }

  @Override
  public void close() {
    closing = true;
    transfers.stop();
    try {
      server.close();
    } catch (IOException e) {
      log.warn("closing the logs failed", e);
    }
  }
}
