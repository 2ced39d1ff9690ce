package io.shardforge.raft.check.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.raft.check.Anomaly;
import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Phenomenon;
import io.shardforge.raft.check.Verdict;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The smallest history of registers for each phenomenon, and the one next to it that is right. */
class RwRegisterTest {
  private static final Set<KeyOrder> NOTHING = EnumSet.noneOf(KeyOrder.class);
  private static final Set<KeyOrder> FOLLOWS = EnumSet.of(KeyOrder.WRITES_FOLLOW_READS);
  private static final Set<KeyOrder> ALL = EnumSet.allOf(KeyOrder.class);

  private static Verdict judge(Story story, Set<KeyOrder> assumptions) {
    return RwRegister.judge(story.history(), ConsistencyModel.STRICT_SERIALIZABLE, assumptions);
  }

  private static Set<Phenomenon> shown(Story story, Set<KeyOrder> assumptions) {
    return judge(story, assumptions).anomalies().stream()
        .map(Anomaly::phenomenon)
        .collect(Collectors.toSet());
  }

  private static void valid(Story story, Set<KeyOrder> assumptions) {
    Verdict verdict = judge(story, assumptions);
    assertThat(verdict.isValid()).as(verdict.words()).isTrue();
    assertThat(verdict.anomalies()).isEmpty();
  }

  @Test
  void aSerialHistoryIsStrictSerializable() {
    valid(
        Story.registers()
            .ok(0, 0, 1, "wx1 ry")
            .ok(1, 2, 5, "rx=1 wx2 rx=2")
            .ok(0, 3, 4, "wy1")
            .ok(2, 6, 7, "rx=2 ry=1"),
        ALL);
  }

  @Test
  void g0NeedsAnOrderOfWrites() {
    // Each of the two is the later writer of one register, as the next reader of it shows.
    Story story =
        Story.registers()
            .ok(0, 0, 10, "wx1")
            .ok(1, 0, 10, "wy1")
            .ok(2, 11, 60, "wx2 wy3")
            .ok(3, 11, 60, "wx3 wy2")
            .ok(4, 12, 20, "rx=2")
            .ok(4, 21, 30, "rx=3")
            .ok(5, 12, 20, "ry=2")
            .ok(5, 21, 30, "ry=3");
    assertThat(shown(story, EnumSet.of(KeyOrder.SEQUENTIAL))).contains(Phenomenon.G0);
  }

  @Test
  void g1aIsAReadOfAnAbortedWrite() {
    Story story = Story.registers().fail("wx1").ok("rx=1");
    assertThat(shown(story, NOTHING)).containsExactly(Phenomenon.G1A);
    valid(Story.registers().info("wx1").ok("rx=1"), ALL);
  }

  @Test
  void g1bIsAReadInTheMiddleOfATransaction() {
    assertThat(shown(Story.registers().ok("wx1 wx2").ok("rx=1"), NOTHING)).contains(Phenomenon.G1B);
    valid(Story.registers().ok("wx1 rx=1 wx2").ok("rx=2"), ALL);
  }

  @Test
  void g1cIsACycleOfReads() {
    assertThat(shown(Story.registers().ok("wx1 ry=1").ok("wy1 rx=1"), NOTHING))
        .containsExactly(Phenomenon.G1C);
  }

  @Test
  void gSingleIsReadSkewFromTheInitialState() {
    Story story = Story.registers().ok("wx1 wy1").ok("rx=1 ry");
    assertThat(shown(story, NOTHING)).containsExactly(Phenomenon.G_SINGLE);
  }

  @Test
  void gSingleIsReadSkewWhereWritesFollowReads() {
    Story story = Story.registers().ok("wx1 wy1").ok("rx=1 wx2 ry=1 wy2").ok("rx=2 ry=1");
    valid(story, NOTHING);
    assertThat(shown(story, FOLLOWS)).containsExactly(Phenomenon.G_SINGLE);
  }

  @Test
  void gNonadjacentIsALongFork() {
    assertThat(shown(Story.registers().ok("wx1").ok("wy1").ok("rx=1 ry").ok("rx ry=1"), NOTHING))
        .containsExactly(Phenomenon.G_NONADJACENT);
  }

  @Test
  void g2ItemIsWriteSkew() {
    Story story = Story.registers().ok("rx wy1").ok("ry wx1");
    assertThat(shown(story, NOTHING)).containsExactly(Phenomenon.G2_ITEM);
    assertThat(
            RwRegister.judge(story.history(), ConsistencyModel.STRONG_SNAPSHOT_ISOLATION, NOTHING)
                .isValid())
        .isTrue();
  }

  @Test
  void aStaleReadIsACycleInRealTime() {
    Story initial = Story.registers().ok(0, 0, 10, "wx1").ok(1, 11, 20, "rx");
    assertThat(shown(initial, NOTHING)).containsExactly(Phenomenon.G_SINGLE_REALTIME);
    Story story = Story.registers().ok(0, 0, 10, "wx1").ok(0, 11, 20, "wx2").ok(1, 21, 30, "rx=1");
    valid(story, NOTHING);
    assertThat(shown(story, ALL)).isNotEmpty();
  }

  @Test
  void cyclicVersionsAreEachOlderThanTheOther() {
    Story story = Story.registers().ok("rx=1 wx2").ok("rx=2 wx1");
    assertThat(shown(story, FOLLOWS)).contains(Phenomenon.CYCLIC_VERSIONS);
  }

  @Test
  void lostUpdateIsTwoWritesOverWhatBothRead() {
    Story story = Story.registers().ok("wx1").ok("rx=1 wx2").ok("rx=1 wx3");
    assertThat(shown(story, NOTHING)).contains(Phenomenon.LOST_UPDATE);
    valid(Story.registers().ok("wx1").ok("rx=1 wx2").ok("rx=2 wx3"), ALL);
  }

  @Test
  void internalReadsFollowTheTransactionsOwnSteps() {
    assertThat(shown(Story.registers().ok("wx1 rx=2").ok("wx2"), NOTHING))
        .contains(Phenomenon.INTERNAL);
    assertThat(shown(Story.registers().ok("wx1 rx"), NOTHING)).contains(Phenomenon.INTERNAL);
  }

  @Test
  void internalReadsMayBeDirtyToo() {
    assertThat(shown(Story.registers().fail("wx1").ok("wx2 rx=1"), NOTHING))
        .containsExactlyInAnyOrder(Phenomenon.INTERNAL, Phenomenon.G1A);
    assertThat(shown(Story.registers().ok("wx1 wx2").ok("wx3 rx=1"), NOTHING))
        .containsExactlyInAnyOrder(Phenomenon.INTERNAL, Phenomenon.G1B);
    assertThat(shown(Story.registers().ok("wx3 rx=7"), NOTHING))
        .containsExactlyInAnyOrder(Phenomenon.INTERNAL, Phenomenon.GARBAGE_READ);
    assertThat(shown(Story.registers().ok("wx1 wx2 rx=1"), NOTHING))
        .containsExactly(Phenomenon.INTERNAL);
  }

  @Test
  void futureReadsSeeTheTransactionsLaterSteps() {
    assertThat(shown(Story.registers().ok("rx=1 wx1"), NOTHING)).contains(Phenomenon.FUTURE_READ);
  }

  @Test
  void garbageIsWhatNobodyWrote() {
    assertThat(shown(Story.registers().ok("rx=7"), NOTHING))
        .containsExactly(Phenomenon.GARBAGE_READ);
  }

  @Test
  void aCycleIsExplained() {
    assertThat(
            judge(Story.registers().ok("wx1 wy1").ok("rx=1 wx2 ry=1 wy2").ok("rx=2 ry=1"), FOLLOWS)
                .words())
        .contains("observed T")
        .contains("read 1 in y, which T")
        .contains("replaced by 2");
  }

  @Test
  void writesMustBeUnique() {
    Story story = Story.registers().ok("wx1").ok("wx1");
    assertThatThrownBy(() -> judge(story, NOTHING)).hasMessageContaining("must be unique");
  }
}
