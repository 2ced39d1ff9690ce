package io.shardforge.sql.catalog;

/** A schema (namespace) of a database. */
public record SchemaDescriptor(int id, long version, int databaseId, String name, int ownerId)
    implements CatalogObject {}
