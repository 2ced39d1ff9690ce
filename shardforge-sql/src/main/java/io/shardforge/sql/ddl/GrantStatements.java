package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.DefaultGrants;
import io.shardforge.sql.catalog.GrantsDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.AccessPriv;
import io.shardforge.sql.parse.proto.GrantStmt;
import io.shardforge.sql.parse.proto.GrantTargetType;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectType;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.RoleSpecType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** GRANT and REVOKE of privileges on tables, views, sequences, schemas and databases. */
final class GrantStatements {
  private final DdlScope scope;

  GrantStatements(DdlScope scope) {
    this.scope = scope;
  }

  /** An object that privileges can be granted on. */
  private record Target(int id, int ownerId, String kind, String name, ObjectType type) {}

  String run(GrantStmt statement) {
    if (statement.hasGrantor()
        && scope.role(statement.getGrantor()).id() != scope.context().currentRole()) {
      throw DdlErrors.of(ErrorCode.FEATURE_NOT_SUPPORTED, "grantor must be current user");
    }
    for (Target target : targets(statement)) {
      change(target, statement);
    }
    return statement.getIsGrant() ? "GRANT" : "REVOKE";
  }

  private List<Target> targets(GrantStmt statement) {
    List<Target> targets = new ArrayList<>();
    for (Node object : statement.getObjectsList()) {
      if (statement.getTargtype() == GrantTargetType.ACL_TARGET_ALL_IN_SCHEMA) {
        allInSchema(object.getString().getSval(), statement.getObjtype(), targets);
      } else {
        targets.add(target(object, statement.getObjtype()));
      }
    }
    return targets;
  }

  private Target target(Node object, ObjectType type) {
    return switch (type) {
      case OBJECT_TABLE, OBJECT_SEQUENCE -> relation(object.getRangeVar(), type);
      case OBJECT_SCHEMA -> {
        SchemaDescriptor s = scope.schema(object.getString().getSval());
        yield new Target(s.id(), s.ownerId(), "schema", s.name(), type);
      }
      case OBJECT_DATABASE -> {
        String name = object.getString().getSval();
        DatabaseDescriptor d = scope.snapshot().database(name);
        if (d == null) {
          throw DatabaseStatements.undefined(name);
        }
        yield new Target(d.id(), d.ownerId(), "database", d.name(), type);
      }
      default -> throw DdlErrors.unsupported("GRANT ON " + DropObjects.words(type));
    };
  }

  private Target relation(RangeVar name, ObjectType type) {
    return switch (scope.find(name)) {
      case TableDescriptor t when type == ObjectType.OBJECT_TABLE -> of(t);
      case ViewDescriptor v when type == ObjectType.OBJECT_TABLE -> of(v);
      case SequenceDescriptor s -> of(s);
      case VirtualTable _ -> throw DdlErrors.unsupported("GRANT on a system catalog");
      case null -> throw scope.undefined(name);
      default -> throw DdlErrors.wrongKind(name.getRelname(), "a sequence");
    };
  }

  private static Target of(TableDescriptor t) {
    return new Target(t.id(), t.ownerId(), "table", t.name(), ObjectType.OBJECT_TABLE);
  }

  private static Target of(ViewDescriptor v) {
    return new Target(v.id(), v.ownerId(), "view", v.name(), ObjectType.OBJECT_TABLE);
  }

  private static Target of(SequenceDescriptor s) {
    return new Target(s.id(), s.ownerId(), "sequence", s.name(), ObjectType.OBJECT_SEQUENCE);
  }

  private void allInSchema(String schemaName, ObjectType type, List<Target> targets) {
    int schemaId = scope.schema(schemaName).id();
    switch (type) {
      case OBJECT_TABLE -> {
        for (TableDescriptor t : scope.snapshot().tables()) {
          if (t.schemaId() == schemaId) {
            targets.add(of(t));
          }
        }
        for (ViewDescriptor v : scope.snapshot().views()) {
          if (v.schemaId() == schemaId) {
            targets.add(of(v));
          }
        }
      }
      case OBJECT_SEQUENCE -> {
        for (SequenceDescriptor s : scope.snapshot().sequences()) {
          if (s.schemaId() == schemaId) {
            targets.add(of(s));
          }
        }
      }
      default ->
          throw DdlErrors.unsupported("GRANT ON ALL " + DropObjects.words(type) + "S IN SCHEMA");
    }
  }

  private void change(Target target, GrantStmt statement) {
    Set<Privilege> privileges = privileges(target, statement);
    requireGrantor(target, privileges);
    boolean onDatabase = target.type == ObjectType.OBJECT_DATABASE;
    GrantsDescriptor fresh =
        new GrantsDescriptor(
            target.id,
            1,
            onDatabase,
            DefaultGrants.of(target.ownerId, allowed(target.type), publicDefaults(target)));
    GrantsDescriptor stored =
        scope.catalog().lock(fresh.key()) instanceof GrantsDescriptor known ? known : null;
    List<Grant> grants = new ArrayList<>(stored == null ? fresh.grants() : stored.grants());
    for (Node grantee : statement.getGranteesList()) {
      boolean isPublic = grantee.getRoleSpec().getRoletype() == RoleSpecType.ROLESPEC_PUBLIC;
      int granteeId = isPublic ? GrantsDescriptor.PUBLIC : scope.role(grantee.getRoleSpec()).id();
      if (isPublic && statement.getGrantOption() && statement.getIsGrant()) {
        throw DdlErrors.of(
            ErrorCode.INVALID_GRANT_OPERATION, "grant options can only be granted to roles");
      }
      apply(grants, granteeId, target.ownerId, privileges, statement);
    }
    GrantsDescriptor changed =
        new GrantsDescriptor(
            target.id, stored == null ? 1 : stored.version() + 1, onDatabase, grants);
    if (stored == null) {
      scope.catalog().create(changed);
    } else {
      scope.catalog().replace(stored, changed);
    }
  }

  private static void apply(
      List<Grant> grants,
      int granteeId,
      int grantorId,
      Set<Privilege> privileges,
      GrantStmt statement) {
    Set<Privilege> held = EnumSet.noneOf(Privilege.class);
    Set<Privilege> options = EnumSet.noneOf(Privilege.class);
    int at = -1;
    for (int i = 0; i < grants.size(); i++) {
      if (grants.get(i).granteeId() == granteeId) {
        at = i;
        held.addAll(grants.get(i).privileges());
        options.addAll(grants.get(i).grantOptions());
      }
    }
    if (statement.getIsGrant()) {
      held.addAll(privileges);
      if (statement.getGrantOption()) {
        options.addAll(privileges);
      }
    } else {
      options.removeAll(privileges);
      if (!statement.getGrantOption()) {
        held.removeAll(privileges);
      }
    }
    Grant changed = new Grant(granteeId, grantorId, held, options);
    if (at < 0) {
      if (!held.isEmpty()) {
        grants.add(changed);
      }
    } else if (held.isEmpty()) {
      grants.remove(at);
    } else {
      grants.set(at, changed);
    }
  }

  private void requireGrantor(Target target, Set<Privilege> privileges) {
    if (scope.owns(target.ownerId)) {
      return;
    }
    GrantsDescriptor grants = scope.snapshot().grants(target.id);
    RoleDescriptor current = scope.currentRole();
    Set<Privilege> options = EnumSet.noneOf(Privilege.class);
    if (grants != null) {
      for (Grant grant : grants.grants()) {
        if (grant.granteeId() == current.id()) {
          options.addAll(grant.grantOptions());
        }
      }
    }
    if (!options.containsAll(privileges)) {
      throw DdlErrors.denied(target.kind + " " + target.name);
    }
  }

  private Set<Privilege> privileges(Target target, GrantStmt statement) {
    Set<Privilege> allowed = allowed(target.type);
    if (statement.getPrivilegesCount() == 0) {
      return allowed;
    }
    Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
    for (Node node : statement.getPrivilegesList()) {
      AccessPriv priv = node.getAccessPriv();
      if (priv.getColsCount() > 0) {
        throw DdlErrors.unsupported("GRANT of column privileges");
      }
      Privilege privilege = byName(priv.getPrivName());
      if (!allowed.contains(privilege)) {
        throw DdlErrors.of(
            ErrorCode.INVALID_GRANT_OPERATION,
            "invalid privilege type " + privilege + " for " + target.kind);
      }
      privileges.add(privilege);
    }
    return privileges;
  }

  private static Privilege byName(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.equals("TEMP")) {
      return Privilege.TEMPORARY;
    }
    for (Privilege privilege : Privilege.values()) {
      if (privilege.name().equals(upper)) {
        return privilege;
      }
    }
    throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "unrecognized privilege type \"" + name + "\"");
  }

  private static Set<Privilege> allowed(ObjectType type) {
    return switch (type) {
      case OBJECT_TABLE -> DefaultGrants.ON_TABLE;
      case OBJECT_SEQUENCE -> DefaultGrants.ON_SEQUENCE;
      case OBJECT_SCHEMA -> DefaultGrants.ON_SCHEMA;
      case OBJECT_DATABASE -> DefaultGrants.ON_DATABASE;
      default -> throw DdlErrors.unsupported("GRANT ON " + DropObjects.words(type));
    };
  }

  private static Set<Privilege> publicDefaults(Target target) {
    return switch (target.type) {
      case OBJECT_SCHEMA -> DefaultGrants.ofSchemaToPublic(target.id);
      case OBJECT_DATABASE -> DefaultGrants.OF_DATABASE_TO_PUBLIC;
      default -> Set.of();
    };
  }
}
