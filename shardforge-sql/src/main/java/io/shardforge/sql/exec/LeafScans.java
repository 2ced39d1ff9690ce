package io.shardforge.sql.exec;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.PageWork;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.row.RowBytes;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Does the {@link LeafWork} of other nodes' scans with the rows of shards that are led here. What
 * cannot be done here, and what fails, is left to the node that asked: it gets the rows. Any
 * thread.
 */
public final class LeafScans implements PageWork {
  private static final byte[] NO_KEY = {};

  @Override
  public @Nullable Run begin(byte[] bytes) {
    try {
      LeafWork work = LeafWork.fromBytes(bytes);
      return work == null ? null : new LeafRun(work);
    } catch (RuntimeException _) {
      return null;
    }
  }

  /** Picks the rows of a page that come first in an order. */
  private static final class FirstRows {
    private final RowOrder order;
    private final int count;

    FirstRows(LeafWork.First first, List<SqlType> types) {
      this.order = new RowOrder(first.keys(), types);
      this.count = first.rows();
    }

    /** So many of the rows, as they came: of equal ones those that came first. */
    List<@Nullable Object[]> of(List<@Nullable Object[]> rows) {
      if (rows.size() <= count) {
        return rows;
      }
      return IntStream.range(0, rows.size())
          .boxed()
          .sorted((a, b) -> order.compare(rows.get(a), rows.get(b)))
          .limit(count)
          .sorted()
          .<@Nullable Object[]>map(rows::get)
          .toList();
    }
  }

  /** The work on the pages of one answer, which has either groups or rows. */
  private static final class LeafRun implements Run {
    private final LeafWork work;
    private final PageReader reader;
    private final PageGroups.@Nullable Wire groups;
    private final RowBytes rows;
    private final @Nullable FirstRows first;
    private final ByteWriter out = new ByteWriter();
    private final ByteWriter scratch = new ByteWriter();
    private final KvPage.Builder result = new KvPage.Builder();
    private boolean hasGroups;
    private boolean hasRows;

    LeafRun(LeafWork work) {
      EvalContext context = LeafContext.ofNoStatement();
      GroupWork grouped = work.groups();
      this.work = work;
      this.reader =
          new PageReader(
              work.newDecoder(),
              work.filter(),
              work.types(),
              context,
              grouped == null ? null : new PageAggregate(grouped, context));
      this.groups = grouped == null ? null : new PageGroups.Wire(grouped, grouped.newRuns(context));
      this.rows = new RowBytes(work.types());
      this.first = work.first() == null ? null : new FirstRows(work.first(), work.types());
    }

    @Override
    public boolean add(KvPage page) {
      if (groups == null || hasRows) {
        reader.read(ScanPage.stored(page));
      } else {
        reader.readGroups(ScanPage.stored(page));
        PageGroups found = reader.groups();
        if (found != null) {
          groups.write(found, result);
          hasGroups = true;
          return true;
        }
        if (hasGroups) {
          return false;
        }
      }
      return addRows();
    }

    private boolean addRows() {
      List<@Nullable Object[]> passed = new ArrayList<>();
      try {
        RowBatch batch;
        while ((batch = reader.next()) != null) {
          for (int i = 0; i < batch.size(); i++) {
            passed.add(BatchBuilder.row(batch, i));
          }
        }
      } catch (RuntimeException _) {
        return false;
      }
      hasRows = true;
      for (@Nullable Object[] row : first == null ? passed : first.of(passed)) {
        if (isDone()) {
          break;
        }
        out.clear();
        rows.write(row, out, scratch);
        result.add(NO_KEY, 0, 0, out.array(), 0, out.size());
      }
      return true;
    }

    @Override
    public boolean isDone() {
      return hasRows && work.rowsMax() > 0 && result.rows() >= work.rowsMax();
    }

    @Override
    public int sizeBytes() {
      return result.sizeBytes();
    }

    @Override
    public KvPage result() {
      return result.build();
    }
  }
}
