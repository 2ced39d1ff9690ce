package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor.ReadColumn;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Views as PostgreSQL has them inside: a rule each, which depends on what the view reads. */
final class ViewTables {
  /** A column that a view uses; number 0 for a relation none of whose columns is used. */
  record Use(int relationId, int columnNumber) {}

  private ViewTables() {}

  static Stream<@Nullable Object[]> rules(SystemTable t, CatalogSnapshot snapshot) {
    return snapshot.views().stream()
        .map(v ->
            t.row()
                .set("oid", ruleOid(v))
                .set("rulename", "_RETURN")
                .set("ev_class", v.id())
                .set("ev_type", '1')
                .set("ev_enabled", 'O')
                .set("is_instead", true)
                .done());
  }

  /** Rules are no objects of their own: an OID that no other object of the class can have. */
  static long ruleOid(ViewDescriptor view) {
    return 0x8000_0000L | view.id();
  }

  static Stream<@Nullable Object[]> dependencies(SystemTable t, CatalogSnapshot snapshot) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (ViewDescriptor view : snapshot.views()) {
      rows.add(dependency(t, view, view.id(), 0, 'i'));
      for (Use use : used(view)) {
        rows.add(dependency(t, view, use.relationId, use.columnNumber, 'n'));
      }
    }
    return rows.stream();
  }

  private static @Nullable Object[] dependency(
      SystemTable t, ViewDescriptor view, int relationId, int columnNumber, char type) {
    return t.row()
        .set("classid", SystemOids.PG_REWRITE)
        .set("objid", ruleOid(view))
        .set("refclassid", SystemOids.PG_CLASS)
        .set("refobjid", relationId)
        .set("refobjsubid", columnNumber)
        .set("deptype", type)
        .done();
  }

  /** What of other relations a view uses. */
  static Set<Use> used(ViewDescriptor view) {
    Set<Use> uses = new LinkedHashSet<>();
    for (Reading reading : view.readings()) {
      boolean none = true;
      for (ReadColumn column : reading.columns()) {
        if (column.used()) {
          uses.add(new Use(reading.relationId(), column.number()));
          none = false;
        }
      }
      if (none) {
        uses.add(new Use(reading.relationId(), 0));
      }
    }
    return uses;
  }
}
