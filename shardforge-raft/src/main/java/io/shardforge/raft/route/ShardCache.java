package io.shardforge.raft.route;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.ShardLocator;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's copy of the map of shards, refreshed when a shard says that it is out of date. */
public final class ShardCache implements ShardLocator {
  private static final Logger log = LoggerFactory.getLogger(ShardCache.class);

  /** The least time between two refreshes that found nothing new. */
  private static final Duration REFRESH_PAUSE = Duration.ofMillis(100);

  private final Supplier<? extends Collection<ShardDescriptor>> source;
  private final Clock clock;
  private final ReentrantLock refreshing = new ReentrantLock();
  private final Object replacing = new Object();
  private volatile NavigableMap<byte[], ShardDescriptor> byStart;
  private long refreshedAtNanos;

  /**
   * A cache that starts with what the node knew last.
   *
   * @param source reads the current map; may block
   */
  public ShardCache(
      Collection<ShardDescriptor> known,
      Supplier<? extends Collection<ShardDescriptor>> source,
      Clock clock) {
    this.source = source;
    this.clock = clock;
    this.byStart = index(known);
    this.refreshedAtNanos = clock.monotonicNanos() - REFRESH_PAUSE.toNanos();
  }

  /** A map of shards of which some may not know yet what has become of them. */
  private static NavigableMap<byte[], ShardDescriptor> index(Collection<ShardDescriptor> shards) {
    return overlay(new TreeMap<>(Arrays::compareUnsigned), shards);
  }

  /** Takes what replicas of this node say of their shards, where it is newer. */
  public void learn(Collection<ShardDescriptor> shards) {
    // Not the lock of refreshing, which is held while the map is read: this must not wait.
    synchronized (replacing) {
      byStart = overlay(byStart, shards);
    }
  }

  /** Reads the map again, whatever is known. */
  public void refresh() {
    refreshing.lock();
    try {
      reload();
    } finally {
      refreshing.unlock();
    }
  }

  /**
   * A map with all descriptors put in that are newer than everything that they overlap. What they
   * leave of an older one stays: requests there learn more.
   */
  private static NavigableMap<byte[], ShardDescriptor> overlay(
      NavigableMap<byte[], ShardDescriptor> base, Collection<ShardDescriptor> others) {
    NavigableMap<byte[], ShardDescriptor> map = new TreeMap<>(base);
    others.stream()
        .sorted(Comparator.comparingLong(ShardDescriptor::epoch))
        .forEach(other -> put(map, other));
    return map;
  }

  private static void put(NavigableMap<byte[], ShardDescriptor> map, ShardDescriptor other) {
    KeySpan span = other.span();
    List<ShardDescriptor> overlapped =
        map.values().stream().filter(shard -> shard.span().overlaps(span)).toList();
    if (!overlapped.stream().allMatch(shard -> shard.epoch() < other.epoch())) {
      return;
    }
    for (ShardDescriptor shard : overlapped) {
      KeySpan old = shard.span();
      map.remove(old.start());
      if (Arrays.compareUnsigned(old.start(), span.start()) < 0) {
        map.put(old.start(), shard.within(new KeySpan(old.start(), span.start())));
      }
      if (span.hasEnd() && (!old.hasEnd() || Arrays.compareUnsigned(span.end(), old.end()) < 0)) {
        map.put(span.end(), shard.within(new KeySpan(span.end(), old.end())));
      }
    }
    map.put(span.start(), other);
  }

  @Override
  public ShardDescriptor locate(byte[] key) {
    Map.Entry<byte[], ShardDescriptor> entry = byStart.floorEntry(key);
    if (entry == null || !entry.getValue().span().contains(key)) {
      throw new IllegalArgumentException("no shard holds the key");
    }
    return entry.getValue();
  }

  @Override
  public List<ShardDescriptor> locate(KeySpan span) {
    NavigableMap<byte[], ShardDescriptor> map = byStart;
    byte[] first = map.floorKey(span.start());
    List<ShardDescriptor> found = new ArrayList<>();
    for (ShardDescriptor shard : (first == null ? map : map.tailMap(first, true)).values()) {
      if (span.hasEnd() && Arrays.compareUnsigned(shard.span().start(), span.end()) >= 0) {
        break;
      }
      if (!shard.span().hasEnd() || Arrays.compareUnsigned(shard.span().end(), span.start()) > 0) {
        found.add(shard);
      }
    }
    return found;
  }

  /** All shards in key order. */
  public List<ShardDescriptor> all() {
    return List.copyOf(byStart.values());
  }

  @Override
  public void stale(ShardDescriptor known) {
    refreshing.lock();
    try {
      ShardDescriptor cached = byStart.get(known.span().start());
      boolean news =
          cached == null || cached.shardId() != known.shardId() || cached.epoch() > known.epoch();
      long now = clock.monotonicNanos();
      if (news || now - refreshedAtNanos < REFRESH_PAUSE.toNanos()) {
        return;
      }
      reload();
    } finally {
      refreshing.unlock();
    }
  }

  private void reload() {
    Collection<ShardDescriptor> current = source.get();
    if (!current.isEmpty()) {
      // What was learned from replicas may be ahead of the map.
      synchronized (replacing) {
        byStart = overlay(index(current), byStart.values());
      }
    }
    refreshedAtNanos = clock.monotonicNanos();
    log.debug("map of shards refreshed shards={}", current.size());
  }
}
