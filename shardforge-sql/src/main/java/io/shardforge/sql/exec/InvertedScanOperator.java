package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.KeyCondition;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.KeyDemand;
import io.shardforge.sql.row.RowCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.InvertedScan}: asks the index for the keys of rows, then has those rows read
 * and judged; all of the table's if the index cannot tell, or names too many.
 */
final class InvertedScanOperator implements Operator {
  private final PlanNode.InvertedScan node;
  private final Execution execution;
  private final IndexCodec index;
  private final IndexScanOperator rows;
  private long reservedBytes;

  InvertedScanOperator(PlanNode.InvertedScan node, Execution execution, long goal) {
    this.node = node;
    this.execution = execution;
    this.index = new IndexCodec(RowCodec.of(node.rows().table()), node.index());
    this.rows = new IndexScanOperator(node.rows(), execution, goal, null, null);
  }

  @Override
  public void open() {
    forget();
    List<byte[]> keys = null;
    try (InvertedSearch search = new InvertedSearch(index, execution, node.keysMax())) {
      keys = search.rowKeys(demand(node.condition()));
    }
    if (keys == null) {
      rows.open();
      return;
    }
    long bytes = keys.stream().mapToLong(key -> key.length + InvertedSearch.KEY_OVERHEAD).sum();
    execution.memory().reserve(bytes);
    reservedBytes = bytes;
    rows.openAt(keys);
  }

  private KeyDemand demand(KeyCondition condition) {
    return switch (condition) {
      case KeyCondition.Test test ->
          index.demand(
              test.position(), test.operator(), test.operand().eval(NoRow.INSTANCE, execution));
      case KeyCondition.Logic logic -> {
        List<KeyDemand> parts = logic.parts().stream().map(this::demand).toList();
        yield logic.and() ? KeyDemand.all(parts) : KeyDemand.any(parts);
      }
    };
  }

  @Override
  public @Nullable RowBatch next() {
    return rows.next();
  }

  @Override
  public void close() {
    rows.close();
    forget();
  }

  private void forget() {
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
  }
}
