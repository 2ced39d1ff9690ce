package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Bound.JsonAnswer;
import io.shardforge.sql.bind.Resolver.Context;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.function.JsonRequest;
import io.shardforge.sql.function.JsonRequest.Form;
import io.shardforge.sql.function.JsonRequest.Wrapper;
import io.shardforge.sql.parse.proto.JsonArgument;
import io.shardforge.sql.parse.proto.JsonBehavior;
import io.shardforge.sql.parse.proto.JsonBehaviorType;
import io.shardforge.sql.parse.proto.JsonEncoding;
import io.shardforge.sql.parse.proto.JsonExprOp;
import io.shardforge.sql.parse.proto.JsonFormat;
import io.shardforge.sql.parse.proto.JsonFormatType;
import io.shardforge.sql.parse.proto.JsonFuncExpr;
import io.shardforge.sql.parse.proto.JsonOutput;
import io.shardforge.sql.parse.proto.JsonQuotes;
import io.shardforge.sql.parse.proto.JsonValueExpr;
import io.shardforge.sql.parse.proto.JsonWrapper;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonArray;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binds JSON_EXISTS, JSON_QUERY and JSON_VALUE, and what JSON_TABLE has in common with them. */
final class JsonSearchBinder {
  private static final SqlType JSONB = SqlType.of(PgOid.JSONB);
  private static final SqlType JSONPATH = SqlType.of(PgOid.JSONPATH);

  /** The answers that each form may have. */
  private static final Set<JsonBehaviorType> TRUTHS =
      Set.of(
          JsonBehaviorType.JSON_BEHAVIOR_ERROR,
          JsonBehaviorType.JSON_BEHAVIOR_TRUE,
          JsonBehaviorType.JSON_BEHAVIOR_FALSE,
          JsonBehaviorType.JSON_BEHAVIOR_UNKNOWN);

  private static final Set<JsonBehaviorType> SCALARS =
      Set.of(
          JsonBehaviorType.JSON_BEHAVIOR_ERROR,
          JsonBehaviorType.JSON_BEHAVIOR_NULL,
          JsonBehaviorType.JSON_BEHAVIOR_DEFAULT);

  private static final Set<JsonBehaviorType> DOCUMENTS =
      Set.of(
          JsonBehaviorType.JSON_BEHAVIOR_ERROR,
          JsonBehaviorType.JSON_BEHAVIOR_NULL,
          JsonBehaviorType.JSON_BEHAVIOR_EMPTY,
          JsonBehaviorType.JSON_BEHAVIOR_EMPTY_ARRAY,
          JsonBehaviorType.JSON_BEHAVIOR_EMPTY_OBJECT,
          JsonBehaviorType.JSON_BEHAVIOR_DEFAULT);

  /** Types of which a path's variables can be as they are; others are made JSON. */
  private static final Set<Integer> ITEMS =
      Set.of(
          PgOid.BOOL,
          PgOid.NUMERIC,
          PgOid.INT2,
          PgOid.INT4,
          PgOid.INT8,
          PgOid.FLOAT4,
          PgOid.FLOAT8,
          PgOid.DATE,
          PgOid.TIME,
          PgOid.TIMETZ,
          PgOid.TIMESTAMP,
          PgOid.TIMESTAMPTZ);

  private final Binder binder;
  private final BindContext context;
  private final ExpressionBinder expressions;

  JsonSearchBinder(Binder binder, ExpressionBinder expressions) {
    this.binder = binder;
    this.context = binder.context();
    this.expressions = expressions;
  }

  /** A call. */
  Bound search(JsonFuncExpr node) {
    requireAllowed(node);
    Bound document = document(node.getContextItem());
    Bound path = path(node.getPathspec());
    return search(node, document, path, variables(node.getPassingList()));
  }

  /** A column of JSON_TABLE or, with its parts bound, a call. */
  Bound search(JsonFuncExpr node, Bound document, Bound path, Bound variables) {
    Form form = form(node);
    SqlType type = returning(node.getOutput(), form);
    JsonRequest request =
        new JsonRequest(
            form,
            switch (node.getWrapper()) {
              case JSW_CONDITIONAL -> Wrapper.CONDITIONAL;
              case JSW_UNCONDITIONAL -> Wrapper.UNCONDITIONAL;
              default -> Wrapper.NONE;
            },
            node.getQuotes() == JsonQuotes.JS_QUOTES_OMIT,
            node.getColumnName().isEmpty() ? null : node.getColumnName(),
            type,
            isJudged(type));
    int number = context.newCorrelation();
    return new Bound.JsonSearch(
        request,
        document,
        path,
        variables,
        number,
        made(new Bound.OnceValue(number, request.readType()), type),
        answer(node.getOnEmpty(), node.hasOnEmpty(), JsonBehaviorType.JSON_BEHAVIOR_NULL, type),
        answer(
            node.getOnError(),
            node.hasOnError(),
            form == Form.JSON_EXISTS
                ? JsonBehaviorType.JSON_BEHAVIOR_FALSE
                : JsonBehaviorType.JSON_BEHAVIOR_NULL,
            type),
        type);
  }

  private static Form form(JsonFuncExpr node) {
    return switch (node.getOp()) {
      case JSON_EXISTS_OP -> Form.JSON_EXISTS;
      case JSON_VALUE_OP -> Form.JSON_VALUE;
      default -> Form.JSON_QUERY;
    };
  }

  /** What was found as the wanted type. */
  private Bound made(Bound read, SqlType type) {
    if (read.type().equals(type)) {
      return read;
    }
    if (read.type().oid() == PgOid.TEXT) {
      return binder.coercion().fromText(read, type);
    }
    Bound cast = binder.coercion().coerce(read, type, Context.EXPLICIT, -1);
    return cast == null ? read : cast;
  }

  private boolean isJudged(SqlType type) {
    int oid = type.oid();
    while (context.catalog().typeDescriptor(oid) instanceof DomainDescriptor domain) {
      if (domain.notNull() || !domain.checks().isEmpty()) {
        return true;
      }
      oid = domain.base().oid();
    }
    return false;
  }

  // What is searched.

  /** The document, as jsonb. */
  Bound document(JsonValueExpr node) {
    Bound value = formatted(node, expressions.bind(node.getRawExpr()));
    return cast(value, JSONB, Location.of(node.getRawExpr()));
  }

  private Bound formatted(JsonValueExpr node, Bound bound) {
    Bound value = binder.coercion().settle(bound);
    JsonFormat format = node.getFormat();
    boolean bytes = value.type().oid() == PgOid.BYTEA;
    if (format.getEncoding() != JsonEncoding.JS_ENC_DEFAULT && !bytes) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          format.getLocation(),
          "JSON ENCODING clause is only allowed for bytea input type");
    }
    if (format.getFormatType() != JsonFormatType.JS_FORMAT_JSON || !bytes) {
      return value;
    }
    Bound utf8 = new Bound.Const("UTF8", Types.UNKNOWN, -1);
    return binder.functions().call("pg_catalog", "convert_from", List.of(value, utf8), -1);
  }

  Bound path(Node node) {
    Bound path = expressions.bind(node);
    Bound read = binder.coercion().coerce(path, JSONPATH, Context.EXPLICIT, Location.of(node));
    if (read == null) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          Location.of(node),
          "JSON path expression must be of type jsonpath, not of type " + Names.type(path.type()));
    }
    return read;
  }

  /** The values of PASSING by their names. */
  Bound variables(List<Node> passing) {
    if (passing.isEmpty()) {
      return new Bound.Const(new JsonObject(Map.of()), JSONB, -1);
    }
    List<Bound> pairs = new ArrayList<>();
    for (Node node : passing) {
      JsonArgument argument = node.getJsonArgument();
      pairs.add(new Bound.Const(argument.getName(), Types.TEXT, -1));
      pairs.add(item(argument.getVal()));
    }
    return binder.functions().call("shardforge", "json_variables", pairs, -1);
  }

  private Bound item(JsonValueExpr node) {
    Bound value = formatted(node, expressions.bind(node.getRawExpr()));
    int type = PgTypes.baseOid(value.type().oid());
    boolean isJson = node.getFormat().getFormatType() == JsonFormatType.JS_FORMAT_JSON;
    if (!isJson && (ITEMS.contains(type) || Resolver.categoryOf(type) == 'S')) {
      return value;
    }
    int location = Location.of(node.getRawExpr());
    Bound json = binder.coercion().coerce(value, JSONB, Context.EXPLICIT, location);
    return json != null
        ? json
        : binder.functions().call("pg_catalog", "to_jsonb", List.of(value), location);
  }

  private Bound cast(Bound value, SqlType type, int location) {
    Bound result = binder.coercion().coerce(value, type, Context.EXPLICIT, location);
    if (result == null) {
      throw context.error(
          ErrorCode.CANNOT_COERCE,
          location,
          "cannot cast type " + Names.type(value.type()) + " to " + Names.type(type));
    }
    return result;
  }

  private SqlType returning(JsonOutput output, Form form) {
    if (!output.hasTypeName()) {
      return switch (form) {
        case JSON_EXISTS -> Types.BOOL;
        case JSON_QUERY -> JSONB;
        case JSON_VALUE -> Types.TEXT;
      };
    }
    SqlType type = TypeNameBinder.bind(context, output.getTypeName());
    if (PgTypes.byOid(type.oid()).isPseudo()) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          -1,
          "returning pseudo-types is not supported in SQL/JSON functions");
    }
    JsonFormat format = output.getReturning().getFormat();
    if (format.getEncoding() != JsonEncoding.JS_ENC_DEFAULT) {
      if (type.oid() != PgOid.BYTEA) {
        throw context.error(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            format.getLocation(),
            "cannot set JSON encoding for non-bytea output types");
      }
      if (format.getEncoding() != JsonEncoding.JS_ENC_UTF8) {
        throw context
            .error(
                ErrorCode.FEATURE_NOT_SUPPORTED, format.getLocation(), "unsupported JSON encoding")
            .withHint("Only UTF8 JSON encoding is supported.");
      }
    }
    return type;
  }

  // What is answered otherwise.

  /** Fails for a combination of clauses that has no meaning. */
  void requireAllowed(JsonFuncExpr node) {
    JsonFormat format = node.getOutput().getReturning().getFormat();
    boolean formatted =
        format.getFormatType() == JsonFormatType.JS_FORMAT_JSON
            || format.getFormatType() == JsonFormatType.JS_FORMAT_JSONB;
    if (node.getOp() != JsonExprOp.JSON_QUERY_OP && node.hasOutput() && formatted) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          format.getLocation(),
          "cannot specify FORMAT JSON in RETURNING clause of " + form(node) + "()");
    }
    if (node.getOp() == JsonExprOp.JSON_QUERY_OP
        && node.getQuotes() == JsonQuotes.JS_QUOTES_OMIT
        && (node.getWrapper() == JsonWrapper.JSW_CONDITIONAL
            || node.getWrapper() == JsonWrapper.JSW_UNCONDITIONAL)) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          node.getLocation(),
          "SQL/JSON QUOTES behavior must not be specified when WITH WRAPPER is used");
    }
    if (node.hasOnEmpty()) {
      requireAllowed(node, node.getOnEmpty(), "ON EMPTY");
    }
    if (node.hasOnError()) {
      requireAllowed(node, node.getOnError(), "ON ERROR");
    }
  }

  private void requireAllowed(JsonFuncExpr node, JsonBehavior answer, String clause) {
    Form form = form(node);
    Set<JsonBehaviorType> allowed =
        switch (form) {
          case JSON_EXISTS -> TRUTHS;
          case JSON_QUERY -> DOCUMENTS;
          case JSON_VALUE -> SCALARS;
        };
    if (allowed.contains(answer.getBtype())) {
      return;
    }
    String which =
        switch (form) {
          case JSON_EXISTS -> "ERROR, TRUE, FALSE, or UNKNOWN";
          case JSON_QUERY -> "ERROR, NULL, EMPTY ARRAY, EMPTY OBJECT, or DEFAULT expression";
          case JSON_VALUE -> "ERROR, NULL, or DEFAULT expression";
        };
    boolean called = node.getColumnName().isEmpty();
    String place =
        called
            ? form + "()"
            : switch (form) {
              case JSON_EXISTS -> "EXISTS columns";
              case JSON_QUERY -> "formatted columns";
              case JSON_VALUE -> "scalar columns";
            };
    String column = called ? "" : " for column \"" + node.getColumnName() + "\"";
    throw context
        .error(
            ErrorCode.SYNTAX_ERROR,
            answer.getLocation(),
            "invalid " + clause + " behavior" + column)
        .withDetail("Only " + which + " is allowed in " + clause + " for " + place + ".");
  }

  private JsonAnswer answer(
      JsonBehavior node, boolean written, JsonBehaviorType otherwise, SqlType type) {
    JsonBehaviorType kind = written ? node.getBtype() : otherwise;
    return switch (kind) {
      case JSON_BEHAVIOR_ERROR -> new JsonAnswer("ERROR", null, false);
      case JSON_BEHAVIOR_TRUE -> truth("TRUE", true);
      case JSON_BEHAVIOR_FALSE -> truth("FALSE", false);
      case JSON_BEHAVIOR_UNKNOWN -> truth("UNKNOWN", null);
      case JSON_BEHAVIOR_EMPTY, JSON_BEHAVIOR_EMPTY_ARRAY ->
          document("EMPTY ARRAY", new JsonArray(List.of()));
      case JSON_BEHAVIOR_EMPTY_OBJECT -> document("EMPTY OBJECT", new JsonObject(Map.of()));
      case JSON_BEHAVIOR_DEFAULT -> otherwise(node, type);
      default -> document("NULL", null);
    };
  }

  private static JsonAnswer truth(String words, @Nullable Boolean value) {
    return new JsonAnswer(words, new Bound.Const(value, Types.BOOL, -1), true);
  }

  private static JsonAnswer document(String words, @Nullable JsonValue value) {
    return new JsonAnswer(words, new Bound.Const(value, JSONB, -1), true);
  }

  /** DEFAULT and an expression. */
  private JsonAnswer otherwise(JsonBehavior node, SqlType type) {
    Node written = node.getExpr();
    Bound value = expressions.bind(written);
    if (!isSimple(value)) {
      throw wrongDefault(
          written,
          "can only specify a constant, non-aggregate function, or operator expression for"
              + " DEFAULT");
    }
    if (Bound.any(value, e -> e instanceof Bound.Column || e instanceof Bound.Outer)) {
      throw wrongDefault(written, "DEFAULT expression must not contain column references");
    }
    if (Contains.hasSet(value)) {
      throw wrongDefault(written, "DEFAULT expression must not return a set");
    }
    int from = value.type().oid();
    boolean found =
        (value instanceof Bound.Const constant && constant.value() == null)
            || from == PgOid.JSONB
            || (from == PgOid.BOOL && PgTypes.baseOid(type.oid()) != PgOid.INT4);
    if (found && from != type.oid()) {
      boolean json = from == PgOid.JSONB || from == PgOid.BOOL;
      return new JsonAnswer("DEFAULT", json ? value : new Bound.Const(null, JSONB, -1), true);
    }
    char category = Resolver.categoryOf(type.oid());
    Context how = category == 'S' || category == 'V' ? Context.ASSIGNMENT : Context.EXPLICIT;
    int location = Location.of(written);
    Bound cast = binder.coercion().coerce(value, type, how, location);
    if (cast == null) {
      throw context
          .error(
              ErrorCode.CANNOT_COERCE,
              location,
              "cannot cast behavior expression of type "
                  + Names.type(value.type())
                  + " to "
                  + Names.type(type))
          .withHint(
              "You will need to explicitly cast the expression to type " + Names.type(type) + ".");
    }
    return new JsonAnswer("DEFAULT", cast, false);
  }

  /** Whether this is a constant or a call, perhaps cast. */
  private static boolean isSimple(Bound value) {
    return switch (value) {
      case Bound.Const _, Bound.Call _ -> true;
      case Bound.Cast cast -> cast.kind() == Bound.CastKind.FUNCTION || isSimple(cast.arg());
      case Bound.ToDomain domain -> isSimple(domain.arg());
      default -> false;
    };
  }

  private ShardForgeException wrongDefault(Node written, String message) {
    return context.error(ErrorCode.DATATYPE_MISMATCH, Location.of(written), message);
  }
}
