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
  private final boolean eager;
  private boolean mayNotPay;

  /** If eager, also where an index may make it cheaper to run the subquery for each outer row. */
  SubqueryPullUp(boolean eager) {
    this.eager = eager;
  }

  /**
   * A subquery's rows, and the condition that ties them to the outer row (outer columns first).
   *
   * @param mayNotPay whether only one who is eager would have it so
   */
  record Pulled(Rel rows, List<Bound> ties, boolean mayNotPay) {}

  /** Whether something was done that only one who is eager does. */
  boolean mayNotPay() {
    return mayNotPay;
  }

  /** The filtered rows; conditions that could not be pulled up stay in a filter. */
  Rel apply(Rel input, List<Bound> conditions) {
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

  private @Nullable Rel join(Rel input, Bound condition) {
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

  private @Nullable Rel exists(Rel input, Bound.SubQuery sub, Rel.JoinKind kind) {
    Pulled pulled = pull(stripOutput(sub.query()), sub, input.types().size());
    if (pulled == null || pulled.ties.isEmpty() || (pulled.mayNotPay && !eager)) {
      return null;
    }
    mayNotPay |= pulled.mayNotPay;
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

  private @Nullable Rel any(Rel input, Bound.SubQuery sub) {
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
      if (pulled == null || (pulled.mayNotPay && !eager)) {
        return null;
      }
      mayNotPay |= pulled.mayNotPay;
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
    Rel bottom = rel;
    while (bottom instanceof Rel.Filter filter) {
      bottom = filter.input();
    }
    if (bottom instanceof Rel.Group
        || bottom instanceof Rel.Limit
        || bottom instanceof Rel.LockRows) {
      return null;
    }
    boolean fromJoin = Rels.any(bottom, _ -> false, e -> isOuter(e, sub.correlation()));
    List<Bound> ties = new ArrayList<>();
    Rel rows = untied(rel, sub.correlation(), 0, ties);
    if (Rels.any(rows, _ -> false, e -> isOuter(e, sub.correlation()))) {
      return null;
    }
    boolean asking = ties.stream().anyMatch(t -> Bound.any(t, e -> e instanceof Bound.SubQuery));
    ties.replaceAll(tie -> outward(tie, sub, width));
    return new Pulled(rows, ties, fromJoin || asking);
  }

  /**
   * Rows without the conditions that name the outer row and hold for all rows of theirs alike.
   * These are added to {@code ties}, with columns that start at {@code offset}.
   */
  private static Rel untied(Rel rel, int correlation, int offset, List<Bound> ties) {
    return switch (rel) {
      case Rel.Filter filter -> {
        Rel input = untied(filter.input(), correlation, offset, ties);
        Bound kept = untied(filter.condition(), correlation, offset, ties);
        yield kept == null ? input : new Rel.Filter(input, kept);
      }
      case Rel.Join join -> {
        boolean inner = join.kind() == Rel.JoinKind.INNER;
        boolean ofLeft = join.kind() != Rel.JoinKind.RIGHT && join.kind() != Rel.JoinKind.FULL;
        boolean ofRight = inner || join.kind() == Rel.JoinKind.RIGHT;
        int middle = offset + join.left().types().size();
        yield new Rel.Join(
            join.kind(),
            ofLeft ? untied(join.left(), correlation, offset, ties) : join.left(),
            ofRight ? untied(join.right(), correlation, middle, ties) : join.right(),
            inner ? untied(join.condition(), correlation, offset, ties) : join.condition(),
            join.nullAware());
      }
      default -> rel;
    };
  }

  private static @Nullable Bound untied(
      @Nullable Bound condition, int correlation, int offset, List<Bound> ties) {
    List<Bound> own = new ArrayList<>();
    for (Bound part : Bound.conjuncts(condition)) {
      if (refersTo(part, correlation)) {
        ties.add(Bound.shift(part, offset));
      } else {
        own.add(part);
      }
    }
    return Bound.and(own);
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
