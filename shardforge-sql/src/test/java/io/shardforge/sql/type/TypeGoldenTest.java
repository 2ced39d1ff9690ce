package io.shardforge.sql.type;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.storage.error.ShardForgeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Input of each type with what PostgreSQL printed for it, and its binary form both ways. */
class TypeGoldenTest {
  private static final TypeContext NEW_YORK =
      TypeContext.UTC.withZone(ZoneId.of("America/New_York"));

  @Test
  void readsAndPrintsAsPostgresDoes() {
    List<String> wrong = new ArrayList<>();
    List<String[]> rows = PgTypes.resourceRows(TypeGoldenTest.class, "/golden/type/input.tsv");
    assertThat(rows).hasSizeGreaterThan(800);
    for (String[] row : rows) {
      String input = String.join("\t", List.of(row).subList(1, row.length - 1));
      String actual = "=> " + convert(row[0], input).replace("\n", "\\n");
      if (!actual.equals(row[row.length - 1])) {
        wrong.add(String.join(" | ", row) + " but was " + actual);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String convert(String typeName, String input) {
    try {
      SqlType type = TypeNames.parse(typeName);
      PgType pgType = PgTypes.byOid(type.oid());
      Object value = pgType.parse(input, type.typmod(), NEW_YORK);
      value = pgType.coerce(value, type.typmod(), true);
      String text = pgType.format(value, NEW_YORK);
      ByteWriter bytes = new ByteWriter();
      pgType.formatTo(value, bytes, NEW_YORK);
      assertThat(new String(bytes.toByteArray(), StandardCharsets.UTF_8)).isEqualTo(text);
      bytes.clear();
      pgType.writeBinary(value, bytes, NEW_YORK);
      Object again = pgType.readBinary(ByteBuffer.wrap(bytes.toByteArray()), -1, NEW_YORK);
      assertThat(pgType.format(again, NEW_YORK)).isEqualTo(text);
      if (pgType.isComparable()) {
        assertThat(pgType.equal(value, again)).isTrue();
        assertThat(pgType.hash(value)).isEqualTo(pgType.hash(again));
      }
      return text;
    } catch (ShardForgeException e) {
      String detail = e.detail() == null ? "" : " | " + e.detail();
      return "ERR " + e.code().sqlState() + " " + e.message() + detail;
    }
  }

  @Test
  void everyTypeIsFoundByOidAndName() {
    for (PgType type : PgTypes.all()) {
      assertThat(PgTypes.byOid(type.oid())).isSameAs(type);
      assertThat(PgTypes.byName(type.name())).isSameAs(type);
      if (type.arrayOid() != 0) {
        assertThat(PgTypes.byOid(type.arrayOid()).elementOid()).isEqualTo(type.oid());
      }
    }
  }

  @Test
  void numericBinaryIsPostgres() {
    ByteWriter out = new ByteWriter();
    PgTypes.byOid(PgOid.NUMERIC).writeBinary(Numeric.parse("-12345.6780"), out, NEW_YORK);
    assertThat(out.toByteArray())
        .containsExactly(0, 3, 0, 1, 0x40, 0, 0, 4, 0, 1, 0x09, 0x29, 0x1A, 0x7C);
  }

  @Test
  void textOrderIsByCodePoint() {
    assertThat(Text.compare("\uFFFD", "\uD83D\uDE00")).isNegative();
    assertThat(Text.compare("a", "ab")).isNegative();
    assertThat(Text.compare("\uD83D\uDE00", "\uD83D\uDE01")).isNegative();
  }

  @Test
  void zeroBytesAreRejected() {
    String state = "";
    try {
      PgTypes.byOid(PgOid.TEXT).parse("a\0b", -1, NEW_YORK);
    } catch (ShardForgeException e) {
      state = e.code().sqlState();
    }
    assertThat(state).isEqualTo("22021");
  }

  @Test
  void intervalStyles() {
    Interval interval = new Interval(14, 3, 14_706_789_000L);
    assertThat(IntervalText.format(interval, IntervalStyle.POSTGRES))
        .isEqualTo("1 year 2 mons 3 days 04:05:06.789");
    assertThat(IntervalText.format(interval, IntervalStyle.SQL_STANDARD))
        .isEqualTo("+1-2 +3 +4:05:06.789");
    assertThat(IntervalText.format(interval, IntervalStyle.ISO_8601))
        .isEqualTo("P1Y2M3DT4H5M6.789S");
    assertThat(IntervalText.format(interval, IntervalStyle.POSTGRES_VERBOSE))
        .isEqualTo("@ 1 year 2 mons 3 days 4 hours 5 mins 6.789 secs");
  }
}
