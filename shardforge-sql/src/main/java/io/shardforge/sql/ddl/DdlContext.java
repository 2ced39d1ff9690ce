package io.shardforge.sql.ddl;

import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.TransactionCatalog;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.proto.VariableSetStmt;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a schema change needs of its session; one object a statement, used by one thread. */
public interface DdlContext {
  /** The value of a setting of the cluster. */
  default long setting(ClusterSetting setting) {
    return setting.defaultNumber();
  }

  /** The text of the statement. */
  SourceText source();

  /** The session's transaction; a statement has been begun on it. */
  Txn txn();

  TransactionCatalog catalog();

  /** Schema names in the order they are searched, without names that do not exist. */
  List<String> searchPath();

  /** Does something in the name of a role, with a schema searched before all others. */
  void within(String schema, String role, Runnable work);

  /** The name of the schema of the session's temporary objects, which may not be there yet. */
  String temporarySchema();

  /** Notes what becomes of a new temporary table when a transaction commits. */
  void onCommit(int tableId, OnCommit action);

  /** The OID of the role in whose name the statement runs. */
  int currentRole();

  /** The OID of the role that logged in. */
  int sessionRole();

  /** Whether a BEGIN is open or the statement is one of several of a simple query. */
  boolean inTransactionBlock();

  /** Whether the transaction has run no other statement. */
  boolean beginsTransaction();

  /** Whether the transaction only reads. */
  boolean isReadOnly();

  /** Whether the transaction is this statement alone and commits with it. */
  boolean endsTransaction();

  /** Has work done beside the writers of a table once the transaction has committed. */
  void workLater(TableJob job);

  /** For evaluating defaults and checks of existing rows. */
  EvalContext evaluation();

  ExpressionBinder expressions();

  QuerySource queries();

  ViewQueries views();

  /** Opens a query of the system's own, to which no privileges apply. */
  QuerySource.Rows ownQuery(String sql);

  Deadline deadline();

  /** The same, or the moment so far from now if that comes first. */
  Deadline deadlineWithin(Duration duration);

  Duration lockTimeout();

  Randomness randomness();

  /** Whether a deferred constraint of a table, or about it, is violated so far. */
  boolean awaitsChecks(int tableId);

  /** The 1-based character position of a byte offset of the parse tree, for error reports. */
  int position(int byteOffset);

  /** Throws if the statement was canceled; called once a page of rows. */
  void checkCanceled();

  /** Notes that a table was analyzed, and had so many rows. */
  void analyzed(TableDescriptor table, long rows);

  /** Sends a NOTICE. */
  default void notice(ErrorCode code, String message) {
    notice(code, message, null);
  }

  /** Sends a NOTICE with more about it. */
  void notice(ErrorCode code, String message, @Nullable String detail);

  /** Sends a WARNING. */
  void warning(ErrorCode code, String message);

  /**
   * A setting that sessions are to begin with.
   *
   * @param value null for none
   */
  record StoredSetting(String name, @Nullable String value) {}

  /** What a SET or RESET within another statement says, if that can be kept for sessions. */
  StoredSetting storedSetting(VariableSetStmt statement);

  /** How many nodes the cluster has that rows can be put on. */
  int nodes();

  /**
   * Who uses a database.
   *
   * @param sessions connected to it, on whichever node, besides this one
   * @param silentNodes those whose sessions are not known
   */
  record DatabaseUse(int sessions, List<Integer> silentNodes) {}

  /** Who uses a database now. */
  DatabaseUse useOf(int databaseId);

  /** Ends the sessions that that knows of, as far as the current role may, and waits for it. */
  void endSessions(int databaseId);
}
