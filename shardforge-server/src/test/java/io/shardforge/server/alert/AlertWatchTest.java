package io.shardforge.server.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.route.Inquiries;
import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.storage.clock.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The watch of three nodes, which hands itself on. */
class AlertWatchTest {
  private static final int CALL_MILLIS = 60_000;

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final Set<Integer> dead = new TreeSet<>();
  private final Map<Integer, Member> members = new HashMap<>();
  private final List<String> heard = new ArrayList<>();
  private boolean unreachable;

  /** A node with its part in the watch. */
  private final class Member {
    final int id;
    final RpcServices services = new RpcServices(clock);
    final AlertBook book = new AlertBook();
    final AlertWatch watch;
    final AlertSender sender;
    String shows = "shardforge_store_space_low 0.0";

    Member(int id) {
      this.id = id;
      NodeDialer dialer =
          (node, service, payload, _) -> {
            Member asked = members.get(node);
            return asked == null || dead.contains(node) || dead.contains(id)
                ? CompletableFuture.failedFuture(new IOException("nobody there"))
                : asked.services.dispatch(service, id, payload, CALL_MILLIS);
          };
      Inquiries inquiries = new Inquiries(id, members::keySet, dialer, clock);
      inquiries.register(services, Runnable::run);
      this.watch = new AlertWatch(id, book, _ -> shows, () -> Set.of(1, 2, 3), inquiries, clock);
      this.sender = new AlertSender(new Receiver(id), book, watch, clock);
    }

    Map<String, String> states() {
      Map<String, String> states = new HashMap<>();
      book.all()
          .forEach(alert ->
              states.putIfAbsent(
                  alert.name() + alert.labels().getOrDefault("instance", ""),
                  alert.state().word()));
      return states;
    }
  }

  /** What was told, and by which node. */
  private record Told(int by, String what) {}

  /** Somebody who notes what is told. */
  private final class Receiver implements AlertReceiver {
    final int of;

    Receiver(int of) {
      this.of = of;
    }

    @Override
    public String name() {
      return "test";
    }

    @Override
    public String tell(List<Alert> alerts) throws IOException {
      if (unreachable) {
        throw new IOException("not now");
      }
      alerts.forEach(
          alert -> heard.add(new Told(of, alert.name() + " " + alert.state().word()).toString()));
      return "";
    }
  }

  private Member start(int id) throws InterruptedException {
    Member member = new Member(id);
    members.put(id, member);
    member.watch.begin();
    return member;
  }

  private void rounds(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      clock.advance(AlertWatch.INTERVAL);
      for (Member member : List.copyOf(members.values())) {
        if (!dead.contains(member.id)) {
          member.watch.round();
          var _ = member.sender.pass();
        }
      }
    }
  }

  @Test
  void tellsOnceAndGoesOnWhenTheWatchDies() throws InterruptedException {
    Member watching = start(1);
    Member second = start(2);
    Member third = start(3);
    rounds(1);
    assertThat(watching.watch.isWatching()).isTrue();
    assertThat(second.watch.isWatching()).isFalse();
    third.shows = "shardforge_store_space_low 1.0";
    rounds(3);
    String first = new Told(1, "DiskFull firing").toString();
    assertThat(heard).containsExactly(first);
    assertThat(second.states()).containsEntry("DiskFull3", "firing");

    dead.add(1);
    rounds(AlertWatch.SILENT_MAX - 1);
    assertThat(second.watch.isWatching()).isFalse();
    rounds(1);
    assertThat(second.watch.isWatching()).isTrue();
    assertThat(third.watch.isWatching()).isFalse();
    assertThat(third.states()).containsEntry("NodeDown1", "pending");
    rounds(6);
    String down = new Told(2, "NodeDown firing").toString();
    assertThat(heard).containsExactly(first, down);

    third.shows = "shardforge_store_space_low 0.0";
    rounds(2);
    String ended = new Told(2, "DiskFull resolved").toString();
    assertThat(heard).containsExactly(first, down, ended);

    // It comes back with nothing in its memory, and knows from the others what was told.
    dead.remove(1);
    Member again = start(1);
    assertThat(again.states()).containsEntry("NodeDown1", "firing");
    rounds(3);
    assertThat(again.watch.isWatching()).isTrue();
    assertThat(second.watch.isWatching()).isFalse();
    assertThat(heard)
        .containsExactly(first, down, ended, new Told(1, "NodeDown resolved").toString());
    assertThat(third.states())
        .containsEntry("NodeDown1", "resolved")
        .containsEntry("DiskFull3", "resolved");
  }

  @Test
  void aNewWatchDoesNotEndWhatItCannotSeeYet() throws InterruptedException {
    start(1);
    Member second = start(2);
    Member third = start(3);
    third.shows = "shardforge_raft_commands_refused_total 0.0";
    rounds(2);
    third.shows = "shardforge_raft_commands_refused_total 7.0";
    rounds(1);
    assertThat(second.states()).containsEntry("CommandsRefused3", "firing");
    dead.add(1);
    rounds(AlertWatch.SILENT_MAX + 2);
    assertThat(second.watch.isWatching()).isTrue();
    assertThat(second.states()).containsEntry("CommandsRefused3", "firing");
    // Its rule looks back for five minutes.
    rounds(30);
    assertThat(second.states()).containsEntry("CommandsRefused3", "resolved");
  }

  @Test
  void triesAgainLaterAndLater() throws InterruptedException {
    Member alone = start(1);
    alone.shows = "shardforge_store_space_low 1.0";
    unreachable = true;
    rounds(1);
    Duration pause = AlertSender.PAUSE;
    for (int i = 0; i < 20; i++) {
      Duration next = alone.sender.pass();
      assertThat(next).isGreaterThanOrEqualTo(pause);
      pause = next;
    }
    assertThat(pause).isEqualTo(AlertSender.PAUSE_MAX);
    unreachable = false;
    assertThat(alone.sender.pass()).isEqualTo(AlertSender.PAUSE);
    assertThat(heard).containsExactly(new Told(1, "DiskFull firing").toString());
    var _ = alone.sender.pass();
    assertThat(heard).hasSize(1);
  }

  @Test
  void forgetsAfterADay() throws InterruptedException {
    Member alone = start(1);
    alone.shows = "shardforge_store_space_low 1.0";
    rounds(1);
    alone.shows = "shardforge_store_space_low 0.0";
    rounds(1);
    assertThat(alone.states()).containsEntry("DiskFull1", "resolved");
    clock.advance(AlertBook.MEMORY);
    rounds(1);
    assertThat(alone.states()).doesNotContainKey("DiskFull1");
  }
}
