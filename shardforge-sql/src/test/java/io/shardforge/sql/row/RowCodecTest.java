package io.shardforge.sql.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableOptions;
import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.BitString;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.NetworkAddress;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TimeTz;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows and index entries against the values they were made of, with a seeded generator; of tables
 * in key order and of ones that are cut by hash.
 */
class RowCodecTest {
  private static final long SEED = 20_000_101;
  private static final int ROUNDS = 400;

  private static final int[] KEY_TYPES = {
    PgOid.BOOL,
    PgOid.INT2,
    PgOid.INT4,
    PgOid.INT8,
    PgOid.FLOAT4,
    PgOid.FLOAT8,
    PgOid.NUMERIC,
    PgOid.TEXT,
    PgOid.BPCHAR,
    PgOid.BYTEA,
    PgOid.VARBIT,
    PgOid.UUID,
    PgOid.INET,
    PgOid.INTERVAL,
    PgOid.TIMETZ,
    PgOid.TIMESTAMP,
    PgOid.DATE
  };

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
  private final KeyEncoder encoder = new KeyEncoder();
  private TableOptions options = TableOptions.NONE;
  private final RowCodec.Scratch scratch = new RowCodec.Scratch();

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void rowsComeBackAsTheyWere(int shards) {
    options = TableOptions.NONE.withShards(shards);
    for (int round = 0; round < ROUNDS; round++) {
      TableDescriptor table = table(1 + random.nextInt(12), 1 + random.nextInt(3));
      RowCodec codec = RowCodec.of(table);
      @Nullable Object[] row = row(table);
      byte[] key = codec.key(row, encoder);
      byte[] value = codec.value(row, scratch);
      assertRow(codec.reader().read(key, value), row, table);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void chosenColumnsDecodeFromWithinLargerBuffersIntoVectors(int shards) {
    options = TableOptions.NONE.withShards(shards);
    for (int round = 0; round < ROUNDS; round++) {
      TableDescriptor table = table(1 + random.nextInt(12), 1 + random.nextInt(3));
      RowCodec codec = RowCodec.of(table);
      int[] wanted = new int[1 + random.nextInt(6)];
      ColumnVector[] vectors = new ColumnVector[wanted.length];
      for (int i = 0; i < wanted.length; i++) {
        wanted[i] = random.nextInt(table.columns().size());
        vectors[i] = vector(table.columns().get(wanted[i]).type());
      }
      RowBatch batch = new RowBatch(vectors);
      RowReader reader = codec.reader(wanted);
      List<Object[]> rows = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        @Nullable Object[] row = row(table);
        rows.add(row);
        byte[] key = codec.key(row, encoder);
        byte[] value = codec.value(row, scratch);
        byte[] buffer = new byte[3 + key.length + value.length + 5];
        System.arraycopy(key, 0, buffer, 3, key.length);
        System.arraycopy(value, 0, buffer, 3 + key.length, value.length);
        reader.readInto(buffer, 3, key.length, buffer, 3 + key.length, value.length, batch, i);
      }
      batch.setSize(5);
      for (int i = 0; i < 5; i++) {
        for (int j = 0; j < wanted.length; j++) {
          assertValue(
              batch.get(i, j), rows.get(i)[wanted[j]], table.columns().get(wanted[j]).type());
        }
      }
    }
  }

  @Test
  void keysSortAsTheirValues() {
    for (int round = 0; round < ROUNDS; round++) {
      TableDescriptor table = table(4, 1 + random.nextInt(3));
      RowCodec codec = RowCodec.of(table);
      @Nullable Object[] a = row(table);
      @Nullable Object[] b = row(table);
      int byBytes = Bytes.compare(codec.key(a, encoder), codec.key(b, encoder));
      assertThat(Integer.signum(byBytes))
          .as("%s against %s", Arrays.toString(a), Arrays.toString(b))
          .isEqualTo(Integer.signum(compare(table, table.primaryIndex(), a, b)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void addedColumnsReadAsTheirMissingValue(int shards) {
    options = TableOptions.NONE.withShards(shards);
    TableDescriptor narrow =
        withIndex(List.of(column(1, PgOid.INT4), column(2, PgOid.TEXT)), onFirstColumn());
    TableDescriptor wide =
        withIndex(
            List.of(
                column(1, PgOid.INT4),
                column(2, PgOid.TEXT),
                column(4, PgOid.INT8),
                column(5, PgOid.TEXT)),
            onFirstColumn());
    Object[] row = {7L, "seven"};
    RowCodec old = RowCodec.of(narrow);
    byte[] key = old.key(row, encoder);
    byte[] value = old.value(row, scratch);
    assertThat(RowCodec.of(wide).reader().read(key, value))
        .containsExactly(7L, "seven", null, null);
    RowCodec withMissing = RowCodec.of(wide, new Object[] {null, null, 42L, "none"});
    assertThat(withMissing.reader().read(key, value)).containsExactly(7L, "seven", 42L, "none");
    Object[] nulls = {7L, null, null, null};
    assertThat(withMissing.reader().read(key, withMissing.value(nulls, scratch)))
        .containsExactly(7L, null, null, null);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void droppedColumnsLeaveTheOthersReadable(int shards) {
    options = TableOptions.NONE.withShards(shards);
    TableDescriptor wide =
        withIndex(
            List.of(column(1, PgOid.INT4), column(2, PgOid.TEXT), column(3, PgOid.FLOAT8)),
            onFirstColumn());
    TableDescriptor narrow =
        withIndex(List.of(column(1, PgOid.INT4), column(3, PgOid.FLOAT8)), onFirstColumn());
    Object[] row = {7L, "dropped", 2.5};
    RowCodec old = RowCodec.of(wide);
    assertThat(RowCodec.of(narrow).reader().read(old.key(row, encoder), old.value(row, scratch)))
        .containsExactly(7L, 2.5);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void indexEntriesLeadToTheirRows(int shards) {
    options = TableOptions.NONE.withShards(shards);
    for (int round = 0; round < ROUNDS; round++) {
      TableDescriptor table = table(6, 1 + random.nextInt(2));
      RowCodec rows = RowCodec.of(table);
      IndexDescriptor index = index(table, 2, random.nextBoolean(), random.nextBoolean(), 2);
      IndexCodec codec = new IndexCodec(rows, index);
      @Nullable Object[] row = row(table);
      byte[] entry = codec.entryKey(row, encoder);
      byte[] value = codec.entryValue(row, encoder);
      assertThat(codec.rowKey(entry, value)).isEqualTo(rows.key(row, encoder));
      assertThat(codec.owns(entry)).isTrue();
      assertThat(codec.owns(rows.key(row, encoder))).isFalse();
      int[] wanted = {codec.keyOrdinal(0), 0, codec.keyOrdinal(1), 0};
      if (codec.covers(wanted)) {
        ColumnVector[] vectors = new ColumnVector[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
          vectors[i] = vector(table.columns().get(wanted[i]).type());
        }
        RowBatch batch = new RowBatch(vectors);
        codec.reader(wanted).readInto(entry, 0, entry.length, value, 0, value.length, batch, 0);
        for (int i = 0; i < wanted.length; i++) {
          assertValue(batch.get(0, i), row[wanted[i]], table.columns().get(wanted[i]).type());
        }
      }
      boolean hasNull = row[codec.keyOrdinal(0)] == null || row[codec.keyOrdinal(1)] == null;
      assertThat(codec.isEntryUnique(row))
          .isEqualTo(index.unique() && (index.nullsNotDistinct() || !hasNull));
      if (codec.isEntryUnique(row)) {
        Object[] keys = {row[codec.keyOrdinal(0)], row[codec.keyOrdinal(1)]};
        assertThat(codec.uniqueKey(keys, encoder)).isEqualTo(entry);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void rangesHoldExactlyTheRowsBetweenTheirBounds(int shards) {
    options = TableOptions.NONE.withShards(shards);
    int inside = 0;
    for (int round = 0; round < ROUNDS * 5; round++) {
      TableDescriptor table = table(5, 2);
      RowCodec rows = RowCodec.of(table);
      IndexDescriptor index = index(table, 2, random.nextBoolean(), random.nextBoolean(), 2);
      IndexCodec codec = new IndexCodec(rows, index);
      @Nullable Object[] row = row(table);
      @Nullable Object[] other = row(table);
      @Nullable Object[] third = row(table);
      int first = codec.keyOrdinal(0);
      int second = codec.keyOrdinal(1);
      boolean equal = random.nextBoolean();
      int bounded = equal ? second : first;
      IndexRange.End lower =
          random.nextBoolean() ? new IndexRange.End(other[bounded], random.nextBoolean()) : null;
      IndexRange.End upper =
          random.nextBoolean() ? new IndexRange.End(third[bounded], random.nextBoolean()) : null;
      if (equal && random.nextInt(4) > 0) {
        other[first] = row[first];
      }
      Object[] equals = equal ? new Object[] {other[first]} : new Object[0];
      KeySpan span = new IndexRange(equals, lower, upper).span(codec, encoder);
      PgType type = PgTypes.byOid(table.columns().get(bounded).type().oid());
      boolean expected =
          (!equal || isEqual(table, first, row[first], other[first]))
              && (lower == null || isInside(type, row[bounded], lower, 1))
              && (upper == null || isInside(type, row[bounded], upper, -1));
      boolean actual = span != null && span.contains(codec.entryKey(row, encoder));
      assertThat(actual)
          .as(
              "row %s in %s %s %s of %s",
              row[bounded], Arrays.toString(equals), lower, upper, index)
          .isEqualTo(expected);
      inside += expected ? 1 : 0;
    }
    assertThat(inside).isBetween(ROUNDS / 2, ROUNDS * 5);
  }

  @Test
  void boundsBeyondTheColumnsTypeAreClamped() {
    TableDescriptor table = table(List.of(column(1, PgOid.INT4)), 1);
    IndexCodec codec = new IndexCodec(RowCodec.of(table), table.primaryIndex());
    byte[] zero = codec.entryKey(new Object[] {0L}, encoder);
    IndexRange.End above = new IndexRange.End(5_000_000_000L, true);
    IndexRange.End below = new IndexRange.End(-5_000_000_000L, true);
    assertThat(new IndexRange(new Object[0], below, above).span(codec, encoder))
        .matches(span -> span != null && span.contains(zero));
    assertThat(new IndexRange(new Object[0], above, null).span(codec, encoder)).isNull();
    assertThat(new IndexRange(new Object[0], null, below).span(codec, encoder)).isNull();
    assertThat(new IndexRange(new Object[] {5_000_000_000L}, null, null).span(codec, encoder))
        .isNull();
    assertThat(codec.uniqueKey(new Object[] {5_000_000_000L}, encoder)).isNull();
  }

  @Test
  void boundsBetweenTwoFloatsKeepTheirSide() {
    TableDescriptor table = withIndex(List.of(column(1, PgOid.FLOAT4)), onFirstColumn());
    IndexCodec codec = new IndexCodec(RowCodec.of(table), table.primaryIndex());
    double narrow = 0.1f;
    byte[] stored = codec.entryKey(new Object[] {narrow}, encoder);
    for (boolean inclusive : new boolean[] {false, true}) {
      // As a float8, 0.1 is below the float4 nearest to it; just above that one is 0.1 + 1e-8.
      for (double bound : new double[] {0.1, 0.1 + 1e-8}) {
        IndexRange.End end = new IndexRange.End(bound, inclusive);
        KeySpan above = new IndexRange(new Object[0], end, null).span(codec, encoder);
        KeySpan below = new IndexRange(new Object[0], null, end).span(codec, encoder);
        assertThat(above != null && above.contains(stored)).isEqualTo(narrow > bound);
        assertThat(below != null && below.contains(stored)).isEqualTo(narrow < bound);
      }
    }
    assertThat(new IndexRange(new Object[] {0.1}, null, null).span(codec, encoder)).isNull();
    assertThat(codec.uniqueKey(new Object[] {0.1}, encoder)).isNull();
    assertThat(codec.uniqueKey(new Object[] {narrow}, encoder)).isEqualTo(stored);
  }

  @Test
  void damagedValuesAreReportedNotMisread() {
    TableDescriptor table = table(6, 1);
    RowCodec codec = RowCodec.of(table);
    @Nullable Object[] row = row(table);
    byte[] key = codec.key(row, encoder);
    byte[] value = codec.value(row, scratch);
    assertThatThrownBy(() -> codec.reader().read(key, new byte[] {1}))
        .isInstanceOf(ShardForgeException.class);
    byte[] otherVersion = value.clone();
    otherVersion[0] = (byte) 0xF0;
    assertThatThrownBy(() -> codec.reader().read(key, otherVersion))
        .isInstanceOf(ShardForgeException.class);
  }

  // ---- generators ----

  private TableDescriptor table(int columns, int keyColumns) {
    List<ColumnDescriptor> list = new ArrayList<>();
    int number = 0;
    for (int i = 0; i < columns; i++) {
      number += 1 + random.nextInt(3) / 2;
      list.add(column(number, KEY_TYPES[random.nextInt(KEY_TYPES.length)]));
    }
    return table(list, Math.min(keyColumns, columns));
  }

  private TableDescriptor table(List<ColumnDescriptor> columns, int keyColumns) {
    TableDescriptor bare =
        new TableDescriptor(
            5000,
            1,
            5000,
            1,
            "t",
            10,
            columns,
            List.of(),
            List.of(),
            List.of(),
            columns.getLast().number(),
            2,
            options);
    return withIndex(columns, index(bare, 1, true, true, keyColumns));
  }

  private TableDescriptor withIndex(List<ColumnDescriptor> columns, IndexDescriptor primary) {
    List<IndexDescriptor> indexes = List.of(primary);
    return new TableDescriptor(
        5000,
        1,
        5000,
        1,
        "t",
        10,
        columns,
        indexes,
        List.of(),
        List.of(),
        columns.getLast().number(),
        2,
        options);
  }

  private static IndexDescriptor onFirstColumn() {
    return new IndexDescriptor(
        6001,
        1,
        "i1",
        true,
        true,
        false,
        0,
        IndexDescriptor.State.PUBLIC,
        List.of(new KeyColumn(1, false, false)));
  }

  private IndexDescriptor index(
      TableDescriptor table, int number, boolean unique, boolean nullsNotDistinct, int width) {
    List<KeyColumn> keys = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      int ordinal = random.nextInt(table.columns().size());
      keys.add(
          new KeyColumn(
              table.columns().get(ordinal).number(), random.nextBoolean(), random.nextBoolean()));
    }
    return new IndexDescriptor(
        6000 + number,
        number,
        "i" + number,
        unique,
        number == 1,
        nullsNotDistinct,
        0,
        IndexDescriptor.State.PUBLIC,
        keys);
  }

  private static ColumnDescriptor column(int number, int oid) {
    return new ColumnDescriptor(number, "c" + number, SqlType.of(oid), false, null, '\0', 0, false);
  }

  private @Nullable Object[] row(TableDescriptor table) {
    @Nullable Object[] row = new @Nullable Object[table.columns().size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = random.nextInt(6) == 0 ? null : value(table.columns().get(i).type().oid());
    }
    return row;
  }

  private Object value(int oid) {
    boolean small = random.nextInt(3) > 0;
    return switch (oid) {
      case PgOid.BOOL -> random.nextBoolean();
      case PgOid.INT2 -> small ? random.nextInt(5) - 2L : (long) (short) random.nextInt();
      case PgOid.INT4, PgOid.DATE -> small ? random.nextInt(5) - 2L : (long) random.nextInt();
      case PgOid.INT8, PgOid.TIMESTAMP -> small ? random.nextInt(5) - 2L : random.nextLong();
      case PgOid.FLOAT4 ->
          (double)
              new float[] {0f, -1.5f, Float.NaN, Float.POSITIVE_INFINITY, 3e30f}[random.nextInt(5)];
      case PgOid.FLOAT8 ->
          new double[] {0, -1.5, Double.NaN, Double.NEGATIVE_INFINITY, random.nextGaussian()}
              [random.nextInt(5)];
      case PgOid.NUMERIC -> numeric();
      case PgOid.TEXT -> text();
      case PgOid.BPCHAR -> text().stripTrailing() + "  ";
      case PgOid.BYTEA -> {
        byte[] bytes = new byte[random.nextInt(4)];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) (random.nextInt(5) - 2);
        }
        yield bytes;
      }
      case PgOid.VARBIT ->
          BitString.of(
              random.nextInt(20), new byte[] {(byte) random.nextInt(), (byte) random.nextInt(), 0});
      case PgOid.INET -> networkAddress();
      case PgOid.UUID -> new UUID(random.nextLong(), random.nextInt(2));
      case PgOid.INTERVAL ->
          new Interval(random.nextInt(3) - 1, random.nextInt(60) - 30, random.nextLong() / 1000);
      case PgOid.TIMETZ ->
          new TimeTz(random.nextLong(86_400_000_000L), (random.nextInt(25) - 12) * 3600);
      default -> throw new IllegalArgumentException("type " + oid);
    };
  }

  /** Of few bits that are set, so that networks and addresses in them meet. */
  private NetworkAddress networkAddress() {
    byte[] address = new byte[random.nextBoolean() ? 4 : 16];
    for (int i = 0; i < 3; i++) {
      address[random.nextInt(address.length)] |= (byte) (1 << random.nextInt(8));
    }
    NetworkAddress drawn = new NetworkAddress(address, random.nextInt(address.length * 8 + 1));
    return random.nextBoolean() ? drawn.network() : drawn;
  }

  private Numeric numeric() {
    return switch (random.nextInt(8)) {
      case 0 -> Numeric.NAN;
      case 1 -> Numeric.INFINITY;
      case 2 -> Numeric.NEGATIVE_INFINITY;
      case 3 -> Numeric.of(new BigDecimal("0.00"));
      case 4 -> Numeric.of(new BigDecimal("-12345678901234567890123456789.1230"));
      default -> Numeric.of(BigDecimal.valueOf(random.nextInt(200) - 100, random.nextInt(4)));
    };
  }

  private String text() {
    String[] letters = {"a", "b", "ab", "é", "z", "\u0001", "\uD83D\uDE00", "\uFFFD", " x"};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }

  // ---- comparisons ----

  private static int compare(
      TableDescriptor table, IndexDescriptor index, @Nullable Object[] a, @Nullable Object[] b) {
    for (KeyColumn key : index.columns()) {
      int ordinal = table.ordinalOfNumber(key.columnNumber());
      Object x = a[ordinal];
      Object y = b[ordinal];
      if (x == null || y == null) {
        if (x != null || y != null) {
          return (x == null) == key.nullsFirst() ? -1 : 1;
        }
        continue;
      }
      int byValue = PgTypes.byOid(table.columns().get(ordinal).type().oid()).compare(x, y);
      if (byValue != 0) {
        return key.descending() ? -byValue : byValue;
      }
    }
    return 0;
  }

  private static boolean isEqual(
      TableDescriptor table, int ordinal, @Nullable Object a, @Nullable Object b) {
    return a != null
        && b != null
        && PgTypes.byOid(table.columns().get(ordinal).type().oid()).equal(a, b);
  }

  private static boolean isInside(
      PgType type, @Nullable Object value, IndexRange.End end, int sign) {
    if (value == null || end.value() == null) {
      return false;
    }
    int side = Integer.signum(type.compare(value, end.value())) * sign;
    return side > 0 || (side == 0 && end.inclusive());
  }

  private static ColumnVector vector(SqlType type) {
    return new ColumnVector(
        switch (PgTypes.byOid(type.oid()).representation()) {
          case BOOLEAN -> ColumnVector.Layout.BOOLEAN;
          case LONG -> ColumnVector.Layout.LONG;
          case DOUBLE -> ColumnVector.Layout.DOUBLE;
          case OBJECT -> ColumnVector.Layout.OBJECT;
        },
        8);
  }

  private static void assertRow(
      @Nullable Object[] actual, @Nullable Object[] expected, TableDescriptor table) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertValue(actual[i], expected[i], table.columns().get(i).type());
    }
  }

  /** Equal and printed alike: scale, blanks and fields of an interval are kept. */
  private static void assertValue(
      @Nullable Object actual, @Nullable Object expected, SqlType type) {
    if (expected instanceof byte[] bytes) {
      assertThat((byte[]) actual).isEqualTo(bytes);
    } else {
      assertThat(String.valueOf(actual)).as("%s", type).isEqualTo(String.valueOf(expected));
    }
  }
}
