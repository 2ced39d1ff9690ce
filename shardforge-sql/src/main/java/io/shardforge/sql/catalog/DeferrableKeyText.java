package io.shardforge.sql.catalog;

import io.shardforge.sql.type.Text;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The statements that look for duplicates of a key that is DEFERRABLE, as SQL text. */
public final class DeferrableKeyText {
  private final String table;
  private final List<String> columns;
  private final boolean nullsNotDistinct;

  public DeferrableKeyText(CatalogSnapshot snapshot, TableDescriptor table, IndexDescriptor index) {
    SchemaDescriptor schema = snapshot.schema(table.schemaId());
    this.table =
        Text.quoteIdentifier(schema == null ? "" : schema.name())
            + "."
            + Text.quoteIdentifier(table.name());
    this.columns =
        index.columns().stream()
            .map(key -> table.columns().get(table.ordinalOfNumber(key.columnNumber())).name())
            .map(Text::quoteIdentifier)
            .toList();
    this.nullsNotDistinct = index.nullsNotDistinct();
  }

  /** The values of a key that several rows have. */
  public String duplicate() {
    String list = String.join(", ", columns);
    return "SELECT "
        + list
        + " FROM "
        + table
        + (nullsNotDistinct ? "" : " WHERE " + each(" AND ", i -> columns.get(i) + " IS NOT NULL"))
        + " GROUP BY "
        + list
        + " HAVING count(*) > 1 LIMIT 1";
  }

  /**
   * The places of keys among those given, once for each row that has them. The rows are locked, so
   * that who deletes one is waited for.
   *
   * @param nulls the positions at which all the keys are null
   */
  public String rows(KeyParameters keys, Set<Integer> nulls) {
    return "SELECT k.n FROM "
        + keys.from()
        + " JOIN "
        + table
        + " t ON "
        + each(
            " AND ", i -> "t." + columns.get(i) + (nulls.contains(i) ? " IS NULL" : " = k.o" + i))
        + " FOR KEY SHARE OF t";
  }

  private String each(String separator, IntFunction<String> text) {
    return IntStream.range(0, columns.size()).mapToObj(text).collect(Collectors.joining(separator));
  }
}
