package io.shardforge.sql.exec;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowReader;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ON CONFLICT clause at work: locks the keys that proposed rows would take in the arbiter
 * indexes, whether there is a row or not, and inserts, updates or leaves out each row by what the
 * newest version there is.
 */
final class ConflictResolution implements AutoCloseable {
  private final PlanNode.OnConflict clause;
  private final TableWriter writer;
  private final Execution execution;
  private final List<IndexCodec> arbiters = new ArrayList<>();
  private final RowReader rowReader;
  private final JoinedRow both;

  /** Keys in arbiter indexes that this statement has written itself. */
  private final Set<KeyBytes> ownKeys = new HashSet<>();

  private long reservedBytes;

  ConflictResolution(PlanNode.OnConflict clause, TableWriter writer, Execution execution) {
    this.clause = clause;
    this.writer = writer;
    this.execution = execution;
    this.rowReader = writer.codecs().rows().reader();
    this.both = new JoinedRow(writer.codecs().rows().width());
    TableCodecs codecs = writer.codecs();
    if (isArbiter(codecs.primary().index())) {
      arbiters.add(codecs.primary());
    }
    for (IndexCodec index : codecs.secondary()) {
      if (index.index().unique() && isArbiter(index.index())) {
        arbiters.add(index);
      }
    }
  }

  private boolean isArbiter(IndexDescriptor index) {
    if (index.state() != IndexDescriptor.State.PUBLIC) {
      return false;
    }
    return clause.arbiters().isEmpty()
        || clause.arbiters().stream().anyMatch(arbiter -> arbiter.number() == index.number());
  }

  /** Writes rows that were checked; tells of each row stored. */
  void write(List<@Nullable Object[]> rows, Consumer<@Nullable Object[]> stored) {
    Map<KeyBytes, LockedRow> newest = lockKeys(rows);
    for (Object[] row : rows) {
      writeOne(row, newest, stored);
    }
  }

  private void writeOne(
      @Nullable Object[] row,
      Map<KeyBytes, LockedRow> newest,
      Consumer<@Nullable Object[]> stored) {
    for (IndexCodec arbiter : arbiters) {
      KeyBytes key = keyIn(arbiter, row);
      if (key == null) {
        continue;
      }
      if (ownKeys.contains(key)) {
        if (clause.assignments() == null) {
          return;
        }
        throw new ShardForgeException(
                ErrorCode.CARDINALITY_VIOLATION,
                "ON CONFLICT DO UPDATE command cannot affect row a second time")
            .withHint(
                "Ensure that no rows proposed for insertion within the same command have duplicate"
                    + " constrained values.");
      }
      LockedRow found = newest.get(key);
      byte[] value = found == null ? null : found.value();
      if (value != null) {
        onConflict(arbiter, key, value, row, stored);
        return;
      }
    }
    for (IndexCodec arbiter : arbiters) {
      own(keyIn(arbiter, row));
    }
    writer.admit(row);
    writer.insert(row);
    stored.accept(row);
  }

  private void onConflict(
      IndexCodec arbiter,
      KeyBytes key,
      byte[] value,
      @Nullable Object[] proposed,
      Consumer<@Nullable Object[]> stored) {
    List<Expression> assignments = clause.assignments();
    if (assignments == null) {
      return;
    }
    byte[] rowKey = key.bytes();
    byte[] rowValue = value;
    if (!arbiter.index().primary()) {
      rowKey = arbiter.rowKey(key.bytes(), value);
      rowValue =
          execution
              .txn()
              .lock(List.of(rowKey), LockStrength.UPDATE, LockWait.BLOCK)
              .getFirst()
              .value();
      if (rowValue == null) {
        throw new ShardForgeException(
            ErrorCode.INDEX_CORRUPTED,
            "index \"" + arbiter.index().name() + "\" has an entry without a row");
      }
    }
    @Nullable Object[] existing = rowReader.read(rowKey, rowValue);
    both.with(existing, proposed);
    Expression where = clause.where();
    if (where != null && !Boolean.TRUE.equals(where.eval(both, execution))) {
      return;
    }
    @Nullable Object[] after = ValuesOperator.evaluate(assignments, both, execution);
    writer.check(after);
    writer.admit(after);
    own(key);
    for (IndexCodec other : arbiters) {
      own(keyIn(other, after));
    }
    writer.update(existing, after);
    stored.accept(after);
  }

  private void own(@Nullable KeyBytes key) {
    if (key != null && ownKeys.add(key)) {
      long bytes = key.bytes().length + 72L;
      execution.memory().reserve(bytes);
      reservedBytes += bytes;
    }
  }

  private @Nullable KeyBytes keyIn(IndexCodec arbiter, @Nullable Object[] row) {
    if (arbiter.index().primary()) {
      return new KeyBytes(writer.key(row));
    }
    @Nullable Object[] complete = writer.complete(row);
    return arbiter.holds(complete) && arbiter.isEntryUnique(complete)
        ? new KeyBytes(arbiter.entryKey(complete, writer.encoder()))
        : null;
  }

  private Map<KeyBytes, LockedRow> lockKeys(List<@Nullable Object[]> rows) {
    List<byte[]> keys = new ArrayList<>(rows.size());
    Map<KeyBytes, LockedRow> newest = new HashMap<>();
    Set<KeyBytes> asked = new HashSet<>();
    for (IndexCodec arbiter : arbiters) {
      for (Object[] row : rows) {
        KeyBytes key = keyIn(arbiter, row);
        if (key != null && !ownKeys.contains(key) && asked.add(key)) {
          keys.add(key.bytes());
        }
      }
    }
    for (LockedRow grant : execution.txn().lock(keys, LockStrength.UPDATE, LockWait.BLOCK)) {
      newest.put(new KeyBytes(grant.key()), grant);
    }
    return newest;
  }

  @Override
  public void close() {
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
    ownKeys.clear();
  }
}
