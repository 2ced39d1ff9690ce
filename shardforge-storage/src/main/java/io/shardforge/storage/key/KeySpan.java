package io.shardforge.storage.key;

import java.util.Arrays;
import java.util.Optional;

/**
 * A range of keys, start inclusive, end exclusive; an empty end means that there is none. The
 * arrays are not copied and must not be changed.
 */
public final class KeySpan {
  /** Every key. */
  public static final KeySpan ALL = new KeySpan(Bytes.EMPTY, Bytes.EMPTY);

  private final byte[] start;
  private final byte[] end;

  public KeySpan(byte[] start, byte[] end) {
    if (end.length > 0 && Bytes.compare(start, end) > 0) {
      throw new IllegalArgumentException(
          "span starts at " + Bytes.toHex(start) + " after its end " + Bytes.toHex(end));
    }
    this.start = start;
    this.end = end;
  }

  /** The span that holds this key only. */
  public static KeySpan ofKey(byte[] key) {
    return new KeySpan(key, Bytes.successor(key));
  }

  /** The span of all keys with this prefix. */
  public static KeySpan ofPrefix(byte[] prefix) {
    return new KeySpan(prefix, Bytes.prefixEnd(prefix));
  }

  public byte[] start() {
    return start;
  }

  public byte[] end() {
    return end;
  }

  public boolean hasEnd() {
    return end.length > 0;
  }

  /** Whether no key can be inside. */
  public boolean isEmpty() {
    return hasEnd() && Arrays.equals(start, end);
  }

  /** Whether this is the span of exactly one key, as {@link #ofKey} makes it. */
  public boolean isSingleKey() {
    return end.length == start.length + 1
        && end[start.length] == 0
        && Arrays.equals(start, 0, start.length, end, 0, start.length);
  }

  public boolean contains(byte[] key) {
    return Bytes.compare(key, start) >= 0 && isBeforeEnd(key);
  }

  /** Whether every key of the other span is in this one. */
  public boolean contains(KeySpan other) {
    return other.isEmpty()
        || (Bytes.compare(other.start, start) >= 0
            && (!hasEnd() || (other.hasEnd() && Bytes.compare(other.end, end) <= 0)));
  }

  public boolean overlaps(KeySpan other) {
    return !isEmpty() && !other.isEmpty() && isBeforeEnd(other.start) && other.isBeforeEnd(start);
  }

  /** The keys in both, if there can be any. */
  public Optional<KeySpan> intersect(KeySpan other) {
    if (!overlaps(other)) {
      return Optional.empty();
    }
    byte[] from = Bytes.compare(start, other.start) >= 0 ? start : other.start;
    byte[] to = !hasEnd() || (other.hasEnd() && other.isEndBefore(end)) ? other.end : end;
    return Optional.of(new KeySpan(from, to));
  }

  /** Whether the key is below the end (it may be below the start, too). */
  public boolean isBeforeEnd(byte[] key) {
    return !hasEnd() || Bytes.compare(key, end) < 0;
  }

  private boolean isEndBefore(byte[] key) {
    return Bytes.compare(end, key) < 0;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof KeySpan other
        && Arrays.equals(start, other.start)
        && Arrays.equals(end, other.end);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(start) + Arrays.hashCode(end);
  }

  @Override
  public String toString() {
    return "[" + Bytes.toHex(start) + ", " + (hasEnd() ? Bytes.toHex(end) : "∞") + ")";
  }
}
