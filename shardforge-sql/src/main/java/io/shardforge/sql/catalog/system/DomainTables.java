package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What information_schema says of domains. */
final class DomainTables {
  private DomainTables() {}

  private static Stream<DomainDescriptor> all(CatalogSnapshot snapshot) {
    return snapshot.typeDescriptors().stream()
        .flatMap(
            type -> type instanceof DomainDescriptor domain ? Stream.of(domain) : Stream.empty());
  }

  private static Cells named(SystemTable t, CatalogSnapshot snapshot, DomainDescriptor domain) {
    return t.row()
        .set("domain_catalog", database(snapshot))
        .set("domain_schema", schema(snapshot, domain.schemaId()))
        .set("domain_name", domain.name());
  }

  private static String database(CatalogSnapshot snapshot) {
    DatabaseDescriptor here = snapshot.database(snapshot.databaseId());
    return here == null ? "" : here.name();
  }

  private static String schema(CatalogSnapshot snapshot, int schemaId) {
    return new ObjectDefinitions(snapshot, List.of()).schemaName(schemaId);
  }

  static Stream<@Nullable Object[]> domains(SystemTable t, CatalogSnapshot snapshot) {
    return all(snapshot)
        .map(domain -> {
          PgType base = PgTypes.byOid(PgTypes.baseOid(domain.id()));
          TypeDescriptor made =
              snapshot.typeDescriptor(base.isArray() ? base.elementOid() : base.oid());
          ColumnFacets facets = ColumnFacets.of(PgTypes.base(domain.base()));
          String stored = domain.defaultSql();
          return named(t, snapshot, domain)
              .set("data_type", facets.dataType())
              .set("character_maximum_length", facets.characterLength())
              .set("character_octet_length", facets.octetLength())
              .set("numeric_precision", facets.numericPrecision())
              .set("numeric_precision_radix", facets.radix())
              .set("numeric_scale", facets.numericScale())
              .set("datetime_precision", facets.datetimePrecision())
              .set(
                  "domain_default",
                  stored == null
                      ? null
                      : new ObjectDefinitions(snapshot, List.of()).expression(stored))
              .set("udt_catalog", database(snapshot))
              .set("udt_schema", made == null ? "pg_catalog" : schema(snapshot, made.schemaId()))
              .set("udt_name", facets.typeName())
              .set("dtd_identifier", "1")
              .done();
        });
  }

  static Stream<@Nullable Object[]> constraints(SystemTable t, CatalogSnapshot snapshot) {
    return all(snapshot)
        .flatMap(domain ->
            domain.checks().stream()
                .map(check ->
                    named(t, snapshot, domain)
                        .set("constraint_catalog", database(snapshot))
                        .set("constraint_schema", schema(snapshot, domain.schemaId()))
                        .set("constraint_name", check.name())
                        .set("is_deferrable", "NO")
                        .set("initially_deferred", "NO")
                        .done()));
  }
}
