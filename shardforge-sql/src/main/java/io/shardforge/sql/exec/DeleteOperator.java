package io.shardforge.sql.exec;

import io.shardforge.sql.plan.PlanNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.Delete}: reads the input to its end, then deletes all rows, at the first
 * pull. A row that a join found several times is deleted, counted and returned once.
 */
final class DeleteOperator extends ChangeOperator {
  private final PlanNode.Delete node;
  private final TableCodecs codecs;
  private final int width;

  DeleteOperator(PlanNode.Delete node, Operator input, Execution execution, boolean isRoot) {
    super(input, execution, node.returning(), node.types(), isRoot);
    this.node = node;
    this.codecs = TableCodecs.of(node.table(), node.derived());
    this.width = node.table().columns().size();
  }

  @Override
  long write() {
    TableWriter writer = new TableWriter(codecs, java.util.List.of(), execution);
    RowSpool kept = wholeInput(node.input().types());
    TouchedRows touched = node.repeats() ? new TouchedRows(execution) : null;
    ArrayRow inputRow = new ArrayRow();
    RowSpool.Reader reader = kept.reader();
    long count = 0;
    @Nullable Object[] row;
    while ((row = reader.next()) != null) {
      if ((++count & 0xFFF) == 0) {
        execution.checkCanceled();
      }
      @Nullable Object[] before = row.length == width ? row : Arrays.copyOf(row, width);
      if (touched != null && !touched.add(writer.key(before))) {
        count--;
        continue;
      }
      writer.delete(before);
      if (returning != null) {
        returning.add(inputRow.with(row));
      }
    }
    kept.close();
    if (touched != null) {
      touched.close();
    }
    return count;
  }
}
