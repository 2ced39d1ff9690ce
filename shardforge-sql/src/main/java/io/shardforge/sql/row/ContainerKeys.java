package io.shardforge.sql.row;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonArray;
import io.shardforge.sql.type.JsonValue.JsonBoolean;
import io.shardforge.sql.type.JsonValue.JsonNull;
import io.shardforge.sql.type.JsonValue.JsonNumber;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.JsonValue.JsonString;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeyOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Arrays and documents as bytes that sort as the values do in PostgreSQL, which are a bytea in a
 * key.
 *
 * <pre>
 *   array      elements as columns of a key, nulls last; END; dimensions; their lengths if there
 *              are several; lower bounds
 *   document   EMPTY_ARRAY at the top, NULL, STRING text, NUMBER numeric, FALSE, TRUE,
 *              ARRAY count elements, OBJECT count names and values, in the order of the names' length
 * </pre>
 *
 * Nothing of this may ever change, for it is in keys.
 */
final class ContainerKeys {
  private static final KeyOrder ORDER = KeyOrder.ASC_NULLS_LAST;

  /** Below whatever an element starts with. */
  private static final int END = 0;

  private static final int BOUND_BELOW_ONE = 1;
  private static final int BOUND_ONE = 2;
  private static final int BOUND_ABOVE_ONE = 3;

  private static final int EMPTY_ARRAY = 1;
  private static final int NULL = 2;
  private static final int STRING = 3;
  private static final int NUMBER = 4;
  private static final int FALSE = 5;
  private static final int TRUE = 6;
  private static final int ARRAY = 7;
  private static final int OBJECT = 8;

  private static final ValueCodec NUMBERS = ValueCodec.of(SqlType.of(PgOid.NUMERIC));

  private ContainerKeys() {}

  // ---- arrays ----

  static byte[] ofArray(ArrayValue array, ValueCodec elements) {
    KeyEncoder out = new KeyEncoder();
    for (int i = 0; i < array.size(); i++) {
      elements.putKey(array.get(i), ORDER, out);
    }
    out.putRawByte(END).putRawByte(array.dimensionCount());
    // The length of a single dimension is the number of elements.
    for (int i = 0; i < array.dimensionCount() && array.dimensionCount() > 1; i++) {
      out.putRawInt(array.length(i));
    }
    for (int bound : array.lowerBounds()) {
      if (bound == 1) {
        out.putRawByte(BOUND_ONE);
      } else {
        out.putRawByte(bound < 1 ? BOUND_BELOW_ONE : BOUND_ABOVE_ONE);
        out.putRawInt(bound ^ Integer.MIN_VALUE);
      }
    }
    return out.toByteArray();
  }

  static ArrayValue array(byte[] key, int elementOid, ValueCodec elements) {
    KeyDecoder in = new KeyDecoder(key);
    List<@Nullable Object> values = new ArrayList<>();
    // An element starts with the marker of a column.
    while (key[in.position()] != END) {
      values.add(elements.readKey(in, ORDER));
    }
    in.skip(1);
    int[] lengths = new int[in.getRawByte()];
    Arrays.fill(lengths, values.size());
    for (int i = 0; i < lengths.length && lengths.length > 1; i++) {
      lengths[i] = in.getRawInt();
    }
    int[] bounds = new int[lengths.length];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = in.getRawByte() == BOUND_ONE ? 1 : in.getRawInt() ^ Integer.MIN_VALUE;
    }
    return new ArrayValue(elementOid, lengths, bounds, values.toArray());
  }

  // ---- documents ----

  static byte[] ofDocument(JsonValue document) {
    KeyEncoder out = new KeyEncoder();
    if (document instanceof JsonArray array && array.elements().isEmpty()) {
      return out.putRawByte(EMPTY_ARRAY).toByteArray();
    }
    put(document, out);
    return out.toByteArray();
  }

  private static void put(JsonValue value, KeyEncoder out) {
    switch (value) {
      case JsonNull _ -> out.putRawByte(NULL);
      case JsonString string -> out.putRawByte(STRING).putText(string.value(), ORDER);
      case JsonNumber number -> NUMBERS.putKey(number.value(), ORDER, out.putRawByte(NUMBER));
      case JsonBoolean bool -> out.putRawByte(bool.value() ? TRUE : FALSE);
      case JsonValue.JsonMoment _ ->
          throw new IllegalArgumentException("a document has no dates but as strings");
      case JsonArray array -> {
        out.putRawByte(ARRAY).putVarint(array.elements().size());
        array.elements().forEach(element -> put(element, out));
      }
      case JsonObject object -> {
        out.putRawByte(OBJECT).putVarint(object.size());
        object
            .members()
            .forEach((name, member) -> {
              out.putText(name, ORDER);
              put(member, out);
            });
      }
    }
  }

  static JsonValue document(byte[] key) {
    return get(new KeyDecoder(key));
  }

  private static JsonValue get(KeyDecoder in) {
    int kind = in.getRawByte();
    return switch (kind) {
      case EMPTY_ARRAY -> new JsonArray(List.of());
      case NULL -> JsonNull.INSTANCE;
      case STRING -> new JsonString(in.getText(ORDER));
      case NUMBER -> new JsonNumber((Numeric) Objects.requireNonNull(NUMBERS.readKey(in, ORDER)));
      case FALSE -> JsonBoolean.FALSE;
      case TRUE -> JsonBoolean.TRUE;
      case ARRAY -> {
        long count = in.getVarint();
        List<JsonValue> elements = new ArrayList<>();
        while (elements.size() < count) {
          elements.add(get(in));
        }
        yield new JsonArray(elements);
      }
      case OBJECT -> {
        long count = in.getVarint();
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
          members.put(in.getText(ORDER), get(in));
        }
        yield new JsonObject(members);
      }
      default -> throw ValueCodec.corrupted("a document of kind " + kind + " in a key");
    };
  }
}
