package io.shardforge.sql.row;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeyOrder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays and documents in keys: in the order of the values, and read back. */
final class ContainerKeysTest {
  private final Random random = new Random(1);

  @ParameterizedTest
  @ValueSource(
      ints = {
        PgOid.INT4_ARRAY,
        PgOid.INT8_ARRAY,
        PgOid.TEXT_ARRAY,
        PgOid.NUMERIC_ARRAY,
        PgOid.FLOAT8_ARRAY,
        PgOid.BOOL_ARRAY
      })
  void arraysAreInOrder(int type) {
    int element = PgTypes.byOid(type).elementOid();
    requireOrder(type, () -> array(element));
  }

  @Test
  void documentsAreInOrder() {
    requireOrder(PgOid.JSONB, () -> document(3));
  }

  @Test
  void arraysOfDocumentsAreInOrder() {
    requireOrder(PgOid.JSONB_ARRAY, () -> array(PgOid.JSONB));
  }

  /** These bytes are in stored keys. */
  @Test
  void theFormNeverChanges() {
    ArrayValue array =
        new ArrayValue(PgOid.INT4, new int[] {1, 2}, new int[] {1, -2}, new Object[] {5L, null});
    assertThat(hex(ContainerKeys.ofArray(array, ValueCodec.of(SqlType.of(PgOid.INT4)))))
        .isEqualTo("0280000005030002000000010000000202017ffffffe");
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("a", new JsonArray(List.of(JsonNull.INSTANCE, JsonBoolean.TRUE)));
    members.put("b", new JsonNumber(Numeric.of(new BigDecimal("1.50"))));
    assertThat(hex(ContainerKeys.ofDocument(new JsonObject(members))))
        .isEqualTo("0802026100010702020602620001040240811000");
    assertThat(hex(ContainerKeys.ofDocument(new JsonArray(List.of())))).isEqualTo("01");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private void requireOrder(int oid, Supplier<Object> values) {
    PgType type = PgTypes.byOid(oid);
    ValueCodec codec = ValueCodec.of(SqlType.of(oid));
    assertThat(codec.isKeyable()).isTrue();
    List<Object> some = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      some.add(values.get());
    }
    for (KeyOrder order : KeyOrder.values()) {
      boolean descending = order.name().startsWith("DESC");
      for (Object a : some) {
        byte[] key = key(codec, a, order);
        KeyDecoder in = new KeyDecoder(key);
        Object back = codec.readKey(in, order);
        assertThat(in.hasRemaining()).isFalse();
        assertThat(type.compare(a, back == null ? "" : back)).as("%s", a).isZero();
        codec.skipKey(in.reset(key), order);
        assertThat(in.hasRemaining()).isFalse();
        Object b = some.get(random.nextInt(some.size()));
        int expected = Integer.signum(type.compare(a, b));
        assertThat(Integer.signum(Arrays.compareUnsigned(key, key(codec, b, order))))
            .as("%s and %s", a, b)
            .isEqualTo(descending ? -expected : expected);
      }
    }
  }

  private static byte[] key(ValueCodec codec, Object value, KeyOrder order) {
    KeyEncoder out = new KeyEncoder();
    codec.putKey(value, order, out);
    return out.toByteArray();
  }

  private ArrayValue array(int element) {
    int count = random.nextInt(5);
    if (count == 0) {
      return ArrayValue.empty(element);
    }
    @Nullable Object[] elements = new @Nullable Object[count];
    for (int i = 0; i < count; i++) {
      elements[i] = random.nextInt(5) == 0 ? null : scalar(element);
    }
    int[] lengths =
        switch (random.nextInt(4)) {
          case 0 -> new int[] {1, count};
          case 1 -> count == 4 ? new int[] {2, 2} : new int[] {count, 1};
          default -> new int[] {count};
        };
    int[] bounds = new int[lengths.length];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = random.nextInt(3) > 0 ? 1 : random.nextInt(5) - 2;
    }
    return new ArrayValue(element, lengths, bounds, elements);
  }

  private Object scalar(int oid) {
    return switch (oid) {
      case PgOid.TEXT -> text();
      case PgOid.NUMERIC -> numeric();
      case PgOid.FLOAT8 -> random.nextInt(9) == 0 ? Double.NaN : random.nextInt(5) - 2.5;
      case PgOid.BOOL -> random.nextBoolean();
      case PgOid.JSONB -> document(2);
      default -> random.nextInt(3) == 0 ? (long) random.nextInt() : random.nextInt(3) - 1L;
    };
  }

  private String text() {
    return List.of("", "a", "b", "ab", "a\u0001", "ä", "\uffee", "\ud83d\ude00", "zz")
        .get(random.nextInt(9));
  }

  private Numeric numeric() {
    return Numeric.of(
        new BigDecimal(
                List.of("0", "1", "1.0", "-1", "1.5", "-1.55", "1e20").get(random.nextInt(7)))
            .setScale(3));
  }

  private JsonValue document(int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 9)) {
      case 0 -> JsonNull.INSTANCE;
      case 1 -> JsonBoolean.TRUE;
      case 2 -> JsonBoolean.FALSE;
      case 3 -> new JsonString(text());
      case 4 -> new JsonNumber(numeric());
      case 5, 6 -> {
        List<JsonValue> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(document(depth - 1));
        }
        yield new JsonArray(elements);
      }
      default -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          members.put(text(), document(depth - 1));
        }
        yield new JsonObject(members);
      }
    };
  }
}
