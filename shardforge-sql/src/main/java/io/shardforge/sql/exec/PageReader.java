package io.shardforge.sql.exec;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.row.IndexReader;
import io.shardforge.sql.row.RowBytes;
import io.shardforge.sql.row.RowReader;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decodes whole pages of a scan, picks the rows that pass its condition, and may aggregate them, on
 * any one thread at a time. The batches are used again for the next page.
 */
final class PageReader {
  private final Decoder decoder;
  private final @Nullable Expression condition;
  private final List<SqlType> types;
  private final EvalContext context;
  private final @Nullable PageAggregate aggregate;
  private final List<Part> parts = new ArrayList<>();
  private @Nullable Decoder pickedRows;
  private int used;
  private int at;
  private @Nullable Part last;
  private @Nullable RuntimeException failure;
  private @Nullable PageGroups groups;
  private Aggregated aggregated = Aggregated.NOT;

  /** What became of the aggregation of a page. */
  enum Aggregated {
    /** It was not asked for, or is done. */
    NOT,
    TOO_MANY_GROUPS,
    FAILED
  }

  /** Decodes one row of a page into a row of a batch. */
  interface Decoder {
    void decode(KvPage page, int row, RowBatch target, int at);

    static Decoder of(RowReader reader) {
      return (page, row, target, at) ->
          reader.readInto(
              page.buffer(),
              page.keyOffset(row),
              page.keyLength(row),
              page.buffer(),
              page.valueOffset(row),
              page.valueLength(row),
              target,
              at);
    }

    static Decoder of(IndexReader reader) {
      return (page, row, target, at) ->
          reader.readInto(
              page.buffer(),
              page.keyOffset(row),
              page.keyLength(row),
              page.buffer(),
              page.valueOffset(row),
              page.valueLength(row),
              target,
              at);
    }
  }

  /** Rows that another node has picked, all columns in their order. */
  static final class PickedRows implements Decoder {
    private final RowBytes format;

    PickedRows(List<SqlType> types) {
      this.format = new RowBytes(types);
    }

    @Override
    public void decode(KvPage page, int row, RowBatch target, int at) {
      @Nullable Object[] values = format.read(page.buffer(), page.valueOffset(row));
      for (int i = 0; i < values.length; i++) {
        target.column(i).set(at, values[i]);
      }
    }
  }

  /** A batch's worth of a page. */
  private final class Part {
    private final RowBatch decoded = BatchBuilder.newBatch(types, RowBatch.CAPACITY);
    private final @Nullable BatchFilter filter =
        condition == null ? null : new BatchFilter(condition, types, context);
    private @Nullable RowBatch passed;

    void read(ScanPage scanned, int from) {
      KvPage page = scanned.page();
      Decoder form = scanned.form() == ScanPage.Form.STORED ? decoder : picked();
      passed = null;
      for (int i = 0; i < decoded.width(); i++) {
        decoded.column(i).clear();
      }
      int size = Math.min(RowBatch.CAPACITY, page.rows() - from);
      for (int i = 0; i < size; i++) {
        form.decode(page, from + i, decoded, i);
      }
      decoded.setSize(size);
      if (filter == null) {
        passed = decoded;
      } else {
        filter.open();
        passed = filter.apply(decoded);
      }
    }

    void checkFailure() {
      if (filter != null) {
        filter.checkFailure();
      }
    }
  }

  /**
   * @param aggregate what may be done with the rows that pass, if anything may
   */
  PageReader(
      Decoder decoder,
      @Nullable Expression condition,
      List<SqlType> types,
      EvalContext context,
      @Nullable PageAggregate aggregate) {
    this.decoder = decoder;
    this.condition = condition;
    this.types = types;
    this.context = context;
    this.aggregate = aggregate;
  }

  /** Reads a page and aggregates it; if that is no use or fails, its rows are there instead. */
  void readGroups(ScanPage page) {
    PageAggregate wanted = Objects.requireNonNull(aggregate);
    try {
      if (aggregate(page, wanted)) {
        return;
      }
      read(page);
      aggregated = Aggregated.TOO_MANY_GROUPS;
    } catch (RuntimeException _) {
      // What fails here fails again where the rows before it are known.
      read(page);
      aggregated = Aggregated.FAILED;
    }
  }

  private boolean aggregate(ScanPage page, PageAggregate wanted) {
    reset();
    wanted.begin();
    Part part = part(0);
    for (int from = 0; from < page.page().rows(); from += RowBatch.CAPACITY) {
      part.read(page, from);
      RowBatch passed = part.passed;
      if (passed != null && !wanted.add(passed)) {
        return false;
      }
      part.checkFailure();
    }
    groups = wanted.groups();
    return true;
  }

  private void reset() {
    used = 0;
    at = 0;
    last = null;
    failure = null;
    groups = null;
    aggregated = Aggregated.NOT;
  }

  private Decoder picked() {
    Decoder form = pickedRows;
    if (form == null) {
      form = new PickedRows(types);
      pickedRows = form;
    }
    return form;
  }

  private Part part(int number) {
    if (number == parts.size()) {
      parts.add(new Part());
    }
    return parts.get(number);
  }

  /** Reads a page. An error is kept until the rows before it have been taken. */
  void read(ScanPage page) {
    reset();
    try {
      for (int from = 0; from < page.page().rows(); from += RowBatch.CAPACITY) {
        part(used).read(page, from);
        used++;
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** Whether the condition could not be computed on another thread than the statement's. */
  boolean needsStatement() {
    return failure instanceof LeafContext.NeedsStatement;
  }

  /** What the page was aggregated to, if it was; {@link #next} has no rows then. */
  @Nullable PageGroups groups() {
    return groups;
  }

  /** Why it was not. */
  Aggregated aggregated() {
    return aggregated;
  }

  /** The next batch of rows that pass; null at the end of the page. */
  @Nullable RowBatch next() {
    if (last != null) {
      last.checkFailure();
    }
    while (at < used) {
      Part part = parts.get(at++);
      last = part;
      if (part.passed != null) {
        return part.passed;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return null;
  }
}
