package io.shardforge.raft.shard;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.MonotonicTimer;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many requests for rows a shard's lease holder serves in a second, and where they lie.
 *
 * <p>Of every {@link #SAMPLE_EVERY}th request the first key is kept, the last {@link #SAMPLES} of
 * them: half of the load lies on each side of the key in their middle. For any thread; {@link
 * #tick} for one at a time.
 */
final class LoadMeter {
  static final int SAMPLES = 128;
  static final int SAMPLE_EVERY = 64;

  /** As many of the samples at least must lie on each side of a key that cuts the load. */
  private static final int SIDE_MIN = SAMPLES / 4;

  /** In this time what was measured before comes to count as much as what is measured since. */
  private static final Duration HALF_LIFE = Duration.ofSeconds(15);

  /** What a leader has measured for less says more about its beginning than about the shard. */
  static final Duration WARM_UP = Duration.ofSeconds(10);

  private final Clock clock;
  private final LongAdder served = new LongAdder();
  private final AtomicReferenceArray<byte @Nullable []> samples =
      new AtomicReferenceArray<>(SAMPLES);
  private volatile double perSecond;
  private long tickNanos;

  /** Since this replica leads and the shard has its span; null while it does not lead. */
  private volatile @Nullable MonotonicTimer leading;

  /** Counts requests; increments that meet are lost, which only shifts what is sampled. */
  private int turn;

  LoadMeter(Clock clock) {
    this.clock = clock;
    this.tickNanos = clock.monotonicNanos();
  }

  /** Counts a batch that is being served. */
  void count(KvBatch batch) {
    // Hot path: an addition, and now and then a reference kept.
    served.add(batch.requests().size());
    int now = turn + 1;
    turn = now;
    if (now % SAMPLE_EVERY == 0) {
      byte[] key = keyOf(batch.requests().getFirst());
      if (key != null) {
        samples.set(Math.floorMod(now / SAMPLE_EVERY, SAMPLES), key);
      }
    }
  }

  private static byte @Nullable [] keyOf(KvRequest request) {
    return switch (request) {
      case KvRequest.Get get -> get.keys().isEmpty() ? null : get.keys().getFirst();
      case KvRequest.Scan scan -> scan.reverse() ? scan.span().end() : scan.span().start();
      case KvRequest.Versions versions -> versions.walk().span().start();
      case KvRequest.Lock lock -> lock.keys().isEmpty() ? null : lock.keys().getFirst();
      case KvRequest.CommitWrites commit ->
          commit.writes().isEmpty() ? null : commit.writes().getFirst().key();
      case KvRequest.Prepare prepare ->
          prepare.writes().isEmpty() ? null : prepare.writes().getFirst().key();
      default -> null;
    };
  }

  /** Takes in what was counted since the last time; called about once a second. */
  void tick() {
    long now = clock.monotonicNanos();
    long elapsed = now - tickNanos;
    if (elapsed <= 0) {
      return;
    }
    tickNanos = now;
    double rate = served.sumThenReset() * 1e9 / elapsed;
    double kept = Math.pow(0.5, (double) elapsed / HALF_LIFE.toNanos());
    perSecond = perSecond * kept + rate * (1 - kept);
  }

  /** Begins anew when this replica has become the leader; called before each {@link #tick}. */
  void lead(boolean leads) {
    if (!leads) {
      leading = null;
    } else if (leading == null) {
      served.reset();
      perSecond = 0;
      tickNanos = clock.monotonicNanos();
      leading = MonotonicTimer.start(clock);
    }
  }

  /**
   * What this replica can say as the shard's leader, null if it is not. The mean begins at zero;
   * here it is scaled up by what it lacks for that reason.
   */
  @Nullable ShardLoad load(long shardId) {
    MonotonicTimer since = leading;
    if (since == null) {
      return null;
    }
    Duration age = since.elapsed();
    if (age.compareTo(WARM_UP) < 0) {
      return new ShardLoad(shardId, ShardLoad.UNKNOWN);
    }
    double seen = 1 - Math.pow(0.5, (double) age.toNanos() / HALF_LIFE.toNanos());
    return new ShardLoad(shardId, Math.round(perSecond / seen));
  }

  /** Begins anew: what was counted is that of another span. */
  void reset() {
    served.reset();
    perSecond = 0;
    if (leading != null) {
      leading = MonotonicTimer.start(clock);
    }
    for (int i = 0; i < SAMPLES; i++) {
      samples.set(i, null);
    }
  }

  /** Requests in a second, of late. */
  long perSecond() {
    return Math.round(perSecond);
  }

  /** A key with about half of the load on each side of it; null where none is known. */
  byte @Nullable [] middleKey(KeySpan span) {
    List<byte[]> keys = new ArrayList<>(SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
      byte[] key = samples.get(i);
      if (key == null) {
        return null;
      }
      if (span.contains(key)) {
        keys.add(key);
      }
    }
    keys.sort(Arrays::compareUnsigned);
    byte[] best = null;
    int bestOff = Integer.MAX_VALUE;
    for (int i = SIDE_MIN; i <= keys.size() - SIDE_MIN; i++) {
      // All keys before the first of its kind are below it.
      boolean isFirst = i > 0 && Bytes.compare(keys.get(i - 1), keys.get(i)) < 0;
      int off = Math.abs(2 * i - keys.size());
      if (isFirst && off < bestOff && !Arrays.equals(keys.get(i), span.start())) {
        best = keys.get(i);
        bestOff = off;
      }
    }
    return best;
  }
}
