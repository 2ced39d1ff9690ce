package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns {@code x < (SELECT avg(y) FROM … WHERE a = outer.b)} into an outer join with all groups of
 * that query, grouped by {@code a}: one pass instead of one for each outer row.
 *
 * @see <a href="https://doi.org/10.1145/319702.319719">Kim, On optimizing an SQL-like nested
 *     query</a>, with the outer join that makes it right where there is no inner row
 */
final class ScalarPullUp {
  private static final int COUNT_STAR = 2803;
  private static final int COUNT = 2147;

  /**
   * A join whose first columns are the input's, and the condition with a column for the subquery.
   */
  record Pulled(Rel.Join join, Bound condition) {}

  private ScalarPullUp() {}

  /** Pulls up the first subquery of a condition that can be, null if none can. */
  static @Nullable Pulled pull(Rel input, Bound condition) {
    Bound.SubQuery sub = find(condition);
    if (sub == null
        || Rewriter.isVolatile(condition)
        || !(sub.query() instanceof Rel.Project project)
        || !(project.input() instanceof Rel.Group group)
        || !group.keys().isEmpty()) {
      return null;
    }
    int width = input.types().size();
    SubqueryPullUp.Pulled pulled = SubqueryPullUp.pull(group.input(), sub, width);
    if (pulled == null || pulled.ties().isEmpty() || readsOuter(project, group, sub)) {
      return null;
    }
    List<Bound> keys = new ArrayList<>();
    List<Bound> on = new ArrayList<>();
    for (Bound tie : pulled.ties()) {
      Boolean innerFirst = innerFirst(tie, width);
      if (innerFirst == null) {
        return null;
      }
      Bound inner = tie.operands().get(innerFirst ? 0 : 1);
      Bound outer = tie.operands().get(innerFirst ? 1 : 0);
      Bound key = new Bound.Column(width + keys.size(), inner.type(), "", -1);
      on.add(tie.withOperands(innerFirst ? List.of(key, outer) : List.of(outer, key)));
      keys.add(Bound.shift(inner, -width));
    }
    Rel groups = groups(project, group, pulled.rows(), keys);
    Rel.Join join = new Rel.Join(Rel.JoinKind.LEFT, input, groups, Bound.and(on), false);
    return new Pulled(join, replaced(condition, sub, value(project, group, keys, width)));
  }

  private static Bound.@Nullable SubQuery find(Bound condition) {
    if (condition instanceof Bound.SubQuery sub) {
      return sub.kind() == Bound.SubQueryKind.SCALAR && !sub.args().isEmpty() ? sub : null;
    }
    if (condition instanceof Bound.Case || condition instanceof Bound.Coalesce) {
      // What is not always evaluated must not be now: it may fail.
      return null;
    }
    for (Bound operand : condition.operands()) {
      Bound.SubQuery found = find(operand);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static boolean readsOuter(Rel.Project project, Rel.Group group, Bound.SubQuery sub) {
    boolean outer =
        SubqueryPullUp.refersTo(project.expressions().getFirst(), sub.correlation())
            || Bound.any(project.expressions().getFirst(), e -> e instanceof Bound.SubQuery);
    for (Bound.Aggregate call : group.calls()) {
      outer |= SubqueryPullUp.refersTo(call, sub.correlation());
    }
    return outer;
  }

  /** Whether an equality has the inner side first; null if the tie is none of inner and outer. */
  private static @Nullable Boolean innerFirst(Bound tie, int width) {
    if (!(tie instanceof Bound.Call call)
        || Bound.any(tie, e -> e instanceof Bound.SubQuery)
        || !"=".equals(call.operator())
        || call.args().size() != 2
        || !call.args().get(0).type().isStoredLike(call.args().get(1).type())) {
      return null;
    }
    BitSet first = Rewriter.columns(call.args().get(0));
    BitSet second = Rewriter.columns(call.args().get(1));
    if (isInner(first, width) && second.length() <= width) {
      return true;
    }
    if (isInner(second, width) && first.length() <= width) {
      return false;
    }
    return null;
  }

  private static boolean isInner(BitSet columns, int width) {
    return !columns.isEmpty() && columns.nextSetBit(0) >= width;
  }

  /** All groups: their keys, then the subquery's value. */
  private static Rel groups(Rel.Project project, Rel.Group group, Rel rows, List<Bound> keys) {
    List<SqlType> types = new ArrayList<>();
    List<Bound> out = new ArrayList<>();
    for (Bound key : keys) {
      out.add(new Bound.Column(out.size(), key.type(), "", -1));
      types.add(key.type());
    }
    List<SqlType> grouped = new ArrayList<>(types);
    group.calls().forEach(call -> grouped.add(call.type()));
    out.add(Bound.shift(project.expressions().getFirst(), keys.size()));
    types.add(project.types().getFirst());
    return new Rel.Project(new Rel.Group(rows, keys, group.calls(), grouped), out, types);
  }

  /** The joined value, or where no row matched what the subquery makes of no rows. */
  private static Bound value(Rel.Project project, Rel.Group group, List<Bound> keys, int width) {
    Bound value = new Bound.Column(width + keys.size(), project.types().getFirst(), "", -1);
    Bound ofNone =
        ConstantFolding.folded(
            Bound.mapColumns(
                project.expressions().getFirst(),
                c -> ofNone(group.calls().get(((Bound.Column) c).index()))));
    if (ofNone instanceof Bound.Const constant && constant.value() == null) {
      return value;
    }
    Bound key = new Bound.Column(width, keys.getFirst().type(), "", -1);
    return new Bound.Case(
        List.of(new Bound.NullTest(key, true, false), ofNone, value), value.type());
  }

  private static Bound ofNone(Bound.Aggregate call) {
    boolean counts = call.function() == COUNT || call.function() == COUNT_STAR;
    return new Bound.Const(counts ? 0L : null, call.type(), -1);
  }

  private static Bound replaced(Bound e, Bound.SubQuery sub, Bound value) {
    if (e.equals(sub)) {
      return value;
    }
    List<Bound> operands = new ArrayList<>();
    e.operands().forEach(operand -> operands.add(replaced(operand, sub, value)));
    return operands.isEmpty() ? e : e.withOperands(operands);
  }
}
