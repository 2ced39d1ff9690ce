package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.Delete}: reads the input to its end, then deletes all rows, at the first
 * pull. A row that a join found several times is deleted, counted and returned once.
 */
final class DeleteOperator implements Operator {
  private final PlanNode.Delete node;
  private final Operator input;
  private final Execution execution;
  private final boolean isRoot;
  private final TableCodecs codecs;
  private final @Nullable Returning returning;
  private final int width;
  private @Nullable RowSpool spool;
  private boolean done;

  DeleteOperator(PlanNode.Delete node, Operator input, Execution execution, boolean isRoot) {
    this.node = node;
    this.input = input;
    this.execution = execution;
    this.isRoot = isRoot;
    this.codecs = TableCodecs.of(node.table(), node.derived());
    this.width = node.table().columns().size();
    this.returning =
        node.returning() == null ? null : new Returning(node.returning(), node.types(), execution);
  }

  @Override
  public void open() {
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    if (!done) {
      done = true;
      write();
    }
    return returning == null ? null : returning.next();
  }

  private void write() {
    TableWriter writer = new TableWriter(codecs, java.util.List.of(), execution);
    RowSpool kept = new RowSpool(execution, node.input().types());
    spool = kept;
    kept.addAll(new RowPuller(input, execution)::next);
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
    if (isRoot) {
      execution.addAffectedRows(count);
    }
  }

  @Override
  public void close() {
    input.close();
    if (spool != null) {
      spool.close();
    }
    if (returning != null) {
      returning.close();
    }
  }
}
