package io.shardforge.raft.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.route.ShardCache;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.ManualClock;
import io.shardforge.storage.key.KeySpace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A gateway whose oracle has no leader for a while. */
final class TimestampClientTest {
  private static final ShardDescriptor META =
      new ShardDescriptor(ShardDescriptor.META_SHARD_ID, KeySpace.metaSpan(), 1, List.of(1, 2, 3));

  private final ManualClock clock = new ManualClock(1_000);
  private int failures;

  private final TimestampClient client =
      new TimestampClient(
          1,
          new ShardCache(List.of(META), List::of, clock),
          (_, _) -> {
            if (failures-- > 0) {
              clock.advance(TimestampClient.REQUEST_TIMEOUT);
              return new KvResponse.Failed(
                  new KvError.Unavailable(META.shardId(), "node 2 does not lead it"));
            }
            return KvResponse.of(new KvResult.OracleReply(7, 1, 1));
          },
          clock);

  @Test
  void whoHasTimeWaitsForTheNextLeader() throws InterruptedException {
    failures = 3;
    assertThat(client.fetch(Deadline.never()).timestamp()).isEqualTo(7);
  }

  @Test
  void whoHasNoneIsToldAtOnce() {
    failures = 3;
    assertThatThrownBy(() -> client.fetch(Deadline.after(clock, Duration.ofSeconds(1))))
        .isInstanceOf(KvException.class);
    assertThat(failures).isEqualTo(2);
  }

  @Test
  void nobodyWaitsForever() {
    failures = 1_000;
    assertThatThrownBy(() -> client.fetch(Deadline.never()))
        .isInstanceOfSatisfying(
            KvException.class, e -> assertThat(e.error()).isInstanceOf(KvError.Unavailable.class));
  }
}
