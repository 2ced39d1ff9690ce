package io.shardforge.sql.ddl;

/** What becomes of a temporary table at the end of a transaction, if it does not just stay. */
public enum OnCommit {
  DELETE_ROWS,
  DROP
}
