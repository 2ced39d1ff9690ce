package io.shardforge.sql.catalog;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The catalog of one database at one catalog version: immutable, shared by sessions, the key of cached plans. */
public interface CatalogSnapshot {
  long version();

  int databaseId();

  @Nullable SchemaDescriptor schema(String name);

  Collection<SchemaDescriptor> schemas();

  /** A relation in one schema: TableDescriptor, ViewDescriptor, SequenceDescriptor or VirtualTable. */
  @Nullable Object relation(int schemaId, String name);

  /** The first match along a search path; pg_catalog is searched first unless named. */
  @Nullable Object relation(List<String> searchPath, @Nullable String schema, String name);

  @Nullable Object relation(int id);

  Collection<TableDescriptor> tables();

  Collection<SequenceDescriptor> sequences();
}
