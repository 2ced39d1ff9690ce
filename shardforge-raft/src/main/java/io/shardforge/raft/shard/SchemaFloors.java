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
import java.util.LinkedHashMap;
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
  private static final Duration PAUSE_MAX = Duration.ofMillis(320);
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
   * The first of some writes whose table's floor stands in the way, or null. To be asked under
   * latches: raising a floor takes one over the whole table.
   */
  @Nullable Mutation obstacle(TxnId id, List<Mutation> writes) {
    if (replica.state().floors().isEmpty()) {
      return null;
    }
    for (Mutation write : writes) {
      SchemaFloor floor = replica.state().floors().get(write.table().tableId());
      if (floor != null
          && write.table().version() < floor.version()
          && !id.equals(floor.raiser())) {
        return write;
      }
    }
    return null;
  }

  /** Waits until the floor in a write's way is settled; throws if it stays in the way. */
  void settle(LeaseTerm term, TxnId id, Mutation write, Deadline deadline)
      throws InterruptedException {
    settle(term, id, write.table(), write.key(), deadline);
  }

  private void settle(LeaseTerm term, TxnId id, TableVersion table, byte[] key, Deadline deadline)
      throws InterruptedException {
    try (ReportedWait wait = new ReportedWait(rowLocks, term, clock, id, key)) {
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
          case COMMITTED -> conclude(term, table.tableId(), floor, raiser, true, deadline);
          case ABORTED -> conclude(term, table.tableId(), floor, raiser, false, deadline);
          case PENDING, STAGED -> {
            if (deadline.isExpired(clock)) {
              throw new KvException(new KvError.DeadlineExceeded("a schema change"));
            }
            wait.goOn(List.of(raiser));
            clock.sleep(PAUSE);
          }
        }
        term.checkNotEnded();
      }
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
              decisions.applyLatched(
                  term,
                  latch,
                  new FloorCommand(
                      wanted.tableId(),
                      null,
                      new SchemaFloor(wanted.version(), before, txn.id(), request.primaryKey())),
                  () -> {},
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
      awaitRaiser(term, txn.id(), wanted.tableId(), request.span().start(), deadline);
    }
  }

  /** Waits until the outcome of the floor's raiser is known here, whatever it is. */
  private void awaitRaiser(LeaseTerm term, TxnId id, int tableId, byte[] key, Deadline deadline)
      throws InterruptedException {
    try {
      settle(term, id, new TableVersion(tableId, 0), key, deadline);
    } catch (KvException e) {
      // It committed, which stands in the way of writes but not of the next schema change.
      if (!(e.error() instanceof KvError.SchemaChanged)) {
        throw e;
      }
    }
  }

  /**
   * Waits until every older provisional write of the table is resolved: for those who wrote, and
   * not in the queues for their rows, as whoever queues there waits at the floor afterwards.
   */
  private void awaitProvisional(
      LeaseTerm term, TxnId id, KvRequest.RaiseSchemaFloor request, Deadline deadline)
      throws InterruptedException {
    Duration pause = PAUSE;
    try (ReportedWait wait = new ReportedWait(rowLocks, term, clock, id, request.span().start())) {
      while (true) {
        Map<TxnId, List<ProvisionalWrite>> found = new LinkedHashMap<>();
        int[] count = new int[1];
        MvccStore.provisionalWrites(
            replica.context().engine(),
            request.span(),
            write -> {
              if (!write.txn().equals(id)) {
                found.computeIfAbsent(write.txn(), _ -> new ArrayList<>()).add(write);
                count[0]++;
              }
              return count[0] < PROVISIONAL_AT_ONCE;
            });
        if (found.isEmpty()) {
          return;
        }
        List<TxnId> pending = new ArrayList<>();
        for (List<ProvisionalWrite> writes : found.values()) {
          if (!resolveDecided(term, writes)) {
            pending.add(writes.getFirst().txn());
          }
        }
        term.checkNotEnded();
        if (!pending.isEmpty()) {
          if (deadline.isExpired(clock)) {
            throw new KvException(new KvError.DeadlineExceeded("older writes of the table"));
          }
          wait.goOn(pending);
          clock.sleep(pause);
          pause = pause.compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
        }
      }
    }
  }

  /** Resolves a transaction's writes if its outcome is known; false if it is not, or not yet. */
  private boolean resolveDecided(LeaseTerm term, List<ProvisionalWrite> writes)
      throws InterruptedException {
    ProvisionalWrite first = writes.getFirst();
    Deadline deadline = Deadline.after(clock, RowLocks.HELPER_TIMEOUT);
    try {
      TxnOutcome outcome = decisions.ask(term, first, 0, true, deadline);
      if (outcome.state() == TxnOutcome.State.PENDING) {
        return false;
      }
      List<byte[]> keys = writes.stream().map(ProvisionalWrite::key).toList();
      decisions.resolveKeys(term, first.txn(), outcome.commitTs(), keys, deadline);
      return true;
    } catch (KvException e) {
      // The shard of the record cannot be reached now: it is asked again.
      term.checkNotEnded();
      return false;
    }
  }

  /** Records the outcome of a schema change in the floors that it raised here. */
  void settleOwn(LeaseTerm term, TxnId id, long commitTs, Deadline deadline)
      throws InterruptedException {
    for (Map.Entry<Integer, SchemaFloor> entry : replica.state().floors().entrySet()) {
      if (id.equals(entry.getValue().raiser())) {
        conclude(term, entry.getKey(), entry.getValue(), id, commitTs != 0, deadline);
      }
    }
  }

  private void conclude(
      LeaseTerm term,
      int tableId,
      SchemaFloor floor,
      TxnId raiser,
      boolean committed,
      Deadline deadline)
      throws InterruptedException {
    long version = committed ? floor.version() : floor.before();
    SchemaFloor settled = new SchemaFloor(version, floor.before(), null, new byte[0]);
    replica
        .lease()
        .await(replica.lease().propose(term, new FloorCommand(tableId, raiser, settled)), deadline);
  }
}
