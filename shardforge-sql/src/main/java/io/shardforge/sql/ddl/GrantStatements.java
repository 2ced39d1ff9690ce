package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.AccessList;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.DefaultGrants;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.Memberships;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.AccessPriv;
import io.shardforge.sql.parse.proto.DropBehavior;
import io.shardforge.sql.parse.proto.GrantStmt;
import io.shardforge.sql.parse.proto.GrantTargetType;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectType;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.RoleSpec;
import io.shardforge.sql.parse.proto.RoleSpecType;
import io.shardforge.sql.type.PgType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * GRANT and REVOKE of privileges on tables, views and their columns, on sequences, schemas,
 * databases and types that statements made.
 */
final class GrantStatements {
  private final DdlScope scope;

  GrantStatements(DdlScope scope) {
    this.scope = scope;
  }

  /**
   * An object that privileges can be granted on.
   *
   * @param columns null for what has none that privileges could be granted on
   */
  private record Target(
      int id,
      int ownerId,
      String kind,
      String name,
      ObjectType type,
      @Nullable List<ColumnDescriptor> columns) {}

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
        yield new Target(s.id(), s.ownerId(), "schema", s.name(), type, null);
      }
      case OBJECT_DATABASE -> {
        String name = object.getString().getSval();
        DatabaseDescriptor d = scope.snapshot().database(name);
        if (d == null) {
          throw DatabaseStatements.undefined(name);
        }
        yield new Target(d.id(), d.ownerId(), "database", d.name(), type, null);
      }
      case OBJECT_TYPE, OBJECT_DOMAIN -> {
        RangeVar name = DropObjects.rangeVar(object);
        boolean domain = type == ObjectType.OBJECT_DOMAIN;
        TypeDescriptor t = type(name, domain);
        String kind = domain ? "domain" : "type";
        yield new Target(t.id(), t.ownerId(), kind, t.name(), ObjectType.OBJECT_TYPE, null);
      }
      case OBJECT_FOREIGN_SERVER -> throw DdlErrors.unsupported("GRANT ON FOREIGN SERVER");
      default -> throw DdlErrors.unsupported("GRANT ON " + GrammarWords.of(type));
    };
  }

  private TypeDescriptor type(RangeVar name, boolean domain) {
    PgType type = TypeStatements.find(scope, name);
    if (type == null) {
      throw TypeStatements.undefined(name);
    }
    TypeDescriptor made = scope.snapshot().typeDescriptor(type.oid());
    if (made == null) {
      throw DdlErrors.unsupported("GRANT ON TYPE " + type.displayName());
    }
    if (domain && !(made instanceof DomainDescriptor)) {
      throw DdlErrors.wrongKind(made.name(), "a domain");
    }
    return made;
  }

  private Target relation(RangeVar name, ObjectType type) {
    return switch (scope.find(name)) {
      case TableDescriptor t when type == ObjectType.OBJECT_TABLE -> of(t);
      case ViewDescriptor v when type == ObjectType.OBJECT_TABLE -> of(v);
      case SequenceDescriptor s -> of(s);
      case VirtualTable _ -> throw DdlErrors.unsupported("GRANT on a system catalog");
      case null -> throw DdlScope.undefined(name);
      default -> throw DdlErrors.wrongKind(name.getRelname(), "a sequence");
    };
  }

  private static Target of(TableDescriptor t) {
    return new Target(t.id(), t.ownerId(), "table", t.name(), ObjectType.OBJECT_TABLE, t.columns());
  }

  private static Target of(ViewDescriptor v) {
    return new Target(v.id(), v.ownerId(), "view", v.name(), ObjectType.OBJECT_TABLE, v.columns());
  }

  private static Target of(SequenceDescriptor s) {
    return new Target(s.id(), s.ownerId(), "sequence", s.name(), ObjectType.OBJECT_SEQUENCE, null);
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
          throw DdlErrors.unsupported("GRANT ON ALL " + GrammarWords.of(type) + "S IN SCHEMA");
    }
  }

  // ---- what is granted ----

  private void change(Target target, GrantStmt statement) {
    Set<Privilege> whole = EnumSet.noneOf(Privilege.class);
    Map<Integer, Set<Privilege>> ofColumns = new TreeMap<>();
    Set<Privilege> allowed = allowed(target.type);
    boolean all = statement.getPrivilegesCount() == 0;
    if (all) {
      whole.addAll(allowed);
    }
    for (Node node : statement.getPrivilegesList()) {
      AccessPriv priv = node.getAccessPriv();
      if (priv.getColsCount() == 0) {
        whole.add(byName(priv.getPrivName(), allowed, target.kind));
        continue;
      }
      if (target.columns == null) {
        throw DdlErrors.of(
            ErrorCode.INVALID_GRANT_OPERATION, "column privileges are only valid for relations");
      }
      Set<Privilege> wanted = EnumSet.noneOf(Privilege.class);
      if (priv.getPrivName().isEmpty()) {
        wanted.addAll(DefaultGrants.ON_COLUMN);
      } else {
        wanted.add(byName(priv.getPrivName(), DefaultGrants.ON_COLUMN, "column"));
      }
      for (Node column : priv.getColsList()) {
        ofColumns
            .computeIfAbsent(
                columnNumber(target, column.getString().getSval()),
                _ -> EnumSet.noneOf(Privilege.class))
            .addAll(wanted);
      }
    }
    if (!statement.getIsGrant() && target.columns != null) {
      // What is taken from the whole is taken from its columns too.
      for (GrantsDescriptor known : scope.snapshot().columnGrants(target.id)) {
        ofColumns
            .computeIfAbsent(known.columnNumber(), _ -> EnumSet.noneOf(Privilege.class))
            .addAll(whole);
      }
    }
    if (!whole.isEmpty()) {
      change(target, 0, whole, all, statement);
    }
    ofColumns.forEach((column, privileges) -> {
      privileges.retainAll(DefaultGrants.ON_COLUMN);
      if (!privileges.isEmpty()) {
        boolean allOfColumn = privileges.equals(DefaultGrants.ON_COLUMN);
        change(target, column, privileges, allOfColumn, statement);
      }
    });
  }

  private static int columnNumber(Target target, String name) {
    for (ColumnDescriptor column : Objects.requireNonNull(target.columns)) {
      if (!column.hidden() && column.name().equals(name)) {
        return column.number();
      }
    }
    throw DdlErrors.undefinedColumn(name, target.name);
  }

  private static String columnName(Target target, int number) {
    for (ColumnDescriptor column : Objects.requireNonNull(target.columns)) {
      if (column.number() == number) {
        return "column \"%s\" of relation \"%s\"".formatted(column.name(), target.name);
      }
    }
    throw new IllegalStateException("no column " + number);
  }

  private void change(
      Target target, int column, Set<Privilege> wanted, boolean all, GrantStmt statement) {
    boolean onDatabase = target.type == ObjectType.OBJECT_DATABASE;
    List<Grant> first =
        column != 0
            ? List.of()
            : DefaultGrants.of(target.ownerId, allowed(target.type), publicDefaults(target));
    GrantsDescriptor fresh = new GrantsDescriptor(target.id, 1, column, onDatabase, first);
    GrantsDescriptor stored =
        scope.catalog().lock(fresh.key()) instanceof GrantsDescriptor known ? known : null;
    AccessList list =
        new AccessList(target.ownerId, stored == null ? fresh.grants() : stored.grants());
    Set<Privilege> possible = EnumSet.noneOf(Privilege.class);
    String name = column == 0 ? '"' + target.name + '"' : columnName(target, column);
    int grantorId =
        column == 0
            ? grantor(target, list, target.kind + " " + target.name, wanted, possible)
            : grantor(target, withWhole(target, list), name, wanted, possible);
    warn(name, statement, wanted, possible, all);
    for (Node grantee : statement.getGranteesList()) {
      apply(list, grantee.getRoleSpec(), grantorId, possible, statement);
    }
    List<Grant> grants = list.grants();
    if (stored == null && grants.equals(first)) {
      return;
    }
    if (stored == null) {
      scope.catalog().create(new GrantsDescriptor(target.id, 1, column, onDatabase, grants));
    } else if (grants.isEmpty() && column != 0) {
      scope.catalog().drop(stored);
    } else {
      scope
          .catalog()
          .replace(
              stored,
              new GrantsDescriptor(target.id, stored.version() + 1, column, onDatabase, grants));
    }
  }

  /** What decides who may grant something on a column: what was granted on it and on the whole. */
  private AccessList withWhole(Target target, AccessList ofColumn) {
    GrantsDescriptor whole = scope.snapshot().grants(target.id);
    List<Grant> both = new ArrayList<>(ofColumn.grants());
    both.addAll(whole == null ? List.of() : whole.grants());
    return new AccessList(target.ownerId, both);
  }

  /**
   * In whose name privileges are granted or revoked: the owner's if the role is one or a superuser,
   * else that of the role with the most options among those that the current one has the rights of.
   *
   * @param possible is given what that one may grant
   */
  private int grantor(
      Target target, AccessList list, String name, Set<Privilege> wanted, Set<Privilege> possible) {
    if (scope.owns(target.ownerId)) {
      possible.addAll(wanted);
      return target.ownerId;
    }
    RoleDescriptor current = scope.currentRole();
    Set<Integer> roles = Memberships.inherited(scope.snapshot(), current);
    int best = current.id();
    for (int role : roles) {
      Set<Privilege> options = list.grantable(role, wanted);
      if (options.size() > possible.size()) {
        possible.clear();
        possible.addAll(options);
        best = role;
      }
    }
    if (possible.isEmpty() && !list.isKnown(roles)) {
      throw DdlErrors.denied(name);
    }
    return best;
  }

  private void warn(
      String name,
      GrantStmt statement,
      Set<Privilege> wanted,
      Set<Privilege> possible,
      boolean all) {
    boolean none = possible.isEmpty();
    if (!none && (all || possible.containsAll(wanted))) {
      return;
    }
    String what = none ? "no" : "not all";
    if (statement.getIsGrant()) {
      scope
          .context()
          .warning(
              ErrorCode.WARNING_PRIVILEGE_NOT_GRANTED,
              "%s privileges were granted for %s".formatted(what, name));
    } else {
      scope
          .context()
          .warning(
              ErrorCode.WARNING_PRIVILEGE_NOT_REVOKED,
              "%s privileges could be revoked for %s".formatted(what, name));
    }
  }

  private void apply(
      AccessList list,
      RoleSpec grantee,
      int grantorId,
      Set<Privilege> privileges,
      GrantStmt statement) {
    boolean isPublic = grantee.getRoletype() == RoleSpecType.ROLESPEC_PUBLIC;
    int granteeId = isPublic ? GrantsDescriptor.PUBLIC : scope.role(grantee).id();
    if (!statement.getIsGrant()) {
      list.revoke(
          granteeId,
          grantorId,
          privileges,
          statement.getGrantOption(),
          statement.getBehavior() == DropBehavior.DROP_CASCADE);
      return;
    }
    if (isPublic && statement.getGrantOption()) {
      throw DdlErrors.of(
          ErrorCode.INVALID_GRANT_OPERATION, "grant options can only be granted to roles");
    }
    list.grant(granteeId, grantorId, privileges, statement.getGrantOption());
  }

  static Privilege byName(String name, Set<Privilege> allowed, String kind) {
    String upper = name.toUpperCase(Locale.ROOT);
    for (Privilege privilege : Privilege.values()) {
      if (privilege.name().equals(upper.equals("TEMP") ? "TEMPORARY" : upper)) {
        if (!allowed.contains(privilege)) {
          throw DdlErrors.of(
              ErrorCode.INVALID_GRANT_OPERATION,
              "invalid privilege type " + privilege + " for " + kind);
        }
        return privilege;
      }
    }
    throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "unrecognized privilege type \"" + name + "\"");
  }

  static Set<Privilege> allowed(ObjectType type) {
    return switch (type) {
      case OBJECT_TABLE -> DefaultGrants.ON_TABLE;
      case OBJECT_SEQUENCE -> DefaultGrants.ON_SEQUENCE;
      case OBJECT_SCHEMA -> DefaultGrants.ON_SCHEMA;
      case OBJECT_DATABASE -> DefaultGrants.ON_DATABASE;
      case OBJECT_TYPE -> DefaultGrants.ON_TYPE;
      default -> throw DdlErrors.unsupported("GRANT ON " + GrammarWords.of(type));
    };
  }

  private static Set<Privilege> publicDefaults(Target target) {
    return switch (target.type) {
      case OBJECT_SCHEMA -> DefaultGrants.ofSchemaToPublic(target.id);
      case OBJECT_DATABASE -> DefaultGrants.OF_DATABASE_TO_PUBLIC;
      case OBJECT_TYPE -> DefaultGrants.ON_TYPE;
      default -> Set.of();
    };
  }
}
