package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.A_Const;
import io.shardforge.sql.parse.proto.JsonBehavior;
import io.shardforge.sql.parse.proto.JsonBehaviorType;
import io.shardforge.sql.parse.proto.JsonExprOp;
import io.shardforge.sql.parse.proto.JsonFuncExpr;
import io.shardforge.sql.parse.proto.JsonOutput;
import io.shardforge.sql.parse.proto.JsonQuotes;
import io.shardforge.sql.parse.proto.JsonReturning;
import io.shardforge.sql.parse.proto.JsonTable;
import io.shardforge.sql.parse.proto.JsonTableColumn;
import io.shardforge.sql.parse.proto.JsonTableColumnType;
import io.shardforge.sql.parse.proto.JsonTablePathSpec;
import io.shardforge.sql.parse.proto.JsonWrapper;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Binds JSON_TABLE: a function gives the items of all paths, one row for each combination, and each
 * column is a search in the item of its path.
 */
final class JsonTableBinder {
  private static final SqlType JSONB = SqlType.of(PgOid.JSONB);

  private final BindContext context;
  private final JsonSearchBinder searches;
  private final Binder binder;

  private final Set<String> names = new HashSet<>();
  private final List<Object> paths = new ArrayList<>();
  private final List<Long> parents = new ArrayList<>();
  private final List<Bound> values = new ArrayList<>();
  private final List<Query.Column> columns = new ArrayList<>();

  JsonTableBinder(Binder binder, ExpressionBinder expressions) {
    this.binder = binder;
    this.context = binder.context();
    this.searches = new JsonSearchBinder(binder, expressions);
  }

  Query bind(JsonTable node, String alias) {
    JsonBehavior onError = node.getOnError();
    boolean fails = onError.getBtype() == JsonBehaviorType.JSON_BEHAVIOR_ERROR;
    if (node.hasOnError() && !fails && !isEmpty(onError)) {
      throw context
          .error(ErrorCode.SYNTAX_ERROR, onError.getLocation(), "invalid ON ERROR behavior")
          .withDetail("Only EMPTY [ ARRAY ] or ERROR is allowed in the top-level ON ERROR clause.");
    }
    if (!node.getPathspec().getName().isEmpty()) {
      names.add(node.getPathspec().getName());
    }
    requireDistinct(node.getColumnsList());
    Bound document = searches.document(node.getContextItem());
    Bound variables = searches.variables(node.getPassingList());
    level(node.getPathspec(), -1, node.getColumnsList());
    List<Bound> args =
        List.of(
            document,
            variables,
            new Bound.Const(
                ArrayValue.of(PgOid.JSONPATH, paths), SqlType.of(PgOid.JSONPATH_ARRAY), -1),
            new Bound.Const(ArrayValue.of(PgOid.INT4, parents), SqlType.of(PgOid.INT4_ARRAY), -1),
            new Bound.Const(fails, Types.BOOL, -1));
    Bound.Call call = binder.functions().call("shardforge", "json_table", args, node.getLocation());
    List<SqlType> types = new ArrayList<>(List.of(JSONB));
    paths.forEach(_ -> types.addAll(List.of(JSONB, Types.INT4)));
    Rel items = new Rel.Functions(List.of(call), false, alias, types);
    return new Query(Rel.Project.of(items, values), columns);
  }

  private static boolean isEmpty(JsonBehavior behavior) {
    return behavior.getBtype() == JsonBehaviorType.JSON_BEHAVIOR_EMPTY
        || behavior.getBtype() == JsonBehaviorType.JSON_BEHAVIOR_EMPTY_ARRAY;
  }

  private void requireDistinct(List<Node> list) {
    for (Node node : list) {
      JsonTableColumn column = node.getJsonTableColumn();
      boolean nested = column.getColtype() == JsonTableColumnType.JTC_NESTED;
      JsonTablePathSpec path = column.getPathspec();
      String name = nested ? path.getName() : column.getName();
      if (!name.isEmpty() && !names.add(name)) {
        throw context.error(
            ErrorCode.DUPLICATE_ALIAS,
            nested ? path.getNameLocation() : column.getLocation(),
            "duplicate JSON_TABLE column or path name: " + name);
      }
      if (nested) {
        requireDistinct(column.getColumnsList());
      }
    }
  }

  /** The columns of a path and then those of the paths nested in it. */
  private void level(JsonTablePathSpec spec, int parent, List<Node> list) {
    int level = paths.size();
    paths.add(Objects.requireNonNull(((Bound.Const) searches.path(spec.getString())).value()));
    parents.add((long) parent);
    Bound item = new Bound.Column(1 + 2 * level, JSONB, "", -1);
    boolean counted = false;
    for (Node node : list) {
      JsonTableColumn column = node.getJsonTableColumn();
      switch (column.getColtype()) {
        case JTC_NESTED -> {}
        case JTC_FOR_ORDINALITY -> {
          if (counted) {
            throw context.error(
                ErrorCode.SYNTAX_ERROR,
                column.getLocation(),
                "cannot use more than one FOR ORDINALITY column");
          }
          counted = true;
          add(column, new Bound.Column(2 + 2 * level, Types.INT4, "", -1));
        }
        default -> add(column, value(column, item));
      }
    }
    for (Node node : list) {
      JsonTableColumn column = node.getJsonTableColumn();
      if (column.getColtype() == JsonTableColumnType.JTC_NESTED) {
        level(column.getPathspec(), level, column.getColumnsList());
      }
    }
  }

  private void add(JsonTableColumn column, Bound value) {
    values.add(value);
    columns.add(new Query.Column(column.getName(), value.type(), 0, 0));
  }

  private Bound value(JsonTableColumn column, Bound item) {
    JsonFuncExpr.Builder search =
        JsonFuncExpr.newBuilder()
            .setOp(operation(column))
            .setColumnName(column.getName())
            .setOutput(
                JsonOutput.newBuilder()
                    .setTypeName(column.getTypeName())
                    .setReturning(
                        JsonReturning.newBuilder().setFormat(column.getFormat()).setTypmod(-1)))
            .setWrapper(column.getWrapper())
            .setQuotes(column.getQuotes())
            .setLocation(column.getLocation());
    if (column.hasOnEmpty()) {
      search.setOnEmpty(column.getOnEmpty());
    }
    if (column.hasOnError()) {
      search.setOnError(column.getOnError());
    }
    JsonFuncExpr node = search.build();
    searches.requireAllowed(node);
    Bound path =
        searches.path(
            column.hasPathspec() ? column.getPathspec().getString() : member(column.getName()));
    return searches.search(node, item, path, new Bound.Column(0, JSONB, "", -1));
  }

  /** Scalars are looked for, but where the type or a clause speaks of more than that. */
  private JsonExprOp operation(JsonTableColumn column) {
    if (column.getColtype() == JsonTableColumnType.JTC_EXISTS) {
      return JsonExprOp.JSON_EXISTS_OP;
    }
    PgType type =
        PgTypes.byOid(PgTypes.baseOid(TypeNameBinder.bind(context, column.getTypeName()).oid()));
    boolean scalar =
        column.getColtype() == JsonTableColumnType.JTC_REGULAR
            && column.getQuotes() != JsonQuotes.JS_QUOTES_KEEP
            && column.getQuotes() != JsonQuotes.JS_QUOTES_OMIT
            && column.getWrapper().getNumber() <= JsonWrapper.JSW_UNSPEC.getNumber()
            && type.oid() != PgOid.JSON
            && type.oid() != PgOid.JSONB
            && !type.isArray();
    return scalar ? JsonExprOp.JSON_VALUE_OP : JsonExprOp.JSON_QUERY_OP;
  }

  /** The path of a column that says none. */
  private static Node member(String name) {
    StringBuilder path = new StringBuilder("$.");
    JsonValue.appendQuoted(path, name);
    return Node.newBuilder()
        .setAConst(
            A_Const.newBuilder()
                .setSval(
                    io.shardforge.sql.parse.proto.String.newBuilder().setSval(path.toString())))
        .build();
  }
}
