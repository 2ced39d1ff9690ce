package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.parse.proto.CreateSchemaStmt;
import io.shardforge.storage.error.ErrorCode;

/** CREATE SCHEMA. */
final class SchemaStatements {
  private final DdlScope scope;

  SchemaStatements(DdlScope scope) {
    this.scope = scope;
  }

  String create(CreateSchemaStmt statement) {
    RoleDescriptor owner = scope.currentRole();
    if (statement.hasAuthrole()) {
      owner = scope.role(statement.getAuthrole());
      scope.requireMayGiveTo(owner);
    }
    String name = statement.getSchemaname().isEmpty() ? owner.name() : statement.getSchemaname();
    requireUsableName(name);
    if (statement.getSchemaEltsCount() > 0) {
      throw DdlErrors.unsupported("CREATE SCHEMA with schema elements");
    }
    int databaseId = scope.snapshot().databaseId();
    DatabaseDescriptor database = scope.snapshot().database(databaseId);
    if (database != null) {
      scope.access().requireDatabase(database, Privilege.CREATE);
    }
    if (scope.snapshot().schema(name) != null) {
      String text = "schema \"" + name + "\" already exists";
      if (!statement.getIfNotExists()) {
        throw DdlErrors.of(ErrorCode.DUPLICATE_SCHEMA, text);
      }
      scope.context().notice(ErrorCode.DUPLICATE_SCHEMA, text + ", skipping");
      return "CREATE SCHEMA";
    }
    scope
        .catalog()
        .create(new SchemaDescriptor(scope.catalog().newId(), 1, databaseId, name, owner.id()));
    return "CREATE SCHEMA";
  }

  static void requireUsableName(String name) {
    if (name.startsWith("pg_")) {
      throw DdlErrors.of(ErrorCode.RESERVED_NAME, "unacceptable schema name \"" + name + "\"")
          .withDetail("The prefix \"pg_\" is reserved for system schemas.");
    }
  }
}
