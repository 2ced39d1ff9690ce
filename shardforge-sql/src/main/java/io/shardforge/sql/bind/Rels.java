package io.shardforge.sql.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Walks over relational expressions. */
public final class Rels {
  private Rels() {}

  /** The inputs of a node. */
  public static List<Rel> inputs(Rel rel) {
    return switch (rel) {
      case Rel.Scan _, Rel.VirtualScan _, Rel.Functions _, Rel.Values _, Rel.CteScan _ -> List.of();
      case Rel.Filter r -> List.of(r.input());
      case Rel.Barrier r -> List.of(r.input());
      case Rel.Project r -> List.of(r.input());
      case Rel.ProjectSet r -> List.of(r.input());
      case Rel.Join r -> List.of(r.left(), r.right());
      case Rel.Lateral r -> List.of(r.left(), r.right());
      case Rel.Group r -> List.of(r.input());
      case Rel.Window r -> List.of(r.input());
      case Rel.Unique r -> List.of(r.input());
      case Rel.UniqueOn r -> List.of(r.input());
      case Rel.Sort r -> List.of(r.input());
      case Rel.Limit r -> List.of(r.input());
      case Rel.SetOperation r -> List.of(r.left(), r.right());
      case Rel.With r -> {
        List<Rel> all = new ArrayList<>();
        for (Rel.Cte cte : r.ctes()) {
          all.add(cte.query());
          Rel step = cte.step();
          if (step != null) {
            all.add(step);
          }
        }
        all.add(r.body());
        yield all;
      }
      case Rel.LockRows r -> List.of(r.input());
      case Rel.Insert r -> List.of(r.input());
      case Rel.Update r -> List.of(r.input());
      case Rel.Delete r -> List.of(r.input());
      case Rel.Merge r -> List.of(r.input());
    };
  }

  /** The expressions of a node itself. */
  public static List<Bound> expressions(Rel rel) {
    List<Bound> all = new ArrayList<>();
    switch (rel) {
      case Rel.Functions r -> all.addAll(r.calls());
      case Rel.Values r -> r.rows().forEach(all::addAll);
      case Rel.Filter r -> all.add(r.condition());
      case Rel.Project r -> all.addAll(r.expressions());
      case Rel.ProjectSet r -> all.addAll(r.expressions());
      case Rel.Join r -> add(all, r.condition());
      case Rel.Lateral r -> {
        add(all, r.condition());
        all.addAll(r.args());
      }
      case Rel.Group r -> {
        all.addAll(r.keys());
        all.addAll(r.calls());
      }
      case Rel.Window r -> all.addAll(r.calls());
      case Rel.Limit r -> {
        add(all, r.limit());
        add(all, r.offset());
      }
      case Rel.Insert r -> {
        all.addAll(r.checks());
        r.viewChecks().forEach(check -> all.add(check.condition()));
        addAll(all, r.returning());
        Rel.Conflict conflict = r.conflict();
        if (conflict != null) {
          addAll(all, conflict.assignments());
          add(all, conflict.where());
        }
      }
      case Rel.Update r -> {
        all.addAll(r.assignments());
        all.addAll(r.checks());
        r.viewChecks().forEach(check -> all.add(check.condition()));
        addAll(all, r.returning());
      }
      case Rel.Delete r -> addAll(all, r.returning());
      case Rel.Merge r -> {
        all.addAll(r.values());
        all.addAll(r.checks());
        r.viewChecks().forEach(check -> all.add(check.condition()));
        addAll(all, r.returning());
      }
      case Rel.Scan _,
          Rel.VirtualScan _,
          Rel.CteScan _,
          Rel.Barrier _,
          Rel.Unique _,
          Rel.UniqueOn _,
          Rel.Sort _,
          Rel.SetOperation _,
          Rel.With _,
          Rel.LockRows _ -> {}
    }
    return all;
  }

  /** The node with each of {@link #expressions} replaced. */
  public static Rel mapExpressions(Rel rel, UnaryOperator<Bound> map) {
    return switch (rel) {
      case Rel.Functions r ->
          new Rel.Functions(
              all(r.calls(), call -> (Bound.Call) map.apply(call)),
              r.ordinality(),
              r.alias(),
              r.types());
      case Rel.Values r -> new Rel.Values(all(r.rows(), row -> all(row, map)), r.types());
      case Rel.Filter r -> new Rel.Filter(r.input(), map.apply(r.condition()));
      case Rel.Project r -> new Rel.Project(r.input(), all(r.expressions(), map), r.types());
      case Rel.ProjectSet r -> new Rel.ProjectSet(r.input(), all(r.expressions(), map), r.types());
      case Rel.Join r ->
          new Rel.Join(r.kind(), r.left(), r.right(), one(r.condition(), map), r.nullAware());
      case Rel.Lateral r ->
          new Rel.Lateral(
              r.kind(),
              r.left(),
              r.right(),
              r.correlation(),
              all(r.args(), map),
              one(r.condition(), map));
      case Rel.Group r ->
          new Rel.Group(
              r.input(),
              all(r.keys(), map),
              all(r.calls(), call -> (Bound.Aggregate) map.apply(call)),
              r.types());
      case Rel.Window r ->
          new Rel.Window(
              r.input(),
              r.partition(),
              r.order(),
              all(r.calls(), call -> (Bound.WindowCall) map.apply(call)),
              r.types());
      case Rel.Limit r ->
          new Rel.Limit(r.input(), one(r.limit(), map), one(r.offset(), map), r.ties());
      case Rel.Insert r -> {
        Rel.Conflict conflict = r.conflict();
        yield new Rel.Insert(
            r.input(),
            r.table(),
            r.alias(),
            conflict == null
                ? null
                : new Rel.Conflict(
                    conflict.arbiters(),
                    conflict.inference(),
                    each(conflict.assignments(), map),
                    one(conflict.where(), map)),
            all(r.checks(), map),
            all(r.viewChecks(), check -> check.withCondition(map.apply(check.condition()))),
            each(r.returning(), map),
            r.types());
      }
      case Rel.Update r ->
          new Rel.Update(
              r.input(),
              r.table(),
              r.alias(),
              all(r.assignments(), map),
              r.changed(),
              all(r.checks(), map),
              all(r.viewChecks(), check -> check.withCondition(map.apply(check.condition()))),
              each(r.returning(), map),
              r.types());
      case Rel.Delete r ->
          new Rel.Delete(r.input(), r.table(), r.alias(), each(r.returning(), map), r.types());
      case Rel.Merge r ->
          new Rel.Merge(
              r.input(),
              r.table(),
              all(r.actions(), action -> action.withValues(all(action.values(), map))),
              all(r.checks(), map),
              all(r.viewChecks(), check -> check.withCondition(map.apply(check.condition()))),
              each(r.returning(), map),
              r.types());
      case Rel.Scan _,
          Rel.VirtualScan _,
          Rel.CteScan _,
          Rel.Barrier _,
          Rel.Unique _,
          Rel.UniqueOn _,
          Rel.Sort _,
          Rel.SetOperation _,
          Rel.With _,
          Rel.LockRows _ ->
          rel;
    };
  }

  private static @Nullable Bound one(@Nullable Bound expression, UnaryOperator<Bound> map) {
    return expression == null ? null : map.apply(expression);
  }

  private static @Nullable List<Bound> each(
      @Nullable List<Bound> expressions, UnaryOperator<Bound> map) {
    return expressions == null ? null : all(expressions, map);
  }

  private static <T> List<T> all(List<T> items, UnaryOperator<T> map) {
    return items.stream().map(map).toList();
  }

  private static void add(List<Bound> all, @Nullable Bound expression) {
    if (expression != null) {
      all.add(expression);
    }
  }

  private static void addAll(List<Bound> all, @Nullable List<Bound> expressions) {
    if (expressions != null) {
      all.addAll(expressions);
    }
  }

  /** True if a node or, through subqueries too, an expression anywhere satisfies its predicate. */
  public static boolean any(Rel rel, Predicate<Rel> node, Predicate<Bound> expression) {
    if (node.test(rel)) {
      return true;
    }
    for (Bound e : expressions(rel)) {
      if (anyIn(e, node, expression)) {
        return true;
      }
    }
    for (Rel input : inputs(rel)) {
      if (any(input, node, expression)) {
        return true;
      }
    }
    return false;
  }

  /** The correlations whose arguments the expression takes from outside of itself. */
  public static Set<Integer> freeCorrelations(Rel rel) {
    Set<Integer> used = new HashSet<>();
    Set<Integer> introduced = new HashSet<>();
    any(
        rel,
        node -> {
          if (node instanceof Rel.Lateral lateral) {
            introduced.add(lateral.correlation());
          }
          return false;
        },
        e -> {
          if (e instanceof Bound.Outer outer) {
            used.add(outer.correlation());
          } else if (e instanceof Bound.SubQuery sub) {
            introduced.add(sub.correlation());
          }
          return false;
        });
    used.removeAll(introduced);
    return used;
  }

  private static boolean anyIn(Bound e, Predicate<Rel> node, Predicate<Bound> expression) {
    return Bound.any(
        e,
        part ->
            expression.test(part)
                || (part instanceof Bound.SubQuery sub && any(sub.query(), node, expression)));
  }

  /** The node over other inputs, in the order of {@link #inputs}. */
  public static Rel withInputs(Rel rel, List<Rel> in) {
    return switch (rel) {
      case Rel.Scan _, Rel.VirtualScan _, Rel.Functions _, Rel.Values _, Rel.CteScan _ -> rel;
      case Rel.Filter r -> new Rel.Filter(in.getFirst(), r.condition());
      case Rel.Barrier _ -> new Rel.Barrier(in.getFirst());
      case Rel.Project r -> new Rel.Project(in.getFirst(), r.expressions(), r.types());
      case Rel.ProjectSet r -> new Rel.ProjectSet(in.getFirst(), r.expressions(), r.types());
      case Rel.Join r -> new Rel.Join(r.kind(), in.get(0), in.get(1), r.condition(), r.nullAware());
      case Rel.Lateral r ->
          new Rel.Lateral(r.kind(), in.get(0), in.get(1), r.correlation(), r.args(), r.condition());
      case Rel.Group r -> new Rel.Group(in.getFirst(), r.keys(), r.calls(), r.types());
      case Rel.Window r ->
          new Rel.Window(in.getFirst(), r.partition(), r.order(), r.calls(), r.types());
      case Rel.Unique _ -> new Rel.Unique(in.getFirst());
      case Rel.UniqueOn r -> new Rel.UniqueOn(in.getFirst(), r.columns());
      case Rel.Sort r -> new Rel.Sort(in.getFirst(), r.keys());
      case Rel.Limit r -> new Rel.Limit(in.getFirst(), r.limit(), r.offset(), r.ties());
      case Rel.SetOperation r ->
          new Rel.SetOperation(r.kind(), r.all(), in.get(0), in.get(1), r.types());
      case Rel.With r -> {
        List<Rel.Cte> ctes = new ArrayList<>();
        int next = 0;
        for (Rel.Cte cte : r.ctes()) {
          Rel query = in.get(next++);
          Rel step = cte.step() == null ? null : in.get(next++);
          ctes.add(
              new Rel.Cte(
                  cte.id(), cte.name(), query, step, cte.unionAll(), cte.inline(), cte.always()));
        }
        yield new Rel.With(ctes, in.get(next));
      }
      case Rel.LockRows r -> new Rel.LockRows(in.getFirst(), r.table(), r.keyColumns(), r.lock());
      case Rel.Insert r ->
          new Rel.Insert(
              in.getFirst(),
              r.table(),
              r.alias(),
              r.conflict(),
              r.checks(),
              r.viewChecks(),
              r.returning(),
              r.types());
      case Rel.Update r ->
          new Rel.Update(
              in.getFirst(),
              r.table(),
              r.alias(),
              r.assignments(),
              r.changed(),
              r.checks(),
              r.viewChecks(),
              r.returning(),
              r.types());
      case Rel.Delete r ->
          new Rel.Delete(in.getFirst(), r.table(), r.alias(), r.returning(), r.types());
      case Rel.Merge r ->
          new Rel.Merge(
              in.getFirst(),
              r.table(),
              r.actions(),
              r.checks(),
              r.viewChecks(),
              r.returning(),
              r.types());
    };
  }
}
