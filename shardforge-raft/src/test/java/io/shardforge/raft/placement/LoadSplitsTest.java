package io.shardforge.raft.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.clock.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Shards that are split because much is asked of them. */
final class LoadSplitsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long MAX = 1_000;

  private final ManualClock clock = new ManualClock(1_000);
  private final List<Shard> shards = new ArrayList<>(List.of(new Shard(2), new Shard(3)));
  private final List<Byte> splitAt = new ArrayList<>();
  private final List<Long> own = new ArrayList<>();
  private long max = MAX;
  private int count = 3;
  private int nodes = 3;

  private final LoadSplits splits =
      new LoadSplits(
          (key, _) -> {
            splitAt.add(key[0]);
            return new ShardSplitter.Border(100 + key[0], true);
          },
          own::add,
          () -> max,
          Runnable::run,
          clock);

  private static final class Shard implements LoadSplits.Served {
    private final long id;
    private long load;
    private boolean settled = true;
    private boolean oneKey;

    Shard(long id) {
      this.id = id;
    }

    @Override
    public long shardId() {
      return id;
    }

    @Override
    public boolean maySplit() {
      return settled;
    }

    @Override
    public long requestsPerSecond() {
      return load;
    }

    @Override
    public byte @Nullable [] middleKey() {
      return oneKey ? null : new byte[] {(byte) id};
    }
  }

  private void pass(Duration time) {
    for (Duration left = time; left.isPositive(); left = left.minus(SECOND)) {
      clock.advance(SECOND);
      splits.round(shards, count, nodes);
    }
  }

  @Test
  void theBusiestIsSplitOnceItHasBeenBusyForAWhile() {
    shards.get(0).load = MAX + 1;
    shards.get(1).load = 2 * MAX;
    pass(LoadSplits.BUSY_TIME);
    assertThat(splitAt).isEmpty();
    pass(SECOND.multipliedBy(10));
    assertThat(splitAt).containsExactly((byte) 3);
    assertThat(own).containsExactly(103L);
  }

  @Test
  void aBreakBeginsAnew() {
    for (int i = 0; i < 10; i++) {
      shards.get(0).load = 2 * MAX;
      pass(SECOND.multipliedBy(50));
      shards.get(0).load = MAX;
      pass(SECOND.multipliedBy(10));
    }
    assertThat(splitAt).isEmpty();
  }

  @Test
  void noMoreIsSplitThanNodesCanUse() {
    shards.get(0).load = 2 * MAX;
    nodes = 1;
    pass(LoadSplits.BUSY_TIME.multipliedBy(3));
    assertThat(splitAt).isEmpty();
    nodes = 3;
    count = 3 * LoadSplits.SHARDS_A_NODE;
    pass(LoadSplits.BUSY_TIME.multipliedBy(3));
    assertThat(splitAt).isEmpty();
    count--;
    pass(LoadSplits.BUSY_TIME);
    assertThat(splitAt).isNotEmpty();
  }

  @Test
  void whatIsChangingOrHasOneBusyRowIsLeftAlone() {
    shards.get(0).load = 2 * MAX;
    shards.get(0).settled = false;
    shards.get(1).load = 2 * MAX;
    shards.get(1).oneKey = true;
    pass(LoadSplits.BUSY_TIME.multipliedBy(3));
    assertThat(splitAt).isEmpty();
  }

  @Test
  void zeroTurnsItOff() {
    max = 0;
    shards.get(0).load = 2 * MAX;
    pass(LoadSplits.BUSY_TIME.multipliedBy(3));
    assertThat(splitAt).isEmpty();
  }
}
