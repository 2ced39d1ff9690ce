package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.catalog.ColumnStatistics;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.InvertedClass;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.ExpressionBuilder.Env;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses how a table is read: key lookups, index ranges, index order or the whole table. */
final class ScanPlanner {
  /** For limit hints: all rows. */
  static final long NO_LIMIT = 0;

  /** Rows assumed of a function, a CTE and a virtual table. */
  static final double FUNCTION_ROWS = 100;

  /** Elements assumed of an array that is not known yet. */
  private static final double ARRAY_ELEMENTS = 10;

  /** The share of a table's rows that is read faster with all others than one by one. */
  private static final double KEYS_SHARE = Cost.ROW / Cost.FOUND_ROW;

  /** So few rows are worth finding whatever the table. */
  private static final long KEYS_LEAST = 10_000;

  /** unnest(anyarray). */
  private static final int UNNEST = 2331;

  private final ExpressionBuilder expressions;
  private final IndexTerms terms;
  private final TableStatistics statistics;

  ScanPlanner(ExpressionBuilder expressions, IndexTerms terms, TableStatistics statistics) {
    this.expressions = expressions;
    this.terms = terms;
    this.statistics = statistics;
  }

  double rows(TableDescriptor table) {
    return Math.max(1, statistics.rows(table));
  }

  /** Estimates about the conditions on a table. */
  Selectivity selectivity(TableDescriptor table) {
    return new Selectivity(expressions, statistics, table);
  }

  /** Rows of a table that have one value of the leading columns of an index, on average. */
  double rowsOfKey(TableDescriptor table, IndexDescriptor index, int columns) {
    if (index.unique() && columns == index.columns().size()) {
      return 1;
    }
    double share = 1;
    for (int i = 0; i < columns; i++) {
      int ordinal = table.keyOrdinal(index, i);
      ColumnStatistics column =
          ordinal < table.columns().size() ? statistics.column(table, ordinal) : null;
      share *= column == null ? Cost.EQUAL : 1 / column.distinctIn(rows(table));
    }
    return Math.max(1, rows(table) * share);
  }

  Planned plan(Rel.Scan scan, List<Bound> conditions, BitSet required, Env env, long limit) {
    AccessPath best = best(scan.table(), conditions, required);
    InvertedPath inverted = inverted(scan.table(), conditions, env.with(new int[0]));
    if (inverted != null
        && cost(scan.table(), inverted) < cost(scan.table(), best, conditions, required)) {
      return invertedNode(scan, inverted, conditions, required, env, limit);
    }
    ArrayKey array = scan.lock() == null ? arrayKey(scan.table(), conditions, best) : null;
    return array == null
        ? node(scan, best, false, conditions, required, env, limit)
        : arrayLookup(scan, array, conditions, required, env);
  }

  // Column = ANY (array known only at run time).

  /** An index whose first column is compared with the elements of an array. */
  private record ArrayKey(IndexDescriptor index, Bound.ArrayCompare condition) {}

  /** True if the rows are best found by looking up the elements of an array. */
  boolean prefersArrayLookup(Rel.Scan scan, List<Bound> conditions) {
    BitSet all = Planned.all(scan.types().size());
    return arrayKey(scan.table(), conditions, best(scan.table(), conditions, all)) != null;
  }

  private @Nullable ArrayKey arrayKey(
      TableDescriptor table, List<Bound> conditions, AccessPath best) {
    if (!best.isWhole()) {
      return null;
    }
    for (Bound condition : conditions) {
      if (!(condition instanceof Bound.ArrayCompare compare)
          || !compare.any()
          || !compare.operator().equals("=")
          || compare.array() instanceof Bound.ArrayOf
          || Bound.any(compare.array(), e -> e instanceof Bound.Column)
          || Rewriter.isVolatile(compare.array())) {
        continue;
      }
      int column = terms.ordinal(table, compare.left());
      if (column < 0 || !terms.type(table, column).isStoredLike(elementType(compare))) {
        continue;
      }
      for (IndexDescriptor index : table.indexes()) {
        if (!(table.isSlotted(index) && index.columns().size() > 1)
            && table.keyOrdinal(index, 0) == column
            && terms.serves(table, index, conditions)) {
          return new ArrayKey(index, compare);
        }
      }
    }
    return null;
  }

  private static SqlType elementType(Bound.ArrayCompare compare) {
    SqlType array = compare.array().type();
    return SqlType.of(PgTypes.byOid(array.oid()).elementOid()).withCollation(array.collation());
  }

  /** For each different element, the rows that the index has for it. */
  private Planned arrayLookup(
      Rel.Scan scan, ArrayKey key, List<Bound> conditions, BitSet required, Env env) {
    TableDescriptor table = scan.table();
    SqlType element = elementType(key.condition);
    Estimate few = new Estimate(ARRAY_ELEMENTS, 0, Cost.ROW * ARRAY_ELEMENTS);
    PlanNode elements =
        new PlanNode.Aggregate(
            PlanNode.FunctionScan.of(
                new PlanNode.FunctionCall(
                    UNNEST,
                    List.of(expressions.build(key.condition.array(), env.with(new int[0]))),
                    List.of(element)),
                few),
            List.of(0),
            List.of(),
            List.of(element),
            few);
    List<Bound> rest = new ArrayList<>(conditions);
    rest.remove(key.condition);
    int[] columns = new int[scan.types().size()];
    List<Integer> ordinals = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    output(scan.types(), PhysicalPlanner.with(required, rest), columns, ordinals, types);
    for (int i = 0; i < columns.length; i++) {
      columns[i] = columns[i] < 0 ? -1 : columns[i] + 1;
    }
    types.addFirst(element);
    boolean point = key.index.unique() && key.index.columns().size() == 1;
    double rows =
        ARRAY_ELEMENTS * (point ? 1 : rowsOfKey(table, key.index, 1)) * selectivity(table).of(rest);
    return new Planned(
        new PlanNode.IndexLookupJoin(
            elements,
            table,
            key.index,
            List.of(new ColumnRef(element, 0)),
            ordinals,
            PlanNode.JoinKind.INNER,
            expressions.condition(rest, env.with(columns)),
            types,
            new Estimate(Cost.clamp(rows), 0, Cost.STARTUP * ARRAY_ELEMENTS + Cost.ROW * rows)),
        columns);
  }

  Planned plan(Rel.VirtualScan scan, List<Bound> conditions, BitSet required, Env env) {
    BitSet needed = PhysicalPlanner.with(required, conditions);
    int[] columns = new int[scan.types().size()];
    List<Integer> ordinals = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    output(scan.types(), needed, columns, ordinals, types);
    return new Planned(
        new PlanNode.VirtualScan(
            scan.table(),
            ordinals,
            expressions.condition(conditions, env.with(columns)),
            types,
            new Estimate(
                Cost.clamp(FUNCTION_ROWS * Selectivity.byDefault(conditions)),
                0,
                Cost.ROW * FUNCTION_ROWS)),
        columns);
  }

  private static void output(
      List<SqlType> all,
      BitSet needed,
      int[] columns,
      List<Integer> ordinals,
      List<SqlType> types) {
    Arrays.fill(columns, -1);
    for (int i = needed.nextSetBit(0); i >= 0; i = needed.nextSetBit(i + 1)) {
      columns[i] = ordinals.size();
      ordinals.add(i);
      types.add(all.get(i));
    }
  }

  // Choice.

  private AccessPath best(TableDescriptor table, List<Bound> conditions, BitSet required) {
    List<AccessPath.Match> matches = matches(table, conditions);
    AccessPath best = AccessPath.of(table, table.primaryIndex(), matches, conditions, terms);
    double bestCost = cost(table, best, conditions, required);
    for (IndexDescriptor index : table.indexes()) {
      if (index.primary() || !terms.serves(table, index, conditions)) {
        continue;
      }
      AccessPath path = AccessPath.of(table, index, matches, conditions, terms);
      if (path.isWhole() && index.predicate() == null) {
        continue;
      }
      double cost = cost(table, path, conditions, required);
      if (cost < bestCost) {
        best = path;
        bestCost = cost;
      }
    }
    return best;
  }

  /** The best inverted index for the conditions, or null. */
  private @Nullable InvertedPath inverted(TableDescriptor table, List<Bound> conditions, Env none) {
    InvertedPath best = null;
    for (IndexDescriptor index : table.indexes()) {
      if (!index.isInverted()
          || !PhysicalPlanner.isPublic(index)
          || !terms.hasAll(table, index, conditions)) {
        continue;
      }
      InvertedPath path = InvertedPath.of(table, index, conditions, terms, expressions, none);
      if (path != null && (best == null || cost(table, path) < cost(table, best))) {
        best = path;
      }
    }
    return best;
  }

  private double cost(TableDescriptor table, InvertedPath path) {
    double rows = Cost.clamp(rows(table) * selectivity(table).of(path.used()));
    // Names are keys of many documents, and that of a member is looked for with its value.
    boolean names = path.index().columns().getFirst().inverted() == InvertedClass.JSONB_OPS;
    return Cost.STARTUP * (names ? 3 : 2) + rows * Cost.FOUND_ROW;
  }

  private List<AccessPath.Match> matches(TableDescriptor table, List<Bound> conditions) {
    List<AccessPath.Match> matches = new ArrayList<>();
    for (Bound condition : conditions) {
      AccessPath.Match match = AccessPath.match(table, terms, condition);
      if (match != null) {
        matches.add(match);
      }
    }
    return matches;
  }

  private double rowsOf(TableDescriptor table, AccessPath path) {
    return path.isPoint()
        ? path.keyCount()
        : Cost.clamp(rows(table) * selectivity(table).of(path.used()));
  }

  private double cost(
      TableDescriptor table, AccessPath path, List<Bound> conditions, BitSet required) {
    double rows = rowsOf(table, path);
    boolean covering =
        path.index().primary()
            || covers(
                table, path.index(), PhysicalPlanner.with(required, unjudged(path, conditions)));
    if (path.isPoint()) {
      return (covering ? 1 : 2) * Cost.STARTUP * rows;
    }
    return Cost.STARTUP + rows * (covering ? Cost.ROW : Cost.INDEX_ROW);
  }

  /** True if the index entry itself has all needed columns (its own and the primary key). */
  private static boolean covers(TableDescriptor table, IndexDescriptor index, BitSet needed) {
    Set<Integer> has = new HashSet<>();
    for (IndexDescriptor from : List.of(index, table.primaryIndex())) {
      for (int i = 0; i < from.columns().size(); i++) {
        has.add(table.keyOrdinal(from, i));
      }
    }
    index.included().forEach(number -> has.add(table.ordinalOfNumber(number)));
    return needed.stream().allMatch(has::contains);
  }

  /** The keys of a sort as expressions over its input. */
  static List<Bound.Order> order(Rel.Sort sort) {
    List<Bound.Order> keys = new ArrayList<>();
    for (Rel.Key key : sort.keys()) {
      Bound column = new Bound.Column(key.column(), sort.input().types().get(key.column()), "", -1);
      keys.add(new Bound.Order(column, key.descending(), key.nullsFirst()));
    }
    return keys;
  }

  /** The rows in a wanted order from an index, null if no index has it or sorting is cheaper. */
  @Nullable Planned ordered(
      Rel.Scan scan,
      List<Bound> conditions,
      List<Bound.Order> keys,
      BitSet required,
      Env env,
      long wanted) {
    TableDescriptor table = scan.table();
    List<AccessPath.Match> matches = matches(table, conditions);
    AccessPath unordered = best(table, conditions, required);
    double sortedRows = rowsOf(table, unordered);
    double unorderedCost = cost(table, unordered, conditions, required);
    InvertedPath inverted = inverted(table, conditions, env.with(new int[0]));
    if (inverted != null) {
      unorderedCost = Math.min(unorderedCost, cost(table, inverted));
    }
    double bestCost = unorderedCost + Cost.sortCost(sortedRows) + Cost.ROW;
    AccessPath best = null;
    boolean bestReverse = false;
    for (IndexDescriptor index : table.indexes()) {
      if (!terms.serves(table, index, conditions)) {
        continue;
      }
      AccessPath path = AccessPath.of(table, index, matches, conditions, terms);
      Boolean reverse = direction(table, path, keys);
      if (reverse == null) {
        continue;
      }
      double full = cost(table, path, conditions, required);
      double result = rows(table) * selectivity(table).of(conditions);
      double share = wanted > 0 ? Math.min(1, wanted / Math.max(1, result)) : 1;
      double cost = full * share;
      if (cost <= bestCost) {
        best = path;
        bestReverse = reverse;
        bestCost = cost;
      }
    }
    return best == null ? null : node(scan, best, bestReverse, conditions, required, env, wanted);
  }

  /** FALSE or TRUE (backwards) if reading the path gives the order; null if it does not. */
  private @Nullable Boolean direction(
      TableDescriptor table, AccessPath path, List<Bound.Order> keys) {
    if (path.keyCount() > 1 && path.isPoint()) {
      // The rows are looked up in the order in which the statement names them.
      return null;
    }
    if (table.isSlotted(path.index()) && !path.isPoint()) {
      // Its rows are in the order of their slots.
      return null;
    }
    Boolean reverse = null;
    Set<Integer> fixed = new HashSet<>();
    List<IndexDescriptor.KeyColumn> columns = path.index().columns();
    int at = 0;
    for (; at < path.equal().size() && path.equal().get(at).size() == 1; at++) {
      fixed.add(table.keyOrdinal(path.index(), at));
    }
    boolean notNull = true;
    for (Bound.Order key : keys) {
      int wanted = terms.ordinal(table, key.expression());
      if (fixed.contains(wanted)) {
        continue;
      }
      if (at == columns.size()) {
        // All columns of a unique index are behind us: no two rows are left to put in order.
        boolean unique = path.index().unique() && notNull;
        return unique ? reverse : null;
      }
      int ordinal = table.keyOrdinal(path.index(), at);
      IndexDescriptor.KeyColumn column = columns.get(at++);
      if (ordinal != wanted) {
        return null;
      }
      boolean nullable = terms.isNullable(table, ordinal);
      boolean backwards = key.descending() != column.descending();
      if (nullable && (key.nullsFirst() != column.nullsFirst()) != backwards) {
        return null;
      }
      notNull &= !nullable;
      if (reverse != null && reverse != backwards) {
        return null;
      }
      reverse = backwards;
      fixed.add(ordinal);
    }
    return reverse == null ? Boolean.FALSE : reverse;
  }

  // Nodes.

  private Planned node(
      Rel.Scan scan,
      AccessPath path,
      boolean reverse,
      List<Bound> conditions,
      BitSet required,
      Env env,
      long limit) {
    TableDescriptor table = scan.table();
    List<Bound> rest = new ArrayList<>();
    // A row that is locked is judged again on its newest version, which a secondary index entry
    // does not describe: all conditions stay in the filter then.
    boolean recheck = scan.lock() != null && !path.index().primary();
    for (Bound condition : conditions) {
      if (recheck || !path.exact().contains(condition)) {
        rest.add(condition);
      }
    }
    BitSet needed = PhysicalPlanner.with(required, rest);
    int[] columns = new int[scan.types().size()];
    List<Integer> ordinals = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    output(scan.types(), needed, columns, ordinals, types);
    Expression filterExpression = expressions.condition(rest, env.with(columns));
    Env none = env.with(new int[0]);
    double rows = rowsOf(table, path);
    double cost = cost(table, path, conditions, required);
    double result = Cost.clamp(rows * selectivity(table).of(unestimated(path, conditions)));
    double perRow = Cost.PREDICATE * rest.size() + Cost.subPlans(filterExpression);
    Rel.Lock lock = scan.lock();
    PlanNode.RowLock strength = lock == null ? null : strength(lock);
    PlanNode.LockPolicy policy = lock == null ? PlanNode.LockPolicy.BLOCK : policy(lock);
    boolean entriesDo =
        lock == null && !path.index().included().isEmpty() && covers(table, path.index(), needed);
    if (path.isPoint() && (path.index().primary() || !entriesDo)) {
      List<List<Expression>> keys = new ArrayList<>();
      for (List<Bound> key : path.keys()) {
        keys.add(expressions.buildAll(key, none));
      }
      return new Planned(
          new PlanNode.KeyLookup(
              table,
              path.index(),
              keys,
              ordinals,
              filterExpression,
              strength,
              policy,
              types,
              new Estimate(result, 0, cost + perRow * rows)),
          columns);
    }
    return new Planned(
        new PlanNode.IndexScan(
            table,
            path.index(),
            ranges(path, none),
            reverse,
            ordinals,
            filterExpression,
            limit,
            strength,
            policy,
            types,
            new Estimate(result, 0, cost + perRow * rows)),
        columns);
  }

  private Planned invertedNode(
      Rel.Scan scan,
      InvertedPath path,
      List<Bound> conditions,
      BitSet required,
      Env env,
      long limit) {
    AccessPath all =
        new AccessPath(scan.table().primaryIndex(), List.of(), null, null, Set.of(), Set.of());
    Planned whole = node(scan, all, false, conditions, required, env, limit);
    PlanNode.IndexScan rows = (PlanNode.IndexScan) whole.node();
    double cost = cost(scan.table(), path) + Cost.PREDICATE * conditions.size();
    long keysMax = Math.max(KEYS_LEAST, (long) (rows(scan.table()) * KEYS_SHARE));
    return new Planned(
        new PlanNode.InvertedScan(
            path.index(),
            path.condition(),
            rows.withEstimate(new Estimate(rows.estimate().rows(), 0, cost)),
            keysMax),
        whole.columns());
  }

  /** The conditions that the path leaves to a filter. */
  private static List<Bound> unjudged(AccessPath path, List<Bound> conditions) {
    List<Bound> rest = new ArrayList<>(conditions);
    rest.removeAll(path.exact());
    return rest;
  }

  /** The conditions that the path's own rows say nothing of. */
  private static List<Bound> unestimated(AccessPath path, List<Bound> conditions) {
    List<Bound> rest = new ArrayList<>(conditions);
    rest.removeAll(path.used());
    return rest;
  }

  private List<KeyRange> ranges(AccessPath path, Env none) {
    if (path.isWhole()) {
      return List.of();
    }
    List<KeyRange> ranges = new ArrayList<>();
    for (List<Bound> key : path.keys()) {
      ranges.add(
          new KeyRange(
              key.stream().map(value -> keyValue(value, none)).toList(),
              bound(path.lower(), none),
              bound(path.upper(), none)));
    }
    return ranges;
  }

  private Expression keyValue(Bound value, Env none) {
    return AccessPath.NULL.equals(value) ? KeyRange.NULL : expressions.build(value, none);
  }

  private KeyRange.@Nullable Bound bound(AccessPath.@Nullable Edge edge, Env none) {
    return edge == null
        ? null
        : new KeyRange.Bound(expressions.build(edge.value(), none), edge.inclusive());
  }

  // Words.

  static PlanNode.RowLock strength(Rel.Lock lock) {
    return switch (lock.strength()) {
      case KEY_SHARE -> PlanNode.RowLock.KEY_SHARE;
      case SHARE -> PlanNode.RowLock.SHARE;
      case NO_KEY_UPDATE -> PlanNode.RowLock.NO_KEY_UPDATE;
      case UPDATE -> PlanNode.RowLock.UPDATE;
    };
  }

  static PlanNode.LockPolicy policy(Rel.Lock lock) {
    return switch (lock.policy()) {
      case BLOCK -> PlanNode.LockPolicy.BLOCK;
      case NOWAIT -> PlanNode.LockPolicy.NOWAIT;
      case SKIP_LOCKED -> PlanNode.LockPolicy.SKIP_LOCKED;
    };
  }
}
