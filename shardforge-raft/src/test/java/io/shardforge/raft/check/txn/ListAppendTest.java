package io.shardforge.raft.check.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.raft.check.Anomaly;
import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Phenomenon;
import io.shardforge.raft.check.Verdict;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The smallest history of lists for each phenomenon, and the one next to it that is right. */
class ListAppendTest {
  private static Verdict judge(Story story) {
    return ListAppend.judge(story.history(), ConsistencyModel.STRICT_SERIALIZABLE);
  }

  private static Set<Phenomenon> shown(Story story) {
    return judge(story).anomalies().stream().map(Anomaly::phenomenon).collect(Collectors.toSet());
  }

  private static void valid(Story story) {
    Verdict verdict = judge(story);
    assertThat(verdict.anomalies()).as(verdict.words()).isEmpty();
    assertThat(verdict.isValid()).isTrue();
    assertThat(verdict.ruledOut()).isEmpty();
  }

  private static boolean keeps(Story story, ConsistencyModel model) {
    return ListAppend.judge(story.history(), model).isValid();
  }

  @Test
  void aSerialHistoryIsStrictSerializable() {
    valid(
        Story.lists()
            .ok(0, 0, 1, "ax1 ry")
            .ok(1, 2, 5, "rx=1 ax2")
            .ok(0, 3, 4, "ay1")
            .ok(2, 6, 7, "rx=1,2 ry=1 ax3 rx=1,2,3"));
  }

  @Test
  void anEmptyHistoryIsUnknown() {
    assertThat(judge(Story.lists()).result()).isEqualTo(Verdict.Result.UNKNOWN);
    assertThat(judge(Story.lists().info("ax1").fail("ax2")).result())
        .isEqualTo(Verdict.Result.UNKNOWN);
  }

  @Test
  void g0IsACycleOfWrites() {
    Story story = Story.lists().ok("ax1 ay1").ok("ax2 ay2").ok("rx=1,2 ry=2,1");
    assertThat(shown(story)).containsExactly(Phenomenon.G0);
    assertThat(keeps(story, ConsistencyModel.READ_UNCOMMITTED)).isFalse();
  }

  @Test
  void g1aIsAReadOfAnAbortedAppend() {
    Story story = Story.lists().fail("ax1").ok("rx=1");
    assertThat(shown(story)).containsExactly(Phenomenon.G1A);
    assertThat(keeps(story, ConsistencyModel.READ_COMMITTED)).isFalse();
    assertThat(keeps(story, ConsistencyModel.READ_UNCOMMITTED)).isTrue();
    valid(Story.lists().info("ax1").ok("rx=1"));
  }

  @Test
  void g1bIsAReadInTheMiddleOfATransaction() {
    Story story = Story.lists().ok("ax1 ax2").ok("rx=1").ok("rx=1,2");
    assertThat(shown(story)).contains(Phenomenon.G1B);
    assertThat(keeps(story, ConsistencyModel.READ_COMMITTED)).isFalse();
    valid(Story.lists().ok("ax1 rx=1 ax2").ok("rx=1,2"));
  }

  @Test
  void g1cIsACycleOfWritesAndReads() {
    Story story = Story.lists().ok("ax1 ry=1").ok("ax2 ay1").ok("rx=1,2");
    assertThat(shown(story)).containsExactly(Phenomenon.G1C);
    assertThat(keeps(story, ConsistencyModel.READ_COMMITTED)).isFalse();
    assertThat(keeps(story, ConsistencyModel.READ_UNCOMMITTED)).isTrue();
  }

  @Test
  void gSingleIsReadSkew() {
    Story story = Story.lists().ok("ax1 ay1").ok("rx=1 ry");
    assertThat(shown(story)).containsExactly(Phenomenon.G_SINGLE);
    assertThat(keeps(story, ConsistencyModel.SNAPSHOT_ISOLATION)).isFalse();
    assertThat(keeps(story, ConsistencyModel.REPEATABLE_READ)).isFalse();
    assertThat(keeps(story, ConsistencyModel.READ_COMMITTED)).isTrue();
  }

  @Test
  void gNonadjacentIsALongFork() {
    Story story = Story.lists().ok("ax1").ok("ay1").ok("rx=1 ry").ok("rx ry=1");
    assertThat(shown(story)).containsExactly(Phenomenon.G_NONADJACENT);
    assertThat(keeps(story, ConsistencyModel.SNAPSHOT_ISOLATION)).isFalse();
    assertThat(keeps(story, ConsistencyModel.READ_COMMITTED)).isTrue();
  }

  @Test
  void g2ItemIsWriteSkew() {
    Story story = Story.lists().ok("rx ay1").ok("ry ax1");
    assertThat(shown(story)).containsExactly(Phenomenon.G2_ITEM);
    assertThat(keeps(story, ConsistencyModel.SERIALIZABLE)).isFalse();
    assertThat(keeps(story, ConsistencyModel.REPEATABLE_READ)).isFalse();
    assertThat(keeps(story, ConsistencyModel.SNAPSHOT_ISOLATION)).isTrue();
    assertThat(keeps(story, ConsistencyModel.STRONG_SNAPSHOT_ISOLATION)).isTrue();
  }

  @Test
  void g0ProcessIsAWriteBeforeAnEarlierOneOfItsProcess() {
    Story story = Story.lists().ok(0, 0, 10, "ax1").ok(0, 11, 20, "ax2").ok(1, 0, 30, "rx=2,1");
    assertThat(shown(story)).containsExactly(Phenomenon.G0_PROCESS);
    assertThat(keeps(story, ConsistencyModel.STRONG_SESSION_READ_COMMITTED)).isFalse();
    assertThat(keeps(story, ConsistencyModel.SERIALIZABLE)).isTrue();
  }

  @Test
  void g0RealtimeIsAWriteBeforeAnEarlierOne() {
    Story story = Story.lists().ok(0, 0, 10, "ax1").ok(1, 11, 20, "ax2").ok(2, 0, 30, "rx=2,1");
    assertThat(shown(story)).containsExactly(Phenomenon.G0_REALTIME);
    assertThat(keeps(story, ConsistencyModel.STRONG_READ_COMMITTED)).isFalse();
    assertThat(keeps(story, ConsistencyModel.STRONG_SESSION_SERIALIZABLE)).isTrue();
  }

  @Test
  void g1cProcessIsAReadOfALaterWriteOfItsProcess() {
    Story story = Story.lists().ok(0, 0, 10, "rx=1").ok(0, 11, 20, "ax1");
    assertThat(shown(story)).containsExactly(Phenomenon.G1C_PROCESS);
    assertThat(keeps(story, ConsistencyModel.STRONG_SESSION_READ_COMMITTED)).isFalse();
  }

  @Test
  void g1cRealtimeIsAReadOfALaterWrite() {
    Story story = Story.lists().ok(0, 0, 10, "rx=1").ok(1, 11, 20, "ax1");
    assertThat(shown(story)).containsExactly(Phenomenon.G1C_REALTIME);
    assertThat(keeps(story, ConsistencyModel.STRONG_READ_COMMITTED)).isFalse();
    assertThat(keeps(story, ConsistencyModel.STRONG_SESSION_SERIALIZABLE)).isTrue();
  }

  @Test
  void gSingleProcessIsAReadWithoutItsProcessesOwnWrite() {
    Story story = Story.lists().ok(0, 0, 10, "ax1").ok(0, 11, 20, "rx").ok(1, 0, 30, "rx=1");
    assertThat(shown(story)).containsExactly(Phenomenon.G_SINGLE_PROCESS);
    assertThat(keeps(story, ConsistencyModel.STRONG_SESSION_SNAPSHOT_ISOLATION)).isFalse();
    assertThat(keeps(story, ConsistencyModel.SERIALIZABLE)).isTrue();
  }

  @Test
  void gSingleRealtimeIsAStaleRead() {
    Story story = Story.lists().ok(0, 0, 10, "ax1").ok(1, 11, 20, "rx").ok(2, 21, 30, "rx=1");
    assertThat(shown(story)).containsExactly(Phenomenon.G_SINGLE_REALTIME);
    assertThat(keeps(story, ConsistencyModel.STRICT_SERIALIZABLE)).isFalse();
    assertThat(keeps(story, ConsistencyModel.STRONG_SNAPSHOT_ISOLATION)).isFalse();
    assertThat(keeps(story, ConsistencyModel.STRONG_SESSION_SERIALIZABLE)).isTrue();
  }

  @Test
  void gNonadjacentProcessIsALongForkAroundAProcess() {
    Story story =
        Story.lists()
            .ok(0, 0, 50, "ax1")
            .ok(1, 0, 50, "rx=1 ry")
            .ok(2, 0, 10, "ay1")
            .ok(2, 11, 40, "rx");
    assertThat(shown(story)).containsExactly(Phenomenon.G_NONADJACENT_PROCESS);
    assertThat(keeps(story, ConsistencyModel.SERIALIZABLE)).isTrue();
    assertThat(keeps(story, ConsistencyModel.STRONG_SESSION_SNAPSHOT_ISOLATION)).isFalse();
  }

  @Test
  void gNonadjacentRealtimeIsALongForkAroundAPause() {
    Story story =
        Story.lists()
            .ok(0, 0, 50, "ax1")
            .ok(1, 0, 50, "rx=1 ry")
            .ok(2, 0, 10, "ay1")
            .ok(3, 11, 40, "rx");
    assertThat(shown(story)).containsExactly(Phenomenon.G_NONADJACENT_REALTIME);
    assertThat(keeps(story, ConsistencyModel.STRONG_SESSION_SERIALIZABLE)).isTrue();
    assertThat(keeps(story, ConsistencyModel.STRONG_SNAPSHOT_ISOLATION)).isFalse();
  }

  @Test
  void twoReadsOfTheirProcessesThatMissEachOtherAreStaleInRealTimeToo() {
    // Of two pauses, one spans the other's edge: real time is an interval order.
    Story story =
        Story.lists()
            .ok(0, 0, 10, "ax1")
            .ok(0, 11, 40, "ry")
            .ok(1, 0, 20, "ay1")
            .ok(1, 21, 40, "rx")
            .ok(2, 0, 50, "rx=1 ry=1");
    assertThat(shown(story))
        .containsExactlyInAnyOrder(Phenomenon.G_NONADJACENT_PROCESS, Phenomenon.G_SINGLE_REALTIME);
  }

  @Test
  void g2ItemProcessIsWriteSkewAroundAProcess() {
    Story story =
        Story.lists()
            .ok(0, 0, 10, "ax1")
            .ok(0, 11, 40, "ry")
            .ok(1, 0, 40, "rz ay1")
            .ok(2, 0, 40, "rx az1")
            .ok(3, 0, 50, "rx=1 ry=1 rz=1");
    assertThat(shown(story)).containsExactly(Phenomenon.G2_ITEM_PROCESS);
    assertThat(keeps(story, ConsistencyModel.SERIALIZABLE)).isTrue();
    assertThat(keeps(story, ConsistencyModel.STRONG_SESSION_SERIALIZABLE)).isFalse();
    assertThat(keeps(story, ConsistencyModel.STRONG_SNAPSHOT_ISOLATION)).isTrue();
  }

  @Test
  void g2ItemRealtimeIsWriteSkewAroundAPause() {
    Story story =
        Story.lists()
            .ok(0, 0, 10, "ax1")
            .ok(4, 11, 40, "ry")
            .ok(1, 0, 40, "rz ay1")
            .ok(2, 0, 40, "rx az1")
            .ok(3, 0, 50, "rx=1 ry=1 rz=1");
    assertThat(shown(story)).containsExactly(Phenomenon.G2_ITEM_REALTIME);
    assertThat(keeps(story, ConsistencyModel.STRONG_SESSION_SERIALIZABLE)).isTrue();
    assertThat(keeps(story, ConsistencyModel.STRICT_SERIALIZABLE)).isFalse();
    assertThat(keeps(story, ConsistencyModel.STRONG_SNAPSHOT_ISOLATION)).isTrue();
  }

  @Test
  void dirtyUpdateIsACommittedAppendToAnAbortedOne() {
    Story story = Story.lists().fail("ax1").ok("ax2").ok("rx=1,2");
    assertThat(shown(story)).containsExactlyInAnyOrder(Phenomenon.DIRTY_UPDATE, Phenomenon.G1A);
    assertThat(shown(Story.lists().ok("ax1").fail("ax2").ok("rx=1,2")))
        .containsExactly(Phenomenon.G1A);
  }

  @Test
  void lostUpdateIsTwoAppendsToWhatBothRead() {
    Story story = Story.lists().ok("rx ax1").ok("rx ax2");
    assertThat(shown(story)).contains(Phenomenon.LOST_UPDATE);
    assertThat(keeps(story, ConsistencyModel.SNAPSHOT_ISOLATION)).isFalse();
    assertThat(keeps(story, ConsistencyModel.READ_COMMITTED)).isTrue();
  }

  @Test
  void lostAppendIsAnAcknowledgedOneThatNoLaterReadHas() {
    Story story = Story.lists().ok(0, 0, 10, "ax1").ok(1, 0, 10, "ax2").ok(2, 11, 20, "rx=2");
    assertThat(shown(story)).contains(Phenomenon.LOST_APPEND);
    assertThat(keeps(story, ConsistencyModel.STRICT_SERIALIZABLE)).isFalse();
    assertThat(keeps(story, ConsistencyModel.STRONG_SNAPSHOT_ISOLATION)).isFalse();
    assertThat(keeps(story, ConsistencyModel.STRONG_READ_COMMITTED)).isFalse();
    // The reader's snapshot may have been an old one.
    assertThat(keeps(story, ConsistencyModel.SERIALIZABLE)).isTrue();
    valid(Story.lists().ok(0, 0, 30, "ax1").ok(1, 0, 10, "ax2").ok(2, 11, 20, "rx=2"));
    valid(Story.lists().info(0, 0, "ax1").ok(1, 0, 10, "ax2").ok(2, 11, 20, "rx=2"));
  }

  @Test
  void duplicateElementsAreAppendedTwice() {
    Story story = Story.lists().ok("ax1").ok("ax2").ok("rx=1,2,1");
    assertThat(shown(story)).containsExactly(Phenomenon.DUPLICATE_ELEMENTS);
    assertThat(keeps(story, ConsistencyModel.READ_UNCOMMITTED)).isFalse();
  }

  @Test
  void garbageIsWhatNobodyAppended() {
    assertThat(shown(Story.lists().ok("ax1").ok("rx=1,7")))
        .containsExactly(Phenomenon.GARBAGE_READ);
  }

  @Test
  void incompatibleOrdersAreNoPrefixes() {
    Story story = Story.lists().ok("ax1").ok("ax2").ok("ax3").ok("rx=1,2,3").ok("rx=2");
    assertThat(shown(story)).containsExactly(Phenomenon.INCOMPATIBLE_ORDER);
    assertThat(keeps(story, ConsistencyModel.READ_COMMITTED)).isFalse();
  }

  @Test
  void internalReadsFollowTheTransactionsOwnSteps() {
    assertThat(shown(Story.lists().ok("rx=1 ax2 rx=1").ok("ax1"))).contains(Phenomenon.INTERNAL);
    assertThat(shown(Story.lists().ok("ax2 rx").ok("ax1"))).contains(Phenomenon.INTERNAL);
    assertThat(shown(Story.lists().ok("rx rx=1").ok("ax1"))).contains(Phenomenon.INTERNAL);
    valid(Story.lists().ok("ax2 rx=1,2 ax3 rx=1,2,3").ok("ax1"));
  }

  @Test
  void whatElleSaysOfInternalInconsistencyByModel() {
    Story story = Story.lists().ok("rx ax2 rx");
    assertThat(shown(story)).containsExactly(Phenomenon.INTERNAL);
    assertThat(keeps(story, ConsistencyModel.SERIALIZABLE)).isFalse();
    assertThat(keeps(story, ConsistencyModel.SNAPSHOT_ISOLATION)).isFalse();
    assertThat(keeps(story, ConsistencyModel.REPEATABLE_READ)).isTrue();
  }

  @Test
  void futureReadsSeeTheTransactionsLaterSteps() {
    Story story = Story.lists().ok("rx=1 ax1");
    assertThat(shown(story)).contains(Phenomenon.FUTURE_READ);
    assertThat(keeps(story, ConsistencyModel.READ_COMMITTED)).isFalse();
  }

  @Test
  void readsOfUnknownOutcomeProveNothing() {
    // It may have read y after the append: that it says nothing is no anti-dependency.
    valid(Story.lists().info("ax2 ry").ok("ax1 ay1").ok("rx=1,2 ry=1"));
  }

  @Test
  void anUnknownOutcomeMayTakeEffectLate() {
    valid(Story.lists().info(0, 0, "ax1").ok(1, 1, 2, "rx").ok(1, 3, 4, "rx=1"));
  }

  @Test
  void aCycleIsExplained() {
    assertThat(judge(Story.lists().ok("ax1 ay1").ok("rx=1 ry")).words())
        .isEqualTo(
            """
            INVALID
            ruled out: snapshot isolation, repeatable read, and what is stronger

            G-single: let
              T1 = #0, process 1000 {append x 1; append y 1}
              T2 = #1, process 1001 {read x [1]; read y []}
            then
              T1 < T2, because T2 observed T1's append of 1 to x
              T2 < T1, because T2 did not observe T1's append of 1 to y: a contradiction
            """);
  }

  @Test
  void aClientOrderIsExplained() {
    assertThat(
            judge(Story.lists().ok(0, 0, 10, "ax1").ok(0, 11, 20, "rx").ok(1, 0, 30, "rx=1"))
                .words())
        .contains("process 0 ran T")
        .contains("did not observe");
    assertThat(
            judge(Story.lists().ok(0, 0, 10, "ax1").ok(1, 11, 20, "rx").ok(2, 0, 30, "rx=1"))
                .words())
        .contains("completed at 10, before T")
        .contains("was invoked at 11");
  }

  @Test
  void theClientsOrderIsNotToldStepByStep() {
    Story story = Story.lists().ok(0, 0, 10, "ax1");
    for (int i = 1; i <= 9; i++) {
      story.ok(i, 20L * i, 20L * i + 10, "az" + i);
    }
    story.ok(10, 200, 210, "rx").ok(11, 0, 300, "rx=1");
    assertThat(judge(story).words()).contains("T2 =").doesNotContain("T3 =");
  }

  @Test
  void appendsMustBeUnique() {
    Story story = Story.lists().ok("ax1").ok("ax1");
    assertThatThrownBy(() -> judge(story))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be unique");
  }
}
