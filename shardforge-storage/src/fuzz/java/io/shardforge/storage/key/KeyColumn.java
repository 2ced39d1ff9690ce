package io.shardforge.storage.key;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One column of a fuzzed key: its type and order, and its values as objects with equality.
 *
 * @param type what the column holds
 * @param order how it sorts
 */
record KeyColumn(Type type, KeyOrder order) {
  private static final int BYTES_MAX = 64;
  private static final Object NULL = "null";

  enum Type {
    VARINT,
    ESCAPED,
    NULL,
    BOOL,
    INT2,
    INT4,
    INT8,
    FLOAT4,
    FLOAT8,
    NUMERIC,
    BYTEA,
    UUID
  }

  static List<KeyColumn> pick(FuzzedDataProvider data, int countMax) {
    List<KeyColumn> columns = new ArrayList<>();
    for (int count = data.consumeInt(1, countMax); count > 0; count--) {
      columns.add(new KeyColumn(data.pickValue(Type.values()), data.pickValue(KeyOrder.values())));
    }
    return columns;
  }

  Object value(FuzzedDataProvider data) {
    return switch (type) {
      case VARINT -> data.consumeLong(0, Long.MAX_VALUE);
      case ESCAPED, BYTEA -> ByteBuffer.wrap(data.consumeBytes(data.consumeInt(0, BYTES_MAX)));
      case NULL -> NULL;
      case BOOL -> data.consumeBoolean();
      case INT2 -> data.consumeShort();
      case INT4 -> data.consumeInt();
      case INT8 -> data.consumeLong();
      case FLOAT4 -> positiveZero(data.consumeFloat());
      case FLOAT8 -> positiveZero(data.consumeDouble());
      case NUMERIC -> numeric(data);
      case UUID -> new UUID(data.consumeLong(), data.consumeLong());
    };
  }

  Object read(KeyDecoder in) {
    return switch (type) {
      case VARINT -> in.getVarint();
      case ESCAPED -> ByteBuffer.wrap(in.getEscaped());
      case BYTEA -> ByteBuffer.wrap(in.getBytea(order));
      case NULL -> in.tryNull(order) ? NULL : ByteBuffer.wrap(in.getRaw(0));
      case BOOL -> in.getBool(order);
      case INT2 -> in.getInt2(order);
      case INT4 -> in.getInt4(order);
      case INT8 -> in.getInt8(order);
      case FLOAT4 -> positiveZero(in.getFloat4(order));
      case FLOAT8 -> positiveZero(in.getFloat8(order));
      case NUMERIC ->
          in.peekNumericKind(order) == NumericKind.FINITE
              ? in.getNumeric(order).stripTrailingZeros()
              : in.getNumericSpecial(order);
      case UUID -> in.getUuid(order);
    };
  }

  void write(KeyEncoder out, Object value) {
    var _ =
        switch (type) {
          case VARINT -> out.putVarint((Long) value);
          case ESCAPED -> out.putEscaped(((ByteBuffer) value).array());
          case BYTEA -> out.putBytea(((ByteBuffer) value).array(), order);
          case NULL -> value.equals(NULL) ? out.putNull(order) : out.putRaw(Bytes.EMPTY);
          case BOOL -> out.putBool((Boolean) value, order);
          case INT2 -> out.putInt2((Short) value, order);
          case INT4 -> out.putInt4((Integer) value, order);
          case INT8 -> out.putInt8((Long) value, order);
          case FLOAT4 -> out.putFloat4((Float) value, order);
          case FLOAT8 -> out.putFloat8((Double) value, order);
          case NUMERIC ->
              value instanceof NumericKind kind
                  ? out.putNumericSpecial(kind, order)
                  : out.putNumeric((BigDecimal) value, order);
          case UUID -> {
            UUID uuid = (UUID) value;
            yield out.putUuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits(), order);
          }
        };
  }

  int compare(Object left, Object right) {
    int ascending =
        switch (type) {
          case VARINT, INT8 -> Long.compare((Long) left, (Long) right);
          case ESCAPED, BYTEA ->
              Bytes.compare(((ByteBuffer) left).array(), ((ByteBuffer) right).array());
          case NULL -> 0;
          case BOOL -> Boolean.compare((Boolean) left, (Boolean) right);
          case INT2 -> Short.compare((Short) left, (Short) right);
          case INT4 -> Integer.compare((Integer) left, (Integer) right);
          case FLOAT4 -> Float.compare((Float) left, (Float) right);
          case FLOAT8 -> Double.compare((Double) left, (Double) right);
          case NUMERIC -> compareNumerics(left, right);
          case UUID -> compareUuids((UUID) left, (UUID) right);
        };
    boolean turns = order.isDescending() && type != Type.VARINT && type != Type.ESCAPED;
    return turns ? -Integer.signum(ascending) : ascending;
  }

  private static Object numeric(FuzzedDataProvider data) {
    NumericKind kind = data.pickValue(NumericKind.values());
    if (kind != NumericKind.FINITE) {
      return kind;
    }
    byte[] unscaled = data.consumeBytes(data.consumeInt(1, BYTES_MAX));
    BigInteger digits = unscaled.length == 0 ? BigInteger.ZERO : new BigInteger(unscaled);
    return new BigDecimal(digits, data.consumeInt(-2_000, 2_000)).stripTrailingZeros();
  }

  private static int compareNumerics(Object left, Object right) {
    int byKind = Integer.compare(rank(left), rank(right));
    return byKind == 0 && left instanceof BigDecimal number
        ? number.compareTo((BigDecimal) right)
        : byKind;
  }

  private static int rank(Object numeric) {
    return switch (numeric) {
      case NumericKind.NEGATIVE_INFINITY -> 0;
      case NumericKind.POSITIVE_INFINITY -> 2;
      case NumericKind.NAN -> 3;
      default -> 1;
    };
  }

  private static int compareUuids(UUID left, UUID right) {
    int high = Long.compareUnsigned(left.getMostSignificantBits(), right.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(left.getLeastSignificantBits(), right.getLeastSignificantBits());
  }

  private static Float positiveZero(float value) {
    return value == 0 ? 0f : Float.isNaN(value) ? Float.NaN : value;
  }

  private static Double positiveZero(double value) {
    return value == 0 ? 0d : Double.isNaN(value) ? Double.NaN : value;
  }
}
