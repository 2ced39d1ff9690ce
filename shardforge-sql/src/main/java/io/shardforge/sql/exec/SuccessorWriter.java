package io.shardforge.sql.exec;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The writer of a table's rows in the form that the table is to have, beside their writer in the
 * form of today. A row may not be there yet in the new form: then whoever writes it all anew comes
 * to it later.
 */
final class SuccessorWriter {
  private final RowConversion conversion;
  private final TableWriter target;
  private final Execution execution;
  private final int origin;

  private SuccessorWriter(RowConversion conversion, Execution execution) {
    this.conversion = conversion;
    this.execution = execution;
    this.origin = conversion.origin();
    TableCodecs codecs = TableCodecs.of(conversion.to(), conversion.derived());
    this.target =
        new TableWriter(
            conversion.makesRowIds() ? codecs.withIdsGiven() : codecs,
            conversion.rules(),
            List.of(),
            execution,
            null);
  }

  /** The writer of a table's successor; null if it has none. */
  static @Nullable SuccessorWriter of(TableDescriptor table, Execution execution) {
    RowConversion conversion = conversion(table, execution);
    return conversion == null ? null : new SuccessorWriter(conversion, execution);
  }

  /** How rows of a table become its successor's; null if it has none. */
  static @Nullable RowConversion conversion(TableDescriptor table, Execution execution) {
    TableDescriptor.Successor successor = table.successor();
    return successor == null
        ? null
        : execution
            .services()
            .get(RowConversion.Source.class)
            .of(table, successor, execution.catalog());
  }

  void inserted(@Nullable Object[] row) {
    @Nullable Object[] converted = conversion.convert(row, execution);
    target.check(converted);
    target.insert(converted);
  }

  void deleted(@Nullable Object[] row) {
    @Nullable Object[] before = there(row);
    if (before != null) {
      target.delete(before);
    }
  }

  void updated(@Nullable Object[] before, @Nullable Object[] after) {
    @Nullable Object[] now = conversion.convert(after, execution);
    @Nullable Object[] then = there(before);
    if (then != null) {
      conversion.keep(then, now);
    }
    target.check(now);
    if (then != null) {
      target.update(then, now);
    } else {
      target.insertLater(now);
    }
  }

  void flush() {
    target.flush();
  }

  /**
   * The row in the new form if it may be there: not if it cannot have that. Where it cannot be told
   * from the row as it was what is there is looked at, and the lock keeps it so.
   */
  private @Nullable Object @Nullable [] there(@Nullable Object[] row) {
    @Nullable Object[] converted;
    try {
      converted = conversion.convert(row, execution);
      target.prepare(converted);
    } catch (ShardForgeException e) {
      return null;
    }
    if (origin < 0 && conversion.kept().isEmpty()) {
      return converted;
    }
    byte[] key = target.key(converted);
    byte[] value =
        execution.txn().lock(List.of(key), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value();
    if (value == null) {
      return null;
    }
    @Nullable Object[] stored = target.codecs().rows().reader().read(key, value);
    return origin < 0 || Objects.equals(stored[origin], converted[origin]) ? stored : null;
  }
}
