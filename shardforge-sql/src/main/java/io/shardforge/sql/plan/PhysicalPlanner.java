package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Binder;
import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.plan.ExpressionBuilder.Env;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Relational algebra to plan nodes: only the columns that are needed, access paths, join methods.
 */
final class PhysicalPlanner {
  private final ExpressionBuilder expressions;
  private final IndexTerms indexes;
  private final ScanPlanner scans;
  private final Cardinality cardinality;
  private final JoinPlanner joins;
  private final Map<Integer, Double> cteRows = new HashMap<>();

  /** The recursive CTEs whose steps are being planned. */
  private final Set<Integer> stepping = new HashSet<>();

  PhysicalPlanner(TableStatistics statistics, Binder binder) {
    this(statistics, binder::derivedValues);
  }

  /** A planner that gets what indexes compute from somewhere else than a binder. */
  PhysicalPlanner(
      TableStatistics statistics, Function<TableDescriptor, List<Bound>> derivedValues) {
    this.expressions = new ExpressionBuilder(this);
    this.indexes = new IndexTerms(derivedValues, expressions);
    this.scans = new ScanPlanner(expressions, indexes, statistics);
    this.cardinality = new Cardinality(statistics);
    this.joins = new JoinPlanner(this, expressions, scans, indexes, cardinality);
  }

  /** What the indexes of a table hold of a row that is written. */
  DerivedValues derivedValues(TableDescriptor table) {
    Env row = Env.EMPTY.with(Planned.identity(table.columns().size()));
    return DerivedValues.of(table, expressions.buildAll(indexes.of(table), row));
  }

  /** The indexes of an ON CONFLICT: of those found by columns, the ones with all rows meant. */
  List<IndexDescriptor> arbiters(TableDescriptor table, Rel.Conflict conflict) {
    List<Bound> written = conflict.inference();
    if (written == null) {
      return conflict.arbiters();
    }
    List<Bound> inference = written.stream().map(ConstantFolding::folded).toList();
    List<IndexDescriptor> arbiters =
        conflict.arbiters().stream()
            .filter(index -> indexes.hasAll(table, index, inference))
            .toList();
    if (arbiters.isEmpty()) {
      throw new ShardForgeException(
          ErrorCode.INVALID_COLUMN_REFERENCE,
          "there is no unique or exclusion constraint matching the ON CONFLICT specification");
    }
    return arbiters;
  }

  ExpressionBuilder expressions() {
    return expressions;
  }

  /** A statement: its columns exactly, in order. */
  PlanNode plan(Rel rel) {
    return exact(rel, Env.EMPTY);
  }

  /** A subquery in an expression. */
  PlanNode planInner(Rel rel, Env env) {
    return exact(rel, env);
  }

  private PlanNode exact(Rel rel, Env env) {
    return exact(plan(rel, Planned.all(rel.types().size()), env), rel.types());
  }

  private PlanNode exact(Planned planned, List<SqlType> types) {
    if (planned.isIdentity()) {
      return planned.node();
    }
    List<Expression> out = new ArrayList<>();
    Env env = Env.EMPTY.with(planned.columns());
    for (int i = 0; i < types.size(); i++) {
      out.add(expressions.build(new Bound.Column(i, types.get(i), "", -1), env));
    }
    return new PlanNode.Project(
        planned.node(),
        out,
        types,
        Cost.over(planned.node().estimate(), planned.rows(), Cost.PREDICATE));
  }

  /** Plans so that at least the required columns are there. */
  Planned plan(Rel rel, BitSet required, Env env) {
    return switch (rel) {
      case Rel.Scan scan -> scans.plan(scan, List.of(), required, env, ScanPlanner.NO_LIMIT);
      case Rel.VirtualScan scan -> scans.plan(scan, List.of(), required, env);
      case Rel.Functions functions -> functions(functions, env);
      case Rel.Values values -> values(values, env);
      case Rel.Filter filter -> filter(filter, required, env);
      case Rel.Barrier barrier -> plan(barrier.input(), required, env);
      case Rel.Project project -> project(project, required, env, this::plan);
      case Rel.ProjectSet project -> new SetProjection(this).plan(project, env);
      case Rel.Join join -> joins.plan(join, required, env);
      case Rel.Lateral lateral -> joins.plan(lateral, required, env);
      case Rel.Group group -> group(group, env);
      case Rel.Window window -> new WindowPlanner(this).plan(window, required, env);
      case Rel.Unique unique -> unique(unique, env);
      case Rel.UniqueOn unique -> uniqueOn(unique, required, env);
      case Rel.Sort sort -> sort(sort, required, env, null);
      case Rel.Limit limit -> limit(limit, required, env);
      case Rel.SetOperation set -> setOperation(set, env);
      case Rel.With with -> with(with, required, env);
      case Rel.CteScan scan -> cteScan(scan);
      case Rel.LockRows lock -> lockRows(lock, required, env);
      case Rel.Insert insert -> identity(new DmlPlanner(this).insert(insert, env));
      case Rel.Update update -> identity(new DmlPlanner(this).update(update, env));
      case Rel.Delete delete -> identity(new DmlPlanner(this).delete(delete, env));
      case Rel.Merge merge -> identity(new DmlPlanner(this).merge(merge, env));
    };
  }

  private static Planned identity(PlanNode node) {
    return new Planned(node, Planned.identity(node.types().size()));
  }

  // Leaves.

  private Planned functions(Rel.Functions functions, Env env) {
    return identity(
        functionScan(
            functions.calls(), functions.ordinality(), functions.types(), env.with(new int[0])));
  }

  /** The rows of functions side by side. */
  PlanNode functionScan(
      List<Bound.Call> calls, boolean ordinality, List<SqlType> types, Env argumentEnv) {
    List<PlanNode.FunctionCall> built = new ArrayList<>();
    for (Bound.Call call : calls) {
      built.add(
          new PlanNode.FunctionCall(
              call.function(), expressions.buildAll(call.args(), argumentEnv), resultTypes(call)));
    }
    return new PlanNode.FunctionScan(
        built,
        ordinality,
        types,
        new Estimate(ScanPlanner.FUNCTION_ROWS, 0, Cost.ROW * ScanPlanner.FUNCTION_ROWS));
  }

  /** Types of the OUT columns of a function, or its one result type. */
  static List<SqlType> resultTypes(Bound.Call call) {
    PgFunction function = FunctionRegistry.function(call.function());
    List<SqlType> types = new ArrayList<>();
    if (function != null && call.type().oid() == PgOid.RECORD) {
      for (int i = 0; i < function.argumentModes().length(); i++) {
        char mode = function.argumentModes().charAt(i);
        if (mode == 'o' || mode == 't' || mode == 'b') {
          types.add(SqlType.of(function.allArgumentTypes().get(i)));
        }
      }
    }
    return types.isEmpty() ? List.of(call.type()) : types;
  }

  private Planned values(Rel.Values values, Env env) {
    Env none = env.with(new int[0]);
    List<List<Expression>> rows = new ArrayList<>();
    for (List<Bound> row : values.rows()) {
      rows.add(expressions.buildAll(row, none));
    }
    return identity(
        new PlanNode.Values(
            rows, values.types(), new Estimate(rows.size(), 0, Cost.ROW * rows.size())));
  }

  private Planned cteScan(Rel.CteScan scan) {
    double rows = cteRows.getOrDefault(scan.id(), ScanPlanner.FUNCTION_ROWS);
    return identity(
        new PlanNode.CteScan(
            scan.id(),
            scan.name(),
            stepping.contains(scan.id()),
            scan.types(),
            new Estimate(rows, 0, 2 * Cost.ROW * rows)));
  }

  // One input.

  private Planned filter(Rel.Filter filter, BitSet required, Env env) {
    List<Bound> conditions = Bound.conjuncts(filter.condition());
    if (filter.input() instanceof Rel.Scan scan) {
      return scans.plan(scan, conditions, required, env, ScanPlanner.NO_LIMIT);
    }
    if (filter.input() instanceof Rel.VirtualScan scan) {
      return scans.plan(scan, conditions, required, env);
    }
    Planned input = plan(filter.input(), with(required, conditions), env);
    return filtered(input, conditions, env);
  }

  Planned filtered(Planned input, List<Bound> conditions, Env env) {
    Expression built = expressions.condition(conditions, env.with(input.columns()));
    if (built == null) {
      return input;
    }
    PlanNode node =
        new PlanNode.Filter(
            input.node(),
            built,
            Cost.over(
                input.node().estimate(),
                input.rows() * Selectivity.byDefault(conditions),
                Cost.PREDICATE * conditions.size() + Cost.subPlans(built)));
    return new Planned(node, input.columns());
  }

  static BitSet with(BitSet required, List<? extends Bound> expressions) {
    BitSet all = (BitSet) required.clone();
    for (Bound e : expressions) {
      Bound.columns(e, all);
    }
    return all;
  }

  /** How an input is planned: {@link #plan}, or in some order or with some lock. */
  interface InputPlanner {
    Planned plan(Rel rel, BitSet required, Env env);
  }

  private Planned project(Rel.Project project, BitSet wanted, Env env, InputPlanner planner) {
    BitSet below = new BitSet();
    boolean plain = true;
    int width = project.expressions().size();
    BitSet required = (BitSet) wanted.clone();
    for (int i = 0; i < width; i++) {
      // What a function does besides giving a value is done whether the value is wanted or not.
      if (Rewriter.isVolatile(project.expressions().get(i))) {
        required.set(i);
      }
    }
    for (int i = required.nextSetBit(0); i >= 0; i = required.nextSetBit(i + 1)) {
      Bound e = project.expressions().get(i);
      Bound.columns(e, below);
      plain &= e instanceof Bound.Column;
    }
    Planned input = planner.plan(project.input(), below, env);
    int[] columns = new int[width];
    Arrays.fill(columns, -1);
    if (plain && width > 0) {
      for (int i = required.nextSetBit(0); i >= 0; i = required.nextSetBit(i + 1)) {
        columns[i] = input.columns()[((Bound.Column) project.expressions().get(i)).index()];
      }
      return new Planned(input.node(), columns);
    }
    Env inner = env.with(input.columns());
    List<Expression> out = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    for (int i = required.nextSetBit(0); i >= 0; i = required.nextSetBit(i + 1)) {
      columns[i] = out.size();
      out.add(expressions.build(project.expressions().get(i), inner));
      types.add(project.types().get(i));
    }
    // SELECT 1 needs no node below: its one row of nothing becomes a row of values.
    if (input.node() instanceof PlanNode.Values one
        && one.types().isEmpty()
        && one.rows().size() == 1) {
      return new Planned(
          new PlanNode.Values(List.of(out), types, new Estimate(1, 0, Cost.ROW)), columns);
    }
    double perRow = Cost.PREDICATE * out.size() + Cost.subPlans(out);
    return new Planned(
        new PlanNode.Project(
            input.node(), out, types, Cost.over(input.node().estimate(), input.rows(), perRow)),
        columns);
  }

  private Planned group(Rel.Group group, Env env) {
    // Keys and what aggregates sort by must be columns of the input.
    List<Bound> needed = new ArrayList<>(group.keys());
    for (Bound.Aggregate call : group.calls()) {
      for (Bound.Order order : call.order()) {
        needed.add(order.expression());
      }
    }
    boolean plain = needed.stream().allMatch(e -> e instanceof Bound.Column);
    Rel input = group.input();
    List<Bound.Aggregate> calls = group.calls();
    List<Bound> keys = group.keys();
    if (!plain) {
      List<Bound> projected = new ArrayList<>();
      List<SqlType> inputTypes = input.types();
      for (int i = 0; i < inputTypes.size(); i++) {
        projected.add(new Bound.Column(i, inputTypes.get(i), "", -1));
      }
      keys = columnsFor(keys, projected);
      List<Bound.Aggregate> rewritten = new ArrayList<>();
      for (Bound.Aggregate call : calls) {
        rewritten.add(withOrderColumns(call, projected));
      }
      calls = rewritten;
      input =
          new Rel.Project(
              input, List.copyOf(projected), projected.stream().map(Bound::type).toList());
    }
    BitSet below = with(with(new BitSet(), keys), calls);
    Planned planned = plan(input, below, env);
    Env inner = env.with(planned.columns());
    List<Integer> groupColumns = new ArrayList<>();
    for (Bound key : keys) {
      groupColumns.add(planned.columns()[((Bound.Column) key).index()]);
    }
    List<PlanNode.AggregateCall> aggregates = new ArrayList<>();
    for (Bound.Aggregate call : calls) {
      List<PlanNode.SortKey> order = new ArrayList<>();
      for (Bound.Order key : call.order()) {
        order.add(
            new PlanNode.SortKey(
                planned.columns()[((Bound.Column) key.expression()).index()],
                key.descending(),
                key.nullsFirst()));
      }
      Bound filter = call.filter();
      aggregates.add(
          new PlanNode.AggregateCall(
              call.function(),
              expressions.buildAll(call.args(), inner),
              call.distinct(),
              filter == null ? null : expressions.build(filter, inner),
              order,
              call.type()));
    }
    double rows = keys.isEmpty() ? 1 : cardinality.groups(input, keys, planned.rows());
    return identity(
        new PlanNode.Aggregate(
            planned.node(),
            groupColumns,
            aggregates,
            group.types(),
            Cost.blocking(
                planned.node().estimate(),
                rows,
                Cost.PREDICATE * (keys.size() + aggregates.size()))));
  }

  private static List<Bound> columnsFor(List<? extends Bound> wanted, List<Bound> projected) {
    List<Bound> columns = new ArrayList<>();
    for (Bound e : wanted) {
      if (e instanceof Bound.Column) {
        columns.add(e);
      } else {
        columns.add(new Bound.Column(projected.size(), e.type(), "", -1));
        projected.add(e);
      }
    }
    return columns;
  }

  private static Bound.Aggregate withOrderColumns(Bound.Aggregate call, List<Bound> projected) {
    List<Bound.Order> order = new ArrayList<>();
    for (Bound.Order key : call.order()) {
      Bound column = columnsFor(List.of(key.expression()), projected).getFirst();
      order.add(new Bound.Order(column, key.descending(), key.nullsFirst()));
    }
    return new Bound.Aggregate(
        call.function(),
        call.args(),
        call.direct(),
        call.star(),
        call.distinct(),
        call.filter(),
        order,
        call.type(),
        call.location());
  }

  private Planned unique(Rel.Unique unique, Env env) {
    List<SqlType> types = unique.types();
    Planned input = plan(unique.input(), Planned.all(types.size()), env);
    List<Integer> columns = new ArrayList<>();
    List<Bound> keys = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add(input.columns()[i]);
      keys.add(new Bound.Column(i, types.get(i), "", -1));
    }
    return identity(
        new PlanNode.Aggregate(
            input.node(),
            columns,
            List.of(),
            types,
            Cost.blocking(
                input.node().estimate(),
                cardinality.groups(unique.input(), keys, input.rows()),
                Cost.PREDICATE * types.size())));
  }

  private Planned uniqueOn(Rel.UniqueOn unique, BitSet required, Env env) {
    BitSet below = (BitSet) required.clone();
    unique.columns().forEach(below::set);
    Planned input = plan(unique.input(), below, env);
    List<Integer> columns = new ArrayList<>();
    for (int c : unique.columns()) {
      columns.add(input.columns()[c]);
    }
    return new Planned(
        new PlanNode.DistinctOn(
            input.node(),
            columns,
            Cost.over(input.node().estimate(), input.rows() * Cost.GROUPS * 2, Cost.PREDICATE)),
        input.columns());
  }

  // Order and limit.

  private Planned limit(Rel.Limit limit, BitSet required, Env env) {
    Env none = env.with(new int[0]);
    Bound count = limit.limit();
    Bound skip = limit.offset();
    Expression limitValue = count == null ? null : expressions.build(count, none);
    Expression offsetValue = skip == null ? null : expressions.build(skip, none);
    long hint = constant(count, -1);
    long offset = skip == null ? 0 : constant(skip, -1);
    boolean ties = !limit.ties().isEmpty();
    long wanted = hint >= 0 && offset >= 0 && !ties ? hint + offset : ScanPlanner.NO_LIMIT;
    BitSet below = (BitSet) required.clone();
    limit.ties().forEach(key -> below.set(key.column()));
    Planned input =
        switch (limit.input()) {
          case Rel any when ties -> plan(any, below, env);
          case Rel.Sort sort -> sort(sort, required, env, new Bounded(count, skip, wanted));
          case Rel.Project project when project.input() instanceof Rel.Sort sort ->
              project(
                  project,
                  required,
                  env,
                  (r, q, e) -> sort(sort, q, e, new Bounded(count, skip, wanted)));
          case Rel.LockRows lock -> lockRows(lock, required, env, new Bounded(count, skip, wanted));
          default -> limited(limit.input(), required, env, wanted);
        };
    Estimate e = input.node().estimate();
    double rows =
        wanted > 0 ? Math.min(e.rows(), Math.max(1.0, (double) hint)) : e.rows() * Cost.GROUPS;
    double share = Math.min(1, rows / Math.max(1, e.rows()));
    return new Planned(
        new PlanNode.Limit(
            input.node(),
            limitValue,
            offsetValue,
            sortKeys(limit.ties(), input.columns()),
            new Estimate(
                Cost.clamp(rows),
                e.startupCost(),
                e.startupCost() + (e.totalCost() - e.startupCost()) * share)),
        input.columns());
  }

  private static List<PlanNode.SortKey> sortKeys(List<Rel.Key> keys, int[] columns) {
    List<PlanNode.SortKey> result = new ArrayList<>();
    for (Rel.Key key : keys) {
      result.add(new PlanNode.SortKey(columns[key.column()], key.descending(), key.nullsFirst()));
    }
    return result;
  }

  /** A LIMIT around a node, and the number of rows it needs if that is known. */
  record Bounded(@Nullable Bound limit, @Nullable Bound offset, long wanted) {}

  private static long constant(@Nullable Bound value, long otherwise) {
    return value instanceof Bound.Const c && c.value() instanceof Long l && l >= 0 ? l : otherwise;
  }

  /** Tells a scan right below how few rows are wanted. */
  private Planned limited(Rel rel, BitSet required, Env env, long wanted) {
    return switch (rel) {
      case Rel.Project p -> project(p, required, env, (r, q, e) -> limited(r, q, e, wanted));
      case Rel.Filter f when f.input() instanceof Rel.Scan scan ->
          scans.plan(scan, Bound.conjuncts(f.condition()), required, env, wanted);
      case Rel.Scan scan -> scans.plan(scan, List.of(), required, env, wanted);
      default -> plan(rel, required, env);
    };
  }

  private Planned sort(Rel.Sort sort, BitSet required, Env env, @Nullable Bounded bounded) {
    BitSet below = (BitSet) required.clone();
    sort.keys().forEach(k -> below.set(k.column()));
    Planned ordered =
        ordered(
            sort.input(),
            ScanPlanner.order(sort),
            below,
            env,
            bounded == null ? ScanPlanner.NO_LIMIT : bounded.wanted());
    if (ordered != null) {
      return ordered;
    }
    Planned input = plan(sort.input(), below, env);
    List<PlanNode.SortKey> keys = sortKeys(sort.keys(), input.columns());
    Expression heap = null;
    if (bounded != null && bounded.offset() == null && bounded.limit() != null) {
      heap = expressions.build(bounded.limit(), env.with(new int[0]));
    }
    Estimate e = input.node().estimate();
    double total = e.totalCost() + Cost.sortCost(e.rows());
    return new Planned(
        new PlanNode.Sort(
            input.node(), keys, heap, new Estimate(e.rows(), total, total + Cost.ROW * e.rows())),
        input.columns());
  }

  /**
   * The rows in the wanted order straight from an index; null if none gives it or it does not pay.
   */
  private @Nullable Planned ordered(
      Rel rel, List<Bound.Order> keys, BitSet required, Env env, long wanted) {
    return switch (rel) {
      case Rel.Project p -> {
        List<Bound.Order> below = new ArrayList<>();
        for (Bound.Order key : keys) {
          Bound e =
              Bound.mapColumns(
                  key.expression(), c -> p.expressions().get(((Bound.Column) c).index()));
          if (Rewriter.isVolatile(e)) {
            yield null;
          }
          below.add(new Bound.Order(e, key.descending(), key.nullsFirst()));
        }
        boolean[] failed = new boolean[1];
        Planned planned =
            project(
                p,
                required,
                env,
                (r, q, e) -> {
                  Planned inner = ordered(r, below, q, e, wanted);
                  failed[0] = inner == null;
                  return inner == null ? plan(r, q, e) : inner;
                });
        yield failed[0] ? null : planned;
      }
      case Rel.Filter f when f.input() instanceof Rel.Scan scan ->
          scans.ordered(scan, Bound.conjuncts(f.condition()), keys, required, env, wanted);
      case Rel.Scan scan -> scans.ordered(scan, List.of(), keys, required, env, wanted);
      default -> null;
    };
  }

  // Several inputs.

  private Planned setOperation(Rel.SetOperation set, Env env) {
    List<PlanNode> inputs = new ArrayList<>();
    collect(set.left(), set, inputs, env);
    if (set.kind() == Rel.SetOperation.Kind.UNION) {
      collect(set.right(), set, inputs, env);
    } else {
      inputs.add(exact(set.right(), env));
    }
    double rows = 0;
    double cost = 0;
    for (PlanNode input : inputs) {
      rows += input.estimate().rows();
      cost += input.estimate().totalCost();
    }
    return identity(
        new PlanNode.SetOperation(
            switch (set.kind()) {
              case UNION -> PlanNode.SetOperation.Kind.UNION;
              case INTERSECT -> PlanNode.SetOperation.Kind.INTERSECT;
              case EXCEPT -> PlanNode.SetOperation.Kind.EXCEPT;
            },
            set.all(),
            inputs,
            set.types(),
            new Estimate(Cost.clamp(rows), 0, cost + Cost.ROW * rows)));
  }

  /** UNION ALL of UNION ALLs is one of all their inputs; so is UNION of UNIONs. */
  private void collect(Rel rel, Rel.SetOperation like, List<PlanNode> inputs, Env env) {
    if (rel instanceof Rel.SetOperation set
        && set.kind() == Rel.SetOperation.Kind.UNION
        && like.kind() == Rel.SetOperation.Kind.UNION
        && set.types().equals(like.types())
        && (set.all() == like.all() || !like.all())) {
      collect(set.left(), like, inputs, env);
      collect(set.right(), like, inputs, env);
      return;
    }
    inputs.add(exact(rel, env));
  }

  private Planned with(Rel.With with, BitSet required, Env env) {
    List<PlanNode.Cte> ctes = new ArrayList<>();
    for (Rel.Cte cte : with.ctes()) {
      PlanNode query = exact(cte.query(), env);
      cteRows.put(cte.id(), query.estimate().rows());
      PlanNode step = null;
      if (cte.step() != null) {
        stepping.add(cte.id());
        step = exact(cte.step(), env);
        stepping.remove(cte.id());
        cteRows.put(cte.id(), query.estimate().rows() * 10);
      }
      ctes.add(new PlanNode.Cte(cte.id(), cte.name(), query, step, cte.unionAll()));
    }
    Planned body = plan(with.body(), required, env);
    Estimate e = body.node().estimate();
    double cost = 0;
    for (PlanNode.Cte cte : ctes) {
      cost += cte.plan().estimate().totalCost();
    }
    return new Planned(
        new PlanNode.With(
            ctes,
            body.node(),
            new Estimate(e.rows(), e.startupCost() + cost, e.totalCost() + cost)),
        body.columns());
  }

  // Row locks.

  private Planned lockRows(Rel.LockRows lock, BitSet required, Env env) {
    return lockRows(lock, required, env, null);
  }

  private Planned lockRows(Rel.LockRows lock, BitSet required, Env env, @Nullable Bounded bounded) {
    Planned inScan = lockInScan(lock, required, env, bounded);
    if (inScan != null) {
      return inScan;
    }
    BitSet below = (BitSet) required.clone();
    lock.keyColumns().forEach(below::set);
    Planned input =
        lock.input() instanceof Rel.Sort sort
            ? sort(sort, below, env, null)
            : plan(lock.input(), below, env);
    List<Integer> keys = new ArrayList<>();
    for (int column : lock.keyColumns()) {
      keys.add(input.columns()[column]);
    }
    return new Planned(
        new PlanNode.LockRows(
            input.node(),
            lock.table(),
            keys,
            ScanPlanner.strength(lock.lock()),
            ScanPlanner.policy(lock.lock()),
            Cost.over(input.node().estimate(), input.rows(), Cost.ROW)),
        input.columns());
  }

  /** A single table's rows are locked as they are read, unless a sort decides later which count. */
  private @Nullable Planned lockInScan(
      Rel.LockRows lock, BitSet required, Env env, @Nullable Bounded bounded) {
    Rel locked = withLock(lock.input(), lock);
    if (locked == null) {
      return null;
    }
    if (bounded == null) {
      return plan(locked, required, env);
    }
    if (bounded.wanted() == ScanPlanner.NO_LIMIT) {
      // How many rows are wanted is known only at run time: lock no more than those.
      return null;
    }
    if (locked instanceof Rel.Sort sort) {
      BitSet below = (BitSet) required.clone();
      sort.keys().forEach(k -> below.set(k.column()));
      return ordered(sort.input(), ScanPlanner.order(sort), below, env, bounded.wanted());
    }
    return limited(locked, required, env, bounded.wanted());
  }

  private @Nullable Rel withLock(Rel rel, Rel.LockRows lock) {
    return switch (rel) {
      case Rel.Scan scan when scan.table().id() == lock.table().id() && scan.lock() == null ->
          new Rel.Scan(scan.table(), scan.alias(), lock.lock(), scan.types());
      case Rel.Filter filter -> {
        boolean byArray =
            filter.input() instanceof Rel.Scan scan
                && scans.prefersArrayLookup(scan, Bound.conjuncts(filter.condition()));
        Rel input = byArray ? null : withLock(filter.input(), lock);
        yield input instanceof Rel.Scan ? new Rel.Filter(input, filter.condition()) : null;
      }
      case Rel.Project project -> {
        Rel input = withLock(project.input(), lock);
        yield input == null ? null : new Rel.Project(input, project.expressions(), project.types());
      }
      case Rel.Sort sort -> {
        Rel input = withLock(sort.input(), lock);
        yield input == null ? null : new Rel.Sort(input, sort.keys());
      }
      default -> null;
    };
  }

  static boolean isPublic(IndexDescriptor index) {
    return index.state() == IndexDescriptor.State.PUBLIC;
  }

  static ShardForgeException unsupported(String construct) {
    return new ShardForgeException(
        ErrorCode.FEATURE_NOT_SUPPORTED, construct + " is not supported yet");
  }
}
