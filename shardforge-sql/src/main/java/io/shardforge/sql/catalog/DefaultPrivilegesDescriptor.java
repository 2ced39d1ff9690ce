package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What objects that a role makes are granted at once: ALTER DEFAULT PRIVILEGES.
 *
 * @param id the OID of the role
 * @param schemaId the schema that they are made in, or 0 for any
 * @param entries one for each kind of object
 */
public record DefaultPrivilegesDescriptor(int id, long version, int schemaId, List<Entry> entries)
    implements CatalogObject {
  /**
   * The grants of one kind of object: all of them, or, for one schema, those in addition.
   *
   * @param kind as pg_default_acl.defaclobjtype
   */
  public record Entry(int oid, char kind, List<Grant> grants) {
    public Entry {
      grants = List.copyOf(grants);
    }
  }

  public DefaultPrivilegesDescriptor {
    entries = List.copyOf(entries);
  }

  static ObjectKey key(int roleId, int schemaId) {
    return new ObjectKey(ObjectKey.Kind.DEFAULT_PRIVILEGES, roleId, schemaId);
  }

  /** The entry of a kind of object, null without one. */
  public @Nullable Entry entry(char kind) {
    for (Entry entry : entries) {
      if (entry.kind == kind) {
        return entry;
      }
    }
    return null;
  }
}
