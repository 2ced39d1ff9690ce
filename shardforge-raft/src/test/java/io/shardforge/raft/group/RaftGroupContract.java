package io.shardforge.raft.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.route.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link RaftGroup} promises. */
abstract class RaftGroupContract {
  /** A member that leads and is ready. */
  abstract RaftGroup leader();

  /** The state of the leader. */
  abstract MapState leaderState();

  @Test
  void aProposalIsAnsweredWithWhatApplyReturned() throws Exception {
    RaftGroup group = leader();
    assertThat(Await.result(group.propose("a=1".getBytes(UTF_8)))).asString().isEqualTo("1");
    assertThat(Await.result(group.propose("b=2".getBytes(UTF_8)))).asString().isEqualTo("2");
    assertThat(leaderState().contents()).containsEntry("a", "1").containsEntry("b", "2");
  }

  @Test
  void proposalsOfOneThreadAreAppliedInOrder() {
    // A leader that loses its place in the middle may not answer all of them: then once more.
    Await.until("one leader has answered all proposals", this::proposeInOrder);
  }

  private boolean proposeInOrder() {
    RaftGroup group = leader();
    List<CompletableFuture<byte[]>> proposals = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      proposals.add(group.propose(("k" + i + "=" + i).getBytes(UTF_8)));
    }
    List<Integer> counts = new ArrayList<>();
    try {
      for (CompletableFuture<byte[]> proposal : proposals) {
        counts.add(Integer.parseInt(new String(Await.result(proposal), UTF_8)));
      }
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(GroupException.class);
      return false;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    int first = counts.getFirst();
    assertThat(counts).isEqualTo(IntStream.range(first, first + 500).boxed().toList());
    return true;
  }

  @Test
  void aLeaderKnowsThatItLeads() {
    RaftGroup group = leader();
    assertThat(group.isLeaderReady()).isTrue();
    assertThat(group.leaderNode()).isPositive();
    assertThat(group.term()).isPositive();
    Await.until("the state was told", () -> leaderState().leading());
  }
}
