package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Names that PostgreSQL makes up for indexes, sequences and constraints. */
final class RelationNames {
  /** Longest identifier in bytes. */
  static final int NAME_BYTES_MAX = 63;

  private static final int ATTEMPTS_MAX = 10_000;

  private RelationNames() {}

  /**
   * A relation name like {@code table_column_label} that no relation of the schema has.
   *
   * @param given whether the statement frees the name of an index
   */
  static String free(
      CatalogSnapshot catalog,
      int schemaId,
      Set<String> taken,
      Predicate<String> given,
      String first,
      @Nullable String second,
      String label) {
    for (int pass = 0; pass < ATTEMPTS_MAX; pass++) {
      String name = compose(first, second, pass == 0 ? label : label + pass);
      if (!taken.contains(name)
          && catalog.relation(schemaId, name) == null
          && (catalog.index(schemaId, name) == null || given.test(name))) {
        return name;
      }
    }
    throw DdlErrors.unsupported("more than " + ATTEMPTS_MAX + " relations named alike");
  }

  /** A constraint name that the set does not hold. */
  static String freeConstraint(
      Set<String> taken, String first, @Nullable String second, String label) {
    for (int pass = 0; pass < ATTEMPTS_MAX; pass++) {
      String name = compose(first, second, pass == 0 ? label : label + pass);
      if (!taken.contains(name)) {
        return name;
      }
    }
    throw DdlErrors.unsupported("more than " + ATTEMPTS_MAX + " constraints named alike");
  }

  /** Joins the parts, shortening the longer of the first two until the whole fits. */
  static String compose(String first, @Nullable String second, String label) {
    int overhead = 1 + bytes(label) + (second == null ? 0 : 1);
    String a = first;
    String b = second == null ? "" : second;
    while (bytes(a) + bytes(b) + overhead > NAME_BYTES_MAX) {
      if (bytes(a) > bytes(b)) {
        a = shorter(a);
      } else {
        b = shorter(b);
      }
    }
    return second == null ? a + "_" + label : a + "_" + b + "_" + label;
  }

  private static String shorter(String text) {
    return text.substring(0, text.offsetByCodePoints(text.length(), -1));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
