package io.shardforge.sql.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.sql.catalog.InvertedClass;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.key.Bytes;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The keys of inverted indexes, which are on disk and must never change. */
final class InvertedKeysTest {
  private static List<String> keys(InvertedClass by, int typeOid, Object value) {
    TreeSet<byte[]> keys = new TreeSet<>(Bytes::compare);
    new InvertedKeys(by, SqlType.of(typeOid), 2).addKeys(value, keys);
    return keys.stream().map(Bytes::toHex).toList();
  }

  private static List<String> names(String json) {
    return keys(InvertedClass.JSONB_OPS, PgOid.JSONB, JsonValue.parse(json));
  }

  private static List<String> paths(String json) {
    return keys(InvertedClass.JSONB_PATH_OPS, PgOid.JSONB, JsonValue.parse(json));
  }

  private static List<String> elements(Object... elements) {
    return keys(
        InvertedClass.ARRAY_OPS, PgOid.INT4_ARRAY, ArrayValue.of(PgOid.INT4, List.of(elements)));
  }

  @Test
  void elementsAreAsInKeys() {
    assertThat(elements(5L, 1L, 5L)).containsExactly("02030280000001", "02030280000005");
    assertThat(elements()).containsExactly("0201");
    assertThat(
            keys(
                InvertedClass.ARRAY_OPS,
                PgOid.INT4_ARRAY,
                ArrayValue.of(PgOid.INT4, new Object[] {null})))
        .containsExactly("0202");
  }

  @Test
  void documentsHaveNamesAndScalars() {
    assertThat(names("{\"k\": \"k\"}")).containsExactly("02046b", "02056b");
    assertThat(names("[\"k\", null, true, false]"))
        .containsExactly("0202", "02046b", "020600", "020601");
    assertThat(names("[1, 1.00]")).hasSize(1).isEqualTo(names("1.0"));
    assertThat(names("{}")).isEmpty();
  }

  @Test
  void pathsAreHashedWithTheirScalars() {
    assertThat(paths("{\"a\": {\"b\": 1}}"))
        .hasSize(1)
        .isEqualTo(paths("{\"a\": [{\"b\": [1.0]}]}"));
    assertThat(paths("{\"a\": {\"b\": 1}}")).isNotEqualTo(paths("{\"ab\": 1}"));
    assertThat(paths("{\"a\": 1}")).isNotEqualTo(paths("{\"a\": \"1\"}"));
    assertThat(paths("null")).containsExactly("0208a6af733fe7e8af49");
    assertThat(paths("{\"a\": {}, \"b\": []}")).isEmpty();
  }

  @Test
  void whatIsLongIsHashed() {
    assertThat(names("\"" + "w".repeat(96) + "\"").getFirst()).hasSize(2 * (2 + 96));
    assertThat(names("\"" + "w".repeat(97) + "\"").getFirst()).hasSize(2 * (2 + 8));
  }
}
