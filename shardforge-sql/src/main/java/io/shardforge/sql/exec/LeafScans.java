package io.shardforge.sql.exec;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.PageWork;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.row.RowBytes;
import io.shardforge.sql.type.ByteWriter;
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

  /** The work on the pages of one answer, which has either groups or rows. */
  private static final class LeafRun implements Run {
    private final LeafWork work;
    private final PageReader reader;
    private final PageGroups.@Nullable Wire groups;
    private final RowBytes rows;
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
      KvPage.Builder some = new KvPage.Builder();
      try {
        RowBatch batch;
        while ((batch = reader.next()) != null) {
          add(batch, some);
        }
      } catch (RuntimeException _) {
        return false;
      }
      hasRows = true;
      KvPage passed = some.build();
      for (int i = 0; i < passed.rows() && !isDone(); i++) {
        result.add(NO_KEY, 0, 0, passed.buffer(), passed.valueOffset(i), passed.valueLength(i));
      }
      return true;
    }

    private void add(RowBatch batch, KvPage.Builder some) {
      for (int i = 0; i < batch.size(); i++) {
        out.clear();
        rows.write(BatchBuilder.row(batch, i), out, scratch);
        some.add(NO_KEY, 0, 0, out.array(), 0, out.size());
      }
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
