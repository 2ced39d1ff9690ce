package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one role may do in one snapshot: superusers everything, others what was granted to them, to
 * a role they inherit from, or to PUBLIC; where nothing was granted or revoked, PostgreSQL's
 * defaults, which are everything for the owner; members of predefined roles what those may.
 * Immutable.
 */
public final class AccessCheck {
  private final CatalogSnapshot catalog;
  private final boolean superuser;
  private final Set<Integer> roles;
  private final boolean ofOptions;

  /**
   * @param ofOptions whether it is asked what may be granted, rather than done
   */
  private AccessCheck(
      CatalogSnapshot catalog, boolean superuser, Set<Integer> roles, boolean ofOptions) {
    this.catalog = catalog;
    this.superuser = superuser;
    this.roles = roles;
    this.ofOptions = ofOptions;
  }

  public static AccessCheck of(CatalogSnapshot catalog, int roleId) {
    RoleDescriptor role = catalog.role(roleId);
    return role == null
        ? new AccessCheck(catalog, false, Set.of(), false)
        : new AccessCheck(catalog, role.superuser(), Memberships.inherited(catalog, role), false);
  }

  /** Whether everything is allowed, so that nothing need be looked at. */
  public boolean isSuperuser() {
    return superuser;
  }

  /** Whether it has the privileges of another role: itself, a superuser, or inheriting member. */
  public boolean actsAs(int roleId) {
    return superuser || roles.contains(roleId);
  }

  public boolean actsAs(PredefinedRole role) {
    return actsAs(role.id());
  }

  /** The same role with the rights to grant what it may do. */
  public AccessCheck ofGrantor() {
    return new AccessCheck(catalog, superuser, roles, true);
  }

  /** Fails with 42501 unless the role may use a relation of the snapshot in this way. */
  public void requireRelation(Object relation, Privilege privilege) {
    require(mayRelation(relation, privilege), relation);
  }

  /** The same for a column of it. */
  public void requireColumn(Object relation, int columnNumber, Privilege privilege) {
    require(mayColumn(relation, columnNumber, privilege), relation);
  }

  /** The same for any of its columns. */
  public void requireAnyColumn(Object relation, Privilege privilege) {
    require(mayAnyColumn(relation, privilege), relation);
  }

  private static void require(boolean allowed, Object relation) {
    if (!allowed) {
      String kind =
          switch (relation) {
            case ViewDescriptor _ -> "view";
            case SequenceDescriptor _ -> "sequence";
            default -> "table";
          };
      throw denied(kind, nameOf(relation));
    }
  }

  /** Whether the role may use a relation of the snapshot in this way. */
  public boolean mayRelation(Object relation, Privilege privilege) {
    return switch (relation) {
      case TableDescriptor t -> may(t.id(), t.ownerId(), privilege, Set.of()) || mayAll(privilege);
      case ViewDescriptor v -> may(v.id(), v.ownerId(), privilege, Set.of()) || mayAll(privilege);
      case SequenceDescriptor s ->
          may(s.id(), s.ownerId(), privilege, Set.of()) || mayAll(privilege);
      case VirtualTable v ->
          superuser
              || (privilege == Privilege.SELECT
                  && !ofOptions
                  && (!v.isRestricted() || mayAll(privilege)));
      default -> throw new IllegalArgumentException("not a relation: " + relation);
    };
  }

  /** Whether a predefined role lets it use all relations so. */
  private boolean mayAll(Privilege privilege) {
    return !ofOptions
        && switch (privilege) {
          case SELECT -> actsAs(PredefinedRole.READ_ALL_DATA);
          case INSERT, UPDATE, DELETE -> actsAs(PredefinedRole.WRITE_ALL_DATA);
          case MAINTAIN -> actsAs(PredefinedRole.MAINTAIN);
          default -> false;
        };
  }

  /** Whether it may use a column so, by a privilege on the relation or on the column. */
  public boolean mayColumn(Object relation, int columnNumber, Privilege privilege) {
    return mayRelation(relation, privilege)
        || has(catalog.grants(idOf(relation), columnNumber), privilege);
  }

  /** Whether it may use the relation, or at least one column of it, so. */
  public boolean mayAnyColumn(Object relation, Privilege privilege) {
    return mayRelation(relation, privilege)
        || catalog.columnGrants(idOf(relation)).stream().anyMatch(g -> has(g, privilege));
  }

  private static int idOf(Object relation) {
    return switch (relation) {
      case CatalogObject object -> object.id();
      case VirtualTable table -> table.id();
      default -> throw new IllegalArgumentException("not a relation: " + relation);
    };
  }

  public void requireSchema(SchemaDescriptor schema, Privilege privilege) {
    if (!maySchema(schema, privilege)) {
      throw denied("schema", schema.name());
    }
  }

  public boolean maySchema(SchemaDescriptor schema, Privilege privilege) {
    boolean open =
        schema.id() == SystemOids.SCHEMA_PUBLIC
            || schema.id() == SystemOids.SCHEMA_PG_CATALOG
            || schema.id() == SystemOids.SCHEMA_INFORMATION
            || schema.id() == SystemOids.SCHEMA_SHARDFORGE
            || TemporarySchema.is(schema.name());
    boolean ofAll = actsAs(PredefinedRole.READ_ALL_DATA) || actsAs(PredefinedRole.WRITE_ALL_DATA);
    return may(
            schema.id(), schema.ownerId(), privilege, open ? EnumSet.of(Privilege.USAGE) : Set.of())
        || (privilege == Privilege.USAGE && !ofOptions && ofAll);
  }

  /** Fails with 42501 unless the role may make things of a type that a statement made. */
  public void requireType(TypeDescriptor type) {
    if (!mayType(type)) {
      throw denied("type", PgTypes.byOid(type.id()).displayName());
    }
  }

  public boolean mayType(TypeDescriptor type) {
    return may(type.id(), type.ownerId(), Privilege.USAGE, DefaultGrants.ON_TYPE);
  }

  public void requireDatabase(DatabaseDescriptor database, Privilege privilege) {
    if (!mayDatabase(database, privilege)) {
      throw denied("database", database.name());
    }
  }

  public boolean mayDatabase(DatabaseDescriptor database, Privilege privilege) {
    return may(
        database.id(),
        database.ownerId(),
        privilege,
        EnumSet.of(Privilege.CONNECT, Privilege.TEMPORARY));
  }

  private boolean may(
      int objectId, int ownerId, Privilege privilege, Set<Privilege> publicByDefault) {
    boolean owner = roles.contains(ownerId);
    if (superuser || (owner && ofOptions)) {
      return true;
    }
    GrantsDescriptor grants = catalog.grants(objectId);
    return grants == null
        ? owner || (!ofOptions && publicByDefault.contains(privilege))
        : has(grants, privilege);
  }

  private boolean has(@Nullable GrantsDescriptor grants, Privilege privilege) {
    for (Grant grant : grants == null ? List.<Grant>of() : grants.grants()) {
      boolean mine =
          grant.granteeId() == GrantsDescriptor.PUBLIC || roles.contains(grant.granteeId());
      if (mine && (ofOptions ? grant.grantOptions() : grant.privileges()).contains(privilege)) {
        return true;
      }
    }
    return false;
  }

  private static String nameOf(Object relation) {
    return switch (relation) {
      case TableDescriptor t -> t.name();
      case ViewDescriptor v -> v.name();
      case SequenceDescriptor s -> s.name();
      case VirtualTable v -> v.name();
      default -> relation.toString();
    };
  }

  private static ShardForgeException denied(String kind, String name) {
    return new ShardForgeException(
        ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for " + kind + " " + name);
  }
}
