package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.CTECycleClause;
import io.shardforge.sql.parse.proto.CTESearchClause;
import io.shardforge.sql.parse.proto.ColumnRef;
import io.shardforge.sql.parse.proto.CommonTableExpr;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.ResTarget;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SetOperation;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SEARCH and CYCLE of a recursive query: columns that its rows have in addition, each made from
 * that of the row that it follows from.
 */
final class Recursion {
  /** The column number of what {@code *} does not stand for within the query itself. */
  static final int UNEXPANDED = -1;

  private static final int ARRAY_CAT = 383;
  private static final SqlType RECORDS = SqlType.of(PgOid.RECORD_ARRAY);

  private final BindContext context;
  private final Functions functions;
  private final CommonTableExpr cte;
  private final List<Query.Column> columns;
  private final List<Query.Column> added = new ArrayList<>();
  private final List<Integer> searched;
  private final List<Integer> cycling;
  private final List<Bound> marks = new ArrayList<>();

  /** For the columns that the query has by itself. */
  Recursion(Binder binder, CommonTableExpr cte, List<Query.Column> columns) {
    this.context = binder.context();
    this.functions = binder.functions();
    this.cte = cte;
    this.columns = columns;
    CTESearchClause search = cte.getSearchClause();
    this.searched = places(search.getSearchColListList(), "search", search.getLocation());
    CTECycleClause cycle = cte.getCycleClause();
    this.cycling = places(cycle.getCycleColListList(), "cycle", cycle.getLocation());
    if (isSearched()) {
      SqlType type = search.getSearchBreadthFirst() ? depthAndKey() : RECORDS;
      add(search.getSearchSeqColumn(), type, "search sequence", search.getLocation());
    }
    if (cte.hasCycleClause()) {
      bindMarks(binder, cycle);
      add(cycle.getCycleMarkColumn(), marks.getFirst().type(), "cycle mark", cycle.getLocation());
      add(cycle.getCyclePathColumn(), RECORDS, "cycle path", cycle.getLocation());
    }
    requireDifferent(search, cycle);
  }

  private ShardForgeException wrong(int location, String message) {
    return context.error(ErrorCode.SYNTAX_ERROR, location, message);
  }

  private boolean isSearched() {
    return cte.hasSearchClause();
  }

  private List<Integer> places(List<Node> names, String clause, int location) {
    List<Integer> places = new ArrayList<>();
    for (String name : Names.strings(names)) {
      int place = -1;
      for (int i = 0; i < columns.size(); i++) {
        place = columns.get(i).name().equals(name) ? i : place;
      }
      if (place < 0) {
        throw wrong(location, clause + " column \"" + name + "\" not in WITH query column list");
      }
      if (places.contains(place)) {
        throw context.error(
            ErrorCode.DUPLICATE_COLUMN,
            location,
            clause + " column \"" + name + "\" specified more than once");
      }
      places.add(place);
    }
    return places;
  }

  private void add(String name, SqlType type, String what, int location) {
    if (columns.stream().anyMatch(c -> c.name().equals(name))) {
      throw wrong(
          location, what + " column name \"" + name + "\" already used in WITH query column list");
    }
    added.add(new Query.Column(name, type, 0, 0));
  }

  private void requireDifferent(CTESearchClause search, CTECycleClause cycle) {
    String sequence = search.getSearchSeqColumn();
    String mark = cycle.getCycleMarkColumn();
    String path = cycle.getCyclePathColumn();
    String same = null;
    if (cte.hasCycleClause() && mark.equals(path)) {
      same = "cycle mark column name and cycle path column name are the same";
    } else if (isSearched() && cte.hasCycleClause() && sequence.equals(mark)) {
      same = "search sequence column name and cycle mark column name are the same";
    } else if (isSearched() && cte.hasCycleClause() && sequence.equals(path)) {
      same = "search sequence column name and cycle path column name are the same";
    }
    if (same != null) {
      throw wrong(isSearched() ? search.getLocation() : cycle.getLocation(), same);
    }
  }

  private void bindMarks(Binder binder, CTECycleClause cycle) {
    Scope scope = new Scope(context, null, List.of());
    ExpressionBinder expressions =
        new ExpressionBinder(binder, scope, Clause.CYCLE, CteScope.EMPTY);
    List<Node> nodes = List.of(cycle.getCycleMarkValue(), cycle.getCycleMarkDefault());
    List<Bound> values = nodes.stream().map(expressions::bind).toList();
    List<Integer> locations = nodes.stream().map(Location::of).toList();
    SqlType common = binder.coercion().commonType(values, "CYCLE", locations);
    for (int i = 0; i < values.size(); i++) {
      marks.add(binder.coercion().toCommon(values.get(i), common, "CYCLE", locations.get(i)));
    }
    if (context.resolver().operator("<>", common.oid(), common.oid()).match() == null) {
      throw context.error(
          ErrorCode.UNDEFINED_FUNCTION,
          -1,
          "could not identify an inequality operator for type " + Names.type(common));
    }
  }

  /** The type of BREADTH FIRST's column: how far a row is from the first ones, and its key. */
  private SqlType depthAndKey() {
    List<FunctionTables.OutColumn> fields = new ArrayList<>();
    fields.add(new FunctionTables.OutColumn("*DEPTH*", PgOid.INT8));
    for (int place : searched) {
      Query.Column column = columns.get(place);
      fields.add(new FunctionTables.OutColumn(column.name(), column.type().oid()));
    }
    return context.recordOf(fields);
  }

  /** The columns in addition, as those see them who read the query. */
  List<Query.Column> added() {
    return added;
  }

  /** The same as the query itself sees them. */
  List<Query.Column> ownColumns() {
    List<Query.Column> own = new ArrayList<>(columns);
    added.forEach(c -> own.add(new Query.Column(c.name(), c.type(), 0, UNEXPANDED)));
    return own;
  }

  // The first rows.

  private void requireSelect(SelectStmt side, String name, ErrorCode code) {
    if (side.getOp() != SetOperation.SETOP_NONE) {
      throw context.error(
          code,
          -1,
          "with a SEARCH or CYCLE clause, the " + name + " side of the UNION must be a SELECT");
    }
  }

  /** The non-recursive term with the columns in addition. */
  Rel base(Rel base) {
    requireSelect(
        cte.getCtequery().getSelectStmt().getLarg(), "left", ErrorCode.FEATURE_NOT_SUPPORTED);
    List<Bound> values = columnsOf(base.types(), columns.size());
    if (isSearched()) {
      SqlType type = added.getFirst().type();
      values.add(
          type.equals(RECORDS)
              ? records(key(searched))
              : row(type, new Bound.Const(0L, Types.INT8, -1)));
    }
    if (cte.hasCycleClause()) {
      values.add(marks.getLast());
      values.add(records(key(cycling)));
    }
    return Rel.Project.of(base, values);
  }

  // Those that follow.

  /** The recursive term, giving what the rows that it starts from have in addition as well. */
  SelectStmt withOrigins(SelectStmt step) {
    requireSelect(step, "right", ErrorCode.SYNTAX_ERROR);
    String self = null;
    for (Node item : step.getFromClauseList()) {
      self = self == null ? reference(item) : self;
    }
    if (self == null) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          -1,
          "with a SEARCH or CYCLE clause, the recursive reference to WITH query \""
              + cte.getCtename()
              + "\" must be at the top level of its right-hand SELECT");
    }
    SelectStmt.Builder result = step.toBuilder();
    for (Query.Column column : added) {
      ColumnRef origin =
          ColumnRef.newBuilder().addFields(word(self)).addFields(word(column.name())).build();
      result.addTargetList(
          Node.newBuilder()
              .setResTarget(ResTarget.newBuilder().setVal(Node.newBuilder().setColumnRef(origin))));
    }
    return result.build();
  }

  private static Node word(String text) {
    return Node.newBuilder()
        .setString(io.shardforge.sql.parse.proto.String.newBuilder().setSval(text))
        .build();
  }

  /** What the query calls itself in a FROM item, null if it is not there. */
  private @Nullable String reference(Node item) {
    if (item.hasJoinExpr()) {
      String left = reference(item.getJoinExpr().getLarg());
      return left == null ? reference(item.getJoinExpr().getRarg()) : left;
    }
    RangeVar range = item.getRangeVar();
    if (!item.hasRangeVar()
        || !range.getSchemaname().isEmpty()
        || !range.getRelname().equals(cte.getCtename())) {
      return null;
    }
    return range.hasAlias() ? range.getAlias().getAliasname() : range.getRelname();
  }

  /** What {@link #withOrigins} gives, as rows of the query; none that follow from a marked one. */
  Rel step(Rel step) {
    int n = columns.size();
    List<Bound> origins = columnsOf(step.types(), n + added.size()).subList(n, n + added.size());
    List<Bound> values = columnsOf(step.types(), n);
    Rel rows = step;
    if (isSearched()) {
      Bound origin = origins.getFirst();
      values.add(
          origin.type().equals(RECORDS)
              ? appended(origin, key(searched))
              : row(
                  added.getFirst().type(),
                  functions.operator(
                      "+",
                      new Bound.Field(origin, 0, Types.INT8),
                      new Bound.Const(1L, Types.INT8, -1),
                      -1)));
    }
    if (cte.hasCycleClause()) {
      Bound mark = origins.get(origins.size() - 2);
      Bound path = origins.getLast();
      rows = new Rel.Filter(rows, functions.operator("<>", mark, marks.getFirst(), -1));
      Bound seen = functions.arrayOperator("=", true, key(cycling), path, -1);
      values.add(
          new Bound.Case(
              List.of(seen, marks.getFirst(), marks.getLast()), marks.getFirst().type()));
      values.add(appended(path, key(cycling)));
    }
    return Rel.Project.of(rows, values);
  }

  private static List<Bound> columnsOf(List<SqlType> types, int count) {
    List<Bound> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(new Bound.Column(i, types.get(i), "", -1));
    }
    return values;
  }

  private List<Bound> fields(List<Integer> places) {
    List<Bound> fields = new ArrayList<>();
    for (int place : places) {
      fields.add(new Bound.Column(place, columns.get(place).type(), "", -1));
    }
    return fields;
  }

  private Bound key(List<Integer> places) {
    return new Bound.RowOf(fields(places), List.of(), Types.RECORD, -1);
  }

  private Bound row(SqlType type, Bound depth) {
    List<Bound> fields = fields(searched);
    fields.addFirst(depth);
    return new Bound.RowOf(fields, List.of(), type, -1);
  }

  private static Bound records(Bound only) {
    return new Bound.ArrayOf(List.of(only), RECORDS, false, -1);
  }

  private static Bound appended(Bound records, Bound last) {
    List<Bound> both = List.of(records, records(last));
    return new Bound.Call(ARRAY_CAT, "||", both, RECORDS, false, false, -1);
  }
}
