package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Normal;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.bind.Rels;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites that always pay: CTEs stand where they are read, subqueries become joins, conditions
 * move as near to the tables as their meaning allows, outer joins that a condition makes inner
 * become so. Order of evaluation among conditions of one level is left as it was.
 */
final class Rewriter {
  private final Map<Integer, Rel> inlined = new HashMap<>();

  private final boolean eager;
  private final SubqueryPullUp pullUp;
  private boolean pulledScalars;

  /** Conditions of joins whose demands on one side have been moved there. */
  private final Set<Bound> settled = Collections.newSetFromMap(new IdentityHashMap<>());

  /** If eager, scalar subqueries become joins too, and all of those that can. */
  Rewriter(boolean eager) {
    this.eager = eager;
    this.pullUp = new SubqueryPullUp(eager);
  }

  Rel rewrite(Rel rel) {
    return switch (rel) {
      case Rel.With with -> {
        List<Rel.Cte> kept = new ArrayList<>();
        for (Rel.Cte cte : with.ctes()) {
          Rel query = rewrite(cte.query());
          Rel step = cte.step();
          if (cte.inline()) {
            inlined.put(cte.id(), query);
          } else {
            kept.add(
                new Rel.Cte(
                    cte.id(),
                    cte.name(),
                    query,
                    step == null ? null : rewrite(step),
                    cte.unionAll(),
                    false,
                    false));
          }
        }
        Rel body = rewrite(with.body());
        yield kept.isEmpty() ? body : new Rel.With(kept, body);
      }
      case Rel.Functions functions -> Rels.mapExpressions(functions, this::operands);
      case Rel.CteScan scan -> inlined.getOrDefault(scan.id(), scan);
      case Rel.Filter filter -> {
        Rel input = rewrite(filter.input());
        List<Bound> conditions = conditions(filter.condition());
        Rel pulled = pullUp.apply(input, conditions);
        if (pulled instanceof Rel.Filter rest) {
          yield filtered(rest.input(), Bound.conjuncts(rest.condition()));
        }
        yield pulled instanceof Rel.Join join ? settleJoin(join) : pulled;
      }
      case Rel.Join join -> settleJoin(join(join));
      default -> Rels.mapExpressions(inputs(rel), this::subqueries);
    };
  }

  /** Rows that satisfy the conditions, whose scalar subqueries become joins if that is wanted. */
  private Rel filtered(Rel input, List<Bound> conditions) {
    List<Bound> plain = new ArrayList<>();
    List<Bound> scalar = new ArrayList<>();
    split(conditions, plain, scalar, c -> !eager || ScalarPullUp.pull(input, c) == null);
    Rel rel = push(input, plain);
    int width = input.types().size();
    for (Bound condition : scalar) {
      ScalarPullUp.Pulled pulled = ScalarPullUp.pull(rel, condition);
      if (pulled == null) {
        rel = push(rel, List.of(condition));
        continue;
      }
      pulledScalars = true;
      Rel joined = filtered(settleJoin(pulled.join()), List.of(pulled.condition()));
      List<Bound> columns = new ArrayList<>();
      for (int i = 0; i < width; i++) {
        columns.add(new Bound.Column(i, input.types().get(i), "", -1));
      }
      rel = new Rel.Project(joined, columns, input.types());
    }
    return rel;
  }

  /** Whether something was done that only one who is eager does: compare costs. */
  boolean mayNotPay() {
    return pulledScalars || pullUp.mayNotPay();
  }

  private Rel.Join join(Rel.Join join) {
    Bound condition = join.condition();
    return new Rel.Join(
        join.kind(),
        rewrite(join.left()),
        rewrite(join.right()),
        condition == null ? null : Bound.and(conditions(condition)),
        join.nullAware());
  }

  /** The parts of a condition; what every alternative of an OR demands is a part of its own. */
  private List<Bound> conditions(Bound condition) {
    List<Bound> parts = new ArrayList<>();
    for (Bound part : SubqueryPullUp.hoisted(condition)) {
      for (Bound piece : Bound.conjuncts(subqueries(part))) {
        parts.addAll(factored(piece));
      }
    }
    return ConstantFolding.conditions(parts);
  }

  private static List<Bound> factored(Bound condition) {
    if (!(condition instanceof Bound.Logic or) || or.and() || isVolatile(condition)) {
      return List.of(condition);
    }
    List<List<Bound>> alternatives = new ArrayList<>();
    or.args().forEach(alternative -> alternatives.add(Bound.conjuncts(alternative)));
    List<Bound> parts = new ArrayList<>();
    for (Bound part : List.copyOf(alternatives.getFirst())) {
      if (alternatives.stream().allMatch(a -> a.stream().anyMatch(b -> Normal.same(part, b)))) {
        parts.add(part);
        alternatives.forEach(a -> a.removeIf(b -> Normal.same(part, b)));
      }
    }
    if (parts.isEmpty()) {
      return List.of(condition);
    }
    List<Bound> rest = new ArrayList<>();
    for (List<Bound> alternative : alternatives) {
      Bound left = Bound.and(alternative);
      if (left == null) {
        // That alternative demands nothing else.
        return parts;
      }
      rest.add(left);
    }
    parts.add(new Bound.Logic(false, rest));
    return parts;
  }

  private Rel inputs(Rel rel) {
    List<Rel> inputs = Rels.inputs(rel);
    if (inputs.isEmpty()) {
      return rel;
    }
    List<Rel> rewritten = new ArrayList<>();
    for (Rel input : inputs) {
      rewritten.add(rewrite(input));
    }
    return Rels.withInputs(rel, rewritten);
  }

  /** The expression with the queries inside of it rewritten. */
  private Bound subqueries(Bound e) {
    Bound result = ConstantFolding.fold(operands(e));
    return result instanceof Bound.SubQuery s ? s.over(rewrite(s.query()), s.args()) : result;
  }

  private Bound operands(Bound e) {
    List<Bound> operands = e.operands();
    if (operands.isEmpty()) {
      return e;
    }
    List<Bound> rewritten = operands.stream().map(this::subqueries).toList();
    return rewritten.equals(operands) ? e : e.withOperands(rewritten);
  }

  // Conditions downward.

  /** Rows of {@code rel} that satisfy the conditions, each judged as deep as possible. */
  private Rel push(Rel rel, List<Bound> conditions) {
    if (conditions.isEmpty()) {
      return rel;
    }
    return switch (rel) {
      case Rel.Filter filter -> {
        List<Bound> all = Bound.conjuncts(filter.condition());
        for (Bound condition : conditions) {
          if (all.stream().noneMatch(known -> Normal.same(known, condition))) {
            all.add(condition);
          }
        }
        yield push(filter.input(), all);
      }
      case Rel.Barrier barrier -> {
        List<Bound> below = new ArrayList<>();
        List<Bound> above = new ArrayList<>();
        split(conditions, below, above, Discretion::keepsSecrets);
        yield filter(new Rel.Barrier(push(barrier.input(), below)), above);
      }
      case Rel.Project project -> pushProject(project, conditions);
      case Rel.Join join -> settleJoin(pushJoin(join, conditions));
      case Rel.Lateral lateral -> pushLateral(lateral, conditions);
      case Rel.Group group -> pushGroup(group, conditions);
      case Rel.Unique unique -> {
        List<Bound> below = new ArrayList<>();
        List<Bound> above = new ArrayList<>();
        split(conditions, below, above, c -> !isVolatile(c));
        yield filter(new Rel.Unique(push(unique.input(), below)), above);
      }
      case Rel.Sort sort -> new Rel.Sort(push(sort.input(), conditions), sort.keys());
      case Rel.SetOperation set -> {
        List<Bound> below = new ArrayList<>();
        List<Bound> above = new ArrayList<>();
        split(conditions, below, above, c -> !isVolatile(c));
        yield filter(
            new Rel.SetOperation(
                set.kind(),
                set.all(),
                push(set.left(), below),
                push(set.right(), below),
                set.types()),
            above);
      }
      default -> filter(rel, conditions);
    };
  }

  /** A question about a condition. */
  private interface Test {
    boolean holds(Bound condition);
  }

  private static void split(List<Bound> conditions, List<Bound> yes, List<Bound> no, Test test) {
    for (Bound condition : conditions) {
      (test.holds(condition) ? yes : no).add(condition);
    }
  }

  private static Rel filter(Rel rel, List<Bound> conditions) {
    Bound condition = Bound.and(conditions);
    if (ConstantFolding.isNeverTrue(condition)) {
      return new Rel.Values(List.of(), rel.types());
    }
    return condition == null ? rel : new Rel.Filter(rel, condition);
  }

  private Rel pushProject(Rel.Project project, List<Bound> conditions) {
    List<Bound> below = new ArrayList<>();
    List<Bound> above = new ArrayList<>();
    for (Bound condition : conditions) {
      BitSet columns = columns(condition);
      boolean movable = !isVolatile(condition);
      for (int c = columns.nextSetBit(0); c >= 0; c = columns.nextSetBit(c + 1)) {
        Bound e = project.expressions().get(c);
        movable &= !isVolatile(e) && !Bound.any(e, x -> x instanceof Bound.SubQuery);
      }
      if (movable) {
        below.add(
            Bound.mapColumns(
                condition, c -> project.expressions().get(((Bound.Column) c).index())));
      } else {
        above.add(condition);
      }
    }
    return filter(
        new Rel.Project(push(project.input(), below), project.expressions(), project.types()),
        above);
  }

  private Rel.Join pushJoinInto(Rel.Join join, List<Bound> left, List<Bound> right) {
    int width = join.left().types().size();
    List<Bound> shifted = new ArrayList<>();
    for (Bound condition : right) {
      shifted.add(Bound.shift(condition, -width));
    }
    return new Rel.Join(
        join.kind(),
        push(join.left(), left),
        push(join.right(), shifted),
        join.condition(),
        join.nullAware());
  }

  /** Pushes conditions on a join's result. */
  private Rel pushJoin(Rel.Join original, List<Bound> conditions) {
    Rel.Join join = reduceOuter(original, conditions);
    int width = join.left().types().size();
    List<Bound> left = new ArrayList<>();
    List<Bound> right = new ArrayList<>();
    List<Bound> on = Bound.conjuncts(join.condition());
    List<Bound> above = new ArrayList<>();
    boolean intoLeft = join.kind() != Rel.JoinKind.RIGHT && join.kind() != Rel.JoinKind.FULL;
    boolean intoRight = join.kind() == Rel.JoinKind.INNER || join.kind() == Rel.JoinKind.RIGHT;
    for (Bound condition : conditions) {
      BitSet columns = columns(condition);
      boolean onlyLeft = columns.length() <= width;
      boolean onlyRight = !columns.isEmpty() && columns.nextSetBit(0) >= width;
      if (isVolatile(condition)) {
        above.add(condition);
      } else if (onlyLeft && intoLeft && !columns.isEmpty()) {
        left.add(condition);
      } else if (onlyRight && intoRight) {
        right.add(condition);
      } else if (join.kind() == Rel.JoinKind.INNER && !columns.isEmpty()) {
        on.add(condition);
        settled.add(condition);
        addIfAny(left, implied(condition, 0, width));
        addIfAny(right, implied(condition, width, Integer.MAX_VALUE));
      } else {
        above.add(condition);
      }
    }
    Rel.Join pushed =
        pushJoinInto(
            new Rel.Join(join.kind(), join.left(), join.right(), Bound.and(on), join.nullAware()),
            left,
            right);
    return filter(settleJoin(pushed), above);
  }

  private static void addIfAny(List<Bound> conditions, @Nullable Bound condition) {
    if (condition != null) {
      conditions.add(condition);
    }
  }

  /**
   * What an OR demands of the columns from one to another alone: if each alternative demands
   * something of them, one of these. Null if it demands nothing, or says nothing else.
   */
  private static @Nullable Bound implied(Bound condition, int from, int to) {
    if (!(condition instanceof Bound.Logic or) || or.and()) {
      return null;
    }
    List<Bound> alternatives = new ArrayList<>();
    for (Bound alternative : or.args()) {
      List<Bound> demands = new ArrayList<>();
      for (Bound part : Bound.conjuncts(alternative)) {
        BitSet columns = columns(part);
        boolean within =
            !columns.isEmpty() && columns.nextSetBit(0) >= from && columns.length() <= to;
        if (within && !isVolatile(part) && !Bound.any(part, e -> e instanceof Bound.SubQuery)) {
          demands.add(part);
        }
      }
      Bound demand = Bound.and(demands);
      if (demand == null) {
        return null;
      }
      alternatives.add(demand);
    }
    return new Bound.Logic(false, alternatives);
  }

  /** A condition that no all-null row satisfies makes the join inner on that side. */
  private static Rel.Join reduceOuter(Rel.Join join, List<Bound> conditions) {
    int width = join.left().types().size();
    boolean leftReal = false;
    boolean rightReal = false;
    for (Bound condition : conditions) {
      BitSet strict = new BitSet();
      demandedColumns(condition, strict);
      leftReal |= strict.nextSetBit(0) >= 0 && strict.nextSetBit(0) < width;
      rightReal |= strict.nextSetBit(width) >= 0;
    }
    Rel.JoinKind kind =
        switch (join.kind()) {
          case LEFT -> rightReal ? Rel.JoinKind.INNER : Rel.JoinKind.LEFT;
          case RIGHT -> leftReal ? Rel.JoinKind.INNER : Rel.JoinKind.RIGHT;
          case FULL -> {
            if (leftReal && rightReal) {
              yield Rel.JoinKind.INNER;
            }
            yield leftReal ? Rel.JoinKind.LEFT : rightReal ? Rel.JoinKind.RIGHT : Rel.JoinKind.FULL;
          }
          case INNER, SEMI, ANTI -> join.kind();
        };
    return new Rel.Join(kind, join.left(), join.right(), join.condition(), join.nullAware());
  }

  /** Columns whose being null keeps the condition from being true. */
  private static void demandedColumns(Bound condition, BitSet into) {
    switch (condition) {
      case Bound.Logic l when l.and() -> l.args().forEach(a -> demandedColumns(a, into));
      case Bound.ArrayCompare a -> {
        if (a.any() && ExpressionBuilder.isStrict(a.function())) {
          strictColumns(a.left(), into);
        }
      }
      case Bound.NullTest n -> {
        if (!n.isNull() && !n.ofRow()) {
          strictColumns(n.arg(), into);
        }
      }
      default -> strictColumns(condition, into);
    }
  }

  /** Columns whose being null makes the expression null. */
  private static void strictColumns(Bound e, BitSet into) {
    switch (e) {
      case Bound.Column c -> into.set(c.index());
      case Bound.Call c -> {
        if (ExpressionBuilder.isStrict(c.function())) {
          c.args().forEach(a -> strictColumns(a, into));
        }
      }
      case Bound.Cast c -> strictColumns(c.arg(), into);
      case Bound.Not n -> strictColumns(n.arg(), into);
      default -> {}
    }
  }

  /** Moves one-sided conditions of ON into the side that they filter. */
  private Rel settleJoin(Rel rel) {
    if (!(rel instanceof Rel.Join join)) {
      return rel;
    }
    Bound condition = join.condition();
    if (condition == null || join.nullAware()) {
      return join;
    }
    int width = join.left().types().size();
    boolean left =
        switch (join.kind()) {
          case INNER, RIGHT, SEMI -> true;
          case LEFT, FULL, ANTI -> false;
        };
    boolean right =
        switch (join.kind()) {
          case INNER, LEFT, SEMI, ANTI -> true;
          case RIGHT, FULL -> false;
        };
    List<Bound> toLeft = new ArrayList<>();
    List<Bound> toRight = new ArrayList<>();
    List<Bound> on = new ArrayList<>();
    for (Bound part : Bound.conjuncts(condition)) {
      BitSet columns = columns(part);
      if (columns.isEmpty() || isVolatile(part)) {
        on.add(part);
      } else if (columns.length() <= width && left) {
        toLeft.add(part);
      } else if (columns.nextSetBit(0) >= width && right) {
        toRight.add(part);
      } else {
        on.add(part);
        if (join.kind() == Rel.JoinKind.INNER && !settled.contains(part)) {
          settled.add(part);
          addIfAny(toLeft, implied(part, 0, width));
          addIfAny(toRight, implied(part, width, Integer.MAX_VALUE));
        }
      }
    }
    if (toLeft.isEmpty() && toRight.isEmpty()) {
      return join;
    }
    return pushJoinInto(
        new Rel.Join(join.kind(), join.left(), join.right(), Bound.and(on), false),
        toLeft,
        toRight);
  }

  private Rel pushLateral(Rel.Lateral lateral, List<Bound> conditions) {
    int width = lateral.left().types().size();
    List<Bound> left = new ArrayList<>();
    List<Bound> above = new ArrayList<>();
    split(
        conditions,
        left,
        above,
        c -> !isVolatile(c) && !columns(c).isEmpty() && columns(c).length() <= width);
    return filter(
        new Rel.Lateral(
            lateral.kind(),
            push(lateral.left(), left),
            lateral.right(),
            lateral.correlation(),
            lateral.args(),
            lateral.condition()),
        above);
  }

  private Rel pushGroup(Rel.Group group, List<Bound> conditions) {
    List<Bound> below = new ArrayList<>();
    List<Bound> above = new ArrayList<>();
    int keys = group.keys().size();
    split(
        conditions,
        below,
        above,
        c -> !isVolatile(c) && !columns(c).isEmpty() && columns(c).length() <= keys);
    List<Bound> substituted = new ArrayList<>();
    for (Bound condition : below) {
      substituted.add(
          Bound.mapColumns(condition, c -> group.keys().get(((Bound.Column) c).index())));
    }
    return filter(
        new Rel.Group(push(group.input(), substituted), group.keys(), group.calls(), group.types()),
        above);
  }

  static BitSet columns(@Nullable Bound condition) {
    BitSet columns = new BitSet();
    if (condition != null) {
      Bound.columns(condition, columns);
    }
    return columns;
  }

  static boolean isVolatile(Bound expression) {
    return Bound.any(
        expression,
        e -> {
          if (e instanceof Bound.Call call) {
            return volatility(call.function()) == 'v' || call.returnsSet();
          }
          return e instanceof Bound.SubQuery sub
              && Rels.any(
                  sub.query(),
                  _ -> false,
                  x -> x instanceof Bound.Call call && volatility(call.function()) == 'v');
        });
  }

  private static char volatility(int function) {
    PgFunction row = FunctionRegistry.function(function);
    return row == null ? 'v' : row.volatility();
  }
}
