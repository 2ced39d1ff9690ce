package io.shardforge.sql.ddl;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.CatalogObject;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.Memberships;
import io.shardforge.sql.catalog.ObjectKey;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.StatisticsDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TemporarySchema;
import io.shardforge.sql.catalog.TransactionCatalog;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.RoleSpec;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names, owners and locks as the statements of this package look them up. */
final class DdlScope {
  /** Of more objects that go with others only the number is told. */
  private static final int CASCADES_SHOWN = 100;

  private final DdlContext context;
  private final List<String> cascades = new ArrayList<>();

  DdlScope(DdlContext context) {
    this.context = context;
  }

  DdlContext context() {
    return context;
  }

  Txn txn() {
    return context.txn();
  }

  TransactionCatalog catalog() {
    return context.catalog();
  }

  CatalogSnapshot snapshot() {
    return context.catalog().snapshot();
  }

  AccessCheck access() {
    return AccessCheck.of(snapshot(), context.currentRole());
  }

  // ---- names ----

  /** The name as the statement wrote it. */
  static String written(RangeVar name) {
    return name.getSchemaname().isEmpty()
        ? name.getRelname()
        : name.getSchemaname() + "." + name.getRelname();
  }

  void requireThisDatabase(RangeVar name) {
    DatabaseDescriptor here = snapshot().database(snapshot().databaseId());
    if (here != null) {
      here.requireIs(name.getCatalogname(), written(name));
    }
  }

  /** The schema that a new relation goes to; it stays until the transaction ends. */
  SchemaDescriptor creationSchema(RangeVar name) {
    requireThisDatabase(name);
    if (isTemporary(name)) {
      return temporarySchema(name);
    }
    SchemaDescriptor schema = null;
    if (!name.getSchemaname().isEmpty()) {
      schema = schema(name.getSchemaname());
    } else {
      for (String candidate : context.searchPath()) {
        schema = TemporarySchema.is(candidate) ? null : snapshot().schema(candidate);
        if (schema != null) {
          break;
        }
      }
    }
    if (schema == null) {
      throw DdlErrors.of(ErrorCode.INVALID_SCHEMA_NAME, "no schema has been selected to create in");
    }
    requireCreatable(schema, name.getRelname());
    return schema;
  }

  /** Whether what is made under this name is the session's own. */
  boolean isTemporary(RangeVar name) {
    return name.getRelpersistence().equals("t")
        || name.getSchemaname().equals(TemporarySchema.ALIAS)
        || (TemporarySchema.is(name.getSchemaname())
            && context.searchPath().contains(name.getSchemaname()));
  }

  /** Whether a relation is in a temporary schema. */
  boolean isTemporary(int relationId) {
    int schemaId =
        switch (snapshot().relation(relationId)) {
          case TableDescriptor t -> t.schemaId();
          case ViewDescriptor v -> v.schemaId();
          case SequenceDescriptor s -> s.schemaId();
          case null, default -> 0;
        };
    SchemaDescriptor schema = snapshot().schema(schemaId);
    return schema != null && TemporarySchema.is(schema.name());
  }

  /** The schema of the session's temporary objects, made for the first of them. */
  private SchemaDescriptor temporarySchema(RangeVar name) {
    String written = name.getSchemaname();
    String own = context.temporarySchema();
    if (!written.isEmpty() && !written.equals(TemporarySchema.ALIAS) && !written.equals(own)) {
      throw DdlErrors.of(
              ErrorCode.INVALID_TABLE_DEFINITION,
              "cannot create temporary relation in non-temporary schema")
          .withPosition(positionOf(name));
    }
    int databaseId = snapshot().databaseId();
    DatabaseDescriptor here = snapshot().database(databaseId);
    if (here != null && !access().mayDatabase(here, Privilege.TEMPORARY)) {
      throw DdlErrors.of(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "permission denied to create temporary tables in database \"" + here.name() + '"');
    }
    SchemaDescriptor known = snapshot().schema(own);
    if (known != null) {
      return known;
    }
    SchemaDescriptor made =
        new SchemaDescriptor(catalog().newId(), 1, databaseId, own, context.sessionRole());
    catalog().create(made);
    return made;
  }

  void requireCreatable(SchemaDescriptor schema, String relation) {
    if (schema.id() < SystemOids.FIRST_USER_OID && schema.id() != SystemOids.SCHEMA_PUBLIC) {
      throw DdlErrors.of(
              ErrorCode.INSUFFICIENT_PRIVILEGE,
              "permission denied to create \"" + schema.name() + "." + relation + "\"")
          .withDetail("System catalog modifications are currently disallowed.");
    }
    if (!access().maySchema(schema, Privilege.CREATE)) {
      throw DdlErrors.denied("schema " + schema.name());
    }
    if (!catalog().keep(schema.key())) {
      throw DdlErrors.undefinedSchema(schema.name());
    }
  }

  SchemaDescriptor schema(String name) {
    SchemaDescriptor schema = snapshot().schema(name);
    if (schema == null) {
      throw DdlErrors.undefinedSchema(name);
    }
    return schema;
  }

  String schemaName(int schemaId) {
    SchemaDescriptor schema = snapshot().schema(schemaId);
    return schema == null ? Integer.toString(schemaId) : schema.name();
  }

  /** What relation a name means, or null. */
  @Nullable Object find(RangeVar name) {
    requireThisDatabase(name);
    String schema = name.getSchemaname();
    return snapshot()
        .relation(context.searchPath(), schema.isEmpty() ? null : schema, name.getRelname());
  }

  /** What index a name means, or null. */
  @Nullable IndexOfTable findIndex(RangeVar name) {
    requireThisDatabase(name);
    List<String> path =
        name.getSchemaname().isEmpty() ? context.searchPath() : List.of(name.getSchemaname());
    for (String candidate : path) {
      SchemaDescriptor schema = snapshot().schema(candidate);
      IndexOfTable index = schema == null ? null : snapshot().index(schema.id(), name.getRelname());
      if (index != null) {
        return index;
      }
    }
    return null;
  }

  /** As PostgreSQL does, it says where only among what makes a table. */
  static ShardForgeException undefined(RangeVar name) {
    return DdlErrors.undefinedTable(written(name));
  }

  int positionOf(RangeVar name) {
    return context.position(name.getLocation());
  }

  /** The newest version of a table, locked against other changes until the transaction ends. */
  TableDescriptor lockTable(RangeVar name) {
    return switch (find(name)) {
      case TableDescriptor table -> lockTable(table);
      case VirtualTable system -> throw systemCatalog(system);
      case null -> throw undefined(name);
      default -> throw DdlErrors.wrongKind(name.getRelname(), "a table");
    };
  }

  TableDescriptor lockTable(TableDescriptor table) {
    requireOwner(table.ownerId(), "table", table.name());
    return lockForUse(table);
  }

  /** Refuses to change a table while this transaction is to check rows of it when it commits. */
  void requireNoChecksLeft(TableDescriptor table, String statement) {
    if (context.awaitsChecks(table.id())) {
      throw DdlErrors.of(
          ErrorCode.OBJECT_IN_USE,
          "cannot "
              + statement
              + " \""
              + table.name()
              + "\" because it has pending trigger events");
    }
  }

  /** As {@link #lockTable}, whoever owns it. */
  TableDescriptor lockForUse(TableDescriptor table) {
    if (catalog().lock(table.key()) instanceof TableDescriptor newest) {
      return newest;
    }
    throw DdlErrors.undefinedTable(table.name());
  }

  static ShardForgeException systemCatalog(VirtualTable system) {
    return DdlErrors.of(
        ErrorCode.INSUFFICIENT_PRIVILEGE,
        "permission denied: \"" + system.name() + "\" is a system catalog");
  }

  /** Finds a relation by text such as the argument of nextval. */
  int relationOid(String text) {
    List<String> parts = QualifiedName.parse(text);
    if (parts.size() == 1 && parts.getFirst().chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Integer.parseInt(parts.getFirst());
    }
    String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
    return switch (snapshot().relation(context.searchPath(), schema, parts.getLast())) {
      case SequenceDescriptor sequence -> sequence.id();
      case null -> throw DdlErrors.undefinedTable(text);
      default -> throw DdlErrors.wrongKind(parts.getLast(), "a sequence");
    };
  }

  // ---- roles ----

  RoleDescriptor currentRole() {
    RoleDescriptor role = snapshot().role(context.currentRole());
    if (role == null) {
      throw DdlErrors.of(
          ErrorCode.UNDEFINED_OBJECT, "role with OID " + context.currentRole() + " does not exist");
    }
    return role;
  }

  boolean isSuperuser() {
    return currentRole().superuser();
  }

  RoleDescriptor role(String name) {
    RoleDescriptor role = snapshot().role(name);
    if (role == null) {
      throw DdlErrors.undefinedRole(name);
    }
    return role;
  }

  RoleDescriptor role(RoleSpec spec) {
    int id =
        switch (spec.getRoletype()) {
          case ROLESPEC_CSTRING -> role(spec.getRolename()).id();
          case ROLESPEC_CURRENT_ROLE, ROLESPEC_CURRENT_USER -> context.currentRole();
          case ROLESPEC_SESSION_USER -> context.sessionRole();
          case ROLESPEC_PUBLIC, ROLE_SPEC_TYPE_UNDEFINED, UNRECOGNIZED ->
              throw DdlErrors.undefinedRole("public");
        };
    RoleDescriptor role = snapshot().role(id);
    if (role == null) {
      throw DdlErrors.undefinedRole(spec.getRolename());
    }
    return role;
  }

  boolean owns(int ownerId) {
    return Memberships.hasPrivilegesOf(snapshot(), context.currentRole(), ownerId);
  }

  /** Whether the current role may analyze, reindex and cluster a table. */
  boolean mayMaintain(TableDescriptor table) {
    return access().mayRelation(table, Privilege.MAINTAIN);
  }

  void requireOwner(int ownerId, String kind, String name) {
    if (!owns(ownerId)) {
      throw DdlErrors.mustOwn(kind, name);
    }
  }

  /** The owner of an object must be a role that the current role may act as. */
  void requireMayGiveTo(RoleDescriptor newOwner) {
    if (!Memberships.isMember(snapshot(), context.currentRole(), newOwner.id())) {
      throw DdlErrors.of(
          ErrorCode.INSUFFICIENT_PRIVILEGE, "must be able to SET ROLE \"" + newOwner.name() + "\"");
    }
  }

  /** Notes what goes with something that the statement drops. */
  void noteCascade(List<String> dropped) {
    dropped.forEach(what -> cascades.add("drop cascades to " + what));
  }

  /** Says once, at the end of the statement, all that went with what it dropped. */
  void reportCascades() {
    int count = cascades.size();
    if (count == 1) {
      context.notice(ErrorCode.SUCCESSFUL_COMPLETION, cascades.getFirst());
    } else if (count > 1) {
      String shown = String.join("\n", cascades.subList(0, Math.min(count, CASCADES_SHOWN)));
      context.notice(
          ErrorCode.SUCCESSFUL_COMPLETION,
          "drop cascades to " + count + " other objects",
          count <= CASCADES_SHOWN
              ? shown
              : shown
                  + "\nand "
                  + (count - CASCADES_SHOWN)
                  + " other objects (see server log for list)");
    }
  }

  // ---- changes ----

  /**
   * From now on, writes planned on an older version of the table wait for this transaction and fail
   * if it commits.
   */
  void fence(TableDescriptor table, long newVersion) {
    if (catalog().isOwnData(table)) {
      return;
    }
    context.txn().raiseSchemaFloor(table.id(), newVersion, KeySpace.tableSpan(table.dataId()));
  }

  /**
   * After a fence: makes reads see all that was written on the table's older versions. Rows that
   * only this transaction can have written need nothing; at SERIALIZABLE the commit validates what
   * is read.
   */
  void seeNewest(TableDescriptor table) {
    if (catalog().isOwnData(table)) {
      return;
    }
    switch (txn().isolation()) {
      case READ_COMMITTED -> txn().beginStatement(context.deadline(), context.lockTimeout());
      case SERIALIZABLE -> {}
      case REPEATABLE_READ ->
          throw DdlErrors.unsupported(
                  "a schema change that reads existing rows in a REPEATABLE READ transaction")
              .withHint("Use READ COMMITTED.");
    }
  }

  /**
   * Lets the statement go on with the catalog as it is now, after a wait for others; in other
   * isolation levels than READ COMMITTED it stays as it was when the transaction began.
   */
  void seeNewest() {
    if (txn().isolation() == Isolation.READ_COMMITTED) {
      txn().beginStatement(context.deadline(), context.lockTimeout());
    }
  }

  /**
   * The foreign keys that refer to a table that was locked: none is added from now on, and at READ
   * COMMITTED all that were are seen.
   */
  List<Reference> referencesTo(TableDescriptor locked) {
    if (!catalog().isOwnData(locked)) {
      seeNewest();
    }
    return snapshot().referencesTo(locked.id());
  }

  /** Refuses to change a table whose rows are being written in the form that it had before. */
  void requireNoSuccessorLost(TableDescriptor old, TableDescriptor changed) {
    if (old.successor() != null && !old.successor().equals(changed.successor())) {
      throw DdlErrors.of(
          ErrorCode.OBJECT_IN_USE,
          "cannot change table \"" + old.name() + "\" because it is being rewritten");
    }
  }

  /**
   * Writes the table's next version and keeps writes planned on older ones out. Entries of indexes
   * that it has no more are garbage.
   */
  void replace(TableDescriptor old, TableDescriptor changed) {
    requireNoSuccessorLost(old, changed);
    fence(old, changed.version());
    catalog().replace(old, changed);
    if (changed.dataId() != old.dataId()) {
      return;
    }
    for (IndexDescriptor index : old.indexes()) {
      if (changed.indexes().stream().noneMatch(kept -> kept.number() == index.number())) {
        catalog().abandonIndex(old.dataId(), index.number());
      }
    }
  }

  /** Removes what hangs on an object that is going: comments, grants and statistics. */
  void forgetAttachments(int objectId) {
    CatalogSnapshot snapshot = snapshot();
    for (var comment : List.copyOf(snapshot.comments())) {
      if (comment.id() == objectId) {
        dropIfPresent(comment.key());
      }
    }
    var grants = snapshot.grants(objectId);
    if (grants != null) {
      dropIfPresent(grants.key());
    }
    for (var kept : List.copyOf(snapshot.defaultPrivileges())) {
      if (kept.schemaId() == objectId) {
        dropIfPresent(kept.key());
      }
    }
    snapshot.columnGrants(objectId).forEach(g -> dropIfPresent(g.key()));
    for (var combined : List.copyOf(snapshot.combinedStatistics())) {
      if (combined.tableId() == objectId) {
        dropIfPresent(combined.key());
        forgetAttachments(combined.id());
      }
    }
    if (snapshot.rowCount(objectId) != StatisticsDescriptor.UNKNOWN) {
      dropIfPresent(new ObjectKey(ObjectKey.Kind.STATISTICS, objectId, 0));
    }
  }

  void dropIfPresent(ObjectKey key) {
    CatalogObject newest = catalog().lock(key);
    if (newest != null) {
      catalog().drop(newest);
    }
  }

  /** A relation's name in messages, with its schema unless that is searched. */
  String describedName(int schemaId, String name) {
    String schema = schemaName(schemaId);
    return context.searchPath().contains(schema) ? name : schema + "." + name;
  }

  static String kindOf(Object relation) {
    return switch (relation) {
      case TableDescriptor _ -> "table";
      case SequenceDescriptor _ -> "sequence";
      case ViewDescriptor _ -> "view";
      default -> "relation";
    };
  }
}
