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
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses join methods: lookups into an index for each left row, hashing, or all pairs. */
final class JoinPlanner {
  private final PhysicalPlanner planner;
  private final ExpressionBuilder expressions;
  private final ScanPlanner scans;
  private final Cardinality cardinality;
  private final IndexTerms terms;
  private final JoinOrder order = new JoinOrder();
  private final IdentityHashMap<Rel.Join, List<Memo>> memos = new IdentityHashMap<>();

  JoinPlanner(
      PhysicalPlanner planner,
      ExpressionBuilder expressions,
      ScanPlanner scans,
      IndexTerms terms,
      Cardinality cardinality) {
    this.cardinality = cardinality;
    this.planner = planner;
    this.expressions = expressions;
    this.scans = scans;
    this.terms = terms;
  }

  /** An equality between an expression of the left and one of the right side. */
  private record Equality(Bound left, Bound right, Bound condition) {}

  /** A join as it was planned: clusters within clusters are asked for more than once. */
  private record Memo(BitSet required, Env env, Planned planned) {}

  Planned plan(Rel.Join join, BitSet required, Env env) {
    List<Memo> known = memos.computeIfAbsent(join, _ -> new ArrayList<>());
    for (Memo memo : known) {
      if (memo.required.equals(required) && memo.env.equals(env)) {
        return memo.planned;
      }
    }
    Planned planned = planAnew(join, required, env);
    known.add(new Memo((BitSet) required.clone(), env, planned));
    return planned;
  }

  private Planned planAnew(Rel.Join join, BitSet required, Env env) {
    JoinOrder.Cluster cluster = order.cluster(join);
    if (cluster == null) {
      return pair(join, required, env);
    }
    List<Planned> inputs = inputs(cluster, required, env);
    int count = inputs.size();
    if (count > 2 && count <= JoinSearch.INPUTS_MAX) {
      return along(cluster, search(cluster, inputs).find(), required, env);
    }
    double[] rows = inputs.stream().mapToDouble(Planned::rows).toArray();
    Planned best = along(cluster, JoinOrder.greedy(cluster, rows), required, env);
    if (count > JoinSearch.INPUTS_MAX && best.cost() > JoinOrder.CHEAP) {
      Planned other = along(cluster, JoinAlgebra.order(cluster, rows), required, env);
      best = other.cost() < best.cost() ? other : best;
    }
    return best;
  }

  /** Each input of a cluster, planned for the columns that are needed of it. */
  private List<Planned> inputs(JoinOrder.Cluster cluster, BitSet required, Env env) {
    BitSet needed = PhysicalPlanner.with(required, cluster.conditions());
    List<Planned> inputs = new ArrayList<>();
    for (int i = 0; i < cluster.inputs().size(); i++) {
      Rel input = cluster.inputs().get(i);
      int from = cluster.offsets().get(i);
      inputs.add(planner.plan(input, needed.get(from, from + input.types().size()), env));
    }
    return inputs;
  }

  private JoinSearch search(JoinOrder.Cluster cluster, List<Planned> inputs) {
    int count = inputs.size();
    List<JoinSearch.Tie> ties = new ArrayList<>();
    List<JoinSearch.Lookup> lookups = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        List<Cardinality.Pair> pairs = cluster.equalities(i, j);
        if (!pairs.isEmpty()) {
          ties.add(tie(cluster, inputs, i, j, pairs));
        }
      }
      addLookups(cluster, i, lookups);
    }
    for (Bound condition : cluster.conditions()) {
      BitSet of = cluster.inputsOf(condition);
      if (of.cardinality() > 1 && !cluster.isEquality(condition)) {
        ties.add(new JoinSearch.Tie((int) of.toLongArray()[0], Cardinality.residual(condition)));
      }
    }
    return new JoinSearch(
        inputs.stream().mapToDouble(Planned::rows).toArray(),
        inputs.stream().mapToDouble(Planned::cost).toArray(),
        ties,
        cluster.equal().stream().map(equal -> implied(cluster, inputs, equal)).toList(),
        lookups);
  }

  private JoinSearch.Tie tie(
      JoinOrder.Cluster cluster,
      List<Planned> inputs,
      int left,
      int right,
      List<Cardinality.Pair> pairs) {
    double share =
        1
            / cardinality.pairsForMatch(
                cluster.inputs().get(left),
                cluster.inputs().get(right),
                pairs,
                inputs.get(left).rows(),
                inputs.get(right).rows());
    return new JoinSearch.Tie(1 << left | 1 << right, share);
  }

  private JoinSearch.Implied implied(
      JoinOrder.Cluster cluster, List<Planned> inputs, EqualInputs equal) {
    List<Integer> given = new ArrayList<>();
    for (Bound condition : cluster.conditions()) {
      if (equal.follows(condition)) {
        given.add((int) cluster.inputsOf(condition).toLongArray()[0]);
      }
    }
    List<JoinSearch.Tie> ties = new ArrayList<>();
    for (int left : equal.columns().keySet()) {
      for (int right : equal.columns().tailMap(left + 1).keySet()) {
        if (!given.contains(1 << left | 1 << right)) {
          List<Cardinality.Pair> pair =
              List.of(cluster.pair(equal.between(left, right), left, right));
          ties.add(tie(cluster, inputs, left, right, pair));
        }
      }
    }
    // What narrows most comes first: the values that all have are at most those of the fewest.
    ties.sort(Comparator.comparingDouble(JoinSearch.Tie::share));
    return new JoinSearch.Implied(given, ties);
  }

  private void addLookups(JoinOrder.Cluster cluster, int input, List<JoinSearch.Lookup> lookups) {
    Rel rel = cluster.inputs().get(input);
    Rel target = rel instanceof Rel.Filter filter ? filter.input() : rel;
    if (!(target instanceof Rel.Scan scan) || scan.lock() != null) {
      return;
    }
    TableDescriptor table = scan.table();
    List<Bound> filters =
        rel instanceof Rel.Filter filter ? Bound.conjuncts(filter.condition()) : List.of();
    for (IndexDescriptor index : table.indexes()) {
      if (!terms.serves(table, index, filters)) {
        continue;
      }
      // The sets of inputs that have values for the columns so far.
      Set<Integer> from = Set.of(0);
      int columns = 0;
      for (IndexDescriptor.KeyColumn column : index.columns()) {
        if (column.expression() != null) {
          break;
        }
        Set<Integer> more = new HashSet<>();
        for (int other : cluster.equated(input, table.ordinalOfNumber(column.columnNumber()))) {
          from.forEach(set -> more.add(set | 1 << other));
        }
        if (more.isEmpty()) {
          break;
        }
        from = more;
        columns++;
      }
      boolean whole = columns == index.columns().size();
      if (columns > 0 && (whole || !table.isSlotted(index))) {
        double rows = scans.rowsOfKey(table, index, columns);
        double row = index.primary() ? Cost.ROW : Cost.INDEX_ROW;
        for (int set : from) {
          lookups.add(new JoinSearch.Lookup(input, set, Cost.STARTUP + rows * row));
        }
      }
    }
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

  private Planned input(Rel rel, BitSet required, Env env) {
    // The order of an already ordered join is kept: its inputs are joins as they stand.
    return rel instanceof Rel.Join join && order.isOrdered(join)
        ? pair(join, required, env)
        : planner.plan(rel, required, env);
  }

  private Planned pair(Rel.Join join, BitSet required, Env env) {
    int leftWidth = join.left().types().size();
    BitSet needed = PhysicalPlanner.with(required, Bound.conjuncts(join.condition()));
    Planned left = input(join.left(), needed.get(0, leftWidth), env);
    BitSet rightNeeded = needed.get(leftWidth, Math.max(needed.length(), leftWidth));
    Planned right = input(join.right(), rightNeeded, env);
    return join.kind() == Rel.JoinKind.RIGHT
        ? swapped(join, Rel.JoinKind.LEFT, left, right, required, env)
        : pair(join, left, right, required, env, true);
  }

  private Planned pair(
      Rel.Join join, Planned left, Planned right, BitSet required, Env env, boolean mayTurn) {
    int leftWidth = join.left().types().size();
    int width = join.types().size();
    List<Bound> conditions = Bound.conjuncts(join.condition());
    BitSet needed = PhysicalPlanner.with(required, conditions);
    BitSet rightNeeded = needed.get(leftWidth, Math.max(needed.length(), leftWidth));
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
    Planned lookup = lookup(join, left, right, equalities, conditions, rightNeeded, env, width);
    if (lookup != null) {
      return lookup;
    }
    if (mayTurn && join.kind() == Rel.JoinKind.INNER && left.rows() < right.rows()) {
      // The right side is the one that is kept in memory.
      return swapped(join, Rel.JoinKind.INNER, left, right, required, env);
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
    double rows = rows(join, left, right, equalities, rest);
    if (!equalities.isEmpty()) {
      List<Expression> leftKeys = new ArrayList<>();
      List<Expression> rightKeys = new ArrayList<>();
      for (Equality e : equalities) {
        leftKeys.add(expressions.build(e.left, env.with(left.columns())));
        rightKeys.add(expressions.build(e.right, env.with(right.columns())));
      }
      Bound residual = join.nullAware() ? Bound.and(rest) : null;
      Expression filter =
          residual == null
              ? expressions.condition(rest, over)
              // Of NOT IN, unknown is not the same as false.
              : expressions.build(residual, over);
      double matched = rows / Cardinality.residual(rest);
      double cost =
          left.cost()
              + right.cost()
              + Cost.ROW * (left.rows() + 1.5 * right.rows() + rows)
              + left.rows() * Cost.subPlans(leftKeys)
              + right.rows() * Cost.subPlans(rightKeys)
              + matched * Cost.subPlans(filter);
      return new Planned(
          new PlanNode.HashJoin(
              left.node(),
              right.node(),
              kind(join.kind()),
              leftKeys,
              rightKeys,
              filter,
              join.nullAware(),
              types,
              new Estimate(Cost.clamp(rows), right.cost(), cost)),
          columns);
    }
    Bound condition = Bound.and(rest);
    if (join.nullAware() && condition != null) {
      // NOT IN keeps a row only if every comparison is false.
      rest =
          List.of(
              new Bound.Logic(
                  false, List.of(condition, new Bound.NullTest(condition, true, false))));
    }
    Expression filter = expressions.condition(rest, over);
    double perPair = Cost.ROW + Cost.PREDICATE * rest.size() + Cost.subPlans(filter);
    double cost = left.cost() + right.cost() + pairs * perPair;
    return new Planned(
        new PlanNode.NestedLoopJoin(
            left.node(),
            right.node(),
            kind(join.kind()),
            filter,
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

  private double rows(
      Rel.Join join, Planned left, Planned right, List<Equality> equalities, List<Bound> rest) {
    List<Cardinality.Pair> pairs = new ArrayList<>();
    for (Equality e : equalities) {
      pairs.add(new Cardinality.Pair(e.left, e.right));
    }
    double matched = left.rows() * right.rows() * Cardinality.residual(rest);
    if (!equalities.isEmpty()) {
      matched /=
          cardinality.pairsForMatch(join.left(), join.right(), pairs, left.rows(), right.rows());
    }
    return switch (join.kind()) {
      case INNER -> matched;
      case LEFT -> Math.max(matched, left.rows());
      case RIGHT -> Math.max(matched, right.rows());
      case FULL -> Math.max(matched, left.rows() + right.rows());
      case SEMI, ANTI -> {
        double share = cardinality.matching(join.left(), join.right(), pairs, right.rows());
        double kept = share < 0 ? 0.5 : join.kind() == Rel.JoinKind.SEMI ? share : 1 - share;
        yield Math.max(1, left.rows() * kept);
      }
    };
  }

  private Planned swapped(
      Rel.Join join, Rel.JoinKind kind, Planned left, Planned right, BitSet required, Env env) {
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
    Planned planned = pair(turned, right, left, wanted, env, false);
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
    // A row that joins has no null where an equality holds.
    List<Bound> known = new ArrayList<>(filters);
    equalities.forEach(e -> known.add(new Bound.NullTest(e.right, false, false)));
    IndexDescriptor best = null;
    List<Equality> bestKeys = List.of();
    for (IndexDescriptor index : table.indexes()) {
      if (!terms.serves(table, index, known)) {
        continue;
      }
      List<Equality> keys = new ArrayList<>();
      for (int i = 0; i < index.columns().size(); i++) {
        int ordinal = table.keyOrdinal(index, i);
        Equality found = null;
        for (Equality e : equalities) {
          if (terms.ordinal(table, e.right) == ordinal
              && terms.type(table, ordinal).isStoredLike(e.left.type())) {
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
    double perLookup = scans.rowsOfKey(table, best, bestKeys.size());
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
    double rows =
        semi
            ? Math.max(1, left.rows() / 2)
            : Math.max(1, left.rows() * perLookup * scans.selectivity(table).of(filters));
    return new Planned(
        new PlanNode.IndexLookupJoin(
            left.node(),
            table,
            best,
            keys,
            ordinals,
            kind(join.kind()),
            expressions.condition(rest, env.with(both)),
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
