package io.shardforge.sql.catalog;

import io.shardforge.sql.type.UserTypes;

/** A type that a statement made. */
public sealed interface TypeDescriptor extends CatalogObject
    permits EnumDescriptor, DomainDescriptor {
  int schemaId();

  String name();

  int ownerId();

  /** The OID of the type of arrays of it. */
  int arrayId();

  /** The next version, in another schema or under another name. */
  TypeDescriptor moved(int newSchemaId, String newName);

  TypeDescriptor withOwner(int newOwnerId);

  /** Adds it to the types of a snapshot. */
  void addTo(UserTypes.Builder types, String schema);
}
