package io.shardforge.raft.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.ManualClock;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is counted of a shard's requests. */
final class LoadMeterTest {
  private static final KeySpan SPAN = new KeySpan(new byte[] {0}, new byte[] {100});
  private static final ShardDescriptor SHARD = new ShardDescriptor(2, SPAN, 1, List.of(1));

  private final ManualClock clock = new ManualClock(1_000);
  private final LoadMeter meter = new LoadMeter(clock);

  private void ask(int key, int times) {
    KvBatch batch =
        KvBatch.of(
            SHARD,
            null,
            Deadline.never(),
            new KvRequest.Scan(
                new KeySpan(new byte[] {(byte) key}, new byte[] {100}), false, 1, 1, 1, 0, null));
    for (int i = 0; i < times; i++) {
      meter.count(batch);
    }
  }

  private void pass(int seconds, int key, int load) {
    for (int i = 0; i < seconds; i++) {
      ask(key, load);
      clock.advance(Duration.ofSeconds(1));
      meter.tick();
    }
  }

  @Test
  void theRateFollowsTheLoad() {
    pass(15, 1, 1_000);
    assertThat(meter.perSecond()).isBetween(495L, 505L);
    pass(150, 1, 1_000);
    assertThat(meter.perSecond()).isBetween(995L, 1_000L);
    pass(15, 1, 0);
    assertThat(meter.perSecond()).isBetween(495L, 505L);
  }

  private void lead(int seconds, int load) {
    for (int i = 0; i < seconds; i++) {
      meter.lead(true);
      pass(1, 1, load);
    }
  }

  @Test
  void aLeaderKnowsTheRateAfterAWhile() {
    meter.lead(true);
    lead(9, 500);
    assertThat(meter.load(2)).isEqualTo(new ShardLoad(2, ShardLoad.UNKNOWN));
    lead(1, 500);
    assertThat(meter.load(2)).isEqualTo(new ShardLoad(2, 500));
    lead(100, 500);
    assertThat(meter.load(2)).isEqualTo(new ShardLoad(2, 500));
    meter.reset();
    assertThat(meter.load(2)).as("of another span").isEqualTo(new ShardLoad(2, ShardLoad.UNKNOWN));
  }

  @Test
  void onlyTheLeaderKnows() {
    meter.lead(true);
    lead(20, 100);
    meter.lead(false);
    assertThat(meter.load(2)).isNull();
    // What was asked of it meanwhile does not count.
    ask(1, 100_000);
    lead(10, 7);
    assertThat(meter.load(2)).isEqualTo(new ShardLoad(2, 7));
  }

  @Test
  void theMiddleOfTheLoadIsNotThatOfTheKeys() {
    for (int i = 0; i < LoadMeter.SAMPLES / 4; i++) {
      ask(90, LoadMeter.SAMPLE_EVERY);
      ask(91, LoadMeter.SAMPLE_EVERY);
      ask(92, LoadMeter.SAMPLE_EVERY);
      ask(10, LoadMeter.SAMPLE_EVERY);
    }
    assertThat(meter.middleKey(SPAN)).containsExactly(91);
  }

  @Test
  void oneBusyRowHasNoMiddle() {
    ask(50, LoadMeter.SAMPLES * LoadMeter.SAMPLE_EVERY);
    assertThat(meter.middleKey(SPAN)).isNull();
    // A few others beside it change nothing.
    ask(60, LoadMeter.SAMPLE_EVERY * 5);
    assertThat(meter.middleKey(SPAN)).isNull();
  }

  @Test
  void tooFewRequestsSayNothing() {
    ask(10, LoadMeter.SAMPLE_EVERY);
    ask(90, LoadMeter.SAMPLE_EVERY);
    assertThat(meter.middleKey(SPAN)).isNull();
    meter.reset();
    assertThat(meter.perSecond()).isZero();
  }
}
