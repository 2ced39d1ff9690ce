package io.shardforge.raft.shard;

import io.shardforge.raft.command.CommandResult;
import io.shardforge.raft.command.FloorCommand;
import io.shardforge.raft.command.SchemaFloor;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.KvResult.TxnOutcome;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.kv.TxnHeader;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.mvcc.MvccStore;
import io.shardforge.storage.mvcc.ProvisionalWrite;
import io.shardforge.storage.mvcc.TxnId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The floor below which writes of a table are refused on this shard, and its raising by a schema
 * change.
 *
 * <p>A raised floor is provisional until its raiser's outcome is known: older writes wait for it.
 * Raising waits for older writes under way (latches) and for older provisional writes, so when it
 * is done no write of an older version can still commit, unless the raiser fails.
 */
final class SchemaFloors {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int PROVISIONAL_AT_ONCE = 256;

  private final Replica replica;
  private final Decisions decisions;
  private final RowLocks rowLocks;
  private final Clock clock;

  SchemaFloors(Replica replica, Decisions decisions, RowLocks rowLocks) {
    this.replica = replica;
    this.decisions = decisions;
    this.rowLocks = rowLocks;
    this.clock = replica.context().clock();
  }

  /**
   * The table whose floor stands in the way of some writes, or null. To be asked under latches:
   * raising a floor takes one over the whole table.
   */
  @Nullable TableVersion obstacle(TxnId id, List<Mutation> writes) {
    if (replica.state().floors().isEmpty()) {
      return null;
    }
    for (Mutation write : writes) {
      SchemaFloor floor = replica.state().floors().get(write.table().tableId());
      if (floor != null
          && write.table().version() < floor.version()
          && !id.equals(floor.raiser())) {
        return write.table();
      }
    }
    return null;
  }

  /** Waits until the floor in the way is settled; throws if it stays in the way. */
  void settle(LeaseTerm term, TableVersion table, Deadline deadline) throws InterruptedException {
    while (true) {
      SchemaFloor floor = replica.state().floors().get(table.tableId());
      if (floor == null || table.version() >= floor.version()) {
        return;
      }
      TxnId raiser = floor.raiser();
      if (raiser == null) {
        throw new KvException(new KvError.SchemaChanged(table.tableId(), floor.version()));
      }
      TxnOutcome outcome = decisions.ask(term, raiser, floor.primaryKey(), 0, true, deadline);
      switch (outcome.state()) {
        case COMMITTED -> settle(term, table.tableId(), floor, raiser, true, deadline);
        case ABORTED -> settle(term, table.tableId(), floor, raiser, false, deadline);
        case PENDING -> {
          if (deadline.isExpired(clock)) {
            throw new KvException(new KvError.DeadlineExceeded("a schema change"));
          }
          clock.sleep(PAUSE);
        }
      }
      term.checkNotEnded();
    }
  }

  KvResult raise(LeaseTerm term, KvBatch batch, KvRequest.RaiseSchemaFloor request)
      throws InterruptedException {
    TxnHeader txn = RowLocks.txn(batch);
    Deadline deadline = batch.deadline();
    TableVersion wanted = request.floor();
    while (true) {
      LatchManager.Latch latch =
          decisions.latch(term, List.of(), List.of(request.span()), List.of(), deadline);
      boolean handedOver = false;
      try {
        SchemaFloor floor = replica.state().floors().get(wanted.tableId());
        boolean own = floor != null && txn.id().equals(floor.raiser());
        boolean free = floor == null || floor.raiser() == null;
        if (floor != null && free && floor.version() >= wanted.version()) {
          throw new KvException(new KvError.SchemaChanged(wanted.tableId(), floor.version()));
        }
        if (own || free) {
          long before = floor == null ? 0 : own ? floor.before() : floor.version();
          handedOver = true;
          CommandResult result =
              replica.await(
                  decisions.proposeLatched(
                      term,
                      latch,
                      new FloorCommand(
                          wanted.tableId(),
                          null,
                          new SchemaFloor(
                              wanted.version(), before, txn.id(), request.primaryKey())),
                      () -> {}),
                  deadline);
          if (result.status() == CommandResult.Status.DONE) {
            awaitProvisional(term, txn.id(), request, deadline);
            return KvResult.Done.INSTANCE;
          }
          continue;
        }
      } finally {
        if (!handedOver) {
          latch.release();
        }
      }
      // Another schema change of the table is under way.
      awaitRaiser(term, wanted.tableId(), deadline);
    }
  }

  /** Waits until the outcome of the floor's raiser is known here, whatever it is. */
  private void awaitRaiser(LeaseTerm term, int tableId, Deadline deadline)
      throws InterruptedException {
    try {
      settle(term, new TableVersion(tableId, 0), deadline);
    } catch (KvException e) {
      // It committed, which stands in the way of writes but not of the next schema change.
      if (!(e.error() instanceof KvError.SchemaChanged)) {
        throw e;
      }
    }
  }

  /** Waits until every older provisional write of the table is resolved. */
  private void awaitProvisional(
      LeaseTerm term, TxnId id, KvRequest.RaiseSchemaFloor request, Deadline deadline)
      throws InterruptedException {
    while (true) {
      List<ProvisionalWrite> found = new ArrayList<>();
      MvccStore.provisionalWrites(
          replica.context().engine(),
          request.span(),
          write -> {
            if (!write.txn().equals(id)) {
              found.add(write);
            }
            return found.size() < PROVISIONAL_AT_ONCE;
          });
      if (found.isEmpty()) {
        return;
      }
      for (ProvisionalWrite write : found) {
        // Queueing for its lock is waiting for its resolution.
        rowLocks.acquire(term, id, write.key(), LockStrength.SHARE, 0, deadline);
      }
    }
  }

  /** Records the outcome of a schema change in the floors that it raised here. */
  void settleOwn(LeaseTerm term, TxnId id, long commitTs, Deadline deadline)
      throws InterruptedException {
    for (Map.Entry<Integer, SchemaFloor> entry : replica.state().floors().entrySet()) {
      if (id.equals(entry.getValue().raiser())) {
        settle(term, entry.getKey(), entry.getValue(), id, commitTs != 0, deadline);
      }
    }
  }

  private void settle(
      LeaseTerm term,
      int tableId,
      SchemaFloor floor,
      TxnId raiser,
      boolean committed,
      Deadline deadline)
      throws InterruptedException {
    long version = committed ? floor.version() : floor.before();
    SchemaFloor settled = new SchemaFloor(version, floor.before(), null, new byte[0]);
    replica.await(replica.propose(term, new FloorCommand(tableId, raiser, settled)), deadline);
  }
}
