package io.shardforge.sql.bind;

import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * Which output columns of a sorted query are computed after the sort: those of volatile functions,
 * so that they are called in the order of the rows, and of set-returning ones, unless one of these
 * is sorted by. What is sorted by itself is computed before.
 */
final class LateTargets {
  private final List<Bound> expressions;
  private final BitSet late = new BitSet();

  /** Columns of the input that the late ones read; behind the targets until then. */
  private final List<Bound.Column> kept = new ArrayList<>();

  /**
   * @param keys the targets that rows are sorted or made distinct by; none if rows are not sorted
   */
  LateTargets(Binder binder, List<Bound> expressions, Set<Integer> keys) {
    this.expressions = expressions;
    if (keys.isEmpty()) {
      return;
    }
    boolean sortsSets = keys.stream().anyMatch(k -> Contains.hasSet(expressions.get(k)));
    for (int i = 0; i < expressions.size(); i++) {
      Bound e = expressions.get(i);
      if (!keys.contains(i) && (Contains.hasSet(e) ? !sortsSets : binder.isVolatile(e))) {
        late.set(i);
        var _ = Bound.mapColumns(e, this::keep);
      }
    }
  }

  private Bound keep(Bound column) {
    Bound.Column wanted = (Bound.Column) column;
    int place = 0;
    while (place < kept.size() && kept.get(place).index() != wanted.index()) {
      place++;
    }
    if (place == kept.size()) {
      kept.add(wanted);
    }
    return wanted.at(expressions.size() + place);
  }

  boolean isEmpty() {
    return late.isEmpty();
  }

  /** What is computed before the sort: late targets are null, and what they read comes last. */
  Rel early(Rel input) {
    List<Bound> early = new ArrayList<>(expressions);
    late.stream().forEach(i -> early.set(i, new Bound.Const(null, early.get(i).type(), -1)));
    early.addAll(kept);
    return projection(input, early);
  }

  /** All targets, over the sorted rows of {@link #early}. */
  Rel complete(Rel sorted) {
    List<Bound> all = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      Bound e = expressions.get(i);
      all.add(
          late.get(i) ? Bound.mapColumns(e, this::keep) : new Bound.Column(i, e.type(), "", -1));
    }
    return projection(sorted, all);
  }

  /** Computed columns; sets that are arguments of others are computed before them. */
  static Rel projection(Rel input, List<Bound> expressions) {
    List<SqlType> types = expressions.stream().map(Bound::type).toList();
    if (expressions.stream().noneMatch(Contains::hasSet)) {
      return new Rel.Project(input, expressions, types);
    }
    if (expressions.stream().noneMatch(Contains::hasSetOfSet)) {
      return new Rel.ProjectSet(input, expressions, types);
    }
    List<Bound> inner = new ArrayList<>();
    for (int i = 0; i < input.types().size(); i++) {
      inner.add(new Bound.Column(i, input.types().get(i), "", -1));
    }
    List<Bound> outer = new ArrayList<>();
    for (Bound expression : expressions) {
      outer.add(withoutInnermost(expression, inner));
    }
    return projection(
        new Rel.ProjectSet(input, inner, inner.stream().map(Bound::type).toList()), outer);
  }

  /** The expression with its innermost sets as columns, which are added. */
  private static Bound withoutInnermost(Bound expression, List<Bound> columns) {
    if (!Contains.hasSet(expression)) {
      return expression;
    }
    if (Contains.isSet(expression) && expression.operands().stream().noneMatch(Contains::hasSet)) {
      columns.add(expression);
      return new Bound.Column(columns.size() - 1, expression.type(), "", -1);
    }
    return expression.withOperands(
        expression.operands().stream().map(o -> withoutInnermost(o, columns)).toList());
  }
}
