package io.shardforge.sql.row;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.BitString;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.NetworkAddress;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TextOrder;
import io.shardforge.sql.type.TimeTz;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeyOrder;
import io.shardforge.storage.key.NumericKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one SQL type are stored: compactly inside a row's value, where their length is
 * known from outside, and order-preserving inside a key. Immutable.
 *
 * <p>Integers take 0, 1, 2, 4 or 8 bytes by magnitude (zero takes none); types without a form of
 * their own are stored in PostgreSQL's binary format.
 */
public final class ValueCodec {
  /** The storage forms. */
  private enum Kind {
    BOOL,
    INT2,
    INT4,
    INT8,
    FLOAT4,
    FLOAT8,
    NUMERIC,
    TEXT,
    BPCHAR,
    BYTEA,
    BITS,
    UUID,
    /** inet and cidr. */
    NETWORK,
    INTERVAL,
    TIMETZ,
    /** An array of what has a key form. */
    ARRAY,
    /** The same of an enum: of the numbers that stand for its values. */
    ENUM_ARRAY,
    JSONB,
    BINARY
  }

  private static final int NUMERIC_NAN = 0x01;
  private static final int NUMERIC_POSITIVE_INFINITY = 0x02;
  private static final int NUMERIC_NEGATIVE_INFINITY = 0x03;

  private static final PgType NUMBERS = PgTypes.byOid(PgOid.INT8_ARRAY);

  private final SqlType type;
  private final PgType pgType;
  private final Kind kind;

  /** Of arrays with a key form. */
  private final @Nullable ValueCodec elements;

  /** What text is ordered by, null for its code points. */
  private final @Nullable TextOrder textOrder;

  private ValueCodec(SqlType type, PgType pgType, Kind kind, @Nullable ValueCodec elements) {
    Collation collation = type.collation();
    // What is only stored may have a collation that is not known.
    this.textOrder = collation == null || collation.locale() == null ? null : collation.order();
    this.type = type;
    this.pgType = pgType;
    this.kind = kind;
    this.elements = elements;
  }

  /** The codec of a type. */
  public static ValueCodec of(SqlType declared) {
    SqlType type = PgTypes.base(declared);
    PgType pgType = PgTypes.byOid(type.oid());
    Kind kind =
        switch (type.oid()) {
          case PgOid.BOOL -> Kind.BOOL;
          case PgOid.INT2 -> Kind.INT2;
          case PgOid.INT4, PgOid.DATE -> Kind.INT4;
          case PgOid.FLOAT4 -> Kind.FLOAT4;
          case PgOid.NUMERIC -> Kind.NUMERIC;
          case PgOid.BPCHAR -> Kind.BPCHAR;
          case PgOid.BYTEA -> Kind.BYTEA;
          case PgOid.BIT, PgOid.VARBIT -> Kind.BITS;
          case PgOid.UUID -> Kind.UUID;
          case PgOid.INET, PgOid.CIDR -> Kind.NETWORK;
          case PgOid.INTERVAL -> Kind.INTERVAL;
          case PgOid.TIMETZ -> Kind.TIMETZ;
          case PgOid.JSONB -> Kind.JSONB;
          case PgOid.TEXT,
              PgOid.VARCHAR,
              PgOid.NAME,
              PgOid.CHAR,
              PgOid.JSON,
              PgOid.UNKNOWN,
              PgOid.CSTRING ->
              Kind.TEXT;
          default ->
              switch (pgType.representation()) {
                case LONG -> Kind.INT8;
                case DOUBLE -> Kind.FLOAT8;
                case BOOLEAN -> Kind.BOOL;
                case OBJECT -> arrayKind(pgType);
              };
        };
    boolean array = kind == Kind.ARRAY || kind == Kind.ENUM_ARRAY;
    return new ValueCodec(
        type,
        pgType,
        kind,
        array ? of(new SqlType(pgType.elementOid(), -1, type.collation())) : null);
  }

  private static Kind arrayKind(PgType type) {
    boolean vector = type.oid() == PgOid.INT2VECTOR || type.oid() == PgOid.OIDVECTOR;
    if (!type.isArray() || vector) {
      return Kind.BINARY;
    }
    PgType element = PgTypes.byOid(type.elementOid());
    if (type.isUserDefined() && element.isEnum()) {
      return Kind.ENUM_ARRAY;
    }
    return element.isComparable() && of(SqlType.of(element.oid())).isKeyable()
        ? Kind.ARRAY
        : Kind.BINARY;
  }

  public SqlType type() {
    return type;
  }

  // ---- inside a value ----

  /** Appends a value that is not null. */
  void write(Object value, ByteWriter out) {
    switch (kind) {
      case BOOL -> {
        if ((Boolean) value) {
          out.putByte(1);
        }
      }
      case INT2, INT4, INT8 -> writeLong((Long) value, out);
      case FLOAT4 -> out.putInt(Float.floatToIntBits(((Double) value).floatValue()));
      case FLOAT8 -> out.putLong(Double.doubleToLongBits((Double) value));
      case NUMERIC -> writeNumeric((Numeric) value, out);
      case TEXT, BPCHAR -> out.putUtf8((String) value);
      case BYTEA -> out.putBytes((byte[]) value);
      case UUID -> {
        UUID uuid = (UUID) value;
        out.putLong(uuid.getMostSignificantBits());
        out.putLong(uuid.getLeastSignificantBits());
      }
      case INTERVAL -> {
        Interval interval = (Interval) value;
        out.putInt(interval.months());
        out.putInt(interval.days());
        out.putLong(interval.micros());
      }
      case TIMETZ -> {
        TimeTz time = (TimeTz) value;
        out.putLong(time.micros());
        out.putInt(time.zoneSeconds());
      }
      case ENUM_ARRAY -> {
        ArrayValue array = (ArrayValue) value;
        NUMBERS.writeBinary(array.withElements(PgOid.INT8, array.toArray()), out, TypeContext.UTC);
      }
      case BITS, NETWORK, ARRAY, JSONB, BINARY -> pgType.writeBinary(value, out, TypeContext.UTC);
    }
  }

  /** Reads a value of known length. */
  Object read(byte[] buffer, int offset, int length) {
    return switch (kind) {
      case BOOL -> length != 0;
      case INT2, INT4, INT8 -> readLong(buffer, offset, length);
      case FLOAT4 -> (double) Float.intBitsToFloat(readInt(buffer, offset, length));
      case FLOAT8 -> readDouble(buffer, offset, length);
      case NUMERIC -> readNumeric(buffer, offset, length);
      case TEXT, BPCHAR -> new String(buffer, offset, length, StandardCharsets.UTF_8);
      case BYTEA -> java.util.Arrays.copyOfRange(buffer, offset, offset + length);
      case UUID -> {
        require(length, 16);
        yield new UUID(Bytes.getLong(buffer, offset), Bytes.getLong(buffer, offset + 8));
      }
      case INTERVAL -> {
        require(length, 16);
        yield new Interval(
            Bytes.getInt(buffer, offset),
            Bytes.getInt(buffer, offset + 4),
            Bytes.getLong(buffer, offset + 8));
      }
      case TIMETZ -> {
        require(length, 12);
        yield new TimeTz(Bytes.getLong(buffer, offset), Bytes.getInt(buffer, offset + 8));
      }
      case ENUM_ARRAY -> {
        ArrayValue array =
            (ArrayValue)
                NUMBERS.readBinary(ByteBuffer.wrap(buffer, offset, length), -1, TypeContext.UTC);
        yield array.withElements(pgType.elementOid(), array.toArray());
      }
      case BITS, NETWORK, ARRAY, JSONB, BINARY ->
          pgType.readBinary(
              ByteBuffer.wrap(buffer, offset, length), type.typmod(), TypeContext.UTC);
    };
  }

  /** Reads a value of known length into a vector. */
  // Hot path: no boxing for numbers.
  void readInto(byte[] buffer, int offset, int length, ColumnVector out, int position) {
    switch (kind) {
      case BOOL -> out.setLong(position, length);
      case INT2, INT4, INT8 -> out.setLong(position, readLong(buffer, offset, length));
      case FLOAT4 -> out.setDouble(position, Float.intBitsToFloat(readInt(buffer, offset, length)));
      case FLOAT8 -> out.setDouble(position, readDouble(buffer, offset, length));
      case NUMERIC,
          TEXT,
          BPCHAR,
          BYTEA,
          BITS,
          UUID,
          NETWORK,
          INTERVAL,
          TIMETZ,
          ARRAY,
          ENUM_ARRAY,
          JSONB,
          BINARY ->
          out.set(position, read(buffer, offset, length));
    }
  }

  static void writeLong(long value, ByteWriter out) {
    if (value == 0) {
      return;
    }
    if (value == (byte) value) {
      out.putByte((int) value);
    } else if (value == (short) value) {
      out.putShort((int) value);
    } else if (value == (int) value) {
      out.putInt((int) value);
    } else {
      out.putLong(value);
    }
  }

  static long readLong(byte[] buffer, int offset, int length) {
    return switch (length) {
      case 0 -> 0;
      case 1 -> buffer[offset];
      case 2 -> Bytes.getShort(buffer, offset);
      case 4 -> Bytes.getInt(buffer, offset);
      case 8 -> Bytes.getLong(buffer, offset);
      default -> throw corrupted("an integer of " + length + " bytes");
    };
  }

  private static int readInt(byte[] buffer, int offset, int length) {
    require(length, 4);
    return Bytes.getInt(buffer, offset);
  }

  private static double readDouble(byte[] buffer, int offset, int length) {
    require(length, 8);
    return Double.longBitsToDouble(Bytes.getLong(buffer, offset));
  }

  /** Display scale (two bytes), then the unscaled value; the special values are one byte. */
  private static void writeNumeric(Numeric value, ByteWriter out) {
    if (value.isNan()) {
      out.putByte(NUMERIC_NAN);
    } else if (value.isInfinite()) {
      out.putByte(value.signum() > 0 ? NUMERIC_POSITIVE_INFINITY : NUMERIC_NEGATIVE_INFINITY);
    } else if (value.isCompact()) {
      out.putShort(value.scale());
      writeLong(value.unscaled(), out);
    } else {
      BigDecimal decimal = value.decimal();
      out.putShort(decimal.scale());
      BigInteger unscaled = decimal.unscaledValue();
      if (unscaled.bitLength() < Long.SIZE) {
        writeLong(unscaled.longValue(), out);
      } else {
        out.putBytes(unscaled.toByteArray());
      }
    }
  }

  private static Numeric readNumeric(byte[] buffer, int offset, int length) {
    if (length == 1) {
      return switch (buffer[offset]) {
        case NUMERIC_NAN -> Numeric.NAN;
        case NUMERIC_POSITIVE_INFINITY -> Numeric.INFINITY;
        case NUMERIC_NEGATIVE_INFINITY -> Numeric.NEGATIVE_INFINITY;
        default -> throw corrupted("a numeric of kind " + buffer[offset]);
      };
    }
    if (length < 2) {
      throw corrupted("a numeric of " + length + " bytes");
    }
    int scale = Bytes.getShort(buffer, offset);
    int digits = length - 2;
    // BigInteger writes at least nine bytes for what a long cannot hold.
    return digits <= Long.BYTES
        ? Numeric.of(readLong(buffer, offset + 2, digits), scale)
        : Numeric.of(new BigDecimal(new BigInteger(buffer, offset + 2, digits), scale));
  }

  // ---- inside a key ----

  /** Whether the type has an order-preserving key form. */
  public boolean isKeyable() {
    return kind != Kind.BINARY;
  }

  /** Whether a value read back from a key may differ from the one stored, such as in scale. */
  boolean isKeyLossy() {
    return switch (kind) {
      case FLOAT4, FLOAT8, NUMERIC, BPCHAR, INTERVAL, JSONB -> true;
      case TEXT -> textOrder != null;
      case BOOL, INT2, INT4, INT8, BYTEA, BITS, UUID, NETWORK, TIMETZ -> false;
      case ARRAY, ENUM_ARRAY -> elements().isKeyLossy();
      case BINARY -> throw notKeyable();
    };
  }

  /** Whether a key tells what the value was, but for what SQL holds equal. */
  public boolean isKeyReadable() {
    return kind != Kind.INTERVAL && (textOrder == null || textOrder.isDeterministic());
  }

  /** A value as a key of its own: the order of the bytes is the order of the values. */
  public byte[] key(Object value) {
    KeyEncoder out = new KeyEncoder();
    putKey(value, KeyOrder.ASC_NULLS_LAST, out);
    return out.toByteArray();
  }

  /** The value of {@link #key}, possibly in another scale. */
  public Object ofKey(byte[] key) {
    return Objects.requireNonNull(readKey(new KeyDecoder(key), KeyOrder.ASC_NULLS_LAST));
  }

  /** Appends a key column; null takes the place that the order gives it. */
  void putKey(@Nullable Object value, KeyOrder order, KeyEncoder out) {
    if (value == null) {
      out.putNull(order);
      return;
    }
    switch (kind) {
      case BOOL -> out.putBool((Boolean) value, order);
      case INT2 -> out.putInt2((short) (long) (Long) value, order);
      case INT4 -> out.putInt4((int) (long) (Long) value, order);
      case INT8 -> out.putInt8((Long) value, order);
      case FLOAT4 -> out.putFloat4(((Double) value).floatValue(), order);
      case FLOAT8 -> out.putFloat8((Double) value, order);
      case NUMERIC -> putNumericKey((Numeric) value, order, out);
      case TEXT -> putTextKey((String) value, order, out);
      case BPCHAR -> putTextKey(withoutTrailingBlanks((String) value), order, out);
      case BYTEA -> out.putBytea((byte[]) value, order);
      case BITS -> {
        BitString bits = (BitString) value;
        out.putBytea(bits.bytes(), order);
        out.putInt4(bits.length(), order);
      }
      case UUID -> {
        UUID uuid = (UUID) value;
        out.putUuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits(), order);
      }
      case NETWORK -> out.putBytea(((NetworkAddress) value).key(), order);
      case INTERVAL -> {
        Interval interval = (Interval) value;
        out.putInterval(interval.months(), interval.days(), interval.micros(), order);
      }
      case TIMETZ -> {
        // By instant in UTC, then by zone: together they give back the local time.
        TimeTz time = (TimeTz) value;
        out.putInt8(time.micros() + time.zoneSeconds() * 1_000_000L, order);
        out.putInt4(time.zoneSeconds(), order);
      }
      case ARRAY, ENUM_ARRAY ->
          out.putBytea(ContainerKeys.ofArray((ArrayValue) value, elements()), order);
      case JSONB -> out.putBytea(ContainerKeys.ofDocument((JsonValue) value), order);
      case BINARY -> throw notKeyable();
    }
  }

  /** Reads a key column. */
  @Nullable Object readKey(KeyDecoder in, KeyOrder order) {
    if (in.tryNull(order)) {
      return null;
    }
    return switch (kind) {
      case BOOL -> in.getBool(order);
      case INT2 -> (long) in.getInt2(order);
      case INT4 -> (long) in.getInt4(order);
      case INT8 -> in.getInt8(order);
      case FLOAT4 -> (double) in.getFloat4(order);
      case FLOAT8 -> in.getFloat8(order);
      case NUMERIC -> readNumericKey(in, order);
      case TEXT, BPCHAR ->
          textOrder == null ? in.getText(order) : textOrder.ofKey(in.getBytea(order));
      case BYTEA -> in.getBytea(order);
      case BITS -> {
        byte[] bytes = in.getBytea(order);
        yield BitString.of(in.getInt4(order), bytes);
      }
      case UUID -> in.getUuid(order);
      case NETWORK -> NetworkAddress.ofKey(in.getBytea(order));
      case INTERVAL -> {
        in.skipInterval(order);
        yield Interval.ZERO;
      }
      case TIMETZ -> {
        long instant = in.getInt8(order);
        int zone = in.getInt4(order);
        yield new TimeTz(instant - zone * 1_000_000L, zone);
      }
      case ARRAY, ENUM_ARRAY ->
          ContainerKeys.array(in.getBytea(order), pgType.elementOid(), elements());
      case JSONB -> ContainerKeys.document(in.getBytea(order));
      case BINARY -> throw notKeyable();
    };
  }

  /** Reads a key column into a vector. */
  void readKeyInto(KeyDecoder in, KeyOrder order, ColumnVector out, int position) {
    switch (kind) {
      case INT2, INT4, INT8 -> {
        if (in.tryNull(order)) {
          out.setNull(position);
        } else if (kind == Kind.INT4) {
          out.setLong(position, in.getInt4(order));
        } else if (kind == Kind.INT8) {
          out.setLong(position, in.getInt8(order));
        } else {
          out.setLong(position, in.getInt2(order));
        }
      }
      case BOOL,
          FLOAT4,
          FLOAT8,
          NUMERIC,
          TEXT,
          BPCHAR,
          BYTEA,
          BITS,
          UUID,
          NETWORK,
          INTERVAL,
          TIMETZ,
          ARRAY,
          ENUM_ARRAY,
          JSONB,
          BINARY ->
          out.set(position, readKey(in, order));
    }
  }

  /** Passes over a key column. */
  void skipKey(KeyDecoder in, KeyOrder order) {
    if (in.tryNull(order)) {
      return;
    }
    switch (kind) {
      case BOOL -> in.skip(2);
      case INT2 -> in.skip(3);
      case INT4, FLOAT4 -> in.skip(5);
      case INT8, FLOAT8 -> in.skip(9);
      case UUID, INTERVAL -> in.skip(17);
      case TIMETZ -> in.skip(14);
      case NUMERIC, TEXT, BPCHAR, BYTEA, BITS, BINARY -> {
        Object _ = readKey(in, order);
      }
      case NETWORK, ARRAY, ENUM_ARRAY, JSONB -> {
        byte[] _ = in.getBytea(order);
      }
    }
  }

  /** Where a value that is compared with a column lies against the values that it can hold. */
  enum Fit {
    BELOW,
    EXACT,
    ABOVE,
    /** Between two values; the key made of it is that of the next higher or lower one. */
    ROUNDED_UP,
    ROUNDED_DOWN
  }

  /** Whether a bound of the same family (an int8 against an int2 column) fits the column. */
  Fit fit(Object value) {
    if (kind == Kind.FLOAT4) {
      double wide = (Double) value;
      double narrow = (float) wide;
      return narrow > wide ? Fit.ROUNDED_UP : narrow < wide ? Fit.ROUNDED_DOWN : Fit.EXACT;
    }
    if (kind != Kind.INT2 && kind != Kind.INT4) {
      return Fit.EXACT;
    }
    long low = kind == Kind.INT2 ? Short.MIN_VALUE : Integer.MIN_VALUE;
    long high = kind == Kind.INT2 ? Short.MAX_VALUE : Integer.MAX_VALUE;
    long number = (Long) value;
    return number < low ? Fit.BELOW : number > high ? Fit.ABOVE : Fit.EXACT;
  }

  private void putTextKey(String value, KeyOrder order, KeyEncoder out) {
    if (textOrder == null) {
      out.putText(value, order);
    } else {
      out.putBytea(textOrder.key(value), order);
    }
  }

  private static void putNumericKey(Numeric value, KeyOrder order, KeyEncoder out) {
    if (value.isNan()) {
      out.putNumericSpecial(NumericKind.NAN, order);
    } else if (value.isInfinite()) {
      out.putNumericSpecial(
          value.signum() > 0 ? NumericKind.POSITIVE_INFINITY : NumericKind.NEGATIVE_INFINITY,
          order);
    } else {
      out.putNumeric(value.decimal(), order);
    }
  }

  private static Numeric readNumericKey(KeyDecoder in, KeyOrder order) {
    NumericKind kind = in.peekNumericKind(order);
    if (kind == NumericKind.FINITE) {
      BigDecimal decimal = in.getNumeric(order);
      return Numeric.of(decimal.scale() < 0 ? decimal.setScale(0) : decimal);
    }
    in.getNumericSpecial(order);
    return switch (kind) {
      case NAN -> Numeric.NAN;
      case POSITIVE_INFINITY -> Numeric.INFINITY;
      case NEGATIVE_INFINITY -> Numeric.NEGATIVE_INFINITY;
      case FINITE -> throw new AssertionError("finite");
    };
  }

  private static String withoutTrailingBlanks(String value) {
    int end = value.length();
    while (end > 0 && value.charAt(end - 1) == ' ') {
      end--;
    }
    return value.substring(0, end);
  }

  private ValueCodec elements() {
    return Objects.requireNonNull(elements);
  }

  private ShardForgeException notKeyable() {
    return new ShardForgeException(
        ErrorCode.FEATURE_NOT_SUPPORTED, "index on a column of type " + pgType.name());
  }

  private static void require(int length, int expected) {
    if (length != expected) {
      throw corrupted("a value of " + length + " bytes where " + expected + " were expected");
    }
  }

  static ShardForgeException corrupted(String what) {
    return new ShardForgeException(ErrorCode.DATA_CORRUPTED, "malformed row: " + what);
  }
}
