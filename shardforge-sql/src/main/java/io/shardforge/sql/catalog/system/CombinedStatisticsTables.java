package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CombinedStatistics;
import io.shardforge.sql.catalog.CombinedStatistics.Kind;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.CatalogFunctions;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.Text;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows and definitions of what CREATE STATISTICS made. */
final class CombinedStatisticsTables {
  private CombinedStatisticsTables() {}

  static Stream<@Nullable Object[]> objects(SystemTable t, CatalogSnapshot snapshot) {
    return snapshot.combinedStatistics().stream()
        .filter(s -> table(snapshot, s) != null)
        .map(s -> {
          TableDescriptor table = table(snapshot, s);
          return t.row()
              .set("oid", s.id())
              .set("stxrelid", s.tableId())
              .set("stxname", s.name())
              .set("stxnamespace", table == null ? 0 : table.schemaId())
              .set("stxowner", table == null ? 0 : table.ownerId())
              .set("stxstattarget", -1)
              .set(
                  "stxkeys",
                  Cells.vector(
                      PgOid.INT2, s.columns().stream().mapToLong(Integer::longValue).toArray()))
              .set(
                  "stxkind",
                  Cells.array(
                      PgOid.CHAR, s.kinds().stream().map(k -> String.valueOf(k.letter())).toList()))
              .done();
        });
  }

  private static @Nullable TableDescriptor table(
      CatalogSnapshot snapshot, CombinedStatistics statistics) {
    return snapshot.relation(statistics.tableId()) instanceof TableDescriptor table ? table : null;
  }

  private static @Nullable CombinedStatistics find(CatalogSnapshot snapshot, long oid) {
    return snapshot.combinedStatistics().stream()
        .filter(s -> s.id() == (int) oid)
        .findFirst()
        .orElse(null);
  }

  /** The columns' names, null if there are no such statistics. */
  static @Nullable String columns(CatalogSnapshot snapshot, long oid) {
    CombinedStatistics found = find(snapshot, oid);
    TableDescriptor table = found == null ? null : table(snapshot, found);
    return found == null || table == null
        ? null
        : found.columns().stream()
            .map(c -> Text.quoteIdentifier(table.columns().get(table.ordinalOfNumber(c)).name()))
            .collect(Collectors.joining(", "));
  }

  /** The statement that makes them, null if there are none. */
  static @Nullable String definition(CatalogSnapshot snapshot, ObjectDefinitions names, long oid) {
    CombinedStatistics found = find(snapshot, oid);
    TableDescriptor table = found == null ? null : table(snapshot, found);
    if (found == null || table == null) {
      return null;
    }
    String kinds =
        found.kinds().size() == Kind.values().length
            ? ""
            : found.kinds().stream()
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ", " (", ")"));
    return "CREATE STATISTICS "
        + Text.quoteIdentifier(names.schemaName(table.schemaId()))
        + "."
        + Text.quoteIdentifier(found.name())
        + kinds
        + " ON "
        + columns(snapshot, oid)
        + " FROM "
        + names.relationName(table.id());
  }

  /** How many combinations there are, as PostgreSQL writes it. */
  private static @Nullable String distinct(CombinedStatistics s) {
    return s.distinct().isEmpty()
        ? null
        : s.distinct().stream()
            .map(d -> "\"" + numbers(d.columns()) + "\": " + (long) d.number())
            .collect(Collectors.joining(", ", "{", "}"));
  }

  private static @Nullable String dependencies(CombinedStatistics s) {
    return s.dependencies().isEmpty()
        ? null
        : s.dependencies().stream()
            .map(d ->
                String.format(
                    Locale.ROOT, "\"%s => %d\": %.6f", numbers(d.from()), d.to(), d.degree()))
            .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String numbers(List<Integer> columns) {
    return columns.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** Of columns that the current role may all read. */
  static Stream<@Nullable Object[]> readable(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    CatalogFunctions functions = context.services().get(CatalogFunctions.class);
    ObjectDefinitions names = new ObjectDefinitions(snapshot, List.of());
    return snapshot.combinedStatistics().stream()
        .flatMap(s -> {
          TableDescriptor table = table(snapshot, s);
          boolean readable =
              s.columns().stream()
                  .allMatch(c ->
                      Boolean.TRUE.equals(
                          functions.hasPrivilege(
                              "column", null, (long) s.tableId(), (long) c, "SELECT")));
          boolean analyzed =
              !s.distinct().isEmpty() || !s.dependencies().isEmpty() || !s.common().isEmpty();
          if (table == null || !analyzed || !readable) {
            return Stream.empty();
          }
          List<String> columns =
              s.columns().stream()
                  .map(c -> table.columns().get(table.ordinalOfNumber(c)).name())
                  .toList();
          return Stream.<@Nullable Object[]>of(
              t.row()
                  .set("schemaname", names.schemaName(table.schemaId()))
                  .set("tablename", table.name())
                  .set("statistics_schemaname", names.schemaName(table.schemaId()))
                  .set("statistics_name", s.name())
                  .set("statistics_owner", ListingViews.roleName(snapshot, table.ownerId()))
                  .set("attnames", Cells.array(PgOid.NAME, columns))
                  .set(
                      "kinds",
                      Cells.array(
                          PgOid.CHAR,
                          s.kinds().stream().map(k -> String.valueOf(k.letter())).toList()))
                  .set("inherited", false)
                  .set("n_distinct", distinct(s))
                  .set("dependencies", dependencies(s))
                  .set(
                      "most_common_freqs",
                      s.common().isEmpty()
                          ? null
                          : Cells.array(
                              PgOid.FLOAT8,
                              s.common().stream()
                                  .map(CombinedStatistics.Common::fraction)
                                  .toList()))
                  .set(
                      "most_common_base_freqs",
                      s.common().isEmpty()
                          ? null
                          : Cells.array(
                              PgOid.FLOAT8,
                              s.common().stream()
                                  .map(CombinedStatistics.Common::expected)
                                  .toList()))
                  .done());
        });
  }
}
