package io.shardforge.sql.exec;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.RowBatch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Aggregates the rows of one page after another, on any one thread at a time. */
final class PageAggregate {
  /** Groups of a page that are worth it however few rows they have. */
  private static final int GROUPS_FEW = 256;

  /** Rows that a group of a page should have otherwise. */
  private static final int ROWS_A_GROUP = 4;

  private final GroupWork work;
  private final @Nullable BatchProjection projection;
  private final List<AggregateRun> runs;
  private final int[] groupOfRow = new int[RowBatch.CAPACITY];
  private GroupTable table;
  private long rows;

  PageAggregate(GroupWork work, EvalContext context) {
    this.work = work;
    this.projection = work.newProjection(context);
    this.runs = work.newRuns(context);
    this.table = work.newTable();
  }

  /** Forgets the page before. */
  void begin() {
    table = work.newTable();
    rows = 0;
    for (AggregateRun run : runs) {
      run.clear();
    }
    if (work.groupColumns().isEmpty()) {
      runs.forEach(AggregateRun::addGroup);
    }
  }

  /** Takes rows of the page; false if it has so many groups that it is not worth it. */
  boolean add(RowBatch passed) {
    rows += passed.size();
    RowBatch input = passed;
    if (projection != null) {
      projection.open();
      input = projection.apply(passed);
      projection.checkFailure();
    }
    int size = input.size();
    if (work.groupColumns().isEmpty()) {
      Arrays.fill(groupOfRow, 0, size, 0);
    } else {
      for (int i = 0; i < size; i++) {
        int group = table.find(input, i);
        if (group < 0) {
          group = table.add(input, i);
          runs.forEach(AggregateRun::addGroup);
        }
        groupOfRow[i] = group;
      }
    }
    if (table.size() > GROUPS_FEW && table.size() > rows / ROWS_A_GROUP) {
      return false;
    }
    for (AggregateRun run : runs) {
      run.add(input, groupOfRow);
    }
    return true;
  }

  /** What the page's rows come to; valid until the next page is begun. */
  PageGroups groups() {
    return new PageGroups(rows, PageGroups.keys(work, table), runs);
  }
}
