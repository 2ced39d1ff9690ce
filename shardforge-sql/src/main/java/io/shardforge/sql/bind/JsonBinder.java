package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Resolver.Context;
import io.shardforge.sql.parse.proto.A_Const;
import io.shardforge.sql.parse.proto.Alias;
import io.shardforge.sql.parse.proto.ColumnRef;
import io.shardforge.sql.parse.proto.FuncCall;
import io.shardforge.sql.parse.proto.JsonAggConstructor;
import io.shardforge.sql.parse.proto.JsonArrayAgg;
import io.shardforge.sql.parse.proto.JsonArrayConstructor;
import io.shardforge.sql.parse.proto.JsonArrayQueryConstructor;
import io.shardforge.sql.parse.proto.JsonFormat;
import io.shardforge.sql.parse.proto.JsonFormatType;
import io.shardforge.sql.parse.proto.JsonIsPredicate;
import io.shardforge.sql.parse.proto.JsonObjectAgg;
import io.shardforge.sql.parse.proto.JsonObjectConstructor;
import io.shardforge.sql.parse.proto.JsonOutput;
import io.shardforge.sql.parse.proto.JsonParseExpr;
import io.shardforge.sql.parse.proto.JsonScalarExpr;
import io.shardforge.sql.parse.proto.JsonSerializeExpr;
import io.shardforge.sql.parse.proto.JsonValueExpr;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeSubselect;
import io.shardforge.sql.parse.proto.ResTarget;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SetOperation;
import io.shardforge.sql.parse.proto.SubLink;
import io.shardforge.sql.parse.proto.SubLinkType;
import io.shardforge.sql.parse.proto.TypeCast;
import io.shardforge.sql.parse.proto.TypeName;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Binds what SQL/JSON has syntax of its own for: what makes JSON, and IS JSON. Each becomes calls
 * of functions.
 */
final class JsonBinder {
  private final Binder binder;
  private final BindContext context;
  private final ExpressionBinder expressions;

  JsonBinder(Binder binder, ExpressionBinder expressions) {
    this.binder = binder;
    this.context = binder.context();
    this.expressions = expressions;
  }

  // What makes JSON.

  Bound object(JsonObjectConstructor node) {
    List<Node> args = new ArrayList<>();
    for (Node pair : node.getExprsList()) {
      args.add(pair.getJsonKeyValue().getKey());
      args.add(value(pair.getJsonKeyValue().getValue()));
    }
    String made = word(node.getOutput());
    Node call =
        args.isEmpty()
            ? call("pg_catalog", made + "_build_object", args, node.getLocation())
            : call(
                "shardforge",
                made + "_object",
                with(args, flag(node.getAbsentOnNull()), flag(node.getUnique())),
                node.getLocation());
    return returned(expressions.bind(call), node.getOutput(), node.getLocation());
  }

  Bound array(JsonArrayConstructor node) {
    List<Node> args = node.getExprsList().stream().map(e -> value(e.getJsonValueExpr())).toList();
    String made = word(node.getOutput());
    Node call =
        args.isEmpty()
            ? call("pg_catalog", made + "_build_array", args, node.getLocation())
            : call(
                "shardforge",
                made + "_array",
                with(args, flag(node.getAbsentOnNull())),
                node.getLocation());
    return returned(expressions.bind(call), node.getOutput(), node.getLocation());
  }

  /** The values of a query, gathered by the aggregate. */
  Bound array(JsonArrayQueryConstructor node) {
    SelectStmt query = node.getQuery().getSelectStmt();
    if (!isOneValue(query)) {
      expressions.requireOneColumn(query, node.getLocation());
    }
    ColumnRef column = ColumnRef.newBuilder().addFields(word("q")).addFields(word("a")).build();
    JsonValueExpr value =
        JsonValueExpr.newBuilder()
            .setRawExpr(Node.newBuilder().setColumnRef(column))
            .setFormat(node.getFormat())
            .build();
    JsonArrayAgg gathered =
        JsonArrayAgg.newBuilder()
            .setArg(value)
            .setAbsentOnNull(node.getAbsentOnNull())
            .setConstructor(
                JsonAggConstructor.newBuilder()
                    .setOutput(node.getOutput())
                    .setLocation(node.getLocation()))
            .build();
    RangeSubselect from =
        RangeSubselect.newBuilder()
            .setSubquery(node.getQuery())
            .setAlias(Alias.newBuilder().setAliasname("q").addColnames(word("a")))
            .build();
    SelectStmt select =
        SelectStmt.newBuilder()
            .setOp(SetOperation.SETOP_NONE)
            .addFromClause(Node.newBuilder().setRangeSubselect(from))
            .addTargetList(
                Node.newBuilder()
                    .setResTarget(
                        ResTarget.newBuilder().setVal(Node.newBuilder().setJsonArrayAgg(gathered))))
            .build();
    SubLink link =
        SubLink.newBuilder()
            .setSubLinkType(SubLinkType.EXPR_SUBLINK)
            .setSubselect(Node.newBuilder().setSelectStmt(select))
            .setLocation(node.getLocation())
            .build();
    return expressions.bind(Node.newBuilder().setSubLink(link).build());
  }

  /** Whether a query gives one column, as can be seen without binding it. */
  private static boolean isOneValue(SelectStmt query) {
    return query.getTargetListCount() == 1
        && !query.getTargetList(0).getResTarget().getVal().hasColumnRef()
        && !query.getTargetList(0).getResTarget().getVal().hasAIndirection();
  }

  Bound gathered(JsonObjectAgg node) {
    String name =
        "_object_agg"
            + (node.getUnique() ? "_unique" : "")
            + (node.getAbsentOnNull() ? "_strict" : "");
    return gathered(
        node.getConstructor(),
        name,
        List.of(node.getArg().getKey(), value(node.getArg().getValue())));
  }

  Bound gathered(JsonArrayAgg node) {
    return gathered(
        node.getConstructor(),
        node.getAbsentOnNull() ? "_agg_strict" : "_agg",
        List.of(value(node.getArg())));
  }

  private Bound gathered(JsonAggConstructor node, String name, List<Node> args) {
    FuncCall.Builder call =
        FuncCall.newBuilder()
            .addFuncname(word("pg_catalog"))
            .addFuncname(word(word(node.getOutput()) + name))
            .addAllArgs(args)
            .addAllAggOrder(node.getAggOrderList())
            .setLocation(node.getLocation());
    if (node.hasAggFilter()) {
      call.setAggFilter(node.getAggFilter());
    }
    if (node.hasOver()) {
      call.setOver(node.getOver());
    }
    Bound made = expressions.bind(Node.newBuilder().setFuncCall(call).build());
    return returned(made, node.getOutput(), node.getLocation());
  }

  /** JSON(…). */
  Bound parsed(JsonParseExpr node) {
    Node value = node.getExpr().getRawExpr();
    return expressions.bind(
        node.getUniqueKeys()
            ? call(
                "shardforge",
                "json_of_unique_keys",
                List.of(cast(value, "text")),
                node.getLocation())
            : cast(value, "json"));
  }

  Bound scalar(JsonScalarExpr node) {
    Bound value = binder.coercion().settle(expressions.bind(node.getExpr()));
    return binder.functions().call("pg_catalog", "to_json", List.of(value), node.getLocation());
  }

  Bound serialized(JsonSerializeExpr node) {
    Bound json = expressions.bind(cast(node.getExpr().getRawExpr(), "json"));
    return node.hasOutput()
        ? returned(json, node.getOutput(), node.getLocation())
        : cast(json, Types.TEXT, Context.EXPLICIT, node.getLocation());
  }

  // Questions.

  Bound isJson(JsonIsPredicate node) {
    Bound value = binder.coercion().settle(expressions.bind(node.getExpr()));
    char category = Resolver.categoryOf(value.type().oid());
    int type = value.type().oid();
    if (category != 'S' && type != PgOid.JSON && type != PgOid.JSONB && type != PgOid.BYTEA) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          Location.of(node.getExpr()),
          "cannot use type " + Names.type(value.type()) + " in IS JSON predicate");
    }
    String kind =
        switch (node.getItemType()) {
          case JS_TYPE_OBJECT -> "object";
          case JS_TYPE_ARRAY -> "array";
          case JS_TYPE_SCALAR -> "scalar";
          default -> "any";
        };
    Bound text =
        type == PgOid.BYTEA
            ? binder
                .functions()
                .call(
                    "pg_catalog",
                    "convert_from",
                    List.of(value, new Bound.Const("UTF8", Types.UNKNOWN, -1)),
                    -1)
            : cast(value, Types.TEXT, Context.EXPLICIT, node.getLocation());
    return binder
        .functions()
        .call(
            "shardforge",
            "is_json",
            List.of(
                text,
                new Bound.Const(kind, Types.TEXT, -1),
                new Bound.Const(node.getUniqueKeys(), Types.BOOL, -1)),
            node.getLocation());
  }

  // Parts.

  /** A value that goes into JSON: as JSON if it says that it is, else as what it is. */
  private static Node value(JsonValueExpr value) {
    JsonFormat format = value.getFormat();
    boolean json = format.getFormatType() == JsonFormatType.JS_FORMAT_JSON;
    return json ? cast(value.getRawExpr(), "json") : value.getRawExpr();
  }

  /** json, or jsonb if that is asked for: what functions are called after. */
  private String word(JsonOutput output) {
    SqlType type = type(output);
    return type != null && type.oid() == PgOid.JSONB ? "jsonb" : "json";
  }

  private @Nullable SqlType type(JsonOutput output) {
    return output.hasTypeName() ? TypeNameBinder.bind(context, output.getTypeName()) : null;
  }

  private Bound returned(Bound made, JsonOutput output, int location) {
    SqlType type = type(output);
    if (type == null || type.oid() == made.type().oid()) {
      return made;
    }
    if (type.oid() == PgOid.BYTEA) {
      Bound text = cast(made, Types.TEXT, Context.EXPLICIT, location);
      Bound utf8 = new Bound.Const("UTF8", Types.UNKNOWN, -1);
      return binder.functions().call("pg_catalog", "convert_to", List.of(text, utf8), location);
    }
    // What does not fit into varchar(n) is an error.
    return cast(made, type, type.typmod() > 0 ? Context.ASSIGNMENT : Context.EXPLICIT, location);
  }

  private Bound cast(Bound value, SqlType type, Context how, int location) {
    Bound result = binder.coercion().coerce(value, type, how, location);
    if (result == null) {
      throw context.error(
          ErrorCode.CANNOT_COERCE,
          location,
          "cannot cast type " + Names.type(value.type()) + " to " + Names.type(type));
    }
    return result;
  }

  private static Node cast(Node value, String type) {
    TypeName name =
        TypeName.newBuilder()
            .addNames(word("pg_catalog"))
            .addNames(word(type))
            .setTypemod(-1)
            .setLocation(-1)
            .build();
    return Node.newBuilder()
        .setTypeCast(TypeCast.newBuilder().setArg(value).setTypeName(name).setLocation(-1))
        .build();
  }

  private static Node call(String schema, String name, List<Node> args, int location) {
    FuncCall call =
        FuncCall.newBuilder()
            .addFuncname(word(schema))
            .addFuncname(word(name))
            .addAllArgs(args)
            .setLocation(location)
            .build();
    return Node.newBuilder().setFuncCall(call).build();
  }

  private static List<Node> with(List<Node> args, Node... first) {
    List<Node> all = new ArrayList<>(List.of(first));
    all.addAll(args);
    return all;
  }

  private static Node flag(boolean value) {
    A_Const constant =
        A_Const.newBuilder()
            .setBoolval(io.shardforge.sql.parse.proto.Boolean.newBuilder().setBoolval(value))
            .setLocation(-1)
            .build();
    return Node.newBuilder().setAConst(constant).build();
  }

  private static Node word(String text) {
    return Node.newBuilder()
        .setString(io.shardforge.sql.parse.proto.String.newBuilder().setSval(text))
        .build();
  }
}
