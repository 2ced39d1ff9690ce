package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TemplateDatabases;
import io.shardforge.sql.ddl.DdlContext.DatabaseUse;
import io.shardforge.sql.parse.proto.AlterDatabaseStmt;
import io.shardforge.sql.parse.proto.CreatedbStmt;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.DropdbStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Locale;
import java.util.Set;

/** CREATE DATABASE, ALTER DATABASE with options, and DROP DATABASE. */
final class DatabaseStatements {
  private static final Set<String> TEMPLATES = Set.of("template0", "template1");
  private static final Set<String> LOCALES = Set.of("c", "posix", "c.utf-8", "c.utf8");

  private final DdlScope scope;

  DatabaseStatements(DdlScope scope) {
    this.scope = scope;
  }

  static ShardForgeException undefined(String name) {
    if (TemplateDatabases.named(name) != null) {
      return DdlErrors.unsupported("a change of the database \"" + name + "\"");
    }
    return DdlErrors.of(ErrorCode.INVALID_CATALOG_NAME, "database \"" + name + "\" does not exist");
  }

  String create(CreatedbStmt statement) {
    requireOutsideBlock("CREATE DATABASE");
    RoleDescriptor current = scope.currentRole();
    if (!current.superuser() && !current.createDatabase()) {
      throw DdlErrors.of(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to create database");
    }
    int ownerId = current.id();
    int connectionLimit = DatabaseDescriptor.UNLIMITED;
    boolean allowConnections = true;
    for (Node node : statement.getOptionsList()) {
      DefElem option = node.getDefElem();
      switch (option.getDefname()) {
        case "owner" -> {
          RoleDescriptor owner = scope.role(text(option));
          scope.requireMayGiveTo(owner);
          ownerId = owner.id();
        }
        case "connection_limit" -> connectionLimit = connectionLimit(option);
        case "allow_connections" -> allowConnections = bool(option);
        case "encoding" -> requireUtf8(option);
        case "template" -> requireTemplate(option);
        case "lc_collate", "lc_ctype", "locale" -> requireLocale(option);
        case "tablespace" -> StorageOptions.requireDefaultTablespace(text(option));
        case "is_template" -> requireNoTemplate(option);
        default ->
            throw DdlErrors.unsupported(
                "database option " + option.getDefname().toUpperCase(Locale.ROOT));
      }
    }
    String name = statement.getDbname();
    requireFree(scope, name);
    int id = scope.catalog().newId();
    scope
        .catalog()
        .createDatabase(
            new DatabaseDescriptor(id, 1, name, ownerId, allowConnections, connectionLimit));
    return "CREATE DATABASE";
  }

  String alter(AlterDatabaseStmt statement) {
    DatabaseDescriptor old = scope.snapshot().database(statement.getDbname());
    if (old == null) {
      throw undefined(statement.getDbname());
    }
    scope.requireOwner(old.ownerId(), "database", old.name());
    int connectionLimit = old.connectionLimit();
    boolean allowConnections = old.allowConnections();
    for (Node node : statement.getOptionsList()) {
      DefElem option = node.getDefElem();
      switch (option.getDefname()) {
        case "connection_limit" -> connectionLimit = connectionLimit(option);
        case "allow_connections" -> allowConnections = bool(option);
        case "is_template" -> requireNoTemplate(option);
        case "tablespace" -> StorageOptions.requireDefaultTablespace(text(option));
        default ->
            throw DdlErrors.of(
                ErrorCode.SYNTAX_ERROR,
                "option \"%s\" not recognized".formatted(option.getDefname()));
      }
    }
    if (!allowConnections && old.id() == scope.snapshot().databaseId()) {
      throw DdlErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE, "cannot disallow connections for current database");
    }
    int limit = connectionLimit;
    boolean allowed = allowConnections;
    scope
        .catalog()
        .update(
            old.key(),
            o -> {
              DatabaseDescriptor d = (DatabaseDescriptor) o;
              return new DatabaseDescriptor(
                  d.id(), d.version() + 1, d.name(), d.ownerId(), allowed, limit);
            });
    return "ALTER DATABASE";
  }

  static void requireFree(DdlScope scope, String name) {
    if (scope.snapshot().database(name) != null || TemplateDatabases.named(name) != null) {
      throw DdlErrors.of(ErrorCode.DUPLICATE_DATABASE, "database \"" + name + "\" already exists");
    }
  }

  private static int connectionLimit(DefElem option) {
    int limit = option.getArg().getInteger().getIval();
    if (limit < DatabaseDescriptor.UNLIMITED) {
      throw DdlErrors.of(ErrorCode.INVALID_PARAMETER_VALUE, "invalid connection limit: " + limit);
    }
    return limit;
  }

  private static void requireNoTemplate(DefElem option) {
    if (bool(option)) {
      throw DdlErrors.unsupported("IS_TEMPLATE");
    }
  }

  String drop(DropdbStmt statement) {
    requireOutsideBlock("DROP DATABASE");
    String name = statement.getDbname();
    DatabaseDescriptor database = scope.snapshot().database(name);
    if (database == null) {
      if (TemplateDatabases.named(name) != null) {
        throw DdlErrors.of(ErrorCode.WRONG_OBJECT_TYPE, "cannot drop a template database");
      }
      if (!statement.getMissingOk()) {
        throw undefined(name);
      }
      scope
          .context()
          .notice(
              ErrorCode.SUCCESSFUL_COMPLETION,
              "database \"" + name + "\" does not exist, skipping");
      return "DROP DATABASE";
    }
    scope.requireOwner(database.ownerId(), "database", name);
    boolean force = isForced(statement);
    if (database.id() == scope.snapshot().databaseId()) {
      throw DdlErrors.of(ErrorCode.OBJECT_IN_USE, "cannot drop the currently open database");
    }
    if (database.id() < SystemOids.FIRST_USER_OID) {
      throw DdlErrors.of(
          ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
          "cannot drop database " + name + " because it is required by the database system");
    }
    requireUnused(database, force);
    scope.forgetAttachments(database.id());
    new StoredSettings(scope).forget(settings -> settings.databaseId() == database.id());
    scope.catalog().dropDatabase(database);
    return "DROP DATABASE";
  }

  /** A node that says nothing may have sessions in the database. */
  private void requireUnused(DatabaseDescriptor database, boolean force) {
    if (force) {
      scope.context().endSessions(database.id());
    }
    DatabaseUse use = scope.context().useOf(database.id());
    if (use.sessions() > 0) {
      throw inUse(database)
          .withDetail(
              use.sessions() == 1
                  ? "There is 1 other session using the database."
                  : "There are %d other sessions using the database.".formatted(use.sessions()));
    }
    for (int node : use.silentNodes()) {
      if (!force) {
        throw inUse(database)
            .withDetail("Node %d does not answer, and may have sessions.".formatted(node))
            .withHint("DROP DATABASE … WITH (FORCE) does not wait for it.");
      }
      scope
          .context()
          .warning(
              ErrorCode.WARNING,
              "node %d does not answer, sessions that it may have in database \"%s\" go on without"
                      .formatted(node, database.name())
                  + " it");
    }
  }

  private static ShardForgeException inUse(DatabaseDescriptor database) {
    return DdlErrors.of(
        ErrorCode.OBJECT_IN_USE,
        "database \"%s\" is being accessed by other users".formatted(database.name()));
  }

  private static boolean isForced(DropdbStmt statement) {
    for (Node node : statement.getOptionsList()) {
      String option = node.getDefElem().getDefname();
      if (!option.equals("force")) {
        throw DdlErrors.of(
            ErrorCode.SYNTAX_ERROR, "unrecognized DROP DATABASE option \"" + option + '"');
      }
    }
    return statement.getOptionsCount() > 0;
  }

  private void requireOutsideBlock(String command) {
    if (scope.context().inTransactionBlock()) {
      throw DdlErrors.of(
          ErrorCode.ACTIVE_SQL_TRANSACTION, command + " cannot run inside a transaction block");
    }
  }

  private static String text(DefElem option) {
    Node arg = option.getArg();
    return switch (arg.getNodeCase()) {
      case STRING -> arg.getString().getSval();
      case TYPE_NAME -> ColumnTypes.lastName(arg.getTypeName());
      case INTEGER -> Integer.toString(arg.getInteger().getIval());
      default -> "";
    };
  }

  static boolean bool(DefElem option) {
    Node arg = option.getArg();
    return switch (arg.getNodeCase()) {
      case BOOLEAN -> arg.getBoolean().getBoolval();
      case INTEGER -> arg.getInteger().getIval() != 0;
      default -> Set.of("true", "on").contains(text(option).toLowerCase(Locale.ROOT));
    };
  }

  private static void requireUtf8(DefElem option) {
    String encoding = text(option).toLowerCase(Locale.ROOT);
    if (!Set.of("utf8", "utf-8", "unicode", "6", "default", "").contains(encoding)) {
      throw DdlErrors.unsupported("encoding \"" + text(option) + "\"");
    }
  }

  private static void requireTemplate(DefElem option) {
    String template = text(option);
    if (!template.isEmpty() && !TEMPLATES.contains(template) && !template.equals("default")) {
      throw DdlErrors.unsupported("template database \"" + template + "\"");
    }
  }

  private static void requireLocale(DefElem option) {
    String locale = text(option).toLowerCase(Locale.ROOT);
    if (!locale.isEmpty() && !LOCALES.contains(locale)) {
      throw DdlErrors.unsupported("locale \"" + text(option) + "\"");
    }
  }
}
