package io.shardforge.raft.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.route.Await;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.raft.route.RpcNode;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members on loopback: they elect, replicate, crash, fall behind, lose their disk. */
final class RatisGroupsTest extends RaftGroupContract {
  private static final long SHARD = 7;
  private static final ShardDescriptor DESCRIPTOR =
      new ShardDescriptor(SHARD, KeySpace.dataSpan(), 1, List.of(1, 2, 3));

  @TempDir @Nullable Path directory;

  private final Map<Integer, Member> members = new TreeMap<>();
  private final AtomicReference<@Nullable String> fatal = new AtomicReference<>();

  /** One running node. */
  private record Member(RpcNode node, RatisGroups groups, RaftGroup group, MapState state) {}

  @BeforeEach
  void start() throws Exception {
    for (int id = 1; id <= 3; id++) {
      start(id, 1, 1, true, new MapState());
    }
  }

  @AfterEach
  void stop() {
    for (int id : List.copyOf(members.keySet())) {
      stop(id);
    }
  }

  private Path root() {
    Path root = directory;
    if (root == null) {
      throw new IllegalStateException("no directory");
    }
    return root;
  }

  private void start(int id, int incarnation, long announcement, boolean newStore, MapState state)
      throws IOException {
    RpcNode node = new RpcNode(id, incarnation, announcement, RpcNode.CLUSTER);
    members.put(id, open(node, newStore, state));
  }

  private Member open(RpcNode node, boolean newStore, MapState state) throws IOException {
    int id = node.id();
    for (Member other : members.values()) {
      node.book.learn(other.node.address());
      other.node.book.learn(node.address());
    }
    GroupsConfig config =
        GroupsConfig.of(root().resolve("n" + id), id, node.address().incarnation(), newStore);
    RatisGroups groups =
        new RatisGroups(
            config,
            node.dialer,
            node.services,
            node.book,
            node.handlers,
            node.blocking,
            node.blocking,
            node.clock,
            (reason, _) -> fatal.compareAndSet(null, reason));
    RaftGroup group;
    try {
      group = groups.open(DESCRIPTOR, state);
    } catch (RuntimeException e) {
      groups.close();
      node.close();
      throw e;
    }
    return new Member(node, groups, group, state);
  }

  private void stop(int id) {
    Member member = members.remove(id);
    if (member != null) {
      member.groups.close();
      member.node.close();
    }
  }

  private Member member(int id) {
    Member member = members.get(id);
    if (member == null) {
      throw new IllegalStateException("node " + id + " does not run");
    }
    return member;
  }

  private Member leadingMember() {
    Await.until("a leader", () -> members.values().stream().anyMatch(m -> m.group.isLeaderReady()));
    return members.values().stream()
        .filter(member -> member.group.isLeaderReady())
        .max(Comparator.comparingLong(member -> member.group.term()))
        .orElseThrow();
  }

  private int idOfFollower() {
    int leader = leadingMember().node.id();
    return members.keySet().stream().filter(id -> id != leader).findFirst().orElseThrow();
  }

  /** Proposes until it is applied, as a client would that may repeat itself. */
  private void put(String key, String value) {
    Await.until(
        key + " is written",
        () -> {
          try {
            Await.result(leadingMember().group.propose((key + "=" + value).getBytes(UTF_8)));
            return true;
          } catch (ExecutionException _) {
            return false;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void awaitEverywhere(String key, String value) {
    Await.until(
        key + " is everywhere",
        () -> members.values().stream().allMatch(m -> value.equals(m.state.contents().get(key))));
  }

  @Override
  RaftGroup leader() {
    return leadingMember().group;
  }

  @Override
  MapState leaderState() {
    return leadingMember().state;
  }

  @Test
  void everyMemberAppliesWhatWasCommitted() {
    put("a", "1");
    awaitEverywhere("a", "1");
  }

  @Test
  void aFollowerRefusesProposals() throws Exception {
    int leader = leadingMember().node.id();
    Member follower = member(idOfFollower());
    Throwable failure = Await.failure(follower.group.propose("a=1".getBytes(UTF_8)));
    assertThat(failure).isInstanceOf(NotLeaderException.class);
    assertThat(((NotLeaderException) failure).leaderNode()).isEqualTo(leader);
  }

  @Test
  void withoutItsLeaderTheGroupGoesOn() throws Exception {
    put("a", "1");
    int dead = leadingMember().node.id();
    MapState state = member(dead).state;
    stop(dead);
    put("b", "2");
    start(dead, 1, 2, false, state.afterCrash());
    put("c", "3");
    awaitEverywhere("a", "1");
    awaitEverywhere("b", "2");
    awaitEverywhere("c", "3");
  }

  @Test
  void afterACrashOfAllEverythingAcknowledgedIsThere() throws Exception {
    for (int i = 0; i < 50; i++) {
      put("k" + i, "v" + i);
      if (i == 20) {
        members.values().forEach(member -> member.state.flush());
      }
    }
    Map<Integer, MapState> states = new TreeMap<>();
    members.forEach((id, member) -> states.put(id, member.state.afterCrash()));
    stop();
    for (Map.Entry<Integer, MapState> entry : states.entrySet()) {
      start(entry.getKey(), 1, 2, false, entry.getValue());
    }
    put("last", "1");
    for (int i = 0; i < 50; i++) {
      awaitEverywhere("k" + i, "v" + i);
    }
  }

  @Test
  void aFollowerThatFellBehindThePurgedLogFetchesTheState() throws Exception {
    put("first", "1");
    awaitEverywhere("first", "1");
    int behind = idOfFollower();
    MapState state = member(behind).state;
    stop(behind);
    String large = "x".repeat(64 << 10);
    List<CompletableFuture<byte[]>> proposals = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      String value = i % 10 == 0 ? large : "" + i;
      proposals.add(leadingMember().group.propose(("k" + i % 50 + "=" + value).getBytes(UTF_8)));
      if (proposals.size() == 100) {
        for (CompletableFuture<byte[]> proposal : proposals) {
          Await.result(proposal);
        }
        proposals.clear();
      }
    }
    purgeFirstSegment();
    start(behind, 1, 2, false, state.afterCrash());
    put("last", "1");
    awaitEverywhere("last", "1");
    assertThat(member(behind).state.installs()).isEqualTo(1);
    assertThat(member(behind).state.contents()).isEqualTo(leadingMember().state.contents());
  }

  /** What has no entry to be continued from, and needs none, is not sent the state for ever. */
  @Test
  void aFollowerWhoseStateEndsWhereThePurgedLogBeginsIsSentTheRest() throws Exception {
    put("first", "1");
    Await.until(
        "all have applied the same",
        () ->
            members.values().stream().map(m -> m.state.applied().index()).distinct().count() == 1);
    int behind = idOfFollower();
    MapState state = member(behind).state;
    state.flush();
    stop(behind);
    // A leader's first entry begins a segment.
    lead(idOfFollower());
    put("next", "1");
    awaitEverywhere("next", "1");
    purgeFirstSegment();
    // The next leader knows nothing of who follows.
    lead(idOfFollower());
    start(behind, 1, 2, false, state.afterCrash());
    put("last", "1");
    awaitEverywhere("last", "1");
    assertThat(member(behind).state.installs()).isZero();
    assertThat(member(behind).state.contents()).isEqualTo(leadingMember().state.contents());
  }

  private void lead(int target) {
    long term = leadingMember().group.term();
    Await.until(
        "node " + target + " leads",
        () -> {
          var _ = leadingMember().group.transferLeadership(target).exceptionally(_ -> null);
          return member(target).group.isLeaderReady() && member(target).group.term() > term;
        });
  }

  private void purgeFirstSegment() {
    members.values().forEach(member -> member.state.flush());
    Await.until(
        "the log is purged",
        () -> {
          members.values().forEach(member -> member.groups.purgeLogs());
          return members.values().stream().allMatch(member -> firstSegmentIsGone(member.node.id()));
        });
  }

  private boolean firstSegmentIsGone(int id) {
    try (Stream<Path> files = Files.walk(root().resolve("n" + id))) {
      return files.noneMatch(file -> file.getFileName().toString().startsWith("log_0-"));
    } catch (IOException | UncheckedIOException _) {
      return false;
    }
  }

  @Test
  void aNodeThatLostItsDiskIsRebuiltUnderAnotherName() throws Exception {
    for (int i = 0; i < 20; i++) {
      put("k" + i, "v" + i);
    }
    int lost = idOfFollower();
    stop(lost);
    deleteLog(lost);
    assertThatThrownBy(() -> start(lost, 1, 2, false, new MapState()))
        .hasMessageContaining("is missing");
    start(lost, 2, 1, true, new MapState());
    assertThat(member(lost).groups.isMember(SHARD)).isFalse();
    NodeAddress reborn = member(lost).node.address();
    assertThat(reborn.incarnation()).isEqualTo(2);
    Await.until(
        "the new member has everything",
        () -> {
          members.values().forEach(member -> member.groups.tend());
          return member(lost).state.contents().size() == 20;
        });
    put("last", "1");
    Await.until(
        "the new member follows",
        () -> {
          members.values().forEach(member -> member.groups.tend());
          return "1".equals(member(lost).state.contents().get("last"))
              && member(lost).groups.isMember(SHARD);
        });
    assertThat(fatal.get()).isNull();
  }

  @Test
  void aDamagedLogIsRefusedAndItsNodeRebuilt() throws Exception {
    for (int i = 0; i < 20; i++) {
      put("k" + i, "v" + i);
    }
    awaitEverywhere("k19", "v19");
    int damaged = idOfFollower();
    stop(damaged);
    flipBytes(damaged);
    assertThatThrownBy(() -> start(damaged, 1, 2, false, new MapState()))
        .isInstanceOfSatisfying(
            ShardForgeException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED))
        .hasMessageContaining("shard " + SHARD);
    deleteLog(damaged);
    start(damaged, 2, 1, true, new MapState());
    Await.until(
        "the node has everything again",
        () -> {
          members.values().forEach(member -> member.groups.tend());
          return member(damaged).state.contents().size() == 20
              && member(damaged).groups.isMember(SHARD);
        });
    assertThat(fatal.get()).isNull();
  }

  /** Changes bytes amid the entries of a log. */
  private void flipBytes(int id) throws IOException {
    try (Stream<Path> files = Files.walk(root().resolve("n" + id))) {
      Path segment =
          files
              .filter(file -> file.getFileName().toString().startsWith("log_"))
              .findFirst()
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(segment);
      for (int i = 200; i < 208; i++) {
        bytes[i] ^= 0x55;
      }
      Files.write(segment, bytes);
    }
  }

  /** The library would take a first request that comes too early for an installation under way. */
  @Test
  void aMemberThatIsStillBeingOpenedIsRebuiltAllTheSame() throws Exception {
    put("first", "1");
    int lost = idOfFollower();
    stop(lost);
    deleteLog(lost);
    CompletableFuture<Void> mayOpen = new CompletableFuture<>();
    RpcNode node = new RpcNode(lost, 2, 1, RpcNode.CLUSTER);
    CompletableFuture<Member> opening =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return open(node, true, MapState.slow(mayOpen));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            node.blocking);
    ThreadPoolExecutor handlers = (ThreadPoolExecutor) node.handlers;
    Await.until(
        "the leader has tried to install the state",
        () -> {
          members.values().forEach(member -> member.groups.tend());
          return handlers.getCompletedTaskCount() > 2;
        });
    mayOpen.complete(null);
    members.put(lost, Await.result(opening));
    Await.until(
        "the new member has everything",
        () -> {
          members.values().forEach(member -> member.groups.tend());
          return "1".equals(member(lost).state.contents().get("first"))
              && member(lost).groups.isMember(SHARD);
        });
    assertThat(fatal.get()).isNull();
  }

  private void deleteLog(int id) throws IOException {
    try (Stream<Path> files = Files.walk(root().resolve("n" + id))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void leadershipGoesWhereItIsSent() throws Exception {
    put("a", "1");
    Member leader = leadingMember();
    int target = idOfFollower();
    Await.until(
        "node " + target + " leads",
        () -> {
          var _ = leader.group.transferLeadership(target).exceptionally(_ -> null);
          return member(target).group.isLeaderReady();
        });
    Await.until("the old leader was told", () -> !leader.state.leading());
    put("b", "2");
    awaitEverywhere("b", "2");
  }

  @Test
  void whoIsNominatedTakesOverWithoutWaitingForASilence() {
    put("a", "1");
    Member leader = leadingMember();
    long term = leader.group.term();
    int target = idOfFollower();
    member(target).group.nominate(leader.node.id());
    leader.group.nominate(target);
    Await.until("node " + target + " leads", () -> member(target).group.isLeaderReady());
    assertThat(member(target).group.term()).isEqualTo(term + 1);
    put("b", "2");
    awaitEverywhere("b", "2");
    assertThat(member(target).groups.unheardLeaders()).isEmpty();
  }

  @Test
  void aMemberThatIsToldThatItIsNoneDoesNotStopItsNode() throws Exception {
    put("a", "1");
    Member leader = leadingMember();
    int away = idOfFollower();
    MapState state = member(away).state;
    stop(away);
    Set<Integer> left = Set.copyOf(members.keySet());
    Await.result(leader.group.setVoters(left));
    put("b", "2");
    // Its own log still names it; the others tell it when it stands for election.
    start(away, 1, 2, false, state);
    Member stranger = member(away);
    Await.until("it has stopped", () -> !((RatisGroup) stranger.group).isAlive());
    assertThat(stranger.group.hasLeft()).isFalse();
    stranger.groups.tend();
    assertThat(fatal.get()).isNull();
  }

  @Test
  void aReplicaThatCannotApplyStopsItsNode() {
    put("a", "1");
    member(idOfFollower()).state.failFromNowOn();
    put("b", "2");
    Await.until("the node is told to stop", () -> fatal.get() != null);
    assertThat(fatal.get()).contains("cannot apply entry");
  }
}
