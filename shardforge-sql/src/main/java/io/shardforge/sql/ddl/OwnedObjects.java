package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.AccessList;
import io.shardforge.sql.catalog.CatalogObject;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CollationDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.DefaultPrivilegesDescriptor;
import io.shardforge.sql.catalog.DefaultPrivilegesDescriptor.Entry;
import io.shardforge.sql.catalog.GrantsDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.parse.proto.AlterTableCmd;
import io.shardforge.sql.parse.proto.AlterTableStmt;
import io.shardforge.sql.parse.proto.AlterTableType;
import io.shardforge.sql.parse.proto.DropBehavior;
import io.shardforge.sql.parse.proto.DropOwnedStmt;
import io.shardforge.sql.parse.proto.DropStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectType;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.ReassignOwnedStmt;
import io.shardforge.sql.parse.proto.RoleSpec;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** REASSIGN OWNED and DROP OWNED: all that belongs to a role in this database. */
final class OwnedObjects {
  private final DdlScope scope;

  OwnedObjects(DdlScope scope) {
    this.scope = scope;
  }

  /** Something that belongs to a role, with its name in its schema, or that of a schema itself. */
  private record Owned(CatalogObject object, int schemaId, String name) {}

  String reassign(ReassignOwnedStmt statement) {
    List<RoleDescriptor> roles =
        roles(statement.getRolesList(), "reassign", "reassign ownership of");
    RoleSpec target = statement.getNewrole();
    RoleDescriptor owner = scope.role(target);
    if (!scope.owns(owner.id())) {
      throw denied("reassign", owner);
    }
    for (RoleDescriptor role : roles) {
      for (Owned owned : owned(role)) {
        switch (owned.object) {
          case TableDescriptor _ -> new AlterRelation(scope).run(newOwner(owned, target));
          // A sequence that belongs to a table goes with it.
          case SequenceDescriptor s when s.ownedByTable() != 0 -> {}
          default -> OwnerChange.of(scope, owned.object, target);
        }
      }
      for (DatabaseDescriptor database : List.copyOf(scope.snapshot().databases())) {
        if (database.ownerId() == role.id()) {
          OwnerChange.of(scope, database, target);
        }
      }
    }
    return "REASSIGN OWNED";
  }

  private AlterTableStmt newOwner(Owned table, RoleSpec owner) {
    return AlterTableStmt.newBuilder()
        .setObjtype(ObjectType.OBJECT_TABLE)
        .setRelation(
            RangeVar.newBuilder()
                .setSchemaname(scope.schemaName(table.schemaId))
                .setRelname(table.name)
                .setInh(true)
                .setRelpersistence("p"))
        .addCmds(
            Node.newBuilder()
                .setAlterTableCmd(
                    AlterTableCmd.newBuilder()
                        .setSubtype(AlterTableType.AT_ChangeOwner)
                        .setNewowner(owner)))
        .build();
  }

  String drop(DropOwnedStmt statement) {
    for (RoleDescriptor role : roles(statement.getRolesList(), "drop", "drop")) {
      revokeAll(role);
      List<Owned> owned = owned(role);
      drop(owned, ObjectType.OBJECT_VIEW, statement.getBehavior());
      drop(owned, ObjectType.OBJECT_TABLE, statement.getBehavior());
      drop(owned, ObjectType.OBJECT_SEQUENCE, statement.getBehavior());
      drop(owned, ObjectType.OBJECT_TYPE, statement.getBehavior());
      drop(owned, ObjectType.OBJECT_COLLATION, statement.getBehavior());
      drop(owned, ObjectType.OBJECT_SCHEMA, statement.getBehavior());
    }
    return "DROP OWNED";
  }

  private void drop(List<Owned> owned, ObjectType type, DropBehavior behavior) {
    DropStmt.Builder drop =
        DropStmt.newBuilder().setRemoveType(type).setBehavior(behavior).setMissingOk(true);
    for (Owned one : owned) {
      boolean wanted =
          switch (one.object) {
            case ViewDescriptor _ -> type == ObjectType.OBJECT_VIEW;
            case TableDescriptor _ -> type == ObjectType.OBJECT_TABLE;
            case SequenceDescriptor s ->
                type == ObjectType.OBJECT_SEQUENCE && s.ownedByTable() == 0;
            case TypeDescriptor _ -> type == ObjectType.OBJECT_TYPE;
            case CollationDescriptor _ -> type == ObjectType.OBJECT_COLLATION;
            default -> type == ObjectType.OBJECT_SCHEMA;
          };
      // CASCADE may have taken it along with another.
      boolean here =
          scope.snapshot().relation(one.object.id()) != null
              || scope.snapshot().typeDescriptor(one.object.id()) != null
              || scope.snapshot().collation(one.object.id()) != null
              || scope.snapshot().schema(one.object.id()) != null;
      if (wanted && here) {
        drop.addObjects(name(one, type));
      }
    }
    if (drop.getObjectsCount() > 0) {
      new DropObjects(scope).run(drop.build());
    }
  }

  private Node name(Owned owned, ObjectType type) {
    Node name = string(owned.name);
    if (type == ObjectType.OBJECT_SCHEMA) {
      return name;
    }
    io.shardforge.sql.parse.proto.List.Builder parts =
        io.shardforge.sql.parse.proto.List.newBuilder()
            .addItems(string(scope.schemaName(owned.schemaId)))
            .addItems(name);
    return type == ObjectType.OBJECT_TYPE
        ? Node.newBuilder()
            .setTypeName(
                io.shardforge.sql.parse.proto.TypeName.newBuilder()
                    .addAllNames(parts.getItemsList())
                    .setTypemod(-1))
            .build()
        : Node.newBuilder().setList(parts).build();
  }

  private static Node string(String text) {
    return Node.newBuilder()
        .setString(io.shardforge.sql.parse.proto.String.newBuilder().setSval(text))
        .build();
  }

  private List<Owned> owned(RoleDescriptor role) {
    CatalogSnapshot snapshot = scope.snapshot();
    List<Owned> all = new ArrayList<>();
    for (TableDescriptor t : snapshot.tables()) {
      add(all, t.ownerId() == role.id(), new Owned(t, t.schemaId(), t.name()));
    }
    for (ViewDescriptor v : snapshot.views()) {
      add(all, v.ownerId() == role.id(), new Owned(v, v.schemaId(), v.name()));
    }
    for (SequenceDescriptor s : snapshot.sequences()) {
      add(all, s.ownerId() == role.id(), new Owned(s, s.schemaId(), s.name()));
    }
    for (TypeDescriptor t : snapshot.typeDescriptors()) {
      add(all, t.ownerId() == role.id(), new Owned(t, t.schemaId(), t.name()));
    }
    for (CollationDescriptor c : snapshot.collations()) {
      add(all, c.ownerId() == role.id(), new Owned(c, c.schemaId(), c.name()));
    }
    for (SchemaDescriptor s : snapshot.schemas()) {
      add(all, s.ownerId() == role.id(), new Owned(s, 0, s.name()));
    }
    return all;
  }

  private static void add(List<Owned> all, boolean owned, Owned one) {
    if (owned) {
      all.add(one);
    }
  }

  // ---- privileges ----

  private void revokeAll(RoleDescriptor role) {
    CatalogSnapshot snapshot = scope.snapshot();
    Stream<Integer> ids =
        Stream.of(
                snapshot.tables(),
                snapshot.views(),
                snapshot.sequences(),
                snapshot.typeDescriptors(),
                snapshot.schemas(),
                snapshot.databases())
            .flatMap(Collection::stream)
            .map(CatalogObject::id);
    for (int id : ids.toList()) {
      GrantsDescriptor whole = snapshot.grants(id);
      if (whole != null) {
        revoke(whole, role);
      }
      snapshot.columnGrants(id).forEach(grants -> revoke(grants, role));
    }
    for (DefaultPrivilegesDescriptor kept : List.copyOf(snapshot.defaultPrivileges())) {
      if (kept.id() == role.id()) {
        scope.dropIfPresent(kept.key());
      } else {
        revoke(kept, role);
      }
    }
  }

  private void revoke(GrantsDescriptor known, RoleDescriptor role) {
    if (RoleStatements.isAbout(known.grants(), role.id())
        && scope.catalog().lock(known.key()) instanceof GrantsDescriptor old) {
      List<Grant> rest = without(old.grants(), role.id());
      if (rest.isEmpty()) {
        scope.catalog().drop(old);
      } else {
        scope
            .catalog()
            .replace(
                old,
                new GrantsDescriptor(
                    old.id(), old.version() + 1, old.columnNumber(), old.onDatabase(), rest));
      }
    }
  }

  private void revoke(DefaultPrivilegesDescriptor known, RoleDescriptor role) {
    boolean about =
        known.entries().stream().anyMatch(e -> RoleStatements.isAbout(e.grants(), role.id()));
    if (about && scope.catalog().lock(known.key()) instanceof DefaultPrivilegesDescriptor old) {
      List<Entry> rest = new ArrayList<>();
      for (Entry entry : old.entries()) {
        List<Grant> grants = without(entry.grants(), role.id());
        if (!grants.isEmpty()) {
          rest.add(new Entry(entry.oid(), entry.kind(), grants));
        }
      }
      if (rest.isEmpty()) {
        scope.catalog().drop(old);
      } else {
        scope
            .catalog()
            .replace(
                old,
                new DefaultPrivilegesDescriptor(old.id(), old.version() + 1, old.schemaId(), rest));
      }
    }
  }

  /** What is left when a role has nothing any more, nor whoever got it from that role. */
  private static List<Grant> without(List<Grant> grants, int roleId) {
    AccessList list = new AccessList(GrantsDescriptor.PUBLIC, grants);
    for (Grant grant : grants) {
      if (grant.granteeId() == roleId && grant.grantorId() != roleId) {
        list.revoke(roleId, grant.grantorId(), Set.copyOf(grant.privileges()), false, true);
      }
    }
    return list.grants();
  }

  // ---- roles ----

  private List<RoleDescriptor> roles(List<Node> specs, String verb, String words) {
    List<RoleDescriptor> roles = new ArrayList<>();
    for (Node spec : specs) {
      RoleDescriptor role = scope.role(spec.getRoleSpec());
      if (!scope.owns(role.id())) {
        throw denied(verb, role);
      }
      if (role.id() < SystemOids.FIRST_USER_OID) {
        throw DdlErrors.of(
            ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
            "cannot %s objects owned by role %s because they are required by the database system"
                .formatted(words, role.name()));
      }
      roles.add(role);
    }
    return roles;
  }

  private static io.shardforge.storage.error.ShardForgeException denied(
      String verb, RoleDescriptor role) {
    return DdlErrors.of(
            ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to " + verb + " objects")
        .withDetail(
            "Only roles with privileges of role \"%s\" may %s objects owned by it."
                .formatted(role.name(), verb));
  }
}
