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
    this.target =
        new TableWriter(
            TableCodecs.of(conversion.to(), conversion.derived()),
            conversion.rules(),
            List.of(),
            execution,
            null);
  }

  /** The writer of a table's successor; null if it has none. */
  static @Nullable SuccessorWriter of(TableDescriptor table, Execution execution) {
    TableDescriptor.Successor successor = table.successor();
    return successor == null
        ? null
        : new SuccessorWriter(
            execution
                .services()
                .get(RowConversion.Source.class)
                .of(table, successor, execution.catalog()),
            execution);
  }

  void inserted(@Nullable Object[] row) {
    target.insert(converted(row));
  }

  void deleted(@Nullable Object[] row) {
    @Nullable Object[] before = convertible(row);
    if (before != null && isOurs(before)) {
      target.delete(before);
    }
  }

  void updated(@Nullable Object[] before, @Nullable Object[] after) {
    @Nullable Object[] now = converted(after);
    @Nullable Object[] then = convertible(before);
    if (then != null && isOurs(then)) {
      target.update(then, now);
    } else {
      target.insertLater(now);
    }
  }

  void flush() {
    target.flush();
  }

  private @Nullable Object[] converted(@Nullable Object[] row) {
    @Nullable Object[] converted = conversion.convert(row, execution);
    target.check(converted);
    return converted;
  }

  /** The row in the new form; null if it cannot have it, so that it is not there. */
  private @Nullable Object @Nullable [] convertible(@Nullable Object[] row) {
    try {
      return converted(row);
    } catch (ShardForgeException e) {
      return null;
    }
  }

  /**
   * Whether what is there under the row's key is the row, where two rows may want the same key
   * until it is known that no two do. The lock keeps it so.
   */
  private boolean isOurs(@Nullable Object[] converted) {
    if (origin < 0) {
      return true;
    }
    byte[] key = target.key(converted);
    byte[] value =
        execution.txn().lock(List.of(key), LockStrength.UPDATE, LockWait.BLOCK).getFirst().value();
    return value != null
        && Objects.equals(
            target.codecs().rows().reader().read(key, value)[origin], converted[origin]);
  }
}
