package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.ExpressionBuilder.Env;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans INSERT, UPDATE, DELETE and MERGE. */
final class DmlPlanner {
  private final PhysicalPlanner planner;
  private final ExpressionBuilder expressions;

  DmlPlanner(PhysicalPlanner planner) {
    this.planner = planner;
    this.expressions = planner.expressions();
  }

  PlanNode insert(Rel.Insert insert, Env env) {
    PlanNode input = planner.planInner(insert.input(), env);
    TableDescriptor table = insert.table();
    Env row = env.with(Planned.identity(table.columns().size()));
    Env both = env.with(Planned.identity(2 * table.columns().size()));
    Rel.Conflict conflict = insert.conflict();
    PlanNode.OnConflict onConflict = null;
    if (conflict != null) {
      List<Bound> assignments = conflict.assignments();
      Bound where = conflict.where();
      onConflict =
          new PlanNode.OnConflict(
              planner.arbiters(table, conflict),
              assignments == null ? null : expressions.buildAll(assignments, both),
              where == null ? null : expressions.build(where, both));
    }
    return new PlanNode.Insert(
        input,
        table,
        onConflict,
        expressions.buildAll(insert.checks(), row),
        viewChecks(insert.viewChecks(), row),
        planner.derivedValues(table),
        all(insert.returning(), row),
        insert.types(),
        change(input));
  }

  private @Nullable List<Expression> all(@Nullable List<Bound> list, Env env) {
    return list == null ? null : expressions.buildAll(list, env);
  }

  private List<PlanNode.ViewCheck> viewChecks(List<Rel.ViewCheck> checks, Env row) {
    return checks.stream()
        .map(check ->
            new PlanNode.ViewCheck(check.view(), expressions.build(check.condition(), row)))
        .toList();
  }

  private static Estimate change(PlanNode input) {
    Estimate e = input.estimate();
    return new Estimate(e.rows(), e.startupCost(), e.totalCost() + Cost.ROW * e.rows());
  }

  PlanNode update(Rel.Update update, Env env) {
    TableDescriptor table = update.table();
    int width = table.columns().size();
    List<Bound> reads = new ArrayList<>(update.assignments());
    // RETURNING sees the new row and, unchanged, what FROM added behind it.
    if (update.returning() != null) {
      reads.addAll(update.returning());
    }
    Planned input = input(update.input(), width, reads, env);
    Env row = env.with(input.columns());
    return new PlanNode.Update(
        input.node(),
        table,
        update.input().types().size() > width,
        expressions.buildAll(update.assignments(), row),
        update.changed(),
        expressions.buildAll(update.checks(), env.with(Planned.identity(width))),
        viewChecks(update.viewChecks(), env.with(Planned.identity(width))),
        planner.derivedValues(table),
        all(update.returning(), row),
        update.types(),
        change(input.node()));
  }

  PlanNode delete(Rel.Delete delete, Env env) {
    TableDescriptor table = delete.table();
    List<Bound> reads = delete.returning() == null ? List.of() : delete.returning();
    int width = table.columns().size();
    Planned input = input(delete.input(), width, reads, env);
    return new PlanNode.Delete(
        input.node(),
        table,
        delete.input().types().size() > width,
        planner.derivedValues(table),
        all(delete.returning(), env.with(input.columns())),
        delete.types(),
        change(input.node()));
  }

  PlanNode merge(Rel.Merge merge, Env env) {
    TableDescriptor table = merge.table();
    int width = table.columns().size();
    List<Bound> reads = new ArrayList<>();
    merge.actions().forEach(action -> reads.addAll(action.values()));
    if (merge.returning() != null) {
      reads.addAll(merge.returning());
    }
    int last = merge.input().types().size() - 1;
    Bound number = new Bound.Column(last, merge.input().types().get(last), "", -1);
    reads.add(number);
    Planned input = input(merge.input(), width, reads, env);
    Env row = env.with(input.columns());
    Env whole = env.with(Planned.identity(width));
    List<PlanNode.MergeAction> actions = new ArrayList<>();
    for (Rel.MergeAction action : merge.actions()) {
      actions.add(
          new PlanNode.MergeAction(action.effect(), expressions.buildAll(action.values(), row)));
    }
    return new PlanNode.Merge(
        input.node(),
        table,
        expressions.build(number, row),
        actions,
        expressions.buildAll(merge.checks(), whole),
        viewChecks(merge.viewChecks(), whole),
        planner.derivedValues(table),
        all(merge.returning(), row),
        merge.types(),
        change(input.node()));
  }

  /** The input with all table columns first, in order, then those of the others that are read. */
  private Planned input(Rel rel, int width, List<Bound> reads, Env env) {
    BitSet required = PhysicalPlanner.with(Planned.all(width), reads);
    Planned input = planner.plan(rel, required, env);
    boolean inPlace = true;
    for (int i = 0; i < width; i++) {
      inPlace &= input.columns()[i] == i;
    }
    if (inPlace) {
      return input;
    }
    List<SqlType> types = new ArrayList<>();
    List<Expression> out = new ArrayList<>();
    int[] columns = new int[input.columns().length];
    java.util.Arrays.fill(columns, -1);
    for (int i = required.nextSetBit(0); i >= 0; i = required.nextSetBit(i + 1)) {
      columns[i] = out.size();
      SqlType type = rel.types().get(i);
      out.add(new ColumnRef(type, input.columns()[i]));
      types.add(type);
    }
    return new Planned(
        new PlanNode.Project(
            input.node(),
            out,
            types,
            Cost.over(input.node().estimate(), input.rows(), Cost.PREDICATE)),
        columns);
  }
}
