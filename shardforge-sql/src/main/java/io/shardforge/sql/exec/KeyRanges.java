package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.plan.KeyRange;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.IndexRange;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The evaluation of a plan's key ranges into spans of keys. */
final class KeyRanges {
  private KeyRanges() {}

  /** Spans in key order that do not overlap; no ranges at all mean the whole index. */
  static List<KeySpan> spans(
      List<KeyRange> ranges, IndexCodec index, Row row, Execution execution, KeyEncoder scratch) {
    if (ranges.isEmpty()) {
      return List.of(whole(index, scratch));
    }
    List<KeySpan> spans = new ArrayList<>(ranges.size());
    for (KeyRange range : ranges) {
      @Nullable Object[] equal = new @Nullable Object[range.equal().size()];
      for (int i = 0; i < equal.length; i++) {
        Expression value = range.equal().get(i);
        equal[i] = KeyRange.NULL.equals(value) ? IndexRange.NULL : value.eval(row, execution);
      }
      KeySpan span =
          new IndexRange(
                  equal, end(range.lower(), row, execution), end(range.upper(), row, execution))
              .span(index, scratch);
      if (span != null) {
        spans.add(span);
      }
    }
    return spans.size() <= 1 ? spans : merged(spans);
  }

  static KeySpan whole(IndexCodec index, KeyEncoder scratch) {
    KeySpan span = new IndexRange(ArrayRow.NO_VALUES, null, null).span(index, scratch);
    return span == null ? KeySpan.ALL : span;
  }

  private static IndexRange.@Nullable End end(
      KeyRange.@Nullable Bound bound, Row row, Execution execution) {
    if (bound == null) {
      return null;
    }
    Expression value = bound.value();
    return new IndexRange.End(value.eval(row, execution), bound.inclusive());
  }

  /** The same keys without overlaps, in order: IN ($1, $2) may name one key twice. */
  private static List<KeySpan> merged(List<KeySpan> spans) {
    spans.sort(Comparator.comparing(KeySpan::start, Bytes::compare));
    List<KeySpan> result = new ArrayList<>(spans.size());
    KeySpan last = spans.getFirst();
    for (KeySpan next : spans.subList(1, spans.size())) {
      if (last.hasEnd() && Bytes.compare(next.start(), last.end()) > 0) {
        result.add(last);
        last = next;
        continue;
      }
      boolean nextIsLonger =
          last.hasEnd() && (!next.hasEnd() || Bytes.compare(next.end(), last.end()) > 0);
      if (nextIsLonger) {
        last = new KeySpan(last.start(), Arrays.copyOf(next.end(), next.end().length));
      }
    }
    result.add(last);
    return result;
  }
}
