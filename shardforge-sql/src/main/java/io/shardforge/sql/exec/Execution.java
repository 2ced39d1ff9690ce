package io.shardforge.sql.exec;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.RelationUse;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One run of one statement: its parameters, transaction, memory, spill space and what expressions
 * ask for. Used by the statement's thread only; closed by the session when the statement ends.
 */
public final class Execution implements EvalContext, AutoCloseable {
  private static final int OUTER_ROWS_FIRST = 4;

  /** What a write that is put off takes beside its key and value. */
  private static final long DEFERRED_WRITE_BYTES = 120;

  private static final @Nullable Row[] NO_ROWS = {};

  private final Txn txn;
  private final CatalogSnapshot catalog;
  private final @Nullable Object[] parameters;
  private final SessionScope session;
  private final MemoryBudget memory;
  private final SpillSpace spillSpace;
  private final Executor scanWorkers;
  private @Nullable SubPlans subPlans;
  private @Nullable Map<Integer, CteTable> ctes;
  private List<TableWriter> writtenTables = List.of();
  private @Nullable Row[] outerRows = NO_ROWS;
  private @Nullable Instrumentation instrumentation;
  private @Nullable List<Runnable> deferredWrites;
  private long affectedRows;
  private @Nullable KeyChanges keyChanges;
  private @Nullable Execution whole;
  private boolean judgesConflicts;
  private boolean committedNext;

  /**
   * @param parameters values of $1.. in order
   * @param memory closed with this execution
   * @param scanWorkers threads that may read pages of long scans; they may refuse to
   */
  public Execution(
      Txn txn,
      CatalogSnapshot catalog,
      @Nullable Object[] parameters,
      SessionScope session,
      MemoryBudget memory,
      SpillSpace spillSpace,
      Executor scanWorkers) {
    this.txn = txn;
    this.catalog = catalog;
    this.parameters = parameters;
    this.session = session;
    this.memory = memory;
    this.spillSpace = spillSpace;
    this.scanWorkers = scanWorkers;
  }

  public Txn txn() {
    return txn;
  }

  public CatalogSnapshot catalog() {
    return catalog;
  }

  /** What the session's role may do. */
  AccessCheck access() {
    return AccessCheck.of(catalog, session.roleId());
  }

  public MemoryBudget memory() {
    return memory;
  }

  @Override
  public void admitLarge(long bytes) {
    memory.admitLarge(bytes);
  }

  @Override
  public void countLarge(Object value, long bytes) {
    memory.countLarge(value, bytes);
  }

  Executor scanWorkers() {
    return scanWorkers;
  }

  /** How this node uses a relation, to be counted on. */
  RelationUse use(int relationOid) {
    return session.use(relationOid);
  }

  public SpillSpace spillSpace() {
    return spillSpace;
  }

  /** Turns on the counting of rows and time by node, for EXPLAIN ANALYZE. */
  public void instrument(Instrumentation counters) {
    instrumentation = counters;
  }

  @Nullable Instrumentation instrumentation() {
    return instrumentation;
  }

  /** Rows that the statement's own INSERT, UPDATE or DELETE changed, for its command tag. */
  public long affectedRows() {
    return affectedRows;
  }

  void addAffectedRows(long rows) {
    affectedRows += rows;
  }

  CteTable cte(int id) {
    CteTable table = ctes == null ? null : ctes.get(id);
    if (table == null) {
      throw new ShardForgeException(ErrorCode.INTERNAL_ERROR, "CTE " + id + " is not open");
    }
    return table;
  }

  void putCte(int id, CteTable table) {
    Map<Integer, CteTable> open = ctes;
    if (open == null) {
      open = new HashMap<>();
      ctes = open;
    }
    open.put(id, table);
  }

  void removeCte(int id) {
    if (ctes != null) {
      ctes.remove(id);
    }
  }

  /** Fails if the statement was canceled; called once a batch in every loop. */
  void checkCanceled() {
    if (Thread.currentThread().isInterrupted()) {
      throw session.cancellation();
    }
  }

  /** Whether a changed row should make the statement run again, rather than be judged in place. */
  boolean restartsOnChange() {
    return txn.isolation() == Isolation.READ_COMMITTED && txn.statementMayRestart();
  }

  /** Whether it writes to any table; all is written before its first row comes out. */
  public boolean hasWritten() {
    return !writtenTables.isEmpty();
  }

  /** Says that this statement is a part of another one, such as the action of a foreign key. */
  public void partOf(Execution other) {
    whole = other;
  }

  /** What the statement did to keys that foreign keys are about. */
  KeyChanges keyChanges() {
    KeyChanges changes = keyChanges;
    if (changes == null) {
      changes = new KeyChanges();
      keyChanges = changes;
    }
    return changes;
  }

  /** As {@link #keyChanges}, null if foreign keys are about none of the tables written. */
  public @Nullable KeyChanges keyChangesOrNull() {
    return keyChanges;
  }

  void written(TableWriter writer) {
    if (whole != null) {
      whole.written(writer);
    }
    if (writtenTables.isEmpty()) {
      writtenTables = List.of(writer);
    } else {
      writtenTables = new ArrayList<>(writtenTables);
      writtenTables.add(writer);
    }
  }

  /**
   * Puts writes off to the end of the statement: with data-modifying CTEs all parts of it see the
   * rows as they were before.
   */
  void deferWrites() {
    if (deferredWrites == null) {
      deferredWrites = new ArrayList<>();
    }
  }

  boolean defersWrites() {
    return deferredWrites != null;
  }

  /** Keeps a write of so many bytes for the end of the statement. */
  void deferWrite(long bytes, Runnable write) {
    memory.reserve(bytes + DEFERRED_WRITE_BYTES);
    Objects.requireNonNull(deferredWrites).add(write);
  }

  private void writeDeferred() {
    List<Runnable> later = deferredWrites;
    if (later != null) {
      deferredWrites = null;
      later.forEach(Runnable::run);
    }
  }

  /**
   * Says that the transaction commits right after this statement, before its client hears of it.
   */
  public void commitsNext() {
    committedNext = true;
  }

  boolean isCommittedNext() {
    return committedNext;
  }

  /** Says that the statement has an ON CONFLICT clause. */
  void judgesConflicts() {
    judgesConflicts = true;
  }

  /**
   * Ends the statement in its transaction; a duplicate key becomes its 23505 here at the latest. A
   * duplicate that an ON CONFLICT clause came too late to see makes the statement run again.
   */
  public void finish() {
    writeDeferred();
    try {
      boolean more = keyChanges != null && keyChanges.needsStatements();
      txn.finishStatement(committedNext && !judgesConflicts && !more);
    } catch (KvException e) {
      if (judgesConflicts
          && e.error() instanceof KvError.KeyExists(byte[] key)
          && restartsOnChange()) {
        throw new StatementRestart(key, explain(e));
      }
      throw explain(e);
    }
  }

  /**
   * The error that this outcome means where only the executor knows: a duplicate key, also when the
   * commit reports it. Other outcomes come back as they are, for the session to map.
   */
  public RuntimeException explain(KvException e) {
    if (e.error() instanceof KvError.KeyExists(byte[] key)) {
      for (TableWriter writer : writtenTables) {
        ShardForgeException duplicate = writer.duplicate(key);
        if (duplicate != null) {
          return duplicate;
        }
      }
    }
    return e;
  }

  /** Releases the memory; operators have been closed before. */
  @Override
  public void close() {
    if (subPlans != null) {
      subPlans.close();
    }
    memory.close();
  }

  // ---- EvalContext ----

  @Override
  public @Nullable Object parameter(int number) {
    if (number < 1 || number > parameters.length) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_PARAMETER, "there is no parameter $" + number);
    }
    return parameters[number - 1];
  }

  @Override
  public long transactionMicros() {
    return session.transactionMicros();
  }

  @Override
  public long statementMicros() {
    return session.statementMicros();
  }

  @Override
  public ZoneId timeZone() {
    return session.timeZone();
  }

  @Override
  public TypeContext typeContext() {
    return session.typeContext();
  }

  @Override
  public @Nullable String setting(String name) {
    return session.setting(name);
  }

  @Override
  public Row outerRow(int correlationId) {
    if (subPlans != null) {
      subPlans.noteRead(correlationId);
    }
    Row row = correlationId < outerRows.length ? outerRows[correlationId] : null;
    if (row == null) {
      throw new ShardForgeException(
          ErrorCode.INTERNAL_ERROR, "correlation variable " + correlationId + " is not bound");
    }
    return row;
  }

  @Override
  public void bindOuterRow(int correlationId, Row row) {
    if (correlationId >= outerRows.length) {
      outerRows =
          Arrays.copyOf(
              outerRows, Math.max(correlationId + OUTER_ROWS_FIRST, outerRows.length * 2));
    }
    outerRows[correlationId] = row;
    if (subPlans != null) {
      subPlans.noteBound(correlationId);
    }
  }

  @Override
  public SubPlanRunner subPlans() {
    SubPlans runner = subPlans;
    if (runner == null) {
      runner = new SubPlans(this);
      subPlans = runner;
    }
    return runner;
  }

  @Override
  public FunctionServices services() {
    return session.services();
  }
}
