package io.shardforge.sql.ddl;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** The errors of schema changes, in PostgreSQL's words. */
final class DdlErrors {
  private DdlErrors() {}

  static ShardForgeException of(ErrorCode code, String message) {
    return new ShardForgeException(code, message);
  }

  /** 0A000 naming the construct. */
  static ShardForgeException unsupported(String construct) {
    return new ShardForgeException(
        ErrorCode.FEATURE_NOT_SUPPORTED, construct + " is not supported");
  }

  static ShardForgeException undefinedTable(String name) {
    return of(ErrorCode.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
  }

  static ShardForgeException duplicateTable(String name) {
    return of(ErrorCode.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
  }

  static ShardForgeException undefinedSchema(String name) {
    return of(ErrorCode.INVALID_SCHEMA_NAME, "schema \"" + name + "\" does not exist");
  }

  static ShardForgeException undefinedColumn(String column, String table) {
    return of(
        ErrorCode.UNDEFINED_COLUMN,
        "column \"" + column + "\" of relation \"" + table + "\" does not exist");
  }

  static ShardForgeException duplicateColumn(String column, String table) {
    return of(
        ErrorCode.DUPLICATE_COLUMN,
        "column \"" + column + "\" of relation \"" + table + "\" already exists");
  }

  static ShardForgeException undefinedRole(String name) {
    return of(ErrorCode.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
  }

  static ShardForgeException undefinedConstraint(String name, String table) {
    return of(
        ErrorCode.UNDEFINED_OBJECT,
        "constraint \"" + name + "\" of relation \"" + table + "\" does not exist");
  }

  static ShardForgeException duplicateConstraint(String name, String table) {
    return of(
        ErrorCode.DUPLICATE_OBJECT,
        "constraint \"" + name + "\" for relation \"" + table + "\" already exists");
  }

  static ShardForgeException mustOwn(String kind, String name) {
    return of(ErrorCode.INSUFFICIENT_PRIVILEGE, "must be owner of " + kind + " " + name);
  }

  static ShardForgeException denied(String what) {
    return of(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for " + what);
  }

  static ShardForgeException wrongKind(String name, String expected) {
    return of(ErrorCode.WRONG_OBJECT_TYPE, "\"" + name + "\" is not " + expected);
  }
}
