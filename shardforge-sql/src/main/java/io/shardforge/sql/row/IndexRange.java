package io.shardforge.sql.row;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeyOrder;
import io.shardforge.storage.key.KeySpan;
import org.jspecify.annotations.Nullable;

/**
 * Values that bound an index: the leading columns equal {@code equal}, the next one lies between
 * the bounds. A null value makes the range empty, as comparing with NULL does; nulls in the bounded
 * column are outside.
 */
public record IndexRange(@Nullable Object[] equal, @Nullable End lower, @Nullable End upper) {
  /** Among what columns are equal to: null itself. */
  public static final Object NULL = new Object();

  /** One end of a range. */
  public record End(@Nullable Object value, boolean inclusive) {}

  /** The keys of the range, or null if there can be none. */
  public @Nullable KeySpan span(IndexCodec codec, KeyEncoder scratch) {
    IndexKeyLayout layout = codec.layout();
    @Nullable Object[] values = equal.clone();
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (NULL.equals(value)) {
        values[i] = null;
      } else if (value == null || layout.codec(i).fit(value) != ValueCodec.Fit.EXACT) {
        return null;
      }
    }
    if (layout.isSlotted() && (lower != null || upper != null)) {
      throw new IllegalArgumentException("keys with slots have no ranges");
    }
    scratch.reset().putRaw(layout.prefix());
    layout.putValues(values, values.length, scratch);
    if (lower == null && upper == null) {
      return KeySpan.ofPrefix(scratch.toByteArray());
    }
    if ((lower != null && lower.value == null) || (upper != null && upper.value == null)) {
      return null;
    }
    ValueCodec column = layout.codec(equal.length);
    KeyOrder order = layout.order(equal.length);
    End low = lower;
    End high = upper;
    if (low != null && low.value != null) {
      switch (column.fit(low.value)) {
        case BELOW -> low = null;
        case ABOVE -> {
          return null;
        }
        case EXACT -> {}
        case ROUNDED_UP -> low = new End(low.value, true);
        case ROUNDED_DOWN -> low = new End(low.value, false);
      }
    }
    if (high != null && high.value != null) {
      switch (column.fit(high.value)) {
        case BELOW -> {
          return null;
        }
        case ABOVE -> high = null;
        case EXACT -> {}
        case ROUNDED_UP -> high = new End(high.value, false);
        case ROUNDED_DOWN -> high = new End(high.value, true);
      }
    }
    End first = order.isDescending() ? high : low;
    End last = order.isDescending() ? low : high;
    int common = scratch.length();
    byte[] start;
    if (first == null) {
      scratch.putNull(KeyOrder.ASC_NULLS_FIRST);
      start = Bytes.prefixEnd(scratch.toByteArray());
    } else {
      column.putKey(first.value, order, scratch);
      byte[] key = scratch.toByteArray();
      start = first.inclusive ? key : Bytes.prefixEnd(key);
    }
    scratch.truncate(common);
    byte[] end;
    if (last == null) {
      end = scratch.putNull(KeyOrder.ASC_NULLS_LAST).toByteArray();
    } else {
      column.putKey(last.value, order, scratch);
      byte[] key = scratch.toByteArray();
      end = last.inclusive ? Bytes.prefixEnd(key) : key;
    }
    return Bytes.compare(start, end) < 0 ? new KeySpan(start, end) : null;
  }
}
