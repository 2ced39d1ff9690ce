package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.ExpressionBuilder.Env;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses join methods: lookups into an index for each left row, hashing, or all pairs. */
final class JoinPlanner {
  private final PhysicalPlanner planner;
  private final ExpressionBuilder expressions;
  private final ScanPlanner scans;
  private final JoinOrder order = new JoinOrder();

  JoinPlanner(PhysicalPlanner planner, ExpressionBuilder expressions, ScanPlanner scans) {
    this.planner = planner;
    this.expressions = expressions;
    this.scans = scans;
  }

  /** An equality between an expression of the left and one of the right side. */
  private record Equality(Bound left, Bound right, Bound condition) {}

  Planned plan(Rel.Join join, BitSet required, Env env) {
    JoinOrder.Cluster cluster = order.cluster(join, rel -> estimate(rel, env));
    if (cluster == null) {
      return pair(join, required, env);
    }
    Planned best = along(cluster, JoinOrder.greedy(cluster), required, env);
    if (cluster.inputs().size() > JoinOrder.GREEDY_MAX && best.cost() > JoinOrder.CHEAP) {
      Planned other = along(cluster, JoinAlgebra.order(cluster), required, env);
      best = other.cost() < best.cost() ? other : best;
    }
    return best;
  }

  /** A cluster planned along one order. */
  private Planned along(JoinOrder.Cluster cluster, JoinOrder.Tree tree, BitSet required, Env env) {
    JoinOrder.Ordered ordered = order.build(cluster, tree);
    BitSet wanted = new BitSet();
    for (int i = required.nextSetBit(0); i >= 0; i = required.nextSetBit(i + 1)) {
      wanted.set(ordered.columns()[i]);
    }
    Planned planned = pair(ordered.join(), wanted, env);
    int[] columns = new int[ordered.columns().length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = planned.columns()[ordered.columns()[i]];
    }
    return new Planned(planned.node(), columns);
  }

  /** Rows that an input of a join would have. */
  private double estimate(Rel rel, Env env) {
    return planner.plan(rel, Planned.all(rel.types().size()), env).rows();
  }

  private Planned input(Rel rel, BitSet required, Env env) {
    // The order of an already ordered join is kept: its inputs are joins as they stand.
    return rel instanceof Rel.Join join && order.isOrdered(join)
        ? pair(join, required, env)
        : planner.plan(rel, required, env);
  }

  private Planned pair(Rel.Join original, BitSet required, Env env) {
    if (original.kind() == Rel.JoinKind.RIGHT) {
      return swapped(original, Rel.JoinKind.LEFT, required, env);
    }
    return pair(original, required, env, true);
  }

  private Planned pair(Rel.Join join, BitSet required, Env env, boolean mayTurn) {
    int leftWidth = join.left().types().size();
    int width = join.types().size();
    List<Bound> conditions = Bound.conjuncts(join.condition());
    BitSet needed = PhysicalPlanner.with(required, conditions);
    BitSet leftNeeded = needed.get(0, leftWidth);
    BitSet rightNeeded = needed.get(leftWidth, Math.max(needed.length(), leftWidth));
    Planned left = input(join.left(), leftNeeded, env);
    List<Equality> equalities = new ArrayList<>();
    List<Bound> rest = new ArrayList<>();
    for (Bound condition : conditions) {
      Equality equality = equality(condition, leftWidth);
      if (equality == null) {
        rest.add(condition);
      } else {
        equalities.add(equality);
      }
    }
    Planned right = input(join.right(), rightNeeded, env);
    Planned lookup = lookup(join, left, right, equalities, conditions, rightNeeded, env, width);
    if (lookup != null) {
      return lookup;
    }
    if (mayTurn && join.kind() == Rel.JoinKind.INNER && left.rows() < right.rows()) {
      // The right side is the one that is kept in memory.
      return swapped(join, Rel.JoinKind.INNER, required, env);
    }
    boolean semi = join.kind() == Rel.JoinKind.SEMI || join.kind() == Rel.JoinKind.ANTI;
    int[] both = combined(left, right.columns(), leftWidth);
    int[] columns = semi ? left.columns() : java.util.Arrays.copyOf(both, width);
    List<SqlType> types = new ArrayList<>(left.node().types());
    if (!semi) {
      types.addAll(right.node().types());
    }
    Env over = env.with(both);
    double pairs = left.rows() * right.rows();
    double rows = rows(join.kind(), left, right, equalities, rest);
    if (!equalities.isEmpty()) {
      List<Expression> leftKeys = new ArrayList<>();
      List<Expression> rightKeys = new ArrayList<>();
      for (Equality e : equalities) {
        leftKeys.add(expressions.build(e.left, env.with(left.columns())));
        rightKeys.add(expressions.build(e.right, env.with(right.columns())));
      }
      Bound residual = Bound.and(rest);
      double cost =
          left.cost() + right.cost() + Cost.ROW * (left.rows() + 1.5 * right.rows() + rows);
      return new Planned(
          new PlanNode.HashJoin(
              left.node(),
              right.node(),
              kind(join.kind()),
              leftKeys,
              rightKeys,
              residual == null ? null : expressions.build(residual, over),
              join.nullAware(),
              types,
              new Estimate(Cost.clamp(rows), right.cost(), cost)),
          columns);
    }
    Bound condition = Bound.and(rest);
    double cost = left.cost() + right.cost() + pairs * (Cost.ROW + Cost.PREDICATE * rest.size());
    return new Planned(
        new PlanNode.NestedLoopJoin(
            left.node(),
            right.node(),
            kind(join.kind()),
            condition == null ? null : expressions.build(condition, over),
            types,
            new Estimate(Cost.clamp(rows), 0, cost)),
        columns);
  }

  private static int[] combined(Planned left, int[] right, int leftWidth) {
    int[] both = new int[leftWidth + right.length];
    System.arraycopy(left.columns(), 0, both, 0, leftWidth);
    int offset = left.node().types().size();
    for (int i = 0; i < right.length; i++) {
      both[leftWidth + i] = right[i] < 0 ? -1 : offset + right[i];
    }
    return both;
  }

  private static double rows(
      Rel.JoinKind kind, Planned left, Planned right, List<Equality> equalities, List<Bound> rest) {
    double matched = left.rows() * right.rows() * ScanPlanner.selectivity(rest);
    if (!equalities.isEmpty()) {
      matched /= Math.max(1, Math.max(left.rows(), right.rows()));
    }
    return switch (kind) {
      case INNER -> matched;
      case LEFT -> Math.max(matched, left.rows());
      case RIGHT -> Math.max(matched, right.rows());
      case FULL -> Math.max(matched, left.rows() + right.rows());
      case SEMI, ANTI -> Math.max(1, left.rows() / 2);
    };
  }

  private Planned swapped(Rel.Join join, Rel.JoinKind kind, BitSet required, Env env) {
    int leftWidth = join.left().types().size();
    int rightWidth = join.right().types().size();
    int[] moved = new int[leftWidth + rightWidth];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = i < leftWidth ? rightWidth + i : i - leftWidth;
    }
    Bound condition = join.condition();
    Rel.Join turned =
        new Rel.Join(
            kind,
            join.right(),
            join.left(),
            condition == null ? null : JoinOrder.moved(condition, moved),
            false);
    BitSet wanted = new BitSet();
    for (int i = required.nextSetBit(0); i >= 0; i = required.nextSetBit(i + 1)) {
      wanted.set(moved[i]);
    }
    Planned planned = pair(turned, wanted, env, false);
    int[] columns = new int[moved.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = planned.columns()[moved[i]];
    }
    return new Planned(planned.node(), columns);
  }

  static @Nullable Boolean side(Bound e, int leftWidth) {
    BitSet columns = Rewriter.columns(e);
    if (columns.isEmpty()) {
      return null;
    }
    if (columns.length() <= leftWidth) {
      return Boolean.TRUE;
    }
    return columns.nextSetBit(0) >= leftWidth ? Boolean.FALSE : null;
  }

  private static @Nullable Equality equality(Bound condition, int leftWidth) {
    if (!(condition instanceof Bound.Call call)
        || !"=".equals(call.operator())
        || call.args().size() != 2
        || Rewriter.isVolatile(condition)) {
      return null;
    }
    Bound a = call.args().get(0);
    Bound b = call.args().get(1);
    if (!a.type().isStoredLike(b.type())) {
      return null;
    }
    Boolean sideA = side(a, leftWidth);
    Boolean sideB = side(b, leftWidth);
    if (sideA == null || sideB == null || sideA.equals(sideB)) {
      return null;
    }
    return sideA
        ? new Equality(a, Bound.shift(b, -leftWidth), condition)
        : new Equality(b, Bound.shift(a, -leftWidth), condition);
  }

  // Index lookups.

  /**
   * The join as one lookup a left row, if an index fits and that is cheaper than reading the right.
   */
  private @Nullable Planned lookup(
      Rel.Join join,
      Planned left,
      Planned right,
      List<Equality> equalities,
      List<Bound> conditions,
      BitSet rightNeeded,
      Env env,
      int width) {
    Rel target = join.right();
    List<Bound> filters = List.of();
    if (target instanceof Rel.Filter filter) {
      filters = Bound.conjuncts(filter.condition());
      target = filter.input();
    }
    if (!(target instanceof Rel.Scan scan)
        || scan.lock() != null
        || join.nullAware()
        || join.kind() == Rel.JoinKind.FULL) {
      return null;
    }
    TableDescriptor table = scan.table();
    IndexDescriptor best = null;
    List<Equality> bestKeys = List.of();
    for (IndexDescriptor index : table.indexes()) {
      if (!PhysicalPlanner.isPublic(index)) {
        continue;
      }
      List<Equality> keys = new ArrayList<>();
      for (IndexDescriptor.KeyColumn column : index.columns()) {
        int ordinal = table.ordinalOfNumber(column.columnNumber());
        Equality found = null;
        for (Equality e : equalities) {
          if (AccessPath.column(e.right) == ordinal
              && table.columns().get(ordinal).type().isStoredLike(e.left.type())) {
            found = e;
          }
        }
        if (found == null) {
          break;
        }
        keys.add(found);
      }
      if (table.isSlotted(index) && keys.size() < index.columns().size()) {
        continue;
      }
      if (keys.size() > bestKeys.size()
          || (best != null && keys.size() == bestKeys.size() && index.primary())) {
        best = index;
        bestKeys = keys;
      }
    }
    if (best == null || bestKeys.isEmpty()) {
      return null;
    }
    boolean point = best.unique() && bestKeys.size() == best.columns().size();
    double perLookup = point ? 1 : Math.max(1, scans.rows(table) * Cost.EQUAL);
    double cost =
        left.cost()
            + left.rows()
                * (Cost.STARTUP + perLookup * (best.primary() ? Cost.ROW : Cost.INDEX_ROW));
    double hashCost = left.cost() + right.cost() + Cost.ROW * (left.rows() + 1.5 * right.rows());
    if (cost >= hashCost) {
      return null;
    }
    int leftWidth = join.left().types().size();
    BitSet needed = PhysicalPlanner.with(rightNeeded, filters);
    int[] rightColumns = new int[scan.types().size()];
    java.util.Arrays.fill(rightColumns, -1);
    List<Integer> ordinals = new ArrayList<>();
    List<SqlType> types = new ArrayList<>(left.node().types());
    boolean semi = join.kind() == Rel.JoinKind.SEMI || join.kind() == Rel.JoinKind.ANTI;
    for (int i = needed.nextSetBit(0); i >= 0; i = needed.nextSetBit(i + 1)) {
      rightColumns[i] = ordinals.size();
      ordinals.add(i);
      if (!semi) {
        types.add(scan.types().get(i));
      }
    }
    int[] both = combined(left, rightColumns, leftWidth);
    List<Bound> rest = new ArrayList<>();
    for (Bound condition : conditions) {
      List<Equality> used = bestKeys;
      if (used.stream().noneMatch(e -> e.condition.equals(condition))) {
        rest.add(condition);
      }
    }
    for (Bound filter : filters) {
      rest.add(Bound.shift(filter, leftWidth));
    }
    List<Expression> keys = new ArrayList<>();
    for (Equality e : bestKeys) {
      keys.add(expressions.build(e.left, env.with(left.columns())));
    }
    Bound condition = Bound.and(rest);
    double rows =
        semi
            ? Math.max(1, left.rows() / 2)
            : Math.max(1, left.rows() * perLookup * ScanPlanner.selectivity(filters));
    return new Planned(
        new PlanNode.IndexLookupJoin(
            left.node(),
            table,
            best,
            keys,
            ordinals,
            kind(join.kind()),
            condition == null ? null : expressions.build(condition, env.with(both)),
            types,
            new Estimate(Cost.clamp(rows), left.node().estimate().startupCost(), cost)),
        semi ? left.columns() : java.util.Arrays.copyOf(both, width));
  }

  // Lateral.

  Planned plan(Rel.Lateral lateral, BitSet required, Env env) {
    int leftWidth = lateral.left().types().size();
    List<Bound> conditions = Bound.conjuncts(lateral.condition());
    BitSet needed = PhysicalPlanner.with(required, conditions);
    BitSet leftNeeded = needed.get(0, leftWidth);
    lateral.args().forEach(a -> Bound.columns(a, leftNeeded));
    Planned left = planner.plan(lateral.left(), leftNeeded, env);
    List<Expression> args =
        expressions.outerArgs(lateral.args(), env.with(left.columns()), lateral.correlation());
    Env inner = env.inside(lateral.correlation(), args);
    BitSet rightNeeded = needed.get(leftWidth, Math.max(needed.length(), leftWidth));
    Rel rightRel = lateral.right();
    boolean outer = lateral.kind() == Rel.JoinKind.LEFT;
    // A condition of an outer lateral join decides whether the right row joins: it must be judged
    // inside, where left columns are outer ones.
    Planned right = planner.plan(rightRel, rightNeeded, inner);
    if (outer && !conditions.isEmpty()) {
      right = filteredInside(lateral, left, right, conditions, env, inner, leftWidth);
    }
    int[] both = combined(left, right.columns(), leftWidth);
    List<SqlType> types = new ArrayList<>(left.node().types());
    types.addAll(right.node().types());
    double rows = Math.max(left.rows(), left.rows() * right.rows());
    double cost = left.cost() + left.rows() * Math.max(right.cost(), Cost.ROW);
    Planned joined =
        new Planned(
            new PlanNode.Correlate(
                left.node(),
                right.node(),
                lateral.correlation(),
                kind(lateral.kind()),
                types,
                new Estimate(Cost.clamp(rows), 0, cost)),
            both);
    return outer ? joined : planner.filtered(joined, conditions, env);
  }

  private Planned filteredInside(
      Rel.Lateral lateral,
      Planned left,
      Planned right,
      List<Bound> conditions,
      Env env,
      Env inner,
      int leftWidth) {
    List<Bound> leftColumns = new ArrayList<>();
    for (int i = 0; i < leftWidth; i++) {
      if (left.columns()[i] >= 0) {
        leftColumns.add(new Bound.Column(i, lateral.left().types().get(i), "", -1));
      }
    }
    int own = -1 - lateral.correlation();
    List<Expression> args =
        expressions.outerArgs(leftColumns, env.with(left.columns()), lateral.correlation());
    Env over = inner.inside(own, args);
    List<Bound> rewritten = new ArrayList<>();
    for (Bound condition : conditions) {
      rewritten.add(
          Bound.mapColumns(
              condition,
              c -> {
                Bound.Column column = (Bound.Column) c;
                if (column.index() >= leftWidth) {
                  return column.at(column.index() - leftWidth);
                }
                for (int i = 0; i < leftColumns.size(); i++) {
                  if (((Bound.Column) leftColumns.get(i)).index() == column.index()) {
                    return new Bound.Outer(own, i, column.type());
                  }
                }
                return column;
              }));
    }
    return planner.filtered(right, rewritten, over);
  }

  static PlanNode.JoinKind kind(Rel.JoinKind kind) {
    return switch (kind) {
      case INNER -> PlanNode.JoinKind.INNER;
      case LEFT -> PlanNode.JoinKind.LEFT;
      case RIGHT -> PlanNode.JoinKind.RIGHT;
      case FULL -> PlanNode.JoinKind.FULL;
      case SEMI -> PlanNode.JoinKind.SEMI;
      case ANTI -> PlanNode.JoinKind.ANTI;
    };
  }
}
