package io.shardforge.sql.exec;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.plan.PlanNode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.Update}: reads the input to its end, then writes all rows, at the first
 * pull. A row that a join found several times is updated once.
 */
final class UpdateOperator extends ChangeOperator {
  private final PlanNode.Update node;
  private final TableCodecs codecs;
  private final int width;
  private final JoinedRow returnedRow;
  private final ArrayRow inputRow = new ArrayRow();

  UpdateOperator(PlanNode.Update node, Operator input, Execution execution, boolean isRoot) {
    super(input, execution, node.returning(), node.types(), isRoot);
    this.node = node;
    this.codecs = TableCodecs.of(node.table(), node.derived());
    this.width = node.table().columns().size();
    this.returnedRow = new JoinedRow(width);
  }

  @Override
  long write() {
    TableWriter writer = new TableWriter(codecs, node.checks(), node.viewChecks(), execution);
    RowSpool kept = wholeInput(node.input().types());
    TouchedRows touched = node.repeats() ? new TouchedRows(execution) : null;
    // What reads the table is all done before the first write.
    RowSpool changes = mayRead() ? computed(kept, writer) : null;
    RowSpool.Reader reader = kept.reader();
    RowSpool.Reader changeReader = changes == null ? null : changes.reader();
    long count = 0;
    @Nullable Object[] row;
    while ((row = reader.next()) != null) {
      if ((++count & 0xFFF) == 0) {
        execution.checkCanceled();
      }
      @Nullable Object[] before = before(row);
      @Nullable Object[] computed = changeReader == null ? null : changeReader.next();
      if (touched != null && !touched.add(writer.key(before))) {
        count--;
        continue;
      }
      @Nullable Object[] after = computed == null ? after(row, writer) : computed;
      writer.update(before, after);
      if (returning != null) {
        returning.add(returnedRow.with(after, Arrays.copyOfRange(row, width, row.length)));
      }
    }
    if (changes != null) {
      changes.close();
    }
    writer.flush();
    kept.close();
    if (touched != null) {
      touched.close();
    }
    return count;
  }

  private boolean mayRead() {
    return Halloween.mayRead(node.assignments(), node.table())
        || node.viewChecks().stream()
            .anyMatch(check -> Halloween.mayRead(List.of(check.condition()), node.table()));
  }

  private @Nullable Object[] before(@Nullable Object[] row) {
    return row.length == width ? row : Arrays.copyOf(row, width);
  }

  /** The new row, judged. */
  private @Nullable Object[] after(@Nullable Object[] row, TableWriter writer) {
    @Nullable Object[] after =
        ValuesOperator.evaluate(node.assignments(), inputRow.with(row), execution);
    writer.check(after);
    writer.admit(after);
    return after;
  }

  /** The new rows in the order of the old ones; where one comes again, it has no new row. */
  private RowSpool computed(RowSpool kept, TableWriter writer) {
    TouchedRows touched = node.repeats() ? new TouchedRows(execution) : null;
    RowSpool changes =
        newSpool(node.table().columns().stream().map(ColumnDescriptor::type).toList());
    RowSpool.Reader reader = kept.reader();
    @Nullable Object[] row;
    while ((row = reader.next()) != null) {
      @Nullable Object[] before = before(row);
      boolean again = touched != null && !touched.add(writer.key(before));
      changes.add(again ? before : after(row, writer));
    }
    if (touched != null) {
      touched.close();
    }
    return changes;
  }
}
