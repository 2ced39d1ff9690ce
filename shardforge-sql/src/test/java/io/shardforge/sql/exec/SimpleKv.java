package io.shardforge.sql.exec;

import io.shardforge.storage.key.Bytes;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Versions of keys in memory: what {@link SimpleTxn} reads and commits to. One thread. */
final class SimpleKv {
  /** By key, the value at each commit timestamp; an empty holder is a deletion. */
  final NavigableMap<byte[], NavigableMap<Long, Version>> rows = new TreeMap<>(Bytes::compare);

  final Map<KeyBytes, SimpleTxn> locks = new HashMap<>();
  long clock = 1;

  /** A value or its absence. */
  record Version(byte @Nullable [] value) {}

  byte @Nullable [] at(byte[] key, long timestamp) {
    NavigableMap<Long, Version> versions = rows.get(key);
    Map.Entry<Long, Version> entry = versions == null ? null : versions.floorEntry(timestamp);
    return entry == null ? null : entry.getValue().value();
  }

  long newest(byte[] key) {
    NavigableMap<Long, Version> versions = rows.get(key);
    return versions == null ? 0 : versions.lastKey();
  }

  void put(byte[] key, long timestamp, byte @Nullable [] value) {
    rows.computeIfAbsent(key, _ -> new TreeMap<>()).put(timestamp, new Version(value));
  }

  int liveRows() {
    return (int)
        rows.values().stream().filter(v -> v.lastEntry().getValue().value() != null).count();
  }
}
