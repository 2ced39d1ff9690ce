package io.shardforge.sql.catalog;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.txn.Txn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The content of a new cluster's catalog. */
final class Bootstrap {
  private final Txn txn;

  Bootstrap(Txn txn) {
    this.txn = txn;
  }

  void run(@Nullable String verifier) {
    RoleDescriptor postgres = superuser(SystemOids.ROLE_POSTGRES, "postgres", verifier);
    if (CatalogRows.lock(txn, CatalogRows.CLUSTER, postgres.key(), LockStrength.UPDATE) != null) {
      return;
    }
    put(CatalogRows.CLUSTER, postgres);
    put(CatalogRows.CLUSTER, superuser(SystemOids.ROLE_SHARDFORGE, "shardforge", verifier));
    database(SystemOids.DATABASE_POSTGRES, "postgres", SystemOids.ROLE_POSTGRES);
    database(SystemOids.DATABASE_SHARDFORGE, "shardforge", SystemOids.ROLE_SHARDFORGE);
  }

  private void database(int id, String name, int ownerId) {
    put(
        CatalogRows.CLUSTER,
        new DatabaseDescriptor(id, 1, name, ownerId, true, DatabaseDescriptor.UNLIMITED));
    firstObjects(id).forEach(object -> put(id, object));
  }

  /** What a new database starts with: the schema public, and the words about it. */
  static List<CatalogObject> firstObjects(int databaseId) {
    return List.of(
        new SchemaDescriptor(
            SystemOids.SCHEMA_PUBLIC, 1, databaseId, "public", SystemOids.ROLE_DATABASE_OWNER),
        new CommentDescriptor(
            SystemOids.SCHEMA_PUBLIC, 1, SystemOids.PG_NAMESPACE, 0, "standard public schema"));
  }

  private void put(int databaseId, CatalogObject object) {
    CatalogRows.put(txn, databaseId, object);
    for (CatalogRows.Name name : CatalogRows.namesOf(object)) {
      CatalogRows.putName(txn, databaseId, name);
    }
  }

  private static RoleDescriptor superuser(int id, String name, @Nullable String verifier) {
    return new RoleDescriptor(
        id,
        1,
        name,
        true,
        true,
        true,
        true,
        true,
        true,
        true,
        RoleDescriptor.UNLIMITED,
        verifier,
        null,
        List.of());
  }
}
