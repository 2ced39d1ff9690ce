package io.shardforge.storage.mvcc;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the versions should be, kept the simple way: every version of every key in a map. */
final class MvccModel {
  private final TreeMap<byte[], NavigableMap<Long, Version>> keys = new TreeMap<>(Bytes::compare);

  /** One committed version; a null value is a tombstone. */
  static final class Version {
    final long keyTs;
    final byte @Nullable [] value;

    Version(long keyTs, byte @Nullable [] value) {
      this.keyTs = keyTs;
      this.value = value;
    }
  }

  void write(byte[] key, long ts, byte @Nullable [] value, boolean changesKey) {
    Map.Entry<Long, Version> newest = newest(key);
    boolean existed = newest != null && newest.getValue().value != null;
    if (value == null && !existed) {
      return;
    }
    boolean keepsKeyTs = newest != null && existed && value != null && !changesKey;
    long keyTs = keepsKeyTs && newest != null ? newest.getValue().keyTs : ts;
    keys.computeIfAbsent(key, _ -> new TreeMap<>()).put(ts, new Version(keyTs, value));
  }

  Map.@Nullable Entry<Long, Version> newest(byte[] key) {
    NavigableMap<Long, Version> versions = keys.get(key);
    return versions == null ? null : versions.lastEntry();
  }

  Map.@Nullable Entry<Long, Version> versionAt(byte[] key, long ts) {
    NavigableMap<Long, Version> versions = keys.get(key);
    return versions == null ? null : versions.floorEntry(ts);
  }

  /** Rows of a span at a timestamp as "key=value" in hex, in key order. */
  List<String> scan(KeySpan span, long ts) {
    List<String> rows = new ArrayList<>();
    for (byte[] key : within(span).keySet()) {
      Map.Entry<Long, Version> version = versionAt(key, ts);
      if (version != null && version.getValue().value != null) {
        rows.add(row(key, version.getKey(), version.getValue().value));
      }
    }
    return rows;
  }

  /** All versions in (since, upTo], and if all of it is wanted the values at the beginning. */
  List<String> versions(KeySpan span, long since, long upTo, boolean whole) {
    List<String> rows = new ArrayList<>();
    within(span)
        .forEach((key, versions) -> {
          versions
              .subMap(since, false, upTo, true)
              .descendingMap()
              .forEach((ts, version) -> rows.add(row(key, ts, version.value)));
          Map.Entry<Long, Version> before = versions.floorEntry(since);
          if (whole && before != null && before.getValue().value != null) {
            rows.add(row(key, before.getKey(), before.getValue().value));
          }
        });
    return rows;
  }

  static String row(byte[] key, long commitTs, byte @Nullable [] value) {
    return Bytes.toHex(key)
        + "@"
        + commitTs
        + "="
        + (value == null ? "deleted" : Bytes.toHex(value));
  }

  boolean hasVersionIn(KeySpan span, long after, long upTo, ChangeKind kind) {
    for (NavigableMap<Long, Version> versions : within(span).values()) {
      for (Map.Entry<Long, Version> version : versions.headMap(upTo, true).entrySet()) {
        long changed =
            switch (kind) {
              case ANY -> version.getKey();
              case KEY_ONLY -> version.getValue().keyTs;
            };
        if (changed > after) {
          return true;
        }
      }
    }
    return false;
  }

  private NavigableMap<byte[], NavigableMap<Long, Version>> within(KeySpan span) {
    return span.hasEnd()
        ? keys.subMap(span.start(), true, span.end(), false)
        : keys.tailMap(span.start(), true);
  }
}
