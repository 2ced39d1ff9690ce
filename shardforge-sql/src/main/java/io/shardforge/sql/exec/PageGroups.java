package io.shardforge.sql.exec;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.row.RowBytes;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of one page come to, group by group in the order of their first rows. Several
 * groups may have the same key.
 *
 * @param rows that passed the condition of the scan
 * @param keys a row a group with its group columns, at their places in the aggregation's input
 * @param runs the calls, with the same groups
 */
record PageGroups(long rows, RowBatch keys, List<AggregateRun> runs) {
  /** The keys of all groups of a table. */
  static RowBatch keys(GroupWork work, GroupTable table) {
    int width = work.groupColumns().size();
    int groups = width == 0 ? 1 : table.size();
    RowBatch keys = work.newKeys(groups);
    @Nullable Object[] key = new @Nullable Object[width];
    for (int group = 0; group < groups && width > 0; group++) {
      table.keyInto(group, key);
      for (int i = 0; i < width; i++) {
        keys.column(work.groupColumns().get(i)).set(group, key[i]);
      }
    }
    keys.setSize(groups);
    return keys;
  }

  /**
   * How groups are told to another node: a row each, with how many rows there were in the first.
   */
  static final class Wire {
    private static final byte[] NO_KEY = {0};

    private final GroupWork work;
    private final List<SqlType> types = new ArrayList<>();
    private final RowBytes bytes;
    private final ByteWriter out = new ByteWriter();
    private final ByteWriter scratch = new ByteWriter();

    /**
     * @param runs of the work's calls, for the types of their states
     */
    Wire(GroupWork work, List<AggregateRun> runs) {
      this.work = work;
      types.add(SqlType.of(PgOid.INT8));
      work.groupColumns().forEach(column -> types.add(work.types().get(column)));
      runs.forEach(run -> types.addAll(run.stateTypes()));
      this.bytes = new RowBytes(types);
    }

    /** Whether a page has groups, not rows. */
    static boolean hasGroups(KvPage page) {
      return !page.isEmpty() && page.keyLength(0) == NO_KEY.length;
    }

    void write(PageGroups groups, KvPage.Builder page) {
      for (int group = 0; group < groups.keys.size(); group++) {
        @Nullable Object[] row = new @Nullable Object[types.size()];
        row[0] = group == 0 ? groups.rows : 0L;
        int at = 1;
        for (int column : work.groupColumns()) {
          row[at++] = groups.keys.get(group, column);
        }
        for (AggregateRun run : groups.runs) {
          run.stateInto(group, row, at);
          at += run.stateTypes().size();
        }
        out.clear();
        bytes.write(row, out, scratch);
        page.add(NO_KEY, 0, NO_KEY.length, out.array(), 0, out.size());
      }
    }

    /** The groups of a page; {@code runs} are overwritten. */
    PageGroups read(KvPage page, List<AggregateRun> runs) {
      RowBatch keys = work.newKeys(page.rows());
      runs.forEach(AggregateRun::clear);
      long rows = 0;
      for (int group = 0; group < page.rows(); group++) {
        @Nullable Object[] row = bytes.read(page.buffer(), page.valueOffset(group));
        rows += (Long) Objects.requireNonNull(row[0]);
        int at = 1;
        for (int column : work.groupColumns()) {
          keys.column(column).set(group, row[at++]);
        }
        for (AggregateRun run : runs) {
          run.addGroup(row, at);
          at += run.stateTypes().size();
        }
      }
      keys.setSize(page.rows());
      return new PageGroups(rows, keys, runs);
    }
  }
}
