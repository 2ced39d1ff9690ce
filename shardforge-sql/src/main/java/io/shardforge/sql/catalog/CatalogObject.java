package io.shardforge.sql.catalog;

/** A thing that the catalog stores: one descriptor, one row. */
public sealed interface CatalogObject
    permits DatabaseDescriptor,
        RoleDescriptor,
        SchemaDescriptor,
        TableDescriptor,
        SequenceDescriptor,
        ViewDescriptor,
        TypeDescriptor,
        CommentDescriptor,
        GrantsDescriptor,
        DefaultPrivilegesDescriptor,
        SettingsDescriptor,
        StatisticsDescriptor,
        CombinedStatistics,
        CollationDescriptor {
  /** The object's OID; of comments, grants and settings, that of the object they belong to. */
  int id();

  /** Rises with every change of the descriptor, from 1. */
  long version();

  /** Where the descriptor is stored within its database. */
  default ObjectKey key() {
    return switch (this) {
      case DatabaseDescriptor d -> new ObjectKey(ObjectKey.Kind.DATABASE, d.id(), 0);
      case RoleDescriptor r -> new ObjectKey(ObjectKey.Kind.ROLE, r.id(), 0);
      case SchemaDescriptor s -> new ObjectKey(ObjectKey.Kind.SCHEMA, s.id(), 0);
      case TableDescriptor t -> new ObjectKey(ObjectKey.Kind.TABLE, t.id(), 0);
      case SequenceDescriptor s -> new ObjectKey(ObjectKey.Kind.SEQUENCE, s.id(), 0);
      case ViewDescriptor v -> new ObjectKey(ObjectKey.Kind.VIEW, v.id(), 0);
      case TypeDescriptor t -> new ObjectKey(ObjectKey.Kind.TYPE, t.id(), 0);
      case CommentDescriptor c ->
          new ObjectKey(
              c.isShared() ? ObjectKey.Kind.SHARED_COMMENT : ObjectKey.Kind.COMMENT,
              c.id(),
              c.columnNumber());
      case DefaultPrivilegesDescriptor d -> DefaultPrivilegesDescriptor.key(d.id(), d.schemaId());
      case SettingsDescriptor s -> SettingsDescriptor.key(s.databaseId(), s.id());
      case StatisticsDescriptor s -> new ObjectKey(ObjectKey.Kind.STATISTICS, s.id(), 0);
      case CombinedStatistics s -> new ObjectKey(ObjectKey.Kind.COMBINED_STATISTICS, s.id(), 0);
      case CollationDescriptor c -> new ObjectKey(ObjectKey.Kind.COLLATION, c.id(), 0);
      case GrantsDescriptor g ->
          new ObjectKey(
              g.onDatabase() ? ObjectKey.Kind.SHARED_GRANTS : ObjectKey.Kind.GRANTS,
              g.id(),
              g.columnNumber());
    };
  }
}
