package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Scope.Source;
import io.shardforge.sql.bind.Scope.SourceColumn;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.proto.ColumnRef;
import io.shardforge.sql.parse.proto.LockingClause;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ResTarget;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SortBy;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binds one SELECT … FROM … WHERE … GROUP BY … with its ORDER BY, LIMIT and row locks. */
final class PlainSelect {
  /** PostgreSQL's bound on the columns of a row on their way to a client. */
  private static final int TARGETS_MAX = 1_664;

  /** An output column, or one that only sorting or locking needs ({@code junk}). */
  record Target(
      String name, Bound expression, int tableId, int columnNumber, boolean junk, int location) {
    Target with(Bound newExpression) {
      return new Target(name, newExpression, tableId, columnNumber, junk, location);
    }
  }

  private final Binder binder;
  private final BindContext context;
  private final Scope.@Nullable Boundary boundary;
  private final CteScope ctes;
  private final List<Source> inaccessible;
  private final List<Target> targets = new ArrayList<>();
  private Scope scope;
  private @Nullable WindowBinder windows;

  PlainSelect(
      Binder binder, Scope.@Nullable Boundary boundary, CteScope ctes, List<Source> inaccessible) {
    this.binder = binder;
    this.context = binder.context();
    this.boundary = boundary;
    this.ctes = ctes;
    this.inaccessible = inaccessible;
    this.scope = new Scope(context, boundary, List.of());
  }

  Query bind(SelectStmt select, boolean settle) {
    FromBinder.Item from = new FromBinder(binder, boundary, ctes).bind(select.getFromClauseList());
    scope = new Scope(context, boundary, from.sources());
    scope.addInaccessible(inaccessible);
    Rel rel = from.rel();
    WindowBinder definitions = new WindowBinder(binder, scope, ctes);
    definitions.define(select.getWindowClauseList());
    windows = definitions;
    targets.addAll(
        targetList(
            binder,
            scope,
            new ExpressionBinder(binder, scope, Clause.SELECT, ctes, windows),
            select.getTargetListList()));
    if (settle) {
      targets.replaceAll(t -> t.with(binder.coercion().settle(t.expression)));
    }
    if (select.hasWhereClause()) {
      rel = new Rel.Filter(rel, expressions(Clause.WHERE).condition(select.getWhereClause()));
    }
    Bound having =
        select.hasHavingClause()
            ? expressions(Clause.HAVING).condition(select.getHavingClause())
            : null;
    List<Rel.Key> order = new ArrayList<>();
    for (Node node : select.getSortClauseList()) {
      SortBy sort = node.getSortBy();
      int column = sortColumn(sort.getNode(), "ORDER BY", Clause.ORDER_BY);
      SortDirection direction = SortDirection.of(context, sort);
      SelectBinder.requireOrder(
          context, targets.get(column).expression, Location.of(sort.getNode()));
      order.add(new Rel.Key(column, direction.descending(), direction.nullsFirst()));
    }
    GroupBy groupBy = new GroupBy(context, select, this::groupKey);
    List<Integer> distinctOn = distinctOn(select, order);
    boolean distinct = select.getDistinctClauseCount() > 0 && distinctOn.isEmpty();
    if (distinct) {
      checkDistinct(order, select);
    }
    List<Lock> locks = locks(select, groupBy, having, distinct || !distinctOn.isEmpty());

    boolean grouped =
        !groupBy.isEmpty()
            || having != null
            || targets.stream().anyMatch(t -> Contains.hasAggregate(t.expression));
    if (grouped) {
      GroupedSets sets = new GroupedSets(rel, groupBy);
      rel = sets.rows();
      targets.replaceAll(t -> t.with(sets.replaced(t.expression)));
      Grouping grouping = new Grouping(context, scope, groupBy);
      List<Bound> rewritten = new ArrayList<>();
      for (Target target : targets) {
        rewritten.add(grouping.rewrite(target.expression));
      }
      Bound newHaving = having == null ? null : grouping.rewrite(having);
      rel = grouping.group(rel);
      if (newHaving != null) {
        rel = new Rel.Filter(rel, grouping.settled(newHaving));
      }
      for (int i = 0; i < targets.size(); i++) {
        targets.set(i, targets.get(i).with(grouping.settled(rewritten.get(i))));
      }
    }
    rel = windowed(rel);
    return finish(select, rel, order, distinct, distinctOn, locks);
  }

  /** Computes the window calls of the targets, which become columns. */
  private Rel windowed(Rel rel) {
    Windowing windowing = new Windowing();
    for (Target target : targets) {
      windowing.collect(target.expression);
    }
    if (windowing.isEmpty()) {
      return rel;
    }
    Rel result = windowing.compute(rel);
    targets.replaceAll(t -> t.with(windowing.replaced(t.expression)));
    return result;
  }

  private Query finish(
      SelectStmt select,
      Rel input,
      List<Rel.Key> order,
      boolean distinct,
      List<Integer> distinctOn,
      List<Lock> locks) {
    Set<Integer> sorted = new HashSet<>();
    if (!distinct && !order.isEmpty()) {
      order.forEach(key -> sorted.add(key.column()));
      sorted.addAll(distinctOn);
    }
    LateTargets late =
        new LateTargets(binder, targets.stream().map(Target::expression).toList(), sorted);
    Rel rel = late.early(input);
    if (distinct) {
      rel = new Rel.Unique(rel);
    }
    List<Rel.Key> keys = new ArrayList<>(order);
    for (int column : distinctOn) {
      if (keys.stream().noneMatch(k -> k.column() == column)) {
        keys.add(new Rel.Key(column, false, false));
      }
    }
    if (!keys.isEmpty()) {
      rel = new Rel.Sort(rel, keys);
    }
    if (!distinctOn.isEmpty()) {
      rel = new Rel.UniqueOn(rel, distinctOn);
    }
    if (!late.isEmpty()) {
      rel = late.complete(rel);
    }
    for (Lock lock : locks) {
      rel = new Rel.LockRows(rel, lock.table, lock.keyColumns, lock.lock);
    }
    rel = SelectBinder.limited(binder, scope, rel, order, select, ctes);
    List<Query.Column> columns = new ArrayList<>();
    List<Bound> visible = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      if (!target.junk) {
        visible.add(new Bound.Column(i, target.expression.type(), target.name, -1));
        columns.add(
            new Query.Column(
                target.name, target.expression.type(), target.tableId, target.columnNumber));
      }
    }
    if (visible.size() < targets.size()) {
      rel = Rel.Project.of(rel, visible);
    }
    return new Query(rel, columns);
  }

  private ExpressionBinder expressions(Clause clause) {
    boolean windowed = clause == Clause.ORDER_BY || clause == Clause.DISTINCT_ON;
    return new ExpressionBinder(binder, scope, clause, ctes, windowed ? windows : null);
  }

  // Output columns.

  static List<Target> targetList(
      Binder binder, Scope scope, ExpressionBinder expressions, List<Node> nodes) {
    BindContext context = binder.context();
    List<Target> targets = new ArrayList<>();
    for (Node node : nodes) {
      ResTarget target = node.getResTarget();
      Node value = target.getVal();
      if (value.hasColumnRef() && value.getColumnRef().getFieldsList().getLast().hasAStar()) {
        expandStar(context, scope, value.getColumnRef(), targets);
        continue;
      }
      if (RowExpansion.isOfRow(value)) {
        for (RowExpansion.Part part : expressions.expansion().parts(value)) {
          targets.add(new Target(part.name(), part.value(), 0, 0, false, Location.of(value)));
        }
        continue;
      }
      String name = target.getName().isEmpty() ? ColumnName.of(value) : target.getName();
      int tableId = 0;
      int number = 0;
      Bound expression;
      if (value.hasColumnRef()) {
        Scope.Resolved resolved = expressions.resolveColumn(value.getColumnRef());
        expression = resolved.expression();
        tableId = resolved.tableId();
        number = resolved.columnNumber();
      } else {
        expression = expressions.bind(value);
      }
      targets.add(new Target(name, expression, tableId, number, false, Location.of(value)));
    }
    if (targets.size() > TARGETS_MAX) {
      throw context.error(
          ErrorCode.TOO_MANY_COLUMNS,
          -1,
          "target lists can have at most " + TARGETS_MAX + " entries");
    }
    return targets;
  }

  private static void expandStar(
      BindContext context, Scope scope, ColumnRef ref, List<Target> targets) {
    List<Node> fields = ref.getFieldsList();
    int location = ref.getLocation();
    List<Source> sources = new ArrayList<>();
    Scope.Found item = null;
    if (fields.size() == 1) {
      if (scope.sources().isEmpty()) {
        throw context.error(
            ErrorCode.SYNTAX_ERROR, location, "SELECT * with no tables specified is not valid");
      }
      for (Source source : scope.sources()) {
        if (source.columnsVisible()) {
          sources.add(source);
        }
      }
    } else {
      String table = fields.get(fields.size() - 2).getString().getSval();
      String schema =
          fields.size() > 2 ? fields.get(fields.size() - 3).getString().getSval() : null;
      item = scope.source(schema, table, location);
      if (item == null) {
        throw scope.missingSource(table, location);
      }
      sources.add(item.source());
    }
    ViewTrace trace = context.trace();
    for (Source source : sources) {
      for (SourceColumn c : source.columns()) {
        if (c.hidden() || c.columnNumber() == Recursion.UNEXPANDED) {
          continue;
        }
        if (trace != null) {
          trace.expands(ref, source.relationVisible() ? source.name() : null, c);
        }
        context.requireReadable(c);
        Bound expression = c.expression();
        if (item != null && item.level() != scope) {
          Scope.Resolved resolved = scope.column(item, c.name(), location);
          expression = resolved == null ? expression : resolved.expression();
        } else if (expression instanceof Bound.Column column) {
          expression = new Bound.Column(column.index(), column.type(), column.name(), location);
        }
        targets.add(
            new Target(c.name(), expression, c.tableId(), c.columnNumber(), false, location));
      }
    }
  }

  // ORDER BY, GROUP BY, DISTINCT ON items.

  /**
   * The target that an ORDER BY or DISTINCT ON item means; a new junk one if it is an expression.
   */
  private int sortColumn(Node node, String construct, Clause clause) {
    int byName = outputName(node, construct);
    if (byName >= 0) {
      return byName;
    }
    int byPosition = position(node, construct);
    if (byPosition >= 0) {
      return byPosition;
    }
    return target(binder.coercion().settle(expressions(clause).bind(node)), Location.of(node));
  }

  private int target(Bound expression, int location) {
    for (int i = 0; i < targets.size(); i++) {
      if (Normal.same(targets.get(i).expression, expression)) {
        return i;
      }
    }
    targets.add(new Target("", expression, 0, 0, true, location));
    return targets.size() - 1;
  }

  private int outputName(Node node, String construct) {
    if (!node.hasColumnRef()
        || node.getColumnRef().getFieldsCount() != 1
        || !node.getColumnRef().getFields(0).hasString()) {
      return -1;
    }
    String name = node.getColumnRef().getFields(0).getString().getSval();
    int found = -1;
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      if (!target.junk && target.name.equals(name)) {
        if (found >= 0 && !Normal.same(targets.get(found).expression, target.expression)) {
          throw context.error(
              ErrorCode.AMBIGUOUS_COLUMN,
              Location.of(node),
              construct + " \"" + name + "\" is ambiguous");
        }
        found = found < 0 ? i : found;
      }
    }
    return found;
  }

  private int position(Node node, String construct) {
    if (!node.hasAConst()) {
      return -1;
    }
    if (!node.getAConst().hasIval()) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR, Location.of(node), "non-integer constant in " + construct);
    }
    int position = node.getAConst().getIval().getIval();
    long visible = targets.stream().filter(t -> !t.junk).count();
    if (position < 1 || position > visible) {
      throw context.error(
          ErrorCode.INVALID_COLUMN_REFERENCE,
          Location.of(node),
          construct + " position " + position + " is not in select list");
    }
    return position - 1;
  }

  private Bound groupKey(Node node) {
    Bound key = null;
    // In GROUP BY, unlike ORDER BY, a column of FROM goes before an output name.
    if (node.hasColumnRef() && node.getColumnRef().getFieldsCount() == 1) {
      String name = node.getColumnRef().getFields(0).getString().getSval();
      boolean inFrom =
          scope.sources().stream().anyMatch(s -> s.columnsVisible() && s.find(name) != null);
      if (!inFrom) {
        int output = outputName(node, "GROUP BY");
        key = output < 0 ? null : targets.get(output).expression;
      }
    }
    if (key == null && node.hasAConst()) {
      key = targets.get(position(node, "GROUP BY")).expression;
    }
    if (key == null) {
      key = binder.coercion().settle(expressions(Clause.GROUP_BY).bind(node));
    }
    if (Contains.hasAggregate(key)) {
      throw context.error(
          ErrorCode.GROUPING_ERROR,
          Location.of(node),
          "aggregate functions are not allowed in GROUP BY");
    }
    if (Contains.hasWindow(key)) {
      throw context.error(
          ErrorCode.WINDOWING_ERROR,
          Location.of(node),
          "window functions are not allowed in GROUP BY");
    }
    SelectBinder.requireEquality(context, key, Location.of(node));
    return key;
  }

  private List<Integer> distinctOn(SelectStmt select, List<Rel.Key> order) {
    List<Integer> columns = new ArrayList<>();
    if (select.getDistinctClauseCount() == 0
        || select.getDistinctClause(0).getNodeCase() == Node.NodeCase.NODE_NOT_SET) {
      return columns;
    }
    for (Node node : select.getDistinctClauseList()) {
      int column = sortColumn(node, "DISTINCT ON", Clause.DISTINCT_ON);
      SelectBinder.requireEquality(context, targets.get(column).expression, Location.of(node));
      if (!columns.contains(column)) {
        columns.add(column);
      }
    }
    for (int i = 0; i < order.size() && i < columns.size(); i++) {
      if (!columns.contains(order.get(i).column())) {
        throw context.error(
            ErrorCode.INVALID_COLUMN_REFERENCE,
            Location.of(select.getDistinctClause(misplaced(columns, order, i))),
            "SELECT DISTINCT ON expressions must match initial ORDER BY expressions");
      }
    }
    return columns;
  }

  /** The first expression of DISTINCT ON that the sort keys have too late, or do not have. */
  private static int misplaced(List<Integer> columns, List<Rel.Key> order, int from) {
    for (Rel.Key key : order.subList(from, order.size())) {
      if (columns.contains(key.column())) {
        return columns.indexOf(key.column());
      }
    }
    List<Integer> sorted = order.stream().map(Rel.Key::column).toList();
    for (int i = 0; i < columns.size(); i++) {
      if (!sorted.contains(columns.get(i))) {
        return i;
      }
    }
    return 0;
  }

  private void checkDistinct(List<Rel.Key> order, SelectStmt select) {
    for (int i = 0; i < order.size(); i++) {
      if (targets.get(order.get(i).column()).junk) {
        throw context.error(
            ErrorCode.INVALID_COLUMN_REFERENCE,
            Location.of(select.getSortClause(i)),
            "for SELECT DISTINCT, ORDER BY expressions must appear in select list");
      }
    }
    for (Target target : targets) {
      SelectBinder.requireEquality(context, target.expression, target.location);
    }
  }

  // FOR UPDATE and its kin.

  private record Lock(TableDescriptor table, List<Integer> keyColumns, Rel.Lock lock) {}

  private List<Lock> locks(
      SelectStmt select, GroupBy groupBy, @Nullable Bound having, boolean distinct) {
    Map<Source, Rel.Lock> wanted = new LinkedHashMap<>();
    for (Node node : select.getLockingClauseList()) {
      LockingClause clause = node.getLockingClause();
      Rel.Lock.Strength strength =
          switch (clause.getStrength()) {
            case LCS_FORKEYSHARE -> Rel.Lock.Strength.KEY_SHARE;
            case LCS_FORSHARE -> Rel.Lock.Strength.SHARE;
            case LCS_FORNOKEYUPDATE -> Rel.Lock.Strength.NO_KEY_UPDATE;
            default -> Rel.Lock.Strength.UPDATE;
          };
      String words = "FOR " + strength.name().replace('_', ' ');
      refuse(distinct, words, "DISTINCT clause");
      refuse(!groupBy.isEmpty(), words, "GROUP BY clause");
      refuse(having != null, words, "HAVING clause");
      refuse(
          targets.stream().anyMatch(t -> Contains.hasAggregate(t.expression)),
          words,
          "aggregate functions");
      refuse(
          targets.stream().anyMatch(t -> Contains.hasWindow(t.expression)),
          words,
          "window functions");
      refuse(
          targets.stream().anyMatch(t -> Contains.hasSet(t.expression)),
          words,
          "set-returning functions in the target list");
      Rel.Lock.Policy policy =
          switch (clause.getWaitPolicy()) {
            case LockWaitSkip -> Rel.Lock.Policy.SKIP_LOCKED;
            case LockWaitError -> Rel.Lock.Policy.NOWAIT;
            default -> Rel.Lock.Policy.BLOCK;
          };
      for (Source source : lockedSources(clause, words)) {
        Rel.Lock lock = new Rel.Lock(strength, policy);
        wanted.merge(source, lock, PlainSelect::stronger);
      }
    }
    List<Lock> locks = new ArrayList<>();
    for (Map.Entry<Source, Rel.Lock> entry : wanted.entrySet()) {
      Source source = entry.getKey();
      TableDescriptor table = source.table();
      if (table == null) {
        continue;
      }
      if (source.nullable()) {
        throw context.error(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            -1,
            "FOR UPDATE cannot be applied to the nullable side of an outer join");
      }
      binder.requireAnyColumn(table, Privilege.UPDATE);
      List<Integer> keys = new ArrayList<>();
      for (IndexDescriptor.KeyColumn key : table.primaryIndex().columns()) {
        int ordinal = table.ordinalOfNumber(key.columnNumber());
        keys.add(target(source.columns().get(ordinal).expression(), -1));
      }
      locks.add(new Lock(table, keys, entry.getValue()));
    }
    return locks;
  }

  private static Rel.Lock stronger(Rel.Lock a, Rel.Lock b) {
    return new Rel.Lock(
        a.strength().compareTo(b.strength()) >= 0 ? a.strength() : b.strength(),
        a.policy().compareTo(b.policy()) >= 0 ? a.policy() : b.policy());
  }

  private void refuse(boolean when, String words, String what) {
    if (when) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED, -1, words + " is not allowed with " + what);
    }
  }

  private List<Source> lockedSources(LockingClause clause, String words) {
    List<Source> result = new ArrayList<>();
    if (clause.getLockedRelsCount() == 0) {
      for (Source source : scope.sources()) {
        if (source.table() != null) {
          result.add(source);
        } else if (source.relationVisible()) {
          throw context.unsupported(-1, words + " of a subquery, view or function");
        }
      }
      return result;
    }
    for (Node node : clause.getLockedRelsList()) {
      String name = node.getRangeVar().getRelname();
      Source found = null;
      for (Source source : scope.sources()) {
        if (source.relationVisible() && source.name().equals(name)) {
          found = source;
        }
      }
      if (found == null) {
        throw context.error(
            ErrorCode.UNDEFINED_TABLE,
            node.getRangeVar().getLocation(),
            "relation \"" + name + "\" in " + words + " clause not found in FROM clause");
      }
      if (found.table() == null) {
        throw context.unsupported(
            node.getRangeVar().getLocation(), words + " of a subquery, view or function");
      }
      result.add(found);
    }
    return result;
  }
}
