package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.bind.Rels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns EXISTS and IN conditions of a WHERE clause into semi and anti joins where that means the
 * same: the subquery is a plain one whose only ties to the outer row are conditions of its own
 * WHERE. All other subqueries stay expressions.
 */
final class SubqueryPullUp {
  private SubqueryPullUp() {}

  /** A subquery's rows, and the condition that ties them to the outer row (outer columns first). */
  record Pulled(Rel rows, List<Bound> ties) {}

  /** The filtered rows; conditions that could not be pulled up stay in a filter. */
  static Rel apply(Rel input, List<Bound> conditions) {
    Rel rel = input;
    List<Bound> rest = new ArrayList<>();
    for (Bound condition : conditions) {
      Rel joined = join(rel, condition);
      if (joined == null) {
        rest.add(condition);
      } else {
        rel = joined;
      }
    }
    Bound kept = Bound.and(rest);
    return kept == null ? rel : new Rel.Filter(rel, kept);
  }

  /**
   * The parts of a condition. What the query of an EXISTS or IN asks, by a subquery, of the outer
   * row alone is a part of its own, which may then become a join too.
   */
  static List<Bound> hoisted(Bound condition) {
    List<Bound> parts = new ArrayList<>();
    for (Bound part : Bound.conjuncts(condition)) {
      if (part instanceof Bound.SubQuery sub
          && (sub.kind() == Bound.SubQueryKind.EXISTS || sub.kind() == Bound.SubQueryKind.ANY)) {
        List<Bound> above = new ArrayList<>();
        Rel query = hoist(sub.query(), sub, above);
        parts.addAll(above);
        boolean tied = Rels.any(query, _ -> false, e -> isOuter(e, sub.correlation()));
        parts.add(above.isEmpty() ? sub : sub.over(query, tied ? sub.args() : List.of()));
      } else {
        parts.add(part);
      }
    }
    return parts;
  }

  /** The query without its conditions on the outer row alone, which are added to {@code above}. */
  private static Rel hoist(Rel query, Bound.SubQuery sub, List<Bound> above) {
    return switch (query) {
      case Rel.Project _, Rel.Sort _, Rel.Unique _ -> {
        Rel input = hoist(Rels.inputs(query).getFirst(), sub, above);
        yield Rels.withInputs(query, List.of(input));
      }
      case Rel.Filter filter -> {
        Rel input = hoist(filter.input(), sub, above);
        List<Bound> own = new ArrayList<>();
        for (Bound condition : hoisted(filter.condition())) {
          boolean ofOuterAlone =
              Bound.any(condition, e -> e instanceof Bound.SubQuery)
                  && Rewriter.columns(condition).isEmpty()
                  && !Rewriter.isVolatile(condition);
          if (ofOuterAlone) {
            above.add(outward(condition, sub, 0));
          } else {
            own.add(condition);
          }
        }
        Bound kept = Bound.and(own);
        yield kept == null ? input : new Rel.Filter(input, kept);
      }
      default -> query;
    };
  }

  private static @Nullable Rel join(Rel input, Bound condition) {
    if (condition instanceof Bound.SubQuery sub) {
      return switch (sub.kind()) {
        case EXISTS -> exists(input, sub, Rel.JoinKind.SEMI);
        case ANY -> any(input, sub);
        case SCALAR, ALL, ARRAY -> null;
      };
    }
    if (condition instanceof Bound.Not not && not.arg() instanceof Bound.SubQuery sub) {
      return switch (sub.kind()) {
        case EXISTS -> exists(input, sub, Rel.JoinKind.ANTI);
        case ANY -> notIn(input, sub);
        case SCALAR, ALL, ARRAY -> null;
      };
    }
    return null;
  }

  private static @Nullable Rel exists(Rel input, Bound.SubQuery sub, Rel.JoinKind kind) {
    Pulled pulled = pull(stripOutput(sub.query()), sub, input.types().size());
    if (pulled == null || pulled.ties.isEmpty()) {
      return null;
    }
    return new Rel.Join(kind, input, pulled.rows, Bound.and(pulled.ties), false);
  }

  /** What EXISTS asks about: the columns do not matter, nor does their order. */
  private static Rel stripOutput(Rel query) {
    Rel rel = query;
    while (true) {
      switch (rel) {
        case Rel.Project p -> rel = p.input();
        case Rel.Sort s -> rel = s.input();
        case Rel.Unique u -> rel = u.input();
        default -> {
          return rel;
        }
      }
    }
  }

  private static @Nullable Rel any(Rel input, Bound.SubQuery sub) {
    int width = input.types().size();
    Rel query = sub.query();
    List<Bound> ties = new ArrayList<>();
    Rel rows;
    if (sub.args().isEmpty()) {
      rows = query;
      for (int i = 0; i < sub.left().size(); i++) {
        ties.add(comparison(sub, i, new Bound.Column(width + i, query.types().get(i), "", -1)));
      }
    } else if (query instanceof Rel.Project project) {
      Pulled pulled = pull(project.input(), sub, width);
      if (pulled == null) {
        return null;
      }
      rows = pulled.rows;
      ties.addAll(pulled.ties);
      for (int i = 0; i < sub.left().size(); i++) {
        Bound value = project.expressions().get(i);
        if (Bound.any(value, e -> e instanceof Bound.SubQuery)) {
          return null;
        }
        ties.add(comparison(sub, i, outward(value, sub, width)));
      }
    } else {
      return null;
    }
    return new Rel.Join(Rel.JoinKind.SEMI, input, rows, Bound.and(ties), false);
  }

  /** NOT IN: only without ties, where the hash join knows about nulls. */
  private static @Nullable Rel notIn(Rel input, Bound.SubQuery sub) {
    if (!sub.args().isEmpty() || sub.left().size() != 1 || !sub.operator().equals("=")) {
      return null;
    }
    int width = input.types().size();
    Bound tie = comparison(sub, 0, new Bound.Column(width, sub.query().types().getFirst(), "", -1));
    return new Rel.Join(Rel.JoinKind.ANTI, input, sub.query(), tie, true);
  }

  private static Bound comparison(Bound.SubQuery sub, int i, Bound right) {
    return new Bound.Call(
        sub.functions().get(i),
        sub.operator(),
        List.of(sub.left().get(i), right),
        sub.type(),
        false,
        false,
        sub.location());
  }

  /** Takes the conditions that name the outer row out of the rows' filters. */
  static @Nullable Pulled pull(Rel rel, Bound.SubQuery sub, int width) {
    List<Bound> ties = new ArrayList<>();
    List<Bound> own = new ArrayList<>();
    Rel rows = rel;
    while (rows instanceof Rel.Filter filter) {
      for (Bound condition : Bound.conjuncts(filter.condition())) {
        if (refersTo(condition, sub.correlation())) {
          if (Bound.any(condition, e -> e instanceof Bound.SubQuery)) {
            return null;
          }
          ties.add(outward(condition, sub, width));
        } else {
          own.add(condition);
        }
      }
      rows = filter.input();
    }
    if (Rels.any(rows, _ -> false, e -> isOuter(e, sub.correlation()))
        || rows instanceof Rel.Group
        || rows instanceof Rel.Limit
        || rows instanceof Rel.LockRows) {
      return null;
    }
    for (Bound condition : own) {
      if (Bound.any(
          condition,
          e ->
              e instanceof Bound.SubQuery inner
                  && Rels.any(inner.query(), _ -> false, x -> isOuter(x, sub.correlation())))) {
        return null;
      }
    }
    Bound kept = Bound.and(own);
    return new Pulled(kept == null ? rows : new Rel.Filter(rows, kept), ties);
  }

  private static boolean isOuter(Bound e, int correlation) {
    return e instanceof Bound.Outer outer && outer.correlation() == correlation;
  }

  static boolean refersTo(Bound condition, int correlation) {
    return Bound.any(
        condition,
        e ->
            isOuter(e, correlation)
                || (e instanceof Bound.SubQuery inner
                    && Rels.any(inner.query(), _ -> false, x -> isOuter(x, correlation))));
  }

  /** A condition of the subquery as one over the outer columns followed by the subquery's. */
  private static Bound outward(Bound e, Bound.SubQuery sub, int width) {
    if (isOuter(e, sub.correlation())) {
      return sub.args().get(((Bound.Outer) e).index());
    }
    if (e instanceof Bound.Column column) {
      return Bound.shift(column, width);
    }
    List<Bound> operands = new ArrayList<>();
    for (Bound operand : e.operands()) {
      operands.add(outward(operand, sub, width));
    }
    Bound moved = operands.isEmpty() ? e : e.withOperands(operands);
    return moved instanceof Bound.SubQuery inner && refersTo(inner, sub.correlation())
        ? adopted(inner, sub)
        : moved;
  }

  /** A query inside of a subquery that itself takes what it took of the outer row from around. */
  private static Bound.SubQuery adopted(Bound.SubQuery inner, Bound.SubQuery sub) {
    List<Bound> args = new ArrayList<>(inner.args());
    args.addAll(sub.args());
    return inner.over(adopted(inner.query(), sub.correlation(), inner), args);
  }

  private static Rel adopted(Rel rel, int correlation, Bound.SubQuery by) {
    List<Rel> inputs = new ArrayList<>();
    for (Rel input : Rels.inputs(rel)) {
      inputs.add(adopted(input, correlation, by));
    }
    return Rels.mapExpressions(
        Rels.withInputs(rel, inputs), expression -> adopted(expression, correlation, by));
  }

  private static Bound adopted(Bound e, int correlation, Bound.SubQuery by) {
    if (isOuter(e, correlation)) {
      int index = by.args().size() + ((Bound.Outer) e).index();
      return new Bound.Outer(by.correlation(), index, e.type());
    }
    List<Bound> operands = new ArrayList<>();
    for (Bound operand : e.operands()) {
      operands.add(adopted(operand, correlation, by));
    }
    Bound result = operands.isEmpty() ? e : e.withOperands(operands);
    return result instanceof Bound.SubQuery inner
        ? inner.over(adopted(inner.query(), correlation, by), inner.args())
        : result;
  }
}
