package io.shardforge.sql.ddl;

import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectType;

/**
 * The entry to this package: runs one statement that changes the catalog. Stateless; any thread.
 *
 * <p>A table is changed in this order: its descriptor is locked, so that two changes of it wait for
 * each other; its schema floor is raised, so that no write planned on the old version can land; the
 * rows are read at a timestamp above all such writes; the new descriptor becomes visible to others
 * together with the new rows and index entries when the session's transaction commits.
 */
public final class DdlExecutor {
  /** Whether {@link #execute} runs this kind of statement, or refuses it by its name. */
  public boolean handles(Node statement) {
    return switch (statement.getNodeCase()) {
      case CREATE_STMT,
          CREATE_TABLE_AS_STMT,
          INDEX_STMT,
          ALTER_TABLE_STMT,
          DROP_STMT,
          TRUNCATE_STMT,
          RENAME_STMT,
          ALTER_OBJECT_SCHEMA_STMT,
          ALTER_OWNER_STMT,
          CREATE_SEQ_STMT,
          ALTER_SEQ_STMT,
          CREATE_SCHEMA_STMT,
          CREATE_ROLE_STMT,
          ALTER_ROLE_STMT,
          DROP_ROLE_STMT,
          GRANT_STMT,
          GRANT_ROLE_STMT,
          CREATEDB_STMT,
          DROPDB_STMT,
          COMMENT_STMT,
          VACUUM_STMT,
          LOCK_STMT,
          VIEW_STMT,
          CREATE_TRIG_STMT,
          CREATE_FUNCTION_STMT,
          CREATE_EXTENSION_STMT,
          CREATE_ENUM_STMT,
          ALTER_ENUM_STMT,
          COMPOSITE_TYPE_STMT,
          CREATE_RANGE_STMT,
          DEFINE_STMT,
          ALTER_COLLATION_STMT,
          CREATE_DOMAIN_STMT,
          ALTER_DOMAIN_STMT,
          CREATE_POLICY_STMT,
          CREATE_STATS_STMT,
          CREATE_CAST_STMT,
          CREATE_OP_CLASS_STMT,
          CREATE_TABLE_SPACE_STMT,
          CREATE_FOREIGN_TABLE_STMT,
          CREATE_PUBLICATION_STMT,
          CREATE_SUBSCRIPTION_STMT,
          ALTER_DEFAULT_PRIVILEGES_STMT,
          REASSIGN_OWNED_STMT,
          DROP_OWNED_STMT,
          ALTER_ROLE_SET_STMT,
          ALTER_DATABASE_SET_STMT,
          ALTER_DATABASE_STMT,
          REFRESH_MAT_VIEW_STMT,
          REINDEX_STMT,
          CLUSTER_STMT,
          RULE_STMT,
          DO_STMT ->
          true;
      case SELECT_STMT -> statement.getSelectStmt().hasIntoClause();
      default -> false;
    };
  }

  /** Runs the statement in the session's transaction; returns its command tag. */
  public String execute(Node statement, DdlContext context) {
    DdlScope scope = new DdlScope(context);
    String tag = run(statement, scope);
    scope.reportCascades();
    return tag;
  }

  private static String run(Node statement, DdlScope scope) {
    return switch (statement.getNodeCase()) {
      case CREATE_STMT -> new CreateTable(scope).run(statement.getCreateStmt());
      case CREATE_TABLE_AS_STMT -> new CreateTableAs(scope).run(statement.getCreateTableAsStmt());
      case SELECT_STMT -> new CreateTableAs(scope).run(statement.getSelectStmt());
      case VIEW_STMT -> new ViewStatements(scope).create(statement.getViewStmt());
      case INDEX_STMT -> new CreateIndex(scope).run(statement.getIndexStmt());
      case ALTER_TABLE_STMT -> new AlterRelation(scope).run(statement.getAlterTableStmt());
      case DROP_STMT -> new DropObjects(scope).run(statement.getDropStmt());
      case TRUNCATE_STMT -> new Truncate(scope).run(statement.getTruncateStmt());
      case RENAME_STMT -> new RenameStatements(scope).rename(statement.getRenameStmt());
      case ALTER_OBJECT_SCHEMA_STMT ->
          new RenameStatements(scope).setSchema(statement.getAlterObjectSchemaStmt());
      case ALTER_OWNER_STMT -> new RenameStatements(scope).owner(statement.getAlterOwnerStmt());
      case CREATE_SEQ_STMT -> new SequenceStatements(scope).create(statement.getCreateSeqStmt());
      case ALTER_SEQ_STMT -> new SequenceStatements(scope).alter(statement.getAlterSeqStmt());
      case CREATE_SCHEMA_STMT ->
          new SchemaStatements(scope).create(statement.getCreateSchemaStmt());
      case CREATE_ROLE_STMT -> new RoleStatements(scope).create(statement.getCreateRoleStmt());
      case ALTER_ROLE_STMT -> new RoleStatements(scope).alter(statement.getAlterRoleStmt());
      case DROP_ROLE_STMT -> new RoleStatements(scope).drop(statement.getDropRoleStmt());
      case GRANT_STMT -> new GrantStatements(scope).run(statement.getGrantStmt());
      case GRANT_ROLE_STMT -> new RoleStatements(scope).grant(statement.getGrantRoleStmt());
      case CREATEDB_STMT -> new DatabaseStatements(scope).create(statement.getCreatedbStmt());
      case DROPDB_STMT -> new DatabaseStatements(scope).drop(statement.getDropdbStmt());
      case ALTER_DATABASE_STMT ->
          new DatabaseStatements(scope).alter(statement.getAlterDatabaseStmt());
      case COMMENT_STMT -> new CommentStatements(scope).run(statement.getCommentStmt());
      case VACUUM_STMT -> new MaintenanceStatements(scope).run(statement.getVacuumStmt());
      case DEFINE_STMT -> {
        if (statement.getDefineStmt().getKind() != ObjectType.OBJECT_COLLATION) {
          throw DdlErrors.unsupported(GrammarWords.of(statement));
        }
        yield new CollationStatements(scope).create(statement.getDefineStmt());
      }
      case ALTER_COLLATION_STMT ->
          new CollationStatements(scope).refresh(statement.getAlterCollationStmt());
      case CREATE_DOMAIN_STMT ->
          new DomainStatements(scope).create(statement.getCreateDomainStmt());
      case ALTER_DOMAIN_STMT -> new DomainStatements(scope).alter(statement.getAlterDomainStmt());
      case CREATE_ENUM_STMT -> new TypeStatements(scope).createEnum(statement.getCreateEnumStmt());
      case ALTER_ENUM_STMT -> new TypeStatements(scope).alterEnum(statement.getAlterEnumStmt());
      case ALTER_ROLE_SET_STMT ->
          new StoredSettings(scope).alterRole(statement.getAlterRoleSetStmt());
      case ALTER_DATABASE_SET_STMT ->
          new StoredSettings(scope).alterDatabase(statement.getAlterDatabaseSetStmt());
      case ALTER_DEFAULT_PRIVILEGES_STMT ->
          new DefaultPrivileges(scope).run(statement.getAlterDefaultPrivilegesStmt());
      case REASSIGN_OWNED_STMT ->
          new OwnedObjects(scope).reassign(statement.getReassignOwnedStmt());
      case DROP_OWNED_STMT -> new OwnedObjects(scope).drop(statement.getDropOwnedStmt());
      case REINDEX_STMT -> new Reindex(scope).run(statement.getReindexStmt());
      case CREATE_STATS_STMT ->
          new StatisticsStatements(scope).create(statement.getCreateStatsStmt());
      case CLUSTER_STMT -> new ClusterStatement(scope).run(statement.getClusterStmt());
      case LOCK_STMT -> new LockTables(scope, statement.getLockStmt()).run(statement.getLockStmt());
      default -> throw DdlErrors.unsupported(GrammarWords.of(statement));
    };
  }

  /** What a statement is called: its command tag where there is one. */
  public static String name(Node statement) {
    return GrammarWords.of(statement);
  }
}
