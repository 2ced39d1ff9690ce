package io.shardforge.sql.ddl;

import io.shardforge.sql.parse.proto.AlterTableType;
import io.shardforge.sql.parse.proto.DefineStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectType;
import java.util.Locale;
import java.util.Map;

/**
 * What is written in SQL for the names that PostgreSQL's grammar has for statements and objects.
 */
final class GrammarWords {
  /** Words that mean others in the grammar, wherever they are in a name. */
  private static final Map<String, String> SPELLED_OUT =
      Map.ofEntries(
          Map.entry("AM", "ACCESS METHOD"),
          Map.entry("CHECK POINT", "CHECKPOINT"),
          Map.entry("FDW", "FOREIGN DATA WRAPPER"),
          Map.entry("FOREIGN SERVER", "SERVER"),
          Map.entry("LARGEOBJECT", "LARGE OBJECT"),
          Map.entry("MATVIEW", "MATERIALIZED VIEW"),
          Map.entry("MAT VIEW", "MATERIALIZED VIEW"),
          Map.entry("OP CLASS", "OPERATOR CLASS"),
          Map.entry("OPCLASS", "OPERATOR CLASS"),
          Map.entry("OP FAMILY", "OPERATOR FAMILY"),
          Map.entry("OPFAMILY", "OPERATOR FAMILY"),
          Map.entry("PARAMETER ACL", "PARAMETER"),
          Map.entry("PLANG", "LANGUAGE"),
          Map.entry("ROW SECURITY", "ROW LEVEL SECURITY"),
          Map.entry("SEC LABEL", "SECURITY LABEL"),
          Map.entry("STATISTIC EXT", "STATISTICS"),
          Map.entry("STATS", "STATISTICS"),
          Map.entry("TABLE SPACE", "TABLESPACE"),
          Map.entry("TRIG", "TRIGGER"),
          Map.entry("TSCONFIGURATION", "TEXT SEARCH CONFIGURATION"),
          Map.entry("TSDICTIONARY", "TEXT SEARCH DICTIONARY"),
          Map.entry("TSPARSER", "TEXT SEARCH PARSER"),
          Map.entry("TSTEMPLATE", "TEXT SEARCH TEMPLATE"));

  private GrammarWords() {}

  /** What a statement is called, with the kind of object if it is for several. */
  static String of(Node statement) {
    return switch (statement.getNodeCase()) {
      case CREATE_STMT -> "CREATE TABLE";
      case SELECT_STMT -> "SELECT INTO";
      case VIEW_STMT -> "CREATE VIEW";
      case INDEX_STMT -> "CREATE INDEX";
      case TRUNCATE_STMT -> "TRUNCATE TABLE";
      case CREATE_SEQ_STMT -> "CREATE SEQUENCE";
      case ALTER_SEQ_STMT -> "ALTER SEQUENCE";
      case CREATEDB_STMT -> "CREATE DATABASE";
      case DROPDB_STMT -> "DROP DATABASE";
      case CREATE_ENUM_STMT -> "CREATE TYPE";
      case ALTER_ENUM_STMT -> "ALTER TYPE";
      case ALTER_ROLE_SET_STMT -> "ALTER ROLE";
      case ALTER_DATABASE_SET_STMT -> "ALTER DATABASE";
      case GRANT_STMT -> statement.getGrantStmt().getIsGrant() ? "GRANT" : "REVOKE";
      case GRANT_ROLE_STMT -> statement.getGrantRoleStmt().getIsGrant() ? "GRANT" : "REVOKE";
      case ALTER_TABLE_STMT -> "ALTER " + of(statement.getAlterTableStmt().getObjtype());
      case ALTER_OWNER_STMT -> "ALTER " + of(statement.getAlterOwnerStmt().getObjectType());
      case ALTER_OBJECT_SCHEMA_STMT ->
          "ALTER " + of(statement.getAlterObjectSchemaStmt().getObjectType());
      case RENAME_STMT -> "ALTER " + of(statement.getRenameStmt().getRenameType());
      case DROP_STMT -> "DROP " + of(statement.getDropStmt().getRemoveType());
      case DEFINE_STMT -> "CREATE " + of(statement.getDefineStmt());
      case COMPOSITE_TYPE_STMT, CREATE_RANGE_STMT -> "CREATE TYPE";
      case RULE_STMT -> "CREATE RULE";
      case CREATE_FUNCTION_STMT ->
          statement.getCreateFunctionStmt().getIsProcedure()
              ? "CREATE PROCEDURE"
              : "CREATE FUNCTION";
      case ALTER_FUNCTION_STMT -> "ALTER " + of(statement.getAlterFunctionStmt().getObjtype());
      case ALTER_OBJECT_DEPENDS_STMT ->
          "ALTER "
              + of(statement.getAlterObjectDependsStmt().getObjectType())
              + " ... DEPENDS ON EXTENSION";
      case ALTER_EXTENSION_CONTENTS_STMT -> "ALTER EXTENSION";
      case ALTER_TABLE_SPACE_OPTIONS_STMT -> "ALTER TABLESPACE";
      case ALTER_TABLE_MOVE_ALL_STMT -> "ALTER TABLE ALL IN TABLESPACE";
      case ALTER_DATABASE_REFRESH_COLL_STMT -> "ALTER DATABASE ... REFRESH COLLATION VERSION";
      default -> spelledOut(statement.getNodeCase().name().replace("_STMT", "").replace('_', ' '));
    };
  }

  /** DEFINE_STMT makes all that has no statement of its own. */
  private static String of(DefineStmt statement) {
    return of(statement.getKind());
  }

  static String of(ObjectType type) {
    return spelledOut(type.name().substring("OBJECT_".length()).replace('_', ' '));
  }

  /** The words of an action of ALTER TABLE: AT_SetLogged is SET LOGGED. */
  static String of(AlterTableType action) {
    return switch (action) {
      case AT_AddInherit -> "INHERIT";
      case AT_DropInherit -> "NO INHERIT";
      case AT_AddOf -> "OF";
      case AT_DropOf -> "NOT OF";
      case AT_DropCluster -> "SET WITHOUT CLUSTER";
      case AT_SetOptions -> "ALTER COLUMN SET";
      case AT_ResetOptions -> "ALTER COLUMN RESET";
      case AT_GenericOptions -> "OPTIONS";
      case AT_AlterColumnGenericOptions -> "ALTER COLUMN OPTIONS";
      default -> {
        String name = action.name();
        yield spelledOut(
            name.substring(name.indexOf('_') + 1)
                .replaceAll("([a-z])([A-Z])", "$1 $2")
                .toUpperCase(Locale.ROOT));
      }
    };
  }

  private static String spelledOut(String name) {
    String result = ' ' + name + ' ';
    for (Map.Entry<String, String> word : SPELLED_OUT.entrySet()) {
      result = result.replace(' ' + word.getKey() + ' ', ' ' + word.getValue() + ' ');
    }
    return result.strip();
  }
}
