package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CollationDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.Collations;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TextOrder;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collations, the predefined ones and those that statements made, as the catalog shows them. */
final class CollationTables {
  private static final int ANY_ENCODING = -1;

  private CollationTables() {}

  static Stream<@Nullable Object[]> collations(SystemTable t, CatalogSnapshot snapshot) {
    return Stream.concat(
        Collations.all().stream().map(c -> builtIn(t, c)),
        snapshot.collations().stream().map(c -> made(t, c)));
  }

  private static @Nullable Object[] builtIn(SystemTable t, Collations.BuiltIn c) {
    String locale = c.collation().locale();
    String name = c.provider() == 'c' ? (c.name().equals("POSIX") ? "POSIX" : "C") : null;
    return row(t, c.collation(), c.provider(), c.encoding())
        .set("collname", c.name())
        .set("collnamespace", SystemOids.SCHEMA_PG_CATALOG)
        .set("collowner", SystemOids.ROLE_POSTGRES)
        .set("collcollate", name)
        .set("collctype", name)
        .set("collversion", locale == null ? null : TextOrder.version(locale))
        .done();
  }

  private static @Nullable Object[] made(SystemTable t, CollationDescriptor c) {
    String name = c.locale() == null ? "C" : null;
    return row(t, c.collation(), c.locale() == null ? 'c' : 'i', ANY_ENCODING)
        .set("collname", c.name())
        .set("collnamespace", c.schemaId())
        .set("collowner", c.ownerId())
        .set("collcollate", name)
        .set("collctype", name)
        .set("collversion", c.orderVersion())
        .done();
  }

  private static Cells row(SystemTable t, Collation c, char provider, int encoding) {
    return t.row()
        .set("oid", c.oid())
        .set("collprovider", provider)
        .set("collisdeterministic", c.deterministic())
        .set("collencoding", encoding)
        .set("colliculocale", c.locale())
        .set("colllocale", c.locale());
  }

  /** The locale of a collation, null for none or none that there is. */
  static @Nullable String locale(CatalogSnapshot snapshot, int oid) {
    Collations.BuiltIn builtIn = Collations.byOid(oid);
    CollationDescriptor made = snapshot.collation(oid);
    return builtIn != null ? builtIn.collation().locale() : made == null ? null : made.locale();
  }

  static boolean isVisible(CatalogSnapshot snapshot, List<String> searchPath, int oid) {
    Collations.BuiltIn builtIn = Collations.byOid(oid);
    CollationDescriptor made = snapshot.collation(oid);
    if (builtIn == null && made == null) {
      return false;
    }
    String name = builtIn != null ? builtIn.name() : made == null ? "" : made.name();
    Collation found = snapshot.collation(searchPath, null, name);
    return found != null && found.oid() == oid;
  }

  /** The name as SQL writes it, with its schema where it is not found without; null for none. */
  static @Nullable String name(CatalogSnapshot snapshot, List<String> searchPath, int oid) {
    Collations.BuiltIn builtIn = Collations.byOid(oid);
    CollationDescriptor made = snapshot.collation(oid);
    if (builtIn == null && made == null) {
      return null;
    }
    String name = builtIn != null ? builtIn.name() : made == null ? "" : made.name();
    if (isVisible(snapshot, searchPath, oid)) {
      return Text.quoteIdentifier(name);
    }
    SchemaDescriptor schema =
        snapshot.schema(made == null ? SystemOids.SCHEMA_PG_CATALOG : made.schemaId());
    String schemaName = schema == null ? "" : schema.name();
    return Text.quoteIdentifier(schemaName) + "." + Text.quoteIdentifier(name);
  }
}
