package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.proto.MultiAssignRef;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ResTarget;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the table that a statement changes: their names, defaults, checks and new values.
 */
final class TargetColumns {
  private final Binder binder;
  private final BindContext context;
  private final TableDescriptor table;
  private final String relation;
  private final List<Target.Column> columns;
  private final Map<Integer, String> defaults;
  private final boolean view;

  TargetColumns(Binder binder, TableDescriptor table) {
    this(binder, table, table.name(), Target.columnsOf(table), Map.of(), false);
  }

  TargetColumns(Binder binder, Target target) {
    this(
        binder,
        target.table(),
        target.name(),
        target.columns(),
        target.defaults(),
        target.isView());
  }

  private TargetColumns(
      Binder binder,
      TableDescriptor table,
      String relation,
      List<Target.Column> columns,
      Map<Integer, String> defaults,
      boolean view) {
    this.binder = binder;
    this.context = binder.context();
    this.table = table;
    this.relation = relation;
    this.columns = columns;
    this.defaults = defaults;
    this.view = view;
  }

  /** A named column, or 42703. */
  Target.Column named(ResTarget target) {
    for (Target.Column column : columns) {
      if (column.name().equals(target.getName())) {
        return column;
      }
    }
    throw context.error(
        ErrorCode.UNDEFINED_COLUMN,
        target.getLocation(),
        "column \"" + target.getName() + "\" of relation \"" + relation + "\" does not exist");
  }

  /** The ordinal of the table's column that a column is; 0A000 for one that a view computes. */
  int written(Target.Column column, String verb) {
    Target.Obstacle obstacle = column.obstacle();
    if (obstacle != null) {
      throw context
          .error(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              -1,
              "cannot "
                  + verb
                  + " column \""
                  + obstacle.column()
                  + "\" of view \""
                  + obstacle.view()
                  + "\"")
          .withDetail(obstacle.reason());
    }
    return column.ordinal();
  }

  ShardForgeException assignedTwice(int ordinal) {
    return context.error(
        ErrorCode.SYNTAX_ERROR,
        -1,
        "multiple assignments to same column \"" + table.columns().get(ordinal).name() + "\"");
  }

  /** What the column gets when the statement gives no value. */
  Bound defaultOf(int ordinal) {
    ColumnDescriptor column = table.columns().get(ordinal);
    if (column.generated()) {
      // Computed of the whole row, when all else is there.
      return new Bound.Const(null, column.type(), -1);
    }
    String own = defaults.get(ordinal);
    String sql = own == null ? column.defaultSql() : own;
    if (sql != null) {
      return binder.storedDefault(sql, column.type(), column.name());
    }
    if (column.sequenceId() != 0) {
      Bound sequence = new Bound.Const((long) column.sequenceId(), SqlType.of(PgOid.REGCLASS), -1);
      Functions.Resolved next =
          binder
              .functions()
              .function("pg_catalog", "nextval", List.of(sequence), List.of(), false, -1);
      Bound call =
          new Bound.Call(
              java.util.Objects.requireNonNull(next.proc()).oid(),
              null,
              next.args(),
              next.type(),
              false,
              false,
              -1);
      return binder.coercion().assign(call, column.type(), column.name(), -1);
    }
    String domainDefault = domainDefault(column.type());
    if (domainDefault != null) {
      return binder.storedDefault(domainDefault, column.type(), column.name());
    }
    return binder
        .coercion()
        .assign(
            new Bound.Const(null, PgTypes.base(column.type()), -1),
            column.type(),
            column.name(),
            -1);
  }

  /** The default of the domain that a column is of, or of one that this is over. */
  private @Nullable String domainDefault(SqlType type) {
    int oid = type.oid();
    while (context.catalog().typeDescriptor(oid) instanceof DomainDescriptor domain) {
      if (domain.defaultSql() != null) {
        return domain.defaultSql();
      }
      oid = domain.base().oid();
    }
    return null;
  }

  /** The value that a row has been given for a column of the base of the column's type. */
  Bound given(int ordinal) {
    ColumnDescriptor column = table.columns().get(ordinal);
    Bound value = new Bound.Column(ordinal, PgTypes.base(column.type()), column.name(), -1);
    return binder.coercion().assign(value, column.type(), column.name(), -1);
  }

  /** A value cast to a table's column, which may have another name here; 42804 if it cannot be. */
  Bound assign(int ordinal, String name, Bound value, int location) {
    return binder.coercion().assign(value, table.columns().get(ordinal).type(), name, location);
  }

  /** The values of generated columns in their order, then the checks, over a whole row. */
  List<Bound> rules() {
    List<Bound> checks = new ArrayList<>();
    for (ColumnDescriptor column : table.columns()) {
      if (column.generated()) {
        checks.add(
            binder.storedExpression(Objects.requireNonNull(column.defaultSql()), column, table));
      }
    }
    for (TableDescriptor.CheckDescriptor check : table.checks()) {
      checks.add(binder.storedCheck(check.sql(), table));
    }
    return checks;
  }

  /** Fails with 42501 unless values may be given for these columns. */
  void requireInsert(List<Integer> ordinals) {
    if (!view) {
      binder.requireColumns(table, ordinals, Privilege.INSERT);
    }
  }

  // SET lists.

  /** New values of an UPDATE: one expression a table column, and which columns were named. */
  record Assignments(List<Bound> values, List<Integer> changed) {}

  /** Binds a SET list; columns that it does not name keep {@code Column(i)}. */
  Assignments assignments(List<Node> targetList, ExpressionBinder expressions, String verb) {
    List<Bound> values = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      ColumnDescriptor column = table.columns().get(i);
      values.add(new Bound.Column(i, column.type(), column.name(), -1));
    }
    BitSet seen = new BitSet();
    Map<Integer, Bound> ofParts = new HashMap<>();
    List<Integer> changed = new ArrayList<>();
    for (Node node : targetList) {
      ResTarget target = node.getResTarget();
      Target.Column column = named(target);
      int ordinal = written(column, verb);
      boolean part = target.getIndirectionCount() > 0;
      if (seen.get(ordinal) && !(part && ofParts.containsKey(ordinal))) {
        throw assignedTwice(ordinal);
      }
      if (!seen.get(ordinal)) {
        seen.set(ordinal);
        changed.add(ordinal);
      }
      if (!view) {
        binder.requireColumns(table, List.of(ordinal), Privilege.UPDATE);
      }
      Bound value = assigned(target, column, expressions);
      int location = Location.of(target.getVal());
      if (part) {
        // The parts make one value, which is judged as one if the column is of a domain.
        value =
            expressions.assigned(
                ofParts.getOrDefault(ordinal, values.get(ordinal)), target, value, location);
        ofParts.put(ordinal, value);
      }
      values.set(ordinal, assign(ordinal, column.name(), value, location));
    }
    for (int i = 0; i < table.columns().size(); i++) {
      if (table.columns().get(i).generated() && !seen.get(i)) {
        changed.add(i);
      }
    }
    return new Assignments(values, changed);
  }

  /** The value that a SET list gives for a column or a part of one. */
  private Bound assigned(ResTarget target, Target.Column named, ExpressionBinder expressions) {
    int ordinal = named.ordinal();
    Node value = target.getVal();
    Bound field = null;
    if (value.hasMultiAssignRef()) {
      MultiAssignRef ref = value.getMultiAssignRef();
      field = expanded(ref, expressions);
      value = field == null ? source(ref) : value;
    }
    ColumnDescriptor column = table.columns().get(ordinal);
    if (value.hasSetToDefault() && target.getIndirectionCount() > 0) {
      throw partDefault(target);
    }
    if (value.hasSetToDefault() && !view) {
      return defaultOf(ordinal);
    }
    if (column.generated()) {
      throw context
          .error(
              ErrorCode.GENERATED_ALWAYS,
              -1,
              "column \"" + column.name() + "\" can only be updated to DEFAULT")
          .withDetail("Column \"" + column.name() + "\" is a generated column.");
    }
    if (column.identity() == 'a') {
      throw context
          .error(
              ErrorCode.GENERATED_ALWAYS,
              -1,
              "column \"" + column.name() + "\" can only be updated to DEFAULT")
          .withDetail(
              "Column \""
                  + column.name()
                  + "\" is an identity column defined as GENERATED ALWAYS.");
    }
    if (field != null) {
      return field;
    }
    // A view's columns have no defaults of their own, and those of the table are not asked for.
    return value.hasSetToDefault()
        ? new Bound.Const(null, PgTypes.base(column.type()), -1)
        : target.getVal().getMultiAssignRef().getSource().hasSubLink()
            ? expressions.column(value.getSubLink(), target.getVal().getMultiAssignRef())
            : expressions.bind(value);
  }

  /** Parts have no defaults. */
  ShardForgeException partDefault(ResTarget target) {
    return context.error(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        target.getLocation(),
        target.getIndirection(0).hasAIndices()
            ? "cannot set an array element to DEFAULT"
            : "cannot set a subfield to DEFAULT");
  }

  /** A field of a row that is written with all columns of something, as ROW(t.*); else null. */
  private @Nullable Bound expanded(MultiAssignRef ref, ExpressionBinder expressions) {
    Node source = ref.getSource();
    boolean stars =
        source.getRowExpr().getArgsList().stream()
            .map(arg -> arg.getColumnRef().getFieldsList())
            .anyMatch(fields -> !fields.isEmpty() && fields.getLast().hasAStar());
    if (!stars || !(expressions.bind(source) instanceof Bound.RowOf row)) {
      return null;
    }
    requireWidth(ref, row.fields().size());
    return row.fields().get(ref.getColno() - 1);
  }

  private void requireWidth(MultiAssignRef ref, int count) {
    if (count != ref.getNcolumns()) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          ref.getSource().getRowExpr().getLocation(),
          "number of columns does not match number of values");
    }
  }

  private Node source(MultiAssignRef ref) {
    Node source = ref.getSource();
    if (source.hasRowExpr()) {
      requireWidth(ref, source.getRowExpr().getArgsCount());
      return source.getRowExpr().getArgs(ref.getColno() - 1);
    }
    if (source.hasSubLink()) {
      return source;
    }
    throw context.error(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        Location.of(source),
        "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression");
  }

  // RETURNING.

  /** Output columns of RETURNING with their expressions. */
  record Returning(List<Bound> expressions, List<Query.Column> columns) {
    List<SqlType> types() {
      return columns.stream().map(Query.Column::type).toList();
    }
  }

  static @Nullable Returning returning(
      Binder binder, Scope scope, CteScope ctes, List<Node> nodes) {
    if (nodes.isEmpty()) {
      return null;
    }
    List<Bound> expressions = new ArrayList<>();
    List<Query.Column> columns = new ArrayList<>();
    for (PlainSelect.Target target :
        PlainSelect.targetList(
            binder, scope, new ExpressionBinder(binder, scope, Clause.RETURNING, ctes), nodes)) {
      Bound value = binder.coercion().settle(target.expression());
      expressions.add(value);
      columns.add(
          new Query.Column(target.name(), value.type(), target.tableId(), target.columnNumber()));
    }
    return new Returning(expressions, columns);
  }
}
