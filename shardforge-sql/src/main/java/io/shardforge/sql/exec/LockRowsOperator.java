package io.shardforge.sql.exec;

import io.shardforge.raft.kv.LockedRow;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeyEncoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.LockRows}; locks no more rows than are wanted. */
final class LockRowsOperator implements Operator {
  private final PlanNode.LockRows node;
  private final Operator input;
  private final Execution execution;
  private final long goal;
  private final RowCodec rows;
  private final KeyEncoder encoder = new KeyEncoder();
  private final BatchBuilder out;
  private @Nullable RowBatch batch;
  private int position;
  private long emitted;

  /**
   * @param goal how many rows will be wanted, 0 if unknown
   */
  LockRowsOperator(PlanNode.LockRows node, Operator input, Execution execution, long goal) {
    this.node = node;
    this.input = input;
    this.execution = execution;
    this.goal = goal;
    this.rows = RowCodec.of(node.table());
    this.out = new BatchBuilder(node.types());
  }

  @Override
  public void open() {
    batch = null;
    position = 0;
    emitted = 0;
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    while (true) {
      execution.checkCanceled();
      RowBatch current = batch;
      if (current == null || position == current.size()) {
        current = input.next();
        batch = current;
        position = 0;
        if (current == null) {
          return null;
        }
      }
      lockSome(current);
      RowBatch result = out.take();
      if (result != null) {
        emitted += result.size();
        return result;
      }
    }
  }

  private void lockSome(RowBatch current) {
    long wanted = goal > 0 ? Math.max(1, goal - emitted) : RowLocks.BATCH_MAX;
    List<byte[]> keys = new ArrayList<>();
    List<Integer> keyed = new ArrayList<>();
    int first = position;
    while (position < current.size() && position - first < wanted) {
      @Nullable Object[] key = new @Nullable Object[node.keyColumns().size()];
      boolean isPresent = true;
      for (int i = 0; i < key.length; i++) {
        key[i] = current.get(position, node.keyColumns().get(i));
        isPresent &= key[i] != null;
      }
      // The null side of an outer join has no row to lock.
      keyed.add(isPresent ? keys.size() : -1);
      if (isPresent) {
        keys.add(rows.keyOf(key, encoder));
      }
      position++;
    }
    List<LockedRow> grants =
        keys.isEmpty()
            ? List.of()
            : RowLocks.take(node.table(), keys, node.lock(), node.policy(), execution);
    for (int i = 0; i < keyed.size(); i++) {
      if (keyed.get(i) >= 0) {
        LockedRow grant = grants.get(keyed.get(i));
        if (grant.skipped()) {
          continue;
        }
        if (grant.newer()) {
          if (execution.restartsOnChange()) {
            throw new StatementRestart();
          }
          throw new ShardForgeException(
              ErrorCode.SERIALIZATION_FAILURE,
              "could not serialize access due to concurrent update");
        }
      }
      out.add(current, first + i);
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
