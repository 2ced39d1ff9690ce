package io.shardforge.sql.exec;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.plan.PlanNode;
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

  private final GroupWork work;
  private final PlanNode.@Nullable Project project;
  private final PlanNode.IndexScan scan;
  private final @Nullable Instrumentation counters;
  private @Nullable Target target;
  private @Nullable List<AggregateRun> told;
  private PageGroups.@Nullable Wire wire;
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
    this.work =
        new GroupWork(
            project == null ? null : project.expressions(),
            node.input().types(),
            node.groupColumns(),
            node.calls());
    this.project = project;
    this.scan = scan;
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

  GroupWork work() {
    return work;
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

  /** Whether {@link #end} was said. */
  boolean hasEnded() {
    return ended;
  }

  /** As {@link #take}, of groups that another node told. */
  boolean takeTold(KvPage page, EvalContext context) {
    List<AggregateRun> runs = told;
    PageGroups.Wire format = wire;
    if (runs == null || format == null) {
      runs = work.newRuns(context);
      format = new PageGroups.Wire(work, runs);
      told = runs;
      wire = format;
    }
    return take(format.read(page, runs));
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
