package io.shardforge.sql.catalog;

import io.shardforge.sql.expr.EvalContext;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table computed from the catalog snapshot or the server's state: pg_catalog, information_schema,
 * shardforge.
 */
public interface VirtualTable {
  int id();

  int schemaId();

  String name();

  List<ColumnDescriptor> columns();

  /** Whether only superusers may read it, as pg_authid. */
  default boolean isRestricted() {
    return false;
  }

  /** All rows, in the representations of sql.type; closed by the caller. */
  Stream<@Nullable Object[]> rows(CatalogSnapshot snapshot, EvalContext context);
}
