package io.shardforge.raft.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.route.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link RaftGroup} promises. */
abstract class RaftGroupContract {
  /** A member that leads and is ready. */
  abstract RaftGroup leader() throws Exception;

  /** The state of the leader. */
  abstract MapState leaderState() throws Exception;

  @Test
  void aProposalIsAnsweredWithWhatApplyReturned() throws Exception {
    RaftGroup group = leader();
    assertThat(Await.result(group.propose("a=1".getBytes(UTF_8)))).asString().isEqualTo("1");
    assertThat(Await.result(group.propose("b=2".getBytes(UTF_8)))).asString().isEqualTo("2");
    assertThat(leaderState().contents()).containsEntry("a", "1").containsEntry("b", "2");
  }

  @Test
  void proposalsOfOneThreadAreAppliedInOrder() throws Exception {
    RaftGroup group = leader();
    List<CompletableFuture<byte[]>> proposals = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      proposals.add(group.propose(("k" + i + "=" + i).getBytes(UTF_8)));
    }
    for (int i = 1; i <= 500; i++) {
      assertThat(Await.result(proposals.get(i - 1))).asString().isEqualTo("" + i);
    }
  }

  @Test
  void aLeaderKnowsThatItLeads() throws Exception {
    RaftGroup group = leader();
    assertThat(group.isLeaderReady()).isTrue();
    assertThat(group.leaderNode()).isPositive();
    assertThat(group.term()).isPositive();
    Await.until("the state was told", () -> leadingQuietly());
  }

  private boolean leadingQuietly() {
    try {
      return leaderState().leading();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
