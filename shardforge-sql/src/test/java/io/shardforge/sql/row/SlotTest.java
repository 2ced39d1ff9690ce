package io.shardforge.sql.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableOptions;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TimeTz;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The slots of keys of each type, which no version may ever change. */
class SlotTest {
  private final KeyEncoder encoder = new KeyEncoder();

  private static TableDescriptor table(int... types) {
    List<ColumnDescriptor> columns = new ArrayList<>();
    List<KeyColumn> keys = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      columns.add(
          new ColumnDescriptor(i + 1, "c" + i, SqlType.of(types[i]), true, null, '\0', 0, false));
      keys.add(new KeyColumn(i + 1, false, false));
    }
    IndexDescriptor primary =
        new IndexDescriptor(6001, 1, "i", true, true, false, 0, IndexDescriptor.State.PUBLIC, keys);
    return new TableDescriptor(
        5000,
        1,
        5000,
        1,
        "t",
        10,
        columns,
        List.of(primary),
        List.of(),
        List.of(),
        types.length,
        1,
        TableOptions.NONE.withShards(16));
  }

  private int slot(TableDescriptor table, Object... key) {
    byte[] bytes = RowCodec.of(table).key(key, encoder);
    int prefix = RowCodec.prefix(table, table.primaryIndex()).length;
    return Short.toUnsignedInt(Bytes.getShort(bytes, prefix));
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        Arguments.of(PgOid.BOOL, true, 32_437),
        Arguments.of(PgOid.INT2, -7L, 47_066),
        Arguments.of(PgOid.INT4, 42L, 16_553),
        Arguments.of(PgOid.INT8, 1_234_567_890_123L, 5_273),
        Arguments.of(PgOid.FLOAT4, 1.5, 39_363),
        Arguments.of(PgOid.FLOAT8, -2.25, 47_427),
        Arguments.of(PgOid.FLOAT8, 0.0, 6_783),
        Arguments.of(PgOid.FLOAT8, -0.0, 6_783),
        Arguments.of(PgOid.NUMERIC, Numeric.of(new BigDecimal("12.5")), 54_413),
        Arguments.of(PgOid.NUMERIC, Numeric.of(new BigDecimal("12.500")), 54_413),
        Arguments.of(PgOid.TEXT, "Größe", 14_632),
        Arguments.of(PgOid.VARCHAR, "Größe", 14_632),
        Arguments.of(PgOid.BPCHAR, "ab", 21_353),
        Arguments.of(PgOid.BPCHAR, "ab   ", 21_353),
        Arguments.of(PgOid.BYTEA, new byte[] {0, -1}, 21_453),
        Arguments.of(PgOid.UUID, UUID.fromString("12345678-9abc-def0-1234-56789abcdef0"), 41_402),
        Arguments.of(PgOid.INTERVAL, new Interval(1, 2, 3), 36_654),
        Arguments.of(PgOid.INTERVAL, new Interval(0, 31, 86_400_000_003L), 36_654),
        Arguments.of(PgOid.TIMETZ, new TimeTz(43_200_000_000L, -7_200), 7_156),
        Arguments.of(PgOid.TIMESTAMP, 820_540_800_000_000L, 28_252),
        Arguments.of(PgOid.TIMESTAMPTZ, 820_540_800_000_000L, 28_252),
        Arguments.of(PgOid.DATE, 9_497L, 1_561));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void equalKeysHaveOneSlotForGood(int type, Object key, int slot) {
    assertThat(slot(table(type), key)).isEqualTo(slot);
  }

  @Test
  void allColumnsOfAKeyDecide() {
    TableDescriptor table = table(PgOid.INT4, PgOid.TEXT);
    assertThat(slot(table, 1L, "x")).isEqualTo(7_986);
    assertThat(slot(table, 1L, "y")).isNotEqualTo(7_986);
    assertThat(slot(table, 2L, "x")).isNotEqualTo(7_986);
  }

  @Test
  void aWholeKeyIsOneRangeAndPartOfOneIsNone() {
    TableDescriptor table = table(PgOid.INT4, PgOid.TEXT);
    RowCodec rows = RowCodec.of(table);
    IndexCodec codec = new IndexCodec(rows, table.primaryIndex());
    byte[] key = rows.key(new Object[] {1L, "x"}, encoder);
    KeySpan whole = new IndexRange(new Object[0], null, null).span(codec, encoder);
    assertThat(whole).isNotNull().matches(span -> span.contains(key));
    assertThat(new IndexRange(new Object[] {1L, "x"}, null, null).span(codec, encoder))
        .isEqualTo(KeySpan.ofPrefix(key));
    assertThat(codec.uniqueKey(new Object[] {1L, "x"}, encoder)).isEqualTo(key);
    assertThat(codec.keyValues(key)).containsExactly(1L, "x");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IndexRange(new Object[] {1L}, null, null).span(codec, encoder));
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new IndexRange(new Object[0], new IndexRange.End(1L, true), null).span(codec, encoder));
  }
}
