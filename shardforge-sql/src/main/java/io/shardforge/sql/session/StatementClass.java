package io.shardforge.sql.session;

import io.shardforge.sql.parse.proto.Node;

/** The classes of statements that log_statement tells apart; each has those before it in it. */
enum StatementClass {
  NONE,
  /** Changes of the schema, roles and privileges. */
  DDL,
  /** Changes of rows. */
  MOD,
  /** All others. */
  ALL;

  static StatementClass of(Node node) {
    return switch (node.getNodeCase()) {
      case INSERT_STMT, UPDATE_STMT, DELETE_STMT, MERGE_STMT, TRUNCATE_STMT -> MOD;
      case COPY_STMT -> node.getCopyStmt().getIsFrom() ? MOD : ALL;
      case SELECT_STMT,
          TRANSACTION_STMT,
          VARIABLE_SET_STMT,
          VARIABLE_SHOW_STMT,
          PREPARE_STMT,
          EXECUTE_STMT,
          DEALLOCATE_STMT,
          DISCARD_STMT,
          CONSTRAINTS_SET_STMT,
          DECLARE_CURSOR_STMT,
          FETCH_STMT,
          CLOSE_PORTAL_STMT,
          LISTEN_STMT,
          UNLISTEN_STMT,
          NOTIFY_STMT,
          EXPLAIN_STMT,
          LOCK_STMT,
          VACUUM_STMT,
          CHECK_POINT_STMT ->
          ALL;
      default -> DDL;
    };
  }
}
