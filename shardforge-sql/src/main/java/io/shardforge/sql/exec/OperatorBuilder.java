package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Constant;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.ParameterRef;
import io.shardforge.sql.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/** The making of operators for plan nodes: one kind of operator a kind of node. */
final class OperatorBuilder {
  /** No known number of rows will do. */
  private static final long ALL = 0;

  private final Execution execution;

  private OperatorBuilder(Execution execution) {
    this.execution = execution;
  }

  /** The operators of a statement; its own INSERT, UPDATE or DELETE counts affected rows. */
  static Operator buildRoot(PlanNode root, Execution execution) {
    return new OperatorBuilder(execution).build(root, ALL, true);
  }

  /** The operators of a plan within a statement. */
  static Operator build(PlanNode node, Execution execution) {
    return new OperatorBuilder(execution).build(node, ALL, false);
  }

  private Operator build(PlanNode node) {
    return build(node, ALL, false);
  }

  /**
   * @param goal how many rows will be asked for at most, 0 if unknown
   * @param isRoot whether the node is the statement itself
   */
  private Operator build(PlanNode node, long goal, boolean isRoot) {
    return counted(node, create(node, goal, isRoot));
  }

  private Operator counted(PlanNode node, Operator operator) {
    Instrumentation counters = execution.instrumentation();
    return counters == null ? operator : counters.around(node, operator, execution.txn());
  }

  private Operator create(PlanNode node, long goal, boolean isRoot) {
    return switch (node) {
      case PlanNode.Values values -> new ValuesOperator(values, execution);
      case PlanNode.IndexScan scan -> new IndexScanOperator(scan, execution, goal, null, null);
      case PlanNode.InvertedScan scan -> new InvertedScanOperator(scan, execution, goal);
      case PlanNode.KeyLookup lookup -> new KeyLookupOperator(lookup, execution);
      case PlanNode.IndexLookupJoin join ->
          new IndexLookupJoinOperator(join, build(join.input()), execution);
      case PlanNode.VirtualScan scan -> new VirtualScanOperator(scan, execution);
      case PlanNode.FunctionScan scan -> new FunctionScanOperator(scan, execution);
      case PlanNode.Filter filter -> new FilterOperator(filter, build(filter.input()), execution);
      case PlanNode.Project project ->
          new ProjectOperator(
              project, build(project.input(), goal, false), execution, Long.MAX_VALUE);
      case PlanNode.HashJoin join ->
          new HashJoinOperator(join, build(join.left()), build(join.right()), execution);
      case PlanNode.NestedLoopJoin join ->
          new NestedLoopJoinOperator(join, build(join.left()), build(join.right()), execution);
      case PlanNode.Correlate join ->
          new CorrelateOperator(join, build(join.left()), build(join.right()), execution);
      case PlanNode.Aggregate aggregate -> aggregate(aggregate);
      case PlanNode.Window window -> new WindowOperator(window, build(window.input()), execution);
      case PlanNode.DistinctOn distinct ->
          new DistinctOnOperator(distinct, build(distinct.input()), execution);
      case PlanNode.Sort sort -> sort(sort);
      case PlanNode.Limit limit when !limit.ties().isEmpty() ->
          new TiesOperator(limit, build(limit.input()), execution);
      case PlanNode.Limit limit -> new LimitOperator(limit, limited(limit), execution);
      case PlanNode.SetOperation set ->
          new SetOperator(set, set.inputs().stream().map(this::build).toList(), execution);
      case PlanNode.With with ->
          new WithOperator(with, build(with.body(), goal, isRoot), execution);
      case PlanNode.CteScan scan -> new CteScanOperator(scan, execution);
      case PlanNode.LockRows lock ->
          new LockRowsOperator(lock, build(lock.input(), goal, false), execution, goal);
      case PlanNode.Insert insert ->
          new InsertOperator(insert, build(insert.input()), execution, isRoot);
      case PlanNode.Update update ->
          new UpdateOperator(update, build(update.input()), execution, isRoot);
      case PlanNode.Merge merge ->
          new MergeOperator(merge, build(merge.input()), execution, isRoot);
      case PlanNode.Delete delete ->
          new DeleteOperator(delete, build(delete.input()), execution, isRoot);
    };
  }

  private Operator aggregate(PlanNode.Aggregate node) {
    PartialAggregation partial = PartialAggregation.of(node, execution);
    Operator input = partial == null ? build(node.input()) : scanned(node.input(), partial, null);
    return new AggregateOperator(node, input, partial, execution);
  }

  private Operator sort(PlanNode.Sort node) {
    LeafWork.First first = isScan(node.input()) ? LeafWork.First.of(node, execution) : null;
    Operator input = first == null ? build(node.input()) : scanned(node.input(), null, first);
    return new SortOperator(node, input, execution);
  }

  private static boolean isScan(PlanNode node) {
    return node instanceof PlanNode.IndexScan
        || (node instanceof PlanNode.Project project
            && project.input() instanceof PlanNode.IndexScan);
  }

  /** A scan that may do a part of what is above it, and what is between them. */
  private Operator scanned(
      PlanNode node, @Nullable PartialAggregation partial, LeafWork.@Nullable First first) {
    return counted(
        node,
        switch (node) {
          case PlanNode.Project project ->
              new ProjectOperator(
                  project, scanned(project.input(), partial, first), execution, Long.MAX_VALUE);
          case PlanNode.IndexScan scan ->
              new IndexScanOperator(scan, execution, ALL, partial, first);
          default -> throw new IllegalArgumentException("no scan: " + node);
        });
  }

  /** The input of a LIMIT; a projection right below computes no more rows than it asks for. */
  private Operator limited(PlanNode.Limit limit) {
    long goal = goalOf(limit);
    if (!(limit.input() instanceof PlanNode.Project project) || !isFixed(limit)) {
      return build(limit.input(), goal, false);
    }
    long rows = LimitOperator.limit(limit, execution);
    long skipped = LimitOperator.offset(limit, execution);
    long most = rows > Long.MAX_VALUE - skipped ? Long.MAX_VALUE : rows + skipped;
    return counted(
        project,
        new ProjectOperator(project, build(project.input(), goal, false), execution, most));
  }

  /** Whether LIMIT and OFFSET are the same whenever they are computed. */
  private static boolean isFixed(PlanNode.Limit limit) {
    return isFixed(limit.limit()) && isFixed(limit.offset());
  }

  private static boolean isFixed(@Nullable Expression value) {
    return value == null || value instanceof Constant || value instanceof ParameterRef;
  }

  private long goalOf(PlanNode.Limit node) {
    if (!reachesScan(node.input())) {
      return ALL;
    }
    long limit = LimitOperator.limit(node, execution);
    if (limit == Long.MAX_VALUE) {
      return ALL;
    }
    long goal = limit + LimitOperator.offset(node, execution);
    return goal <= 0 ? ALL : goal;
  }

  /** Whether every row that the node puts out is one that a scan put out. */
  private static boolean reachesScan(PlanNode node) {
    return switch (node) {
      case PlanNode.IndexScan _, PlanNode.InvertedScan _ -> true;
      case PlanNode.Project project -> reachesScan(project.input());
      case PlanNode.LockRows _ -> true;
      default -> false;
    };
  }
}
