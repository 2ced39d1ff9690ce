package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is not PostgreSQL's, as an extension that is there from the start: tools then leave the
 * schema and what is in it alone, as pg_dump does.
 */
final class OwnExtension {
  private static final int OID = 9004;
  private static final int PG_EXTENSION = 3079;
  private static final String VERSION = "1.0";

  private OwnExtension() {}

  /** The row of pg_extension. */
  static Stream<@Nullable Object[]> rows(SystemTable t) {
    return Stream.<@Nullable Object[]>of(
        t.row()
            .set("oid", OID)
            .set("extname", SystemOids.SHARDFORGE)
            .set("extowner", SystemOids.ROLE_POSTGRES)
            .set("extnamespace", SystemOids.SCHEMA_SHARDFORGE)
            .set("extversion", VERSION)
            .done());
  }

  /** The rows of pg_depend. */
  static Stream<@Nullable Object[]> members(SystemTable t, CatalogSnapshot snapshot) {
    return Stream.of(
            Stream.<@Nullable Object[]>of(
                member(t, SystemOids.PG_NAMESPACE, SystemOids.SCHEMA_SHARDFORGE)),
            snapshot.virtualTables().stream()
                .filter(v -> v.schemaId() == SystemOids.SCHEMA_SHARDFORGE)
                .map(v -> member(t, SystemOids.PG_CLASS, v.id())),
            FunctionRegistry.allFunctions().stream()
                .filter(f -> f.name().startsWith(PgFunction.OWN_SCHEMA))
                .map(f -> member(t, SystemOids.PG_PROC, f.oid())))
        .flatMap(rows -> rows);
  }

  private static @Nullable Object[] member(SystemTable t, int classId, int oid) {
    return t.row()
        .set("classid", classId)
        .set("objid", oid)
        .set("refclassid", PG_EXTENSION)
        .set("refobjid", OID)
        .set("deptype", 'e')
        .done();
  }
}
