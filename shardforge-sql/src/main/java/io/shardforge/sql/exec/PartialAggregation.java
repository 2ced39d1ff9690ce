package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.AggregateCall;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of an aggregation that is done page by page where the pages of a long scan are read: its
 * groups, not its rows, then come to the {@link AggregateOperator}. Only for calls whose parts make
 * the very same result as the rows. Used by the statement's thread.
 */
final class PartialAggregation {
  /** Pages whose rows are taken as they are after one that had too many groups. */
  private static final int PAGES_PLAIN = 16;

  private final PlanNode.Aggregate node;
  private final PlanNode.@Nullable Project project;
  private final PlanNode.IndexScan scan;
  private final int[] groupColumns;
  private final @Nullable Instrumentation counters;
  private @Nullable Target target;
  private int plainPages;
  private boolean ended;

  /** Who puts the groups of pages together. */
  interface Target {
    /** Takes all groups of a page, or none if there is no room for them. */
    boolean take(PageGroups groups);
  }

  private PartialAggregation(
      PlanNode.Aggregate node,
      PlanNode.@Nullable Project project,
      PlanNode.IndexScan scan,
      Execution execution) {
    this.node = node;
    this.project = project;
    this.scan = scan;
    this.groupColumns = node.groupColumns().stream().mapToInt(Integer::intValue).toArray();
    this.counters = execution.instrumentation();
  }

  /** What of an aggregation can be done by page, or null if nothing can. */
  static @Nullable PartialAggregation of(PlanNode.Aggregate node, Execution execution) {
    PlanNode.Project project = node.input() instanceof PlanNode.Project p ? p : null;
    PlanNode input = project == null ? node.input() : project.input();
    return input instanceof PlanNode.IndexScan scan
            && node.calls().stream().allMatch(AggregateRun::mergesExactly)
        ? new PartialAggregation(node, project, scan, execution)
        : null;
  }

  void into(Target newTarget) {
    target = newTarget;
  }

  int[] groupColumns() {
    return groupColumns;
  }

  GroupTable newTable() {
    return GroupTable.of(groupColumns, node.input().types());
  }

  List<AggregateRun> newRuns(EvalContext context) {
    List<AggregateRun> runs = new ArrayList<>(node.calls().size());
    for (AggregateCall call : node.calls()) {
      runs.add(new AggregateRun(call, node.input().types(), context));
    }
    return runs;
  }

  /** What is between the scan and the aggregation, if anything is. */
  @Nullable BatchProjection newProjection(EvalContext context) {
    return project == null
        ? null
        : new BatchProjection(project.expressions(), project.types(), context);
  }

  /** Room for the keys of some groups, at the places of the group columns. */
  RowBatch newKeys(int groups) {
    List<SqlType> types = node.input().types();
    ColumnVector[] columns = new ColumnVector[types.size()];
    for (int column : groupColumns) {
      columns[column] = BatchBuilder.newVector(types.get(column), groups);
    }
    return new RowBatch(columns);
  }

  /** Starts over. */
  void open() {
    plainPages = 0;
    ended = false;
  }

  /** Whether the next page should be aggregated where it is read. */
  boolean nextPage() {
    if (ended) {
      return false;
    }
    if (plainPages > 0) {
      plainPages--;
      return false;
    }
    return true;
  }

  /** Says that a page had so many groups that its rows are as good. */
  void tooManyGroups() {
    plainPages = PAGES_PLAIN;
  }

  /** Says that no further page can be aggregated where it is read. */
  void end() {
    ended = true;
  }

  /** Passes a page's groups on; false if the page's rows are wanted instead. */
  boolean take(PageGroups groups) {
    Target taker = target;
    if (taker == null || !taker.take(groups)) {
      ended = true;
      return false;
    }
    if (counters != null) {
      counters.addRows(scan, groups.rows());
      if (project != null) {
        counters.addRows(project, groups.rows());
      }
    }
    return true;
  }
}
