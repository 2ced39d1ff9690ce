package io.shardforge.sql.function;

import io.shardforge.sql.expr.ArrayExpression;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.AggregateFunction.Accumulator;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Aggregates that keep every value: arrays, strings and JSON. */
final class CollectingAggregates {
  private static final long ELEMENT_BYTES = 48;

  private CollectingAggregates() {}

  static void register(FunctionTable t) {
    t.aggregateTyped(
        "array_agg(anynonarray)", types -> () -> new ArrayCollector(types.argument(0), false));
    t.aggregateTyped(
        "array_agg(anyarray)",
        types -> {
          int elementOid = PgTypes.byOid(types.argument(0)).elementOid();
          return () -> new ArrayCollector(elementOid, true);
        });
    t.aggregate("string_agg(text,text)", TextCollector::new);
    t.aggregate("string_agg(bytea,bytea)", BytesCollector::new);
    t.aggregateTyped(
        "json_agg(anyelement)",
        types -> () -> new JsonCollector(JsonConversion.argumentType(types.arguments(), 0)));
    t.aggregateTyped(
        "jsonb_agg(anyelement)",
        types -> () -> new JsonbCollector(JsonConversion.argumentType(types.arguments(), 0)));
    t.aggregateTyped(
        "json_object_agg(any,any)",
        types ->
            () ->
                new JsonObjectCollector(
                    JsonConversion.argumentType(types.arguments(), 0),
                    JsonConversion.argumentType(types.arguments(), 1)));
    t.aggregateTyped(
        "jsonb_object_agg(any,any)",
        types ->
            () ->
                new JsonbObjectCollector(
                    JsonConversion.argumentType(types.arguments(), 0),
                    JsonConversion.argumentType(types.arguments(), 1)));
  }

  private static long sizeOf(@Nullable Object value) {
    return switch (value) {
      case String text -> ELEMENT_BYTES + text.length() * 2L;
      case byte[] bytes -> ELEMENT_BYTES + bytes.length;
      case ArrayValue array -> ELEMENT_BYTES + array.size() * ELEMENT_BYTES;
      case JsonValue json -> ELEMENT_BYTES + 4L * JsonValue.text(json).length();
      case null, default -> ELEMENT_BYTES;
    };
  }

  /** array_agg. */
  private static final class ArrayCollector implements Accumulator {
    private final int elementOid;
    private final boolean nested;
    private final List<@Nullable Object> elements = new ArrayList<>();
    private long bytes;

    ArrayCollector(int elementOid, boolean nested) {
      this.elementOid = elementOid;
      this.nested = nested;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      elements.add(arguments[0]);
      bytes += sizeOf(arguments[0]);
    }

    @Override
    public void merge(Accumulator other) {
      ArrayCollector that = (ArrayCollector) other;
      elements.addAll(that.elements);
      bytes += that.bytes;
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      if (elements.isEmpty()) {
        return null;
      }
      return nested
          ? ArrayExpression.gather(elementOid, elements)
          : ArrayValue.of(elementOid, elements);
    }

    @Override
    public long memoryBytes() {
      return bytes;
    }
  }

  /** string_agg of text. */
  private static final class TextCollector implements Accumulator {
    private final StringBuilder text = new StringBuilder();
    private @Nullable String firstDelimiter;
    private boolean seen;

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (!(arguments[0] instanceof String value)) {
        return;
      }
      String delimiter = arguments[1] instanceof String given ? given : "";
      if (seen) {
        text.append(delimiter);
      } else {
        firstDelimiter = delimiter;
      }
      text.append(value);
      seen = true;
    }

    @Override
    public void merge(Accumulator other) {
      TextCollector that = (TextCollector) other;
      if (!that.seen) {
        return;
      }
      if (seen) {
        text.append(that.firstDelimiter);
      } else {
        firstDelimiter = that.firstDelimiter;
      }
      text.append(that.text);
      seen = true;
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return seen ? text.toString() : null;
    }

    @Override
    public long memoryBytes() {
      return 64 + text.capacity() * 2L;
    }
  }

  /** string_agg of bytea. */
  private static final class BytesCollector implements Accumulator {
    private final ByteWriter out = new ByteWriter();
    private byte[] firstDelimiter = new byte[0];
    private boolean seen;

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (!(arguments[0] instanceof byte[] value)) {
        return;
      }
      byte[] delimiter = arguments[1] instanceof byte[] given ? given : new byte[0];
      if (seen) {
        out.putBytes(delimiter);
      } else {
        firstDelimiter = delimiter;
      }
      out.putBytes(value);
      seen = true;
    }

    @Override
    public void merge(Accumulator other) {
      BytesCollector that = (BytesCollector) other;
      if (!that.seen) {
        return;
      }
      if (seen) {
        out.putBytes(that.firstDelimiter);
      } else {
        firstDelimiter = that.firstDelimiter;
      }
      out.putBytes(that.out.array(), 0, that.out.size());
      seen = true;
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return seen ? out.toByteArray() : null;
    }

    @Override
    public long memoryBytes() {
      return 64L + out.array().length;
    }
  }

  /** json_agg. */
  private static final class JsonCollector implements Accumulator {
    private final int typeOid;
    private final boolean structured;
    private final StringBuilder out = new StringBuilder();

    JsonCollector(int typeOid) {
      this.typeOid = typeOid;
      this.structured =
          PgTypes.byOid(typeOid).isArray() || typeOid == io.shardforge.sql.type.PgOid.RECORD;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (!out.isEmpty()) {
        out.append(", ");
        if (structured && arguments[0] != null) {
          out.append("\n ");
        }
      }
      JsonConversion.append(out, arguments[0], typeOid, context, false);
    }

    @Override
    public void merge(Accumulator other) {
      JsonCollector that = (JsonCollector) other;
      if (!that.out.isEmpty()) {
        out.append(out.isEmpty() ? "" : structured ? ", \n " : ", ").append(that.out);
      }
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return out.isEmpty() ? null : "[" + out + "]";
    }

    @Override
    public long memoryBytes() {
      return 64 + out.capacity() * 2L;
    }
  }

  /** jsonb_agg. */
  private static final class JsonbCollector implements Accumulator {
    private final int typeOid;
    private final List<JsonValue> elements = new ArrayList<>();
    private long bytes;

    JsonbCollector(int typeOid) {
      this.typeOid = typeOid;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      JsonValue value = JsonConversion.toJsonb(arguments[0], typeOid, context);
      elements.add(value);
      bytes += sizeOf(value);
    }

    @Override
    public void merge(Accumulator other) {
      JsonbCollector that = (JsonbCollector) other;
      elements.addAll(that.elements);
      bytes += that.bytes;
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return elements.isEmpty() ? null : new JsonValue.JsonArray(elements);
    }

    @Override
    public long memoryBytes() {
      return bytes;
    }
  }

  /** json_object_agg. */
  private static final class JsonObjectCollector implements Accumulator {
    private final int keyOid;
    private final int valueOid;
    private final StringBuilder out = new StringBuilder();

    JsonObjectCollector(int keyOid, int valueOid) {
      this.keyOid = keyOid;
      this.valueOid = valueOid;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (arguments[0] == null) {
        throw TypeErrors.invalidParameter("field name must not be null");
      }
      out.append(out.isEmpty() ? " " : ", ");
      JsonValue.appendQuoted(out, JsonConversion.key(arguments[0], keyOid, 0, context));
      out.append(" : ");
      JsonConversion.append(out, arguments[1], valueOid, context, false);
    }

    @Override
    public void merge(Accumulator other) {
      JsonObjectCollector that = (JsonObjectCollector) other;
      if (!that.out.isEmpty()) {
        out.append(out.isEmpty() ? "" : ",").append(that.out);
      }
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return out.isEmpty() ? null : "{" + out + " }";
    }

    @Override
    public long memoryBytes() {
      return 64 + out.capacity() * 2L;
    }
  }

  /** jsonb_object_agg. */
  private static final class JsonbObjectCollector implements Accumulator {
    private final int keyOid;
    private final int valueOid;
    private final Map<String, JsonValue> members = new LinkedHashMap<>();
    private long bytes;

    JsonbObjectCollector(int keyOid, int valueOid) {
      this.keyOid = keyOid;
      this.valueOid = valueOid;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      if (arguments[0] == null) {
        throw TypeErrors.invalidParameter("field name must not be null");
      }
      String key = JsonConversion.key(arguments[0], keyOid, 0, context);
      JsonValue value = JsonConversion.toJsonb(arguments[1], valueOid, context);
      members.put(key, value);
      bytes += sizeOf(key) + sizeOf(value);
    }

    @Override
    public void merge(Accumulator other) {
      JsonbObjectCollector that = (JsonbObjectCollector) other;
      members.putAll(that.members);
      bytes += that.bytes;
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      return members.isEmpty() ? null : new JsonValue.JsonObject(members);
    }

    @Override
    public long memoryBytes() {
      return bytes;
    }
  }
}
