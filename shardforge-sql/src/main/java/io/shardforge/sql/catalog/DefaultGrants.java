package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The privileges that objects have before anything was granted or revoked, as in PostgreSQL. */
public final class DefaultGrants {
  public static final Set<Privilege> ON_TABLE =
      set(
          Privilege.INSERT,
          Privilege.SELECT,
          Privilege.UPDATE,
          Privilege.DELETE,
          Privilege.TRUNCATE,
          Privilege.REFERENCES,
          Privilege.TRIGGER,
          Privilege.MAINTAIN);

  /** What can be granted on a single column. */
  public static final Set<Privilege> ON_COLUMN =
      set(Privilege.INSERT, Privilege.SELECT, Privilege.UPDATE, Privilege.REFERENCES);

  public static final Set<Privilege> ON_SEQUENCE =
      set(Privilege.SELECT, Privilege.UPDATE, Privilege.USAGE);

  public static final Set<Privilege> ON_TYPE = set(Privilege.USAGE);

  public static final Set<Privilege> ON_SCHEMA = set(Privilege.USAGE, Privilege.CREATE);

  public static final Set<Privilege> ON_DATABASE =
      set(Privilege.CREATE, Privilege.TEMPORARY, Privilege.CONNECT);

  public static final Set<Privilege> OF_DATABASE_TO_PUBLIC =
      set(Privilege.TEMPORARY, Privilege.CONNECT);

  private DefaultGrants() {}

  /** What everybody may do in a schema at first. */
  public static Set<Privilege> ofSchemaToPublic(int schemaId) {
    return switch (schemaId) {
      case SystemOids.SCHEMA_PUBLIC,
          SystemOids.SCHEMA_PG_CATALOG,
          SystemOids.SCHEMA_INFORMATION,
          SystemOids.SCHEMA_SHARDFORGE ->
          set(Privilege.USAGE);
      default -> Set.of();
    };
  }

  /** The owner has everything, PUBLIC some. */
  public static List<Grant> of(int ownerId, Set<Privilege> all, Set<Privilege> toPublic) {
    List<Grant> grants = new ArrayList<>();
    if (!toPublic.isEmpty()) {
      grants.add(new Grant(GrantsDescriptor.PUBLIC, ownerId, toPublic, Set.of()));
    }
    grants.add(new Grant(ownerId, ownerId, all, Set.of()));
    return grants;
  }

  /**
   * What an object has at first.
   *
   * @param kind as pg_default_acl.defaclobjtype
   */
  public static List<Grant> ofKind(char kind, int ownerId) {
    return switch (kind) {
      case 'r' -> of(ownerId, ON_TABLE, Set.of());
      case 'S' -> of(ownerId, ON_SEQUENCE, Set.of());
      case 'T' -> of(ownerId, ON_TYPE, ON_TYPE);
      case 'n' -> of(ownerId, ON_SCHEMA, Set.of());
      default -> throw new IllegalArgumentException("no kind of object: " + kind);
    };
  }

  private static Set<Privilege> set(Privilege first, Privilege... rest) {
    return Collections.unmodifiableSet(EnumSet.of(first, rest));
  }
}
