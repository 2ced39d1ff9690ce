package io.shardforge.sql.function;

import io.shardforge.sql.type.JsonPath;
import io.shardforge.sql.type.JsonPath.Accessor;
import io.shardforge.sql.type.JsonPath.Node;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonArray;
import io.shardforge.sql.type.JsonValue.JsonBoolean;
import io.shardforge.sql.type.JsonValue.JsonMoment;
import io.shardforge.sql.type.JsonValue.JsonNull;
import io.shardforge.sql.type.JsonValue.JsonNumber;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.JsonValue.JsonString;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation of a path on a document. Items are handed on one by one as they are found, so that
 * who needs only the first never meets an error behind it. In lax mode arrays are unwrapped where a
 * member, a filter or an operand is wanted, and scalars taken for arrays of one.
 */
final class JsonPathEvaluation {
  private final boolean lax;
  private final JsonValue root;
  private final JsonObject variables;
  private final JsonPathMoments moments;
  private final IdentityHashMap<JsonValue, Long> ids = new IdentityHashMap<>();
  private int lastIndex = -1;

  /** Whether structural errors are passed over, as in lax mode and below {@code .**}. */
  private boolean lenient;

  /** Takes an item; false if no more are wanted. */
  @FunctionalInterface
  interface Sink {
    boolean accept(JsonValue item);
  }

  /** What SQL/JSON knows of a condition. */
  private enum Truth {
    TRUE,
    FALSE,
    UNKNOWN;

    static Truth of(boolean value) {
      return value ? TRUE : FALSE;
    }
  }

  /** An error of a path, which makes a condition unknown and is dropped where that is asked for. */
  static final class PathError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PathError(ShardForgeException cause) {
      super(null, cause, false, false);
    }

    ShardForgeException error() {
      return (ShardForgeException) Objects.requireNonNull(getCause());
    }
  }

  JsonPathEvaluation(JsonPath path, JsonValue root, JsonObject variables, JsonPathMoments moments) {
    this.moments = moments;
    this.lax = !path.strict();
    this.lenient = lax;
    this.root = root;
    this.ids.put(root, 0L);
    this.variables = variables;
  }

  private static PathError error(ErrorCode code, String message) {
    return new PathError(TypeErrors.of(code, message));
  }

  /** Hands on what an expression gives for an item; false if the sink wants no more. */
  boolean run(Node node, JsonValue item, Sink sink) {
    return switch (node) {
      case JsonPath.Root _ -> sink.accept(root);
      case JsonPath.Current _ -> sink.accept(item);
      case JsonPath.Literal literal -> sink.accept(literal.value());
      case JsonPath.Last _ -> sink.accept(new JsonNumber(Numeric.of((long) lastIndex)));
      case JsonPath.Variable variable -> sink.accept(valueOf(variable.name()));
      case JsonPath.Step step ->
          run(step.from(), item, from -> access(step.accessor(), from, lax, sink));
      case JsonPath.Arithmetic arithmetic -> sink.accept(compute(arithmetic, item));
      case JsonPath.Sign sign -> signed(sign, item, sink);
      case JsonPath.Comparison _,
          JsonPath.And _,
          JsonPath.Or _,
          JsonPath.Not _,
          JsonPath.IsUnknown _,
          JsonPath.Exists _,
          JsonPath.StartsWith _,
          JsonPath.LikeRegex _ ->
          sink.accept(
              switch (judge(node, item)) {
                case TRUE -> JsonBoolean.TRUE;
                case FALSE -> JsonBoolean.FALSE;
                case UNKNOWN -> JsonNull.INSTANCE;
              });
    };
  }

  private JsonValue valueOf(String variable) {
    JsonValue value = variables.get(variable);
    if (value == null) {
      throw TypeErrors.of(
          ErrorCode.UNDEFINED_OBJECT, "could not find jsonpath variable \"" + variable + "\"");
    }
    return value;
  }

  /** All that an operand gives, arrays unwrapped in lax mode. */
  private List<JsonValue> operand(Node node, JsonValue item, boolean unwrap) {
    List<JsonValue> found = new ArrayList<>();
    var _ =
        run(
            node,
            item,
            each -> {
              if (unwrap && lax && each instanceof JsonArray array) {
                found.addAll(array.elements());
              } else {
                found.add(each);
              }
              return true;
            });
    return found;
  }

  // ---- Accessors ----

  private boolean access(Accessor accessor, JsonValue item, boolean unwrap, Sink sink) {
    return switch (accessor) {
      case JsonPath.Member member -> member(member, item, unwrap, sink);
      case JsonPath.AnyMember _ -> {
        if (item instanceof JsonObject object) {
          yield all(object.members().values(), sink);
        }
        if (unwrap && item instanceof JsonArray array) {
          yield unwrapped(accessor, array, sink);
        }
        yield structural(
            ErrorCode.SQL_JSON_OBJECT_NOT_FOUND,
            "jsonpath wildcard member accessor can only be applied to an object");
      }
      case JsonPath.AnyElement _ -> {
        if (item instanceof JsonArray array) {
          yield all(array.elements(), sink);
        }
        if (lax) {
          yield sink.accept(item);
        }
        yield structural(
            ErrorCode.SQL_JSON_ARRAY_NOT_FOUND,
            "jsonpath wildcard array accessor can only be applied to an array");
      }
      case JsonPath.Elements elements -> elements(elements, item, sink);
      case JsonPath.Descendants range -> {
        // What lies deep inside need not be alike.
        Sink below =
            each -> {
              boolean before = lenient;
              lenient = true;
              try {
                return sink.accept(each);
              } finally {
                lenient = before;
              }
            };
        if (range.from() == 0 && !below.accept(item)) {
          yield false;
        }
        yield range.to() == 0 || descend(range, item, 1, below);
      }
      case JsonPath.Filter filter -> {
        if (unwrap && item instanceof JsonArray array) {
          yield unwrapped(accessor, array, sink);
        }
        yield judge(filter.condition(), item) != Truth.TRUE || sink.accept(item);
      }
      case JsonPath.Method method -> method(method, item, unwrap, sink);
    };
  }

  private boolean member(JsonPath.Member member, JsonValue item, boolean unwrap, Sink sink) {
    if (item instanceof JsonObject object) {
      JsonValue value = object.get(member.key());
      return value != null
          ? sink.accept(value)
          : structural(
              ErrorCode.SQL_JSON_MEMBER_NOT_FOUND,
              "JSON object does not contain key \"" + member.key() + "\"");
    }
    if (unwrap && item instanceof JsonArray array) {
      return unwrapped(member, array, sink);
    }
    return structural(
        ErrorCode.SQL_JSON_MEMBER_NOT_FOUND,
        "jsonpath member accessor can only be applied to an object");
  }

  private static boolean all(Collection<JsonValue> items, Sink sink) {
    for (JsonValue item : items) {
      if (!sink.accept(item)) {
        return false;
      }
    }
    return true;
  }

  private boolean unwrapped(Accessor accessor, JsonArray array, Sink sink) {
    return all(array.elements(), element -> access(accessor, element, false, sink));
  }

  private boolean structural(ErrorCode code, String message) {
    if (!lenient) {
      throw error(code, message);
    }
    return true;
  }

  private static boolean descend(JsonPath.Descendants range, JsonValue item, int level, Sink sink) {
    Collection<JsonValue> parts =
        switch (item) {
          case JsonObject object -> object.members().values();
          case JsonArray array -> array.elements();
          default -> List.of();
        };
    int last = JsonPath.Descendants.LAST;
    for (JsonValue part : parts) {
      boolean leaf = range.from() == last && range.to() == last && part.isScalar();
      if ((level >= range.from() || leaf) && !sink.accept(part)) {
        return false;
      }
      if (level < range.to() && !part.isScalar() && !descend(range, part, level + 1, sink)) {
        return false;
      }
    }
    return true;
  }

  private boolean elements(JsonPath.Elements wanted, JsonValue item, Sink sink) {
    List<JsonValue> elements;
    if (item instanceof JsonArray array) {
      elements = array.elements();
    } else if (lax) {
      elements = List.of(item);
    } else {
      return structural(
          ErrorCode.SQL_JSON_ARRAY_NOT_FOUND,
          "jsonpath array accessor can only be applied to an array");
    }
    for (JsonPath.Subscript subscript : wanted.subscripts()) {
      int outer = lastIndex;
      lastIndex = elements.size() - 1;
      long from;
      long to;
      try {
        from = index(subscript.from(), item);
        to = subscript.to() == null ? from : index(subscript.to(), item);
      } finally {
        lastIndex = outer;
      }
      if (!lenient && (from < 0 || from > to || to >= elements.size())) {
        throw error(
            ErrorCode.INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of bounds");
      }
      for (long i = Math.max(0, from); i <= Math.min(to, elements.size() - 1L); i++) {
        if (!sink.accept(elements.get((int) i))) {
          return false;
        }
      }
    }
    return true;
  }

  private long index(Node node, JsonValue item) {
    List<JsonValue> found = operand(node, item, false);
    if (found.size() != 1 || !(found.getFirst() instanceof JsonNumber number)) {
      throw error(
          ErrorCode.INVALID_SQL_JSON_SUBSCRIPT,
          "jsonpath array subscript is not a single numeric value");
    }
    try {
      return number.value().truncate(0).toLong(Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
    } catch (ShardForgeException _) {
      throw error(
          ErrorCode.INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of integer range");
    }
  }

  private boolean method(JsonPath.Method method, JsonValue item, boolean unwrap, Sink sink) {
    String name = method.name();
    if (name.equals("type")) {
      return sink.accept(new JsonString(item.typeName()));
    }
    if (name.equals("size")) {
      if (!lax && !(item instanceof JsonArray)) {
        return structural(
            ErrorCode.SQL_JSON_ARRAY_NOT_FOUND,
            "jsonpath item method .size() can only be applied to an array");
      }
      long size = item instanceof JsonArray array ? array.elements().size() : 1;
      return sink.accept(new JsonNumber(Numeric.of(size)));
    }
    if (unwrap && item instanceof JsonArray array) {
      return unwrapped(method, array, sink);
    }
    switch (name) {
      case "double" -> {
        return sink.accept(asDouble(item));
      }
      case "keyvalue" -> {
        return members(item, sink);
      }
      case "bigint", "boolean", "decimal", "integer", "number", "string" -> {
        try {
          return sink.accept(JsonPathConversion.convert(method, item));
        } catch (ShardForgeException e) {
          throw new PathError(e);
        }
      }
      default -> {}
    }
    if (method.isMoment()) {
      return sink.accept(moments.read(method, item));
    }
    if (!(item instanceof JsonNumber number)) {
      throw error(
          ErrorCode.NON_NUMERIC_SQL_JSON_ITEM,
          "jsonpath item method ." + name + "() can only be applied to a numeric value");
    }
    Numeric value = number.value();
    return sink.accept(
        new JsonNumber(
            switch (name) {
              case "abs" -> value.abs();
              case "ceiling" -> value.ceiling();
              case "floor" -> value.floor();
              default -> throw new IllegalStateException(name);
            }));
  }

  /** The members of an object as objects of key, value and a number for the object they are of. */
  private boolean members(JsonValue item, Sink sink) {
    if (!(item instanceof JsonObject object)) {
      throw error(
          ErrorCode.SQL_JSON_OBJECT_NOT_FOUND,
          "jsonpath item method .keyvalue() can only be applied to an object");
    }
    long id = ids.computeIfAbsent(object, _ -> (long) ids.size());
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      JsonObject described =
          new JsonObject(
              Map.of(
                  "key",
                  new JsonString(member.getKey()),
                  "value",
                  member.getValue(),
                  "id",
                  new JsonNumber(Numeric.of(id))));
      if (!sink.accept(described)) {
        return false;
      }
    }
    return true;
  }

  private static JsonValue asDouble(JsonValue item) {
    if (item instanceof JsonNumber number) {
      if (Double.isInfinite(number.value().toDouble())) {
        throw error(
            ErrorCode.NON_NUMERIC_SQL_JSON_ITEM,
            "numeric argument of jsonpath item method .double() is out of range for type double"
                + " precision");
      }
      return item;
    }
    if (!(item instanceof JsonString string)) {
      throw error(
          ErrorCode.NON_NUMERIC_SQL_JSON_ITEM,
          "jsonpath item method .double() can only be applied to a string or numeric value");
    }
    double value;
    try {
      value = Double.parseDouble(Text.stripSpace(string.value()));
    } catch (NumberFormatException _) {
      value = Double.NaN;
    }
    if (!Double.isFinite(value)) {
      throw error(
          ErrorCode.NON_NUMERIC_SQL_JSON_ITEM,
          "string argument of jsonpath item method .double() is not a valid representation of a"
              + " double precision number");
    }
    return new JsonNumber(Numeric.of(value));
  }

  // ---- Arithmetic ----

  private JsonValue compute(JsonPath.Arithmetic node, JsonValue item) {
    Numeric left = single("left", node.operator(), node.left(), item);
    Numeric right = single("right", node.operator(), node.right(), item);
    try {
      return new JsonNumber(
          switch (node.operator()) {
            case '+' -> left.add(right);
            case '-' -> left.subtract(right);
            case '*' -> left.multiply(right);
            case '/' -> left.divide(right);
            case '%' -> left.remainder(right);
            default -> throw new IllegalStateException("operator " + node.operator());
          });
    } catch (ShardForgeException e) {
      throw new PathError(e);
    }
  }

  private Numeric single(String side, char operator, Node node, JsonValue item) {
    List<JsonValue> found = operand(node, item, true);
    if (found.size() == 1 && found.getFirst() instanceof JsonNumber number) {
      return number.value();
    }
    throw error(
        ErrorCode.SINGLETON_SQL_JSON_ITEM_REQUIRED,
        side + " operand of jsonpath operator " + operator + " is not a single numeric value");
  }

  private boolean signed(JsonPath.Sign node, JsonValue item, Sink sink) {
    for (JsonValue each : operand(node.operand(), item, true)) {
      if (!(each instanceof JsonNumber number)) {
        throw error(
            ErrorCode.SQL_JSON_NUMBER_NOT_FOUND,
            "operand of unary jsonpath operator " + node.operator() + " is not a numeric value");
      }
      Numeric value = node.operator() == '-' ? number.value().negate() : number.value();
      if (!sink.accept(new JsonNumber(value))) {
        return false;
      }
    }
    return true;
  }

  // ---- Conditions ----

  private Truth judge(Node node, JsonValue item) {
    return switch (node) {
      case JsonPath.And and -> {
        Truth left = judge(and.left(), item);
        if (left == Truth.FALSE) {
          yield left;
        }
        Truth right = judge(and.right(), item);
        yield right == Truth.TRUE ? left : right;
      }
      case JsonPath.Or or -> {
        Truth left = judge(or.left(), item);
        if (left == Truth.TRUE) {
          yield left;
        }
        Truth right = judge(or.right(), item);
        yield right == Truth.FALSE ? left : right;
      }
      case JsonPath.Not not ->
          switch (judge(not.operand(), item)) {
            case TRUE -> Truth.FALSE;
            case FALSE -> Truth.TRUE;
            case UNKNOWN -> Truth.UNKNOWN;
          };
      case JsonPath.IsUnknown unknown -> Truth.of(judge(unknown.operand(), item) == Truth.UNKNOWN);
      case JsonPath.Exists exists -> exists(exists.operand(), item);
      case JsonPath.Comparison c ->
          anyPair(c.left(), c.right(), true, item, (a, b) -> compare(c.operator(), a, b));
      case JsonPath.StartsWith s ->
          anyPair(
              s.text(),
              s.prefix(),
              false,
              item,
              (a, b) ->
                  a instanceof JsonString text && b instanceof JsonString prefix
                      ? Truth.of(text.value().startsWith(prefix.value()))
                      : Truth.UNKNOWN);
      case JsonPath.LikeRegex like ->
          anyPair(
              like.text(),
              new JsonPath.Literal(JsonNull.INSTANCE),
              false,
              item,
              (a, _) ->
                  a instanceof JsonString text
                      ? Truth.of(
                          RegularExpression.compile(like.pattern(), flags(like.flags()))
                              .matcher(text.value())
                              .find())
                      : Truth.UNKNOWN);
      default -> throw new IllegalStateException("not a condition: " + node);
    };
  }

  /** XQuery's flags in PostgreSQL's letters: a point is no newline there unless that is said. */
  private static String flags(String flags) {
    boolean dotAll = flags.indexOf('s') >= 0;
    boolean lines = flags.indexOf('m') >= 0;
    String newlines = dotAll ? (lines ? "w" : "s") : (lines ? "n" : "p");
    return (flags.indexOf('q') >= 0 ? "q" : newlines) + (flags.indexOf('i') >= 0 ? "i" : "");
  }

  private Truth exists(Node operand, JsonValue item) {
    boolean[] any = new boolean[1];
    try {
      // In strict mode an error behind the first item counts.
      var _ =
          run(
              operand,
              item,
              _ -> {
                any[0] = true;
                return !lax;
              });
    } catch (PathError _) {
      return Truth.UNKNOWN;
    }
    return Truth.of(any[0]);
  }

  private interface PairTest {
    Truth judge(JsonValue left, JsonValue right);
  }

  private Truth anyPair(Node left, Node right, boolean unwrapRight, JsonValue item, PairTest test) {
    List<JsonValue> lefts;
    List<JsonValue> rights;
    try {
      lefts = operand(left, item, true);
      rights = operand(right, item, unwrapRight);
    } catch (PathError _) {
      return Truth.UNKNOWN;
    }
    boolean found = false;
    boolean unknown = false;
    for (JsonValue a : lefts) {
      for (JsonValue b : rights) {
        switch (test.judge(a, b)) {
          case TRUE -> {
            if (lax) {
              return Truth.TRUE;
            }
            found = true;
          }
          case UNKNOWN -> {
            if (!lax) {
              return Truth.UNKNOWN;
            }
            unknown = true;
          }
          case FALSE -> {}
        }
      }
    }
    return found ? Truth.TRUE : unknown ? Truth.UNKNOWN : Truth.FALSE;
  }

  private Truth compare(JsonPath.Operator operator, JsonValue a, JsonValue b) {
    Integer order = order(a, b);
    if (order == null) {
      boolean withNull = a instanceof JsonNull || b instanceof JsonNull;
      return withNull ? Truth.of(operator == JsonPath.Operator.NOT_EQUAL) : Truth.UNKNOWN;
    }
    return Truth.of(
        switch (operator) {
          case EQUAL -> order == 0;
          case NOT_EQUAL -> order != 0;
          case LESS -> order < 0;
          case LESS_OR_EQUAL -> order <= 0;
          case GREATER -> order > 0;
          case GREATER_OR_EQUAL -> order >= 0;
        });
  }

  /** The order of two scalars of one kind; null of others. */
  private @Nullable Integer order(JsonValue a, JsonValue b) {
    if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
      return x.value().compareTo(y.value());
    }
    if (a instanceof JsonString x && b instanceof JsonString y) {
      return Text.compare(x.value(), y.value());
    }
    if (a instanceof JsonBoolean x && b instanceof JsonBoolean y) {
      return Boolean.compare(x.value(), y.value());
    }
    if (a instanceof JsonMoment x && b instanceof JsonMoment y) {
      return moments.order(x, y);
    }
    return a instanceof JsonNull && b instanceof JsonNull ? 0 : null;
  }
}
