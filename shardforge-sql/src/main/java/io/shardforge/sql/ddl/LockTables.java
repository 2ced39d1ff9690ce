package io.shardforge.sql.ddl;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.CatalogObject;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.LockStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * LOCK TABLE: a row lock of the table's descriptor, which keeps out schema changes and the same
 * statement of others. Modes that stop writers are a schema change that changes nothing: a floor
 * keeps writes of others from being committed until the transaction ends.
 */
final class LockTables {
  /** How long NOWAIT waits for writers whose commit is under way. */
  private static final Duration COMMITS_UNDER_WAY = Duration.ofSeconds(1);

  private final DdlScope scope;
  private final TableLockMode mode;
  private final boolean nowait;

  LockTables(DdlScope scope, LockStmt statement) {
    this.scope = scope;
    this.mode = TableLockMode.of(statement.getMode());
    this.nowait = statement.getNowait();
  }

  String run(LockStmt statement) {
    if (!scope.context().inTransactionBlock()) {
      throw DdlErrors.of(
          ErrorCode.NO_ACTIVE_SQL_TRANSACTION, "LOCK TABLE can only be used in transaction blocks");
    }
    AccessCheck access = scope.access();
    Map<Integer, TableDescriptor> tables = new LinkedHashMap<>();
    for (Node node : statement.getRelationsList()) {
      RangeVar name = node.getRangeVar();
      switch (scope.find(name)) {
        case null -> throw DdlErrors.undefinedTable(DdlScope.written(name));
        case SequenceDescriptor sequence ->
            throw DdlErrors.of(
                    ErrorCode.WRONG_OBJECT_TYPE, "cannot lock relation \"" + sequence.name() + "\"")
                .withDetail("This operation is not supported for sequences.");
        case Object relation -> collect(relation, access, tables);
      }
    }
    if (isHeldBySnapshot()) {
      return "LOCK TABLE";
    }
    if (scope.context().isReadOnly()) {
      throw DdlErrors.unsupported("LOCK TABLE in a read-only transaction");
    }
    tables.values().forEach(this::lock);
    return "LOCK TABLE";
  }

  /** Adds the tables that a relation has its rows from, as far as a role may lock them. */
  private void collect(
      @Nullable Object relation, AccessCheck access, Map<Integer, TableDescriptor> into) {
    if (relation != null) {
      mode.require(access, relation);
    }
    switch (relation) {
      case TableDescriptor table -> into.put(table.id(), table);
      case ViewDescriptor view -> {
        AccessCheck reader =
            view.options().invoker() ? access : AccessCheck.of(scope.snapshot(), view.ownerId());
        view.readings().stream()
            .filter(read -> !read.columns().isEmpty())
            .forEach(read -> collect(scope.snapshot().relation(read.relationId()), reader, into));
      }
      case VirtualTable system when mode != TableLockMode.ACCESS_SHARE ->
          throw DdlErrors.unsupported("LOCK TABLE of system table \"" + system.name() + '"');
      case null, default -> {
        // A system table does not change.
      }
    }
  }

  /**
   * A snapshot holds tables with their columns and rows: what ACCESS SHARE promises, that they stay
   * as they are, is so without a lock in a transaction that has one snapshot.
   */
  private boolean isHeldBySnapshot() {
    return scope.txn().isolation() != Isolation.READ_COMMITTED
        && mode == TableLockMode.ACCESS_SHARE;
  }

  private void lock(TableDescriptor known) {
    if (!(lockDescriptor(known) instanceof TableDescriptor table)) {
      throw DdlErrors.undefinedTable(known.name());
    }
    if (mode.keepsWritersOut()) {
      keepWritersOut(table);
    }
  }

  private @Nullable CatalogObject lockDescriptor(TableDescriptor table) {
    while (true) {
      try {
        return scope
            .catalog()
            .lock(table.key(), mode.strength(), nowait ? LockWait.NOWAIT : LockWait.BLOCK);
      } catch (KvException e) {
        if (e.error() instanceof KvError.LockNotAvailable missed && !missed.timedOut()) {
          throw notAvailable(table);
        }
        if (!(e.error() instanceof KvError.WriteConflict) || !renewSnapshot()) {
          throw e;
        }
      }
    }
  }

  private void keepWritersOut(TableDescriptor table) {
    DdlContext context = scope.context();
    Txn txn = scope.txn();
    Duration lockTimeout = context.lockTimeout();
    Duration patience = nowait ? COMMITS_UNDER_WAY : lockTimeout;
    Deadline deadline = context.deadline();
    Deadline shorter = patience.isZero() ? deadline : context.deadlineWithin(patience);
    txn.beginStatement(shorter, lockTimeout);
    try {
      scope.replace(table, table.withVersion(table.version() + 1));
    } catch (KvException e) {
      if (e.error() instanceof KvError.DeadlineExceeded && !shorter.equals(deadline)) {
        throw nowait
            ? notAvailable(table)
            : DdlErrors.of(ErrorCode.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
      }
      throw e;
    }
    txn.beginStatement(deadline, lockTimeout);
    renewSnapshot();
  }

  /**
   * A transaction that begins with LOCK TABLE sees what was there when it had the lock; false if it
   * has a snapshot that it cannot give up.
   */
  private boolean renewSnapshot() {
    if (scope.txn().isolation() == Isolation.READ_COMMITTED
        || !scope.context().beginsTransaction()) {
      return false;
    }
    scope.txn().renewSnapshot();
    return true;
  }

  private static ShardForgeException notAvailable(TableDescriptor table) {
    return DdlErrors.of(
        ErrorCode.LOCK_NOT_AVAILABLE, "could not obtain lock on relation \"" + table.name() + '"');
  }
}
