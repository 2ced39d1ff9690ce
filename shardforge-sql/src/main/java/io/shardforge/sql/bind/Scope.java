package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that expressions of one query level can refer to: its FROM items, and behind them those
 * of the enclosing levels, which are reached through a {@link Boundary}.
 */
final class Scope {
  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("tableoid", "ctid", "xmin", "xmax", "cmin", "cmax");

  /** By how many letters a column may differ from what was meant. */
  private static final int TYPING_ERRORS_MAX = 3;

  /** A column of a FROM item as an expression over the level's row. */
  record SourceColumn(
      String name, Bound expression, int tableId, int columnNumber, boolean hidden) {}

  /**
   * A FROM item.
   *
   * @param virtual the system table that it is, if it is one
   * @param relationVisible may be named as a qualifier
   * @param columnsVisible its columns may be named without qualifier
   * @param nullable on the side of an outer join that may be all null
   */
  record Source(
      String name,
      @Nullable String schema,
      List<SourceColumn> columns,
      @Nullable TableDescriptor table,
      @Nullable VirtualTable virtual,
      int firstColumn,
      boolean relationVisible,
      boolean columnsVisible,
      boolean nullable) {
    /** The OID of the table, system or not, whose rows these are; 0 for what is no table. */
    int tableId() {
      if (table != null) {
        return table.id();
      }
      return virtual == null ? 0 : virtual.id();
    }

    /** A column that is null only in the all-null row of an outer join. */
    Bound someNotNull() {
      if (table != null) {
        int number = table.primaryIndex().columns().getFirst().columnNumber();
        return columns.get(table.ordinalOfNumber(number)).expression;
      }
      return columns.getFirst().expression;
    }

    Source withColumnsVisible(boolean visible) {
      return new Source(
          name, schema, columns, table, virtual, firstColumn, relationVisible, visible, nullable);
    }

    Source asNullable() {
      return new Source(
          name,
          schema,
          columns,
          table,
          virtual,
          firstColumn,
          relationVisible,
          columnsVisible,
          true);
    }

    Source shifted(int offset) {
      List<SourceColumn> moved = new ArrayList<>(columns.size());
      for (SourceColumn c : columns) {
        moved.add(
            new SourceColumn(
                c.name, Bound.shift(c.expression, offset), c.tableId, c.columnNumber, c.hidden));
      }
      return new Source(
          name,
          schema,
          moved,
          table,
          virtual,
          firstColumn + offset,
          relationVisible,
          columnsVisible,
          nullable);
    }

    @Nullable SourceColumn find(String column) {
      for (SourceColumn c : columns) {
        if (!c.hidden && c.name.equals(column)) {
          return c;
        }
      }
      return null;
    }
  }

  /** The crossing from a query level to an enclosing one: what the inner level takes along. */
  static final class Boundary {
    private final int correlation;
    private final Scope outer;
    private final Clause clause;
    private final List<Bound> args = new ArrayList<>();
    private final Map<Bound, Integer> known = new HashMap<>();

    /** {@code clause} is the part of the enclosing query that the inner one stands in. */
    Boundary(int correlation, Scope outer, Clause clause) {
      this.correlation = correlation;
      this.outer = outer;
      this.clause = clause;
    }

    int correlation() {
      return correlation;
    }

    List<Bound> args() {
      return List.copyOf(args);
    }

    /** An expression of the inner level as one of the enclosing level. */
    private Bound outside(Bound inner) {
      if (inner instanceof Bound.Outer taken && taken.correlation() == correlation) {
        return args.get(taken.index());
      }
      List<Bound> operands = inner.operands();
      return operands.isEmpty()
          ? inner
          : inner.withOperands(operands.stream().map(this::outside).toList());
    }

    /** Gives back what was taken last. */
    private void giveBack(int count) {
      args.subList(count, args.size()).clear();
      known.values().removeIf(index -> index >= count);
    }

    Bound.Outer take(Bound expression) {
      Bound key = Normal.of(expression);
      Integer index = known.get(key);
      if (index == null) {
        index = args.size();
        args.add(expression);
        known.put(key, index);
      }
      return new Bound.Outer(correlation, index, expression.type());
    }
  }

  private final BindContext context;
  private final @Nullable Boundary boundary;
  private final List<Source> sources;
  private final List<Source> inaccessible = new ArrayList<>();
  private @Nullable Bound mergeAction;

  /** How many of the first sources are there but may not be read. */
  private int unreadable;

  Scope(BindContext context, @Nullable Boundary boundary, List<Source> sources) {
    this.context = context;
    this.boundary = boundary;
    this.sources = new ArrayList<>(sources);
  }

  List<Source> sources() {
    return sources;
  }

  @Nullable Boundary boundary() {
    return boundary;
  }

  /** FROM items that exist but that this part of the query may not use: for a better message. */
  void addInaccessible(List<Source> items) {
    inaccessible.addAll(items);
  }

  /** Lets nobody read the first sources: the target, in the FROM of an UPDATE. */
  void refuseFirst(int count) {
    unreadable = count;
  }

  private void requireReadable(Source source, int location) {
    if (sources.subList(0, unreadable).contains(source)) {
      throw invalidReference(ErrorCode.INVALID_COLUMN_REFERENCE, source.name, location)
          .withHint(unreachable(source.name));
    }
  }

  /** Says what merge_action() is, in the RETURNING of a MERGE. */
  void answersMergeAction(Bound action) {
    mergeAction = action;
  }

  /** What was done to the row at the innermost level where that is known; null if at none. */
  @Nullable Bound mergeAction() {
    for (Scope scope = this; scope != null; scope = scope.outer()) {
      if (scope.mergeAction != null) {
        return importFrom(scope, scope.mergeAction);
      }
    }
    return null;
  }

  /** Whether this is the level of a query around that of another. */
  boolean encloses(Scope inner) {
    for (Scope scope = inner.outer(); scope != null; scope = scope.outer()) {
      if (scope == this) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Scope outer() {
    return boundary == null ? null : boundary.outer;
  }

  /** An expression of an enclosing level as this level sees it. */
  private Bound importFrom(Scope level, Bound expression) {
    context.useOf(level);
    Scope scope = this;
    Boundary crossing = null;
    while (scope != level) {
      crossing = java.util.Objects.requireNonNull(scope.boundary);
      scope = crossing.outer;
    }
    return crossing == null ? expression : crossing.take(expression);
  }

  /** How much is taken along at each crossing outwards. */
  List<Integer> taken() {
    List<Integer> counts = new ArrayList<>();
    for (Boundary b = boundary; b != null; b = b.outer.boundary) {
      counts.add(b.args.size());
    }
    return counts;
  }

  /**
   * An aggregate of an enclosing level, which it is computed at, as this level sees it.
   *
   * @param taken what was {@link #taken} before its arguments, which are not needed here
   */
  Bound aggregateOf(Scope level, Bound.Aggregate aggregate, List<Integer> taken) {
    Scope scope = this;
    Boundary crossing = null;
    int crossings = 0;
    while (scope != level) {
      crossing = java.util.Objects.requireNonNull(scope.boundary);
      scope = crossing.outer;
      crossings++;
    }
    if (crossing == null) {
      return aggregate;
    }
    if (!crossing.clause.allowsAggregates()) {
      throw context.error(
          ErrorCode.GROUPING_ERROR,
          aggregate.location(),
          "aggregate functions are not allowed in "
              + (crossing.clause == Clause.FROM_FUNCTION
                  ? "FROM clause of their own query level"
                  : crossing.clause.text()));
    }
    Bound outside = crossing.outside(aggregate);
    crossing.giveBack(taken.get(crossings - 1));
    return crossing.take(outside);
  }

  // Columns.

  /** A resolved column and where it comes from, for RowDescription. */
  record Resolved(Bound expression, int tableId, int columnNumber) {}

  /** The column of an unqualified name, null if there is none at any level; 42702 if ambiguous. */
  @Nullable Resolved column(String name, int location) {
    for (Scope scope = this; scope != null; scope = scope.outer()) {
      SourceColumn found = null;
      Source holder = null;
      for (Source source : scope.sources) {
        if (!source.columnsVisible) {
          continue;
        }
        for (SourceColumn c : source.columns) {
          if (!c.hidden && c.name.equals(name)) {
            if (found != null) {
              throw context.error(
                  ErrorCode.AMBIGUOUS_COLUMN,
                  location,
                  "column reference \"" + name + "\" is ambiguous");
            }
            found = c;
            holder = source;
          }
        }
      }
      if (found != null && holder != null) {
        scope.requireReadable(holder, location);
        return resolved(scope, found, location);
      }
    }
    return null;
  }

  private Resolved resolved(Scope level, SourceColumn column, int location) {
    context.reads(column);
    Bound expression = column.expression;
    if (expression instanceof Bound.Column c) {
      expression = new Bound.Column(c.index(), c.type(), c.name(), location);
    }
    return new Resolved(importFrom(level, expression), column.tableId, column.columnNumber);
  }

  /** The column of a FROM item found at any level. */
  @Nullable Resolved column(Found item, String name, int location) {
    SourceColumn found = null;
    for (SourceColumn c : item.source.columns) {
      if (!c.hidden && c.name.equals(name)) {
        if (found != null) {
          throw context.error(
              ErrorCode.AMBIGUOUS_COLUMN,
              location,
              "column reference \"" + name + "\" is ambiguous");
        }
        found = c;
      }
    }
    return found == null ? null : resolved(item.level, found, location);
  }

  /** A FROM item and the level that has it. */
  record Found(Scope level, Source source) {}

  @Nullable Found source(@Nullable String schema, String name, int location) {
    for (Scope scope = this; scope != null; scope = scope.outer()) {
      Source found = null;
      for (Source source : scope.sources) {
        if (source.relationVisible
            && source.name.equals(name)
            && (schema == null || schema.equals(source.schema))) {
          if (found != null) {
            throw context.error(
                ErrorCode.AMBIGUOUS_ALIAS,
                location,
                "table reference \"" + name + "\" is ambiguous");
          }
          found = source;
        }
      }
      if (found != null) {
        scope.requireReadable(found, location);
        return new Found(scope, found);
      }
    }
    return null;
  }

  /** A FROM item as one row value, which is null where an outer join has none. */
  Bound wholeRow(Found item, int location) {
    List<Bound> fields = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (SourceColumn c : item.source.columns) {
      if (!c.hidden) {
        fields.add(resolved(item.level, c, location).expression);
        names.add(c.name);
      }
    }
    Bound row = new Bound.RowOf(fields, names, Types.RECORD, location);
    if (!item.source.nullable) {
      return row;
    }
    // Rows of a query have no column that must not be null: all of them must be.
    Bound missing =
        item.source.table == null
            ? new Bound.NullTest(row, true, true)
            : new Bound.NullTest(importFrom(item.level, item.source.someNotNull()), true, false);
    return new Bound.Case(
        List.of(missing, new Bound.Const(null, Types.RECORD, location), row), Types.RECORD);
  }

  // System columns.

  /** What a name means as a system column of a table at any level, null if nothing. */
  @Nullable Resolved systemColumn(String name, int location) {
    if (!SYSTEM_COLUMNS.contains(name)) {
      return null;
    }
    for (Scope scope = this; scope != null; scope = scope.outer()) {
      Source found = null;
      for (Source source : scope.sources) {
        if (source.columnsVisible && source.tableId() != 0) {
          if (found != null) {
            throw context.error(
                ErrorCode.AMBIGUOUS_COLUMN,
                location,
                "column reference \"" + name + "\" is ambiguous");
          }
          found = source;
        }
      }
      if (found != null) {
        return systemColumn(new Found(scope, found), name, location);
      }
    }
    return null;
  }

  /** The system column of a FROM item, null if it is none; only tableoid can be read. */
  @Nullable Resolved systemColumn(Found item, String name, int location) {
    int table = item.source.tableId();
    if (!SYSTEM_COLUMNS.contains(name) || table == 0) {
      return null;
    }
    if (!name.equals("tableoid")) {
      throw context.unsupported(location, "the system column \"" + name + "\"");
    }
    context.requireReadable(table);
    Bound oid = new Bound.Const((long) table, SqlType.of(PgOid.OID), location);
    if (item.source.nullable) {
      // An all-null row of an outer join is of no table.
      Bound key = importFrom(item.level, item.source.someNotNull());
      oid =
          new Bound.Case(
              List.of(
                  new Bound.NullTest(key, true, false),
                  new Bound.Const(null, SqlType.of(PgOid.OID), location),
                  oid),
              SqlType.of(PgOid.OID));
    }
    return new Resolved(oid, 0, 0);
  }

  // Errors.

  ShardForgeException missingColumn(@Nullable String qualifier, String name, int location) {
    ShardForgeException error =
        context.error(
            ErrorCode.UNDEFINED_COLUMN,
            location,
            qualifier == null
                ? "column \"" + name + "\" does not exist"
                : "column " + qualifier + "." + name + " does not exist");
    return hinted(error, qualifier, name);
  }

  private ShardForgeException hinted(
      ShardForgeException error, @Nullable String qualifier, String name) {
    int best = TYPING_ERRORS_MAX + 1;
    List<String> closest = new ArrayList<>();
    for (Scope scope = this; scope != null; scope = scope.outer()) {
      for (Source source : scope.sources) {
        int apart =
            qualifier == null ? 0 : Distance.between(qualifier, source.name, TYPING_ERRORS_MAX + 1);
        if (source.name.isEmpty()) {
          continue;
        }
        for (SourceColumn c : source.columns) {
          int distance = c.hidden ? Integer.MAX_VALUE : Distance.between(c.name, name, best);
          if (distance > name.length() / 2
              || distance + apart > Math.min(best, TYPING_ERRORS_MAX)) {
            continue;
          }
          if (distance + apart < best) {
            best = distance + apart;
            closest.clear();
          }
          closest.add("\"" + source.name + "." + c.name + "\"");
        }
      }
    }
    return switch (closest.size()) {
      case 1 ->
          error.withHint("Perhaps you meant to reference the column " + closest.getFirst() + ".");
      case 2 ->
          error.withHint(
              "Perhaps you meant to reference the column "
                  + closest.get(0)
                  + " or the column "
                  + closest.get(1)
                  + ".");
      default -> error;
    };
  }

  private ShardForgeException invalidReference(ErrorCode code, String name, int location) {
    return context.error(
        code, location, "invalid reference to FROM-clause entry for table \"" + name + "\"");
  }

  private static String unreachable(String name) {
    return "There is an entry for table \""
        + name
        + "\", but it cannot be referenced from this part of the query.";
  }

  ShardForgeException missingSource(String name, int location) {
    for (Scope scope = this; scope != null; scope = scope.outer()) {
      for (Source source : scope.inaccessible) {
        if (source.name.equals(name)) {
          return invalidReference(ErrorCode.UNDEFINED_TABLE, name, location)
              .withDetail(unreachable(name));
        }
      }
      for (Source source : scope.sources) {
        TableDescriptor table = source.table;
        if (table != null && table.name().equals(name)) {
          return context
              .error(
                  ErrorCode.UNDEFINED_TABLE,
                  location,
                  "invalid reference to FROM-clause entry for table \"" + name + "\"")
              .withHint("Perhaps you meant to reference the table alias \"" + source.name + "\".");
        }
      }
    }
    return context.error(
        ErrorCode.UNDEFINED_TABLE,
        location,
        "missing FROM-clause entry for table \"" + name + "\"");
  }
}
