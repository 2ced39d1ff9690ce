package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Scope.Source;
import io.shardforge.sql.bind.Scope.SourceColumn;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SequenceTable;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.Alias;
import io.shardforge.sql.parse.proto.FuncCall;
import io.shardforge.sql.parse.proto.JoinExpr;
import io.shardforge.sql.parse.proto.JsonTable;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeFunction;
import io.shardforge.sql.parse.proto.RangeSubselect;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binds a FROM clause: the row of all its items side by side and the names of its columns. */
final class FromBinder {
  /** A FROM item or a join of several: its rows and what can be named in it. */
  record Item(Rel rel, List<Source> sources) {}

  private final Binder binder;
  private final BindContext context;
  private final Scope.@Nullable Boundary boundary;
  private final CteScope ctes;

  FromBinder(Binder binder, Scope.@Nullable Boundary boundary, CteScope ctes) {
    this.binder = binder;
    this.context = binder.context();
    this.boundary = boundary;
    this.ctes = ctes;
  }

  /** Joins the items of a FROM list; one row without columns for an empty list. */
  Item bind(List<Node> from) {
    Item result = null;
    for (Node node : from) {
      result = result == null ? item(node, boundary, List.of()) : cross(result, node, 0);
    }
    return result == null ? new Item(nothing(), List.of()) : result;
  }

  /** Joins further items to one that is bound already (UPDATE … FROM, DELETE … USING). */
  Item bind(Item first, List<Node> from) {
    Item result = first;
    for (Node node : from) {
      result = cross(result, node, first.sources.size());
    }
    return result;
  }

  static Rel nothing() {
    return new Rel.Values(List.of(List.of()), List.of());
  }

  private Item cross(Item left, Node node, int unreadable) {
    Scope leftScope = new Scope(context, boundary, left.sources);
    leftScope.refuseFirst(unreadable);
    Scope.Boundary crossing =
        new Scope.Boundary(context.newCorrelation(), leftScope, Clause.FROM_FUNCTION);
    Item right = item(node, crossing, left.sources);
    checkNames(left.sources, right.sources);
    Rel joined = join(Rel.JoinKind.INNER, left, right, crossing, null);
    return new Item(joined, side(left, right));
  }

  private static Rel join(
      Rel.JoinKind kind,
      Item left,
      Item right,
      Scope.Boundary crossing,
      @Nullable Bound condition) {
    List<Bound> args = crossing.args();
    return args.isEmpty()
        ? new Rel.Join(kind, left.rel, right.rel, condition, false)
        : new Rel.Lateral(kind, left.rel, right.rel, crossing.correlation(), args, condition);
  }

  private static List<Source> side(Item left, Item right) {
    List<Source> sources = new ArrayList<>(left.sources);
    int offset = left.rel.types().size();
    for (Source source : right.sources) {
      sources.add(source.shifted(offset));
    }
    return sources;
  }

  private void checkNames(List<Source> left, List<Source> right) {
    Set<String> names = new HashSet<>();
    for (Source source : left) {
      if (source.relationVisible()) {
        names.add(source.name());
      }
    }
    for (Source source : right) {
      if (source.relationVisible() && names.contains(source.name())) {
        boolean sameSchema =
            left.stream()
                .anyMatch(s ->
                    s.relationVisible()
                        && s.name().equals(source.name())
                        && java.util.Objects.equals(s.schema(), source.schema()));
        if (sameSchema) {
          throw context.error(
              ErrorCode.DUPLICATE_ALIAS,
              -1,
              "table name \"" + source.name() + "\" specified more than once");
        }
        if (context.trace() != null) {
          throw context
              .unsupported(-1, "two tables named \"" + source.name() + "\" in a view")
              .withHint("Give them aliases.");
        }
      }
    }
  }

  /** One item. {@code lateral} is the crossing by which it may refer to items on its left. */
  private Item item(Node node, Scope.@Nullable Boundary lateral, List<Source> left) {
    context.enter();
    try {
      return switch (node.getNodeCase()) {
        case RANGE_VAR -> relation(node.getRangeVar());
        case RANGE_SUBSELECT -> subselect(node.getRangeSubselect(), lateral, left);
        case RANGE_FUNCTION -> function(node.getRangeFunction(), lateral);
        case JOIN_EXPR -> joinExpr(node.getJoinExpr(), lateral, left);
        case RANGE_TABLE_SAMPLE -> {
          Scope scope = new Scope(context, lateral, List.of());
          yield new SampleBinder(
                  binder, new ExpressionBinder(binder, scope, Clause.FROM_FUNCTION, ctes))
              .bind(
                  node.getRangeTableSample(),
                  item(node.getRangeTableSample().getRelation(), lateral, left));
        }
        case RANGE_TABLE_FUNC ->
            throw context.unsupported(node.getRangeTableFunc().getLocation(), "XMLTABLE");
        case JSON_TABLE -> jsonTable(node.getJsonTable(), lateral);
        default ->
            throw context.unsupported(
                Location.of(node), "a FROM item of kind " + Location.kind(node));
      };
    } finally {
      context.leave();
    }
  }

  // Relations.

  Item relation(RangeVar range) {
    String name = range.getRelname();
    String alias = range.hasAlias() ? range.getAlias().getAliasname() : name;
    if (range.getSchemaname().isEmpty()) {
      CteScope.Entry cte = ctes.find(name);
      if (cte != null) {
        if (cte.isWithoutRows()) {
          throw context.error(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              range.getLocation(),
              "WITH query \"" + name + "\" does not have a RETURNING clause");
        }
        return named(cte.reference(alias), cte.columns(), alias, null, range.getAlias());
      }
    }
    Reading reading = context.reading(range);
    Object relation;
    if (reading == null) {
      relation = binder.relation(range);
      binder.requireAnyColumn(relation, Privilege.SELECT);
    } else {
      relation = binder.relation(reading);
    }
    return switch (relation) {
      case TableDescriptor table -> traced(table(table, alias, range), table.id(), alias, range);
      case VirtualTable table -> traced(virtual(table, alias, range), table.id(), alias, range);
      case ViewDescriptor view -> traced(view(view, alias, range), view.id(), alias, range);
      case SequenceDescriptor sequence ->
          traced(virtual(new SequenceTable(sequence), alias, range), sequence.id(), alias, range);
      default ->
          throw context.error(
              ErrorCode.WRONG_OBJECT_TYPE,
              range.getLocation(),
              "cannot open relation \"" + name + "\"");
    };
  }

  private Item traced(Item item, int relationId, String alias, RangeVar range) {
    ViewTrace trace = context.trace();
    if (trace != null) {
      trace.reads(range, alias, relationId, item.sources.getFirst().columns());
    }
    return item;
  }

  Item table(TableDescriptor table, String alias, RangeVar range) {
    List<SourceColumn> columns = columnsOf(table.id(), table.columns(), alias, range);
    List<SqlType> types = table.columns().stream().map(ColumnDescriptor::type).toList();
    String schema = range.hasAlias() ? null : schemaName(table.schemaId());
    Source source = new Source(alias, schema, columns, table, null, 0, true, true, false);
    return new Item(new Rel.Scan(table, alias, null, types), List.of(source));
  }

  private List<SourceColumn> columnsOf(
      int relationId, List<ColumnDescriptor> described, String alias, RangeVar range) {
    List<SourceColumn> columns = new ArrayList<>();
    for (ColumnDescriptor c : described) {
      columns.add(
          new SourceColumn(
              c.name(),
              new Bound.Column(columns.size(), c.type(), c.name(), -1),
              relationId,
              c.number(),
              c.hidden()));
    }
    return asRead(renamed(columns, alias, range.getAlias()), range);
  }

  /** In a view's text columns have the names that they had when the view was made. */
  private List<SourceColumn> asRead(List<SourceColumn> columns, RangeVar range) {
    Reading reading = context.reading(range);
    if (reading == null) {
      return columns;
    }
    List<SourceColumn> result = new ArrayList<>();
    for (SourceColumn c : columns) {
      String name = c.hidden() ? null : reading.nameOf(c.columnNumber());
      result.add(
          new SourceColumn(
              name == null ? c.name() : name,
              c.expression(),
              c.tableId(),
              c.columnNumber(),
              name == null));
    }
    return result;
  }

  private @Nullable String schemaName(int id) {
    for (SchemaDescriptor schema : context.catalog().schemas()) {
      if (schema.id() == id) {
        return schema.name();
      }
    }
    return null;
  }

  private Item virtual(VirtualTable table, String alias, RangeVar range) {
    List<SourceColumn> columns = columnsOf(table.id(), table.columns(), alias, range);
    List<SqlType> types = table.columns().stream().map(ColumnDescriptor::type).toList();
    String schema = range.hasAlias() ? null : schemaName(table.schemaId());
    Source source = new Source(alias, schema, columns, null, table, 0, true, true, false);
    return new Item(new Rel.VirtualScan(table, alias, types), List.of(source));
  }

  private Item view(ViewDescriptor view, String alias, RangeVar range) {
    Query query = binder.view(view);
    List<SourceColumn> columns = new ArrayList<>();
    for (int i = 0; i < query.columns().size(); i++) {
      Query.Column c = query.columns().get(i);
      String name = i < view.columns().size() ? view.columns().get(i).name() : c.name();
      columns.add(
          new SourceColumn(name, new Bound.Column(i, c.type(), name, -1), view.id(), i + 1, false));
    }
    Rel rows = view.options().barrier() ? new Rel.Barrier(query.rel()) : query.rel();
    return named(rows, columns, alias, view.schemaId(), range);
  }

  /** The rows of a view under the names that a FROM item gives its columns. */
  Item named(Rel rel, List<SourceColumn> columns, String alias, int schemaId, RangeVar range) {
    String schema = range.hasAlias() ? null : schemaName(schemaId);
    List<SourceColumn> called = asRead(renamed(columns, alias, range.getAlias()), range);
    return new Item(
        rel, List.of(new Source(alias, schema, called, null, null, 0, true, true, false)));
  }

  private Item named(
      Rel rel, List<Query.Column> columns, String name, @Nullable String schema, Alias alias) {
    List<SourceColumn> sourceColumns = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Query.Column c = columns.get(i);
      sourceColumns.add(
          new SourceColumn(
              c.name(),
              new Bound.Column(i, c.type(), c.name(), -1),
              c.tableId(),
              c.columnNumber(),
              false));
    }
    sourceColumns = renamed(sourceColumns, name, alias);
    return new Item(
        rel, List.of(new Source(name, schema, sourceColumns, null, null, 0, true, true, false)));
  }

  private List<SourceColumn> renamed(List<SourceColumn> columns, String name, Alias alias) {
    if (alias.getColnamesCount() == 0) {
      return columns;
    }
    List<String> names = Names.strings(alias.getColnamesList());
    List<SourceColumn> result = new ArrayList<>();
    int next = 0;
    for (SourceColumn c : columns) {
      String newName = !c.hidden() && next < names.size() ? names.get(next++) : c.name();
      result.add(
          new SourceColumn(newName, c.expression(), c.tableId(), c.columnNumber(), c.hidden()));
    }
    if (next < names.size()) {
      throw context.error(
          ErrorCode.INVALID_COLUMN_REFERENCE,
          -1,
          "table \""
              + name
              + "\" has "
              + next
              + " columns available but "
              + names.size()
              + " columns specified");
    }
    return result;
  }

  // Subqueries and functions.

  private Item subselect(
      RangeSubselect range, Scope.@Nullable Boundary lateral, List<Source> left) {
    SelectBinder select = new SelectBinder(binder, range.getLateral() ? lateral : boundary, ctes);
    if (!range.getLateral()) {
      select.addInaccessible(left);
    }
    Query query = select.bind(range.getSubquery().getSelectStmt(), true);
    if (!range.hasAlias()) {
      // PostgreSQL 16 and later let a subquery go without a name.
      List<SourceColumn> columns = new ArrayList<>();
      for (int i = 0; i < query.columns().size(); i++) {
        Query.Column c = query.columns().get(i);
        columns.add(
            new SourceColumn(
                c.name(),
                new Bound.Column(i, c.type(), c.name(), -1),
                c.tableId(),
                c.columnNumber(),
                false));
      }
      return new Item(
          query.rel(),
          List.of(
              new Source("unnamed_subquery", null, columns, null, null, 0, false, true, false)));
    }
    return named(
        query.rel(), query.columns(), range.getAlias().getAliasname(), null, range.getAlias());
  }

  private Item function(RangeFunction range, Scope.@Nullable Boundary lateral) {
    Scope scope = new Scope(context, lateral, List.of());
    List<Asked> functions = functionsOf(range);
    List<Part> parts = new ArrayList<>();
    for (Asked asked : functions) {
      Node node = asked.function;
      String functionName = ColumnName.of(node);
      Bound bound = new ExpressionBinder(binder, scope, Clause.FROM_FUNCTION, ctes).bind(node);
      if (!asked.columns.isEmpty()) {
        parts.add(record(asked.columns, bound, range));
        continue;
      }
      if (bound instanceof Bound.Call call
          && (call.returnsSet()
              || functions.size() > 1
              || !binder.outColumns(call.function()).isEmpty())) {
        String name = range.hasAlias() ? range.getAlias().getAliasname() : functionName;
        parts.add(Part.of(call, columns(call, functionName, functions.size() == 1 ? name : null)));
      } else if (functions.size() == 1) {
        requireTopLevel(List.of(bound));
        if (bound instanceof Bound.Call call) {
          requireOutColumns(call);
        }
        return value(range, binder.coercion().settle(bound), functionName);
      } else {
        throw context.unsupported(-1, functionName + " in ROWS FROM");
      }
    }
    return joined(range, ColumnName.of(functions.getFirst().function), parts);
  }

  /** The results of functions side by side, with the columns that the query defines. */
  private Item joined(RangeFunction range, String functionName, List<Part> parts) {
    List<SqlType> types = new ArrayList<>();
    List<Query.Column> columns = new ArrayList<>();
    List<Bound> read = new ArrayList<>();
    for (Part part : parts) {
      columns.addAll(part.columns);
      if (part.defined == null) {
        for (Query.Column column : part.columns) {
          read.add(new Bound.Column(types.size(), column.type(), column.name(), -1));
          types.add(column.type());
        }
      } else {
        read.addAll(part.defined.read(types.size(), binder.coercion()));
        types.add(part.call.type());
      }
    }
    if (range.getOrdinality()) {
      columns.add(new Query.Column("ordinality", Types.INT8, 0, 0));
      read.add(new Bound.Column(types.size(), Types.INT8, "ordinality", -1));
      types.add(Types.INT8);
    }
    String name = range.hasAlias() ? range.getAlias().getAliasname() : functionName;
    Rel rel =
        new Rel.Functions(
            parts.stream().map(Part::call).toList(), range.getOrdinality(), name, types);
    boolean plain = parts.stream().allMatch(part -> part.defined == null);
    return named(plain ? rel : Rel.Project.of(rel, read), columns, name, null, range.getAlias());
  }

  /** A function whose result has the columns that the query defines. */
  private Part record(List<Node> definitions, Bound bound, RangeFunction range) {
    int location = definitions.getFirst().getColumnDef().getLocation();
    if (!(bound instanceof Bound.Call call) || call.type().oid() != PgOid.RECORD) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          location,
          "a column definition list is only allowed for functions returning \"record\"");
    }
    requireTopLevel(call.args());
    if (!binder.outColumns(call.function()).isEmpty()) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          location,
          "a column definition list is redundant for a function with OUT parameters");
    }
    if (range.getOrdinality() && !range.getIsRowsfrom()) {
      throw context
          .error(
              ErrorCode.SYNTAX_ERROR,
              location,
              "WITH ORDINALITY cannot be used with a column definition list")
          .withHint("Put the column definition list inside ROWS FROM().");
    }
    RecordColumns defined = RecordColumns.of(context, definitions);
    List<Query.Column> columns = new ArrayList<>();
    for (int i = 0; i < defined.names().size(); i++) {
      columns.add(new Query.Column(defined.names().get(i), defined.types().get(i), 0, 0));
    }
    return new Part(defined.call(call), columns, defined);
  }

  /**
   * A function in FROM and the columns of its result.
   *
   * @param defined what the query defines these by, null if the function does
   */
  private record Part(
      Bound.Call call, List<Query.Column> columns, @Nullable RecordColumns defined) {
    static Part of(Bound.Call call, List<Query.Column> columns) {
      return new Part(call, columns, null);
    }
  }

  /** A function as an item names it, with the columns that the item defines for it. */
  private record Asked(Node function, List<Node> columns) {}

  /** The calls of an item; unnest of several arrays stands for one call for each. */
  private static List<Asked> functionsOf(RangeFunction range) {
    List<Asked> functions = new ArrayList<>();
    for (Node item : range.getFunctionsList()) {
      Node node = item.getList().getItems(0);
      List<Node> columns =
          range.getColdeflistCount() > 0
              ? range.getColdeflistList()
              : item.getList().getItems(1).getList().getItemsList();
      FuncCall call = node.getFuncCall();
      if (node.hasFuncCall()
          && call.getArgsCount() > 1
          && call.getFuncnameCount() == 1
          && call.getFuncname(0).getString().getSval().equals("unnest")
          && call.getAggOrderCount() == 0
          && !call.getFuncVariadic()
          && !call.getAggDistinct()) {
        for (Node array : call.getArgsList()) {
          Node one =
              node.toBuilder().setFuncCall(call.toBuilder().clearArgs().addArgs(array)).build();
          functions.add(new Asked(one, columns));
        }
      } else {
        functions.add(new Asked(node, columns));
      }
    }
    return functions;
  }

  private void requireTopLevel(List<Bound> args) {
    for (Bound arg : args) {
      Integer location = Contains.setAt(arg);
      if (location != null) {
        throw context.error(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            location,
            "set-returning functions must appear at top level of FROM");
      }
    }
  }

  /**
   * The columns of a function's result.
   *
   * @param alias names the column of a function that gives one, null to take the function's name
   */
  private List<Query.Column> columns(Bound.Call call, String functionName, @Nullable String alias) {
    requireTopLevel(call.args());
    List<FunctionTables.OutColumn> out = binder.outColumns(call.function());
    if (!out.isEmpty()) {
      return out.stream().map(c -> new Query.Column(c.name(), SqlType.of(c.type()), 0, 0)).toList();
    }
    requireOutColumns(call);
    // As in PostgreSQL the name of an only OUT argument goes before the alias.
    String outName = context.resolver().tables().outName(call.function());
    String name = outName != null ? outName : alias != null ? alias : functionName;
    return List.of(new Query.Column(name, call.type(), 0, 0));
  }

  /** Fails for a function whose columns only the query could tell. */
  private void requireOutColumns(Bound.Call call) {
    if (call.type().oid() == PgOid.RECORD && binder.outColumns(call.function()).isEmpty()) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          call.location(),
          "a column definition list is required for functions returning \"record\"");
    }
  }

  private Item jsonTable(JsonTable table, Scope.@Nullable Boundary lateral) {
    Scope scope = new Scope(context, lateral, List.of());
    String name = table.hasAlias() ? table.getAlias().getAliasname() : "json_table";
    ExpressionBinder expressions = new ExpressionBinder(binder, scope, Clause.FROM_FUNCTION, ctes);
    Query query = new JsonTableBinder(binder, expressions).bind(table, name);
    int available = query.columns().size();
    int named = table.getAlias().getColnamesCount();
    if (named > available) {
      throw context.error(
          ErrorCode.INVALID_COLUMN_REFERENCE,
          -1,
          "JSON_TABLE function has "
              + available
              + " columns available but "
              + named
              + " columns specified");
    }
    return named(query.rel(), query.columns(), name, null, table.getAlias());
  }

  /** A plain value in FROM: one row. */
  private Item value(RangeFunction range, Bound value, String functionName) {
    String name = range.hasAlias() ? range.getAlias().getAliasname() : functionName;
    List<Bound> row = new ArrayList<>(List.of(value));
    List<Query.Column> columns = new ArrayList<>();
    columns.add(new Query.Column(name, value.type(), 0, 0));
    if (range.getOrdinality()) {
      row.add(new Bound.Const(1L, Types.INT8, -1));
      columns.add(new Query.Column("ordinality", Types.INT8, 0, 0));
    }
    return named(Rel.Project.of(nothing(), row), columns, name, null, range.getAlias());
  }

  // Joins.

  private Item joinExpr(JoinExpr join, Scope.@Nullable Boundary lateral, List<Source> before) {
    Item left = item(join.getLarg(), lateral, before);
    Scope leftScope = new Scope(context, lateral, left.sources);
    Scope.Boundary crossing =
        new Scope.Boundary(context.newCorrelation(), leftScope, Clause.FROM_FUNCTION);
    List<Source> visible = new ArrayList<>(before);
    visible.addAll(left.sources);
    Item right = item(join.getRarg(), crossing, visible);
    checkNames(left.sources, right.sources);
    Rel.JoinKind kind =
        switch (join.getJointype()) {
          case JOIN_INNER -> Rel.JoinKind.INNER;
          case JOIN_LEFT -> Rel.JoinKind.LEFT;
          case JOIN_RIGHT -> Rel.JoinKind.RIGHT;
          case JOIN_FULL -> Rel.JoinKind.FULL;
          default -> throw context.unsupported(-1, "this kind of join");
        };
    if (!crossing.args().isEmpty() && (kind == Rel.JoinKind.RIGHT || kind == Rel.JoinKind.FULL)) {
      throw context
          .error(
              ErrorCode.INVALID_COLUMN_REFERENCE,
              -1,
              "invalid reference to a FROM-clause entry on the left of the join")
          .withDetail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.");
    }
    List<Source> sources = side(left, right);
    int leftCount = left.sources.size();
    List<Merged> merged = new ArrayList<>();
    Bound condition = null;
    if (join.getIsNatural() || join.getUsingClauseCount() > 0) {
      List<Source> rights = sources.subList(leftCount, sources.size());
      List<String> names =
          join.getIsNatural()
              ? commonNames(sources.subList(0, leftCount), rights)
              : Names.strings(join.getUsingClauseList());
      List<Bound> conditions = new ArrayList<>();
      for (String name : names) {
        Merged column = merge(name, kind, sources.subList(0, leftCount), rights, conditions);
        merged.add(column);
      }
      condition = Bound.and(conditions);
    } else if (join.hasQuals()) {
      Scope scope = new Scope(context, boundary, sources);
      scope.addInaccessible(before);
      condition = new ExpressionBinder(binder, scope, Clause.JOIN, ctes).condition(join.getQuals());
    }
    Rel rel = join(kind, left, right, crossing, condition);
    List<Source> result = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      boolean nullable =
          kind == Rel.JoinKind.FULL
              || (i < leftCount ? kind == Rel.JoinKind.RIGHT : kind == Rel.JoinKind.LEFT);
      result.add(nullable ? sources.get(i).asNullable() : sources.get(i));
    }
    if (merged.isEmpty() && !join.hasAlias()) {
      return new Item(rel, result);
    }
    List<SourceColumn> columns = joinColumns(merged, result);
    if (join.hasAlias()) {
      String alias = join.getAlias().getAliasname();
      columns = renamed(columns, alias, join.getAlias());
      return new Item(
          rel, List.of(new Source(alias, null, columns, null, null, 0, true, true, false)));
    }
    List<Source> hidden = new ArrayList<>();
    hidden.add(new Source("", null, columns, null, null, 0, false, true, false));
    for (Source source : result) {
      hidden.add(source.withColumnsVisible(false));
    }
    if (join.hasJoinUsingAlias()) {
      List<SourceColumn> common = merged.stream().map(Merged::column).toList();
      String alias = join.getJoinUsingAlias().getAliasname();
      Source both = new Source(alias, null, common, null, null, 0, true, false, false);
      checkNames(hidden, List.of(both));
      hidden.add(both);
    }
    return new Item(rel, hidden);
  }

  /** A column of USING: the merged one and the two it stands for. */
  private record Merged(SourceColumn column, SourceColumn left, SourceColumn right) {}

  private static List<String> commonNames(List<Source> left, List<Source> right) {
    List<String> names = new ArrayList<>();
    for (SourceColumn c : visible(left)) {
      if (visible(right).stream().anyMatch(r -> r.name().equals(c.name()))) {
        names.add(c.name());
      }
    }
    return names;
  }

  private static List<SourceColumn> visible(List<Source> sources) {
    List<SourceColumn> columns = new ArrayList<>();
    for (Source source : sources) {
      if (source.columnsVisible()) {
        for (SourceColumn c : source.columns()) {
          if (!c.hidden()) {
            columns.add(c);
          }
        }
      }
    }
    return columns;
  }

  private SourceColumn usingColumn(String name, List<Source> sources, String side) {
    SourceColumn found = null;
    for (SourceColumn c : visible(sources)) {
      if (c.name().equals(name)) {
        if (found != null) {
          throw context.error(
              ErrorCode.AMBIGUOUS_COLUMN,
              -1,
              "common column name \"" + name + "\" appears more than once in " + side + " table");
        }
        found = c;
      }
    }
    if (found == null) {
      throw context.error(
          ErrorCode.UNDEFINED_COLUMN,
          -1,
          "column \"" + name + "\" specified in USING clause does not exist in " + side + " table");
    }
    return found;
  }

  private Merged merge(
      String name,
      Rel.JoinKind kind,
      List<Source> lefts,
      List<Source> rights,
      List<Bound> conditions) {
    SourceColumn left = usingColumn(name, lefts, "left");
    SourceColumn right = usingColumn(name, rights, "right");
    context.reads(left);
    context.reads(right);
    Bound l = left.expression();
    Bound r = right.expression();
    conditions.add(binder.functions().operator("=", l, r, -1));
    SqlType common = binder.coercion().commonType(List.of(l, r), "JOIN/USING", List.of(-1, -1));
    Bound typedLeft = binder.coercion().toCommon(l, common, "JOIN/USING", -1);
    Bound typedRight = binder.coercion().toCommon(r, common, "JOIN/USING", -1);
    List<Bound> both = binder.collations().agreed(List.of(typedLeft, typedRight));
    Bound value =
        switch (kind) {
          case RIGHT -> typedRight;
          case FULL -> new Bound.Coalesce(both, CollationRules.result(common, both));
          case INNER, LEFT, SEMI, ANTI -> typedLeft;
        };
    SourceColumn origin = kind == Rel.JoinKind.RIGHT ? right : left;
    boolean plain = value instanceof Bound.Column;
    return new Merged(
        new SourceColumn(
            name, value, plain ? origin.tableId() : 0, plain ? origin.columnNumber() : 0, false),
        left,
        right);
  }

  private static List<SourceColumn> joinColumns(List<Merged> merged, List<Source> sources) {
    List<SourceColumn> columns = new ArrayList<>();
    for (Merged m : merged) {
      columns.add(m.column);
    }
    for (SourceColumn c : visible(sources)) {
      if (merged.stream().noneMatch(m -> m.left.equals(c) || m.right.equals(c))) {
        columns.add(c);
      }
    }
    return columns;
  }
}
