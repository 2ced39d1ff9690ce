package io.shardforge.sql.exec;

import io.shardforge.sql.bind.Rel.MergeAction.Effect;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.MergeAction;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.Merge}: reads the input to its end, computes all new rows if that reads the
 * table, and writes at the first pull: rows that are inserted last, so that they may have keys that
 * others gave up.
 */
final class MergeOperator extends ChangeOperator {
  private final PlanNode.Merge node;
  private final TableCodecs codecs;
  private final int width;
  private final JoinedRow returnedRow;
  private final ArrayRow inputRow = new ArrayRow();
  private long count;

  MergeOperator(PlanNode.Merge node, Operator input, Execution execution, boolean isRoot) {
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
    refuseRepeated(kept, writer);
    RowSpool changes = mayRead() ? computed(kept, writer) : null;
    writeAll(kept, changes, writer, false);
    writer.flush();
    writeAll(kept, changes, writer, true);
    if (changes != null) {
      changes.close();
    }
    kept.close();
    return count;
  }

  private boolean mayRead() {
    return node.actions().stream()
            .anyMatch(action -> Halloween.mayRead(action.values(), node.table()))
        || node.viewChecks().stream()
            .anyMatch(
                check -> Halloween.mayRead(java.util.List.of(check.condition()), node.table()));
  }

  private MergeAction action(@Nullable Object[] row) {
    Object number = node.number().eval(inputRow.with(row), execution);
    return node.actions().get(((Long) java.util.Objects.requireNonNull(number)).intValue());
  }

  /** Fails if a row of the table would be changed twice. */
  private void refuseRepeated(RowSpool kept, TableWriter writer) {
    try (TouchedRows touched = new TouchedRows(execution)) {
      RowSpool.Reader reader = kept.reader();
      @Nullable Object[] row;
      while ((row = reader.next()) != null) {
        if (action(row).effect() != Effect.INSERT && !touched.add(writer.key(before(row)))) {
          throw new ShardForgeException(
                  ErrorCode.CARDINALITY_VIOLATION, "MERGE command cannot affect row a second time")
              .withHint("Ensure that not more than one source row matches any one target row.");
        }
      }
    }
  }

  /** Writes the rows that are inserted, or all others. */
  private void writeAll(
      RowSpool kept, @Nullable RowSpool changes, TableWriter writer, boolean inserts) {
    RowSpool.Reader reader = kept.reader();
    RowSpool.Reader changeReader = changes == null ? null : changes.reader();
    long read = 0;
    @Nullable Object[] row;
    while ((row = reader.next()) != null) {
      if ((++read & 0xFFF) == 0) {
        execution.checkCanceled();
      }
      @Nullable Object[] computed = changeReader == null ? null : changeReader.next();
      MergeAction action = action(row);
      if ((action.effect() == Effect.INSERT) != inserts) {
        continue;
      }
      count++;
      @Nullable Object[] after = computed == null ? after(action, row, writer) : computed;
      switch (action.effect()) {
        case INSERT -> writer.insert(after);
        case UPDATE -> writer.update(before(row), after);
        case DELETE -> writer.delete(after);
      }
      if (returning != null) {
        returning.add(returnedRow.with(after, Arrays.copyOfRange(row, width, row.length)));
      }
    }
  }

  private @Nullable Object[] before(@Nullable Object[] row) {
    return Arrays.copyOf(row, width);
  }

  /** The new row, judged, or the old one if it is to be deleted. */
  private @Nullable Object[] after(MergeAction action, @Nullable Object[] row, TableWriter writer) {
    if (action.effect() == Effect.DELETE) {
      return before(row);
    }
    @Nullable Object[] after =
        ValuesOperator.evaluate(action.values(), inputRow.with(row), execution);
    writer.check(after);
    writer.admit(after);
    return after;
  }

  private RowSpool computed(RowSpool kept, TableWriter writer) {
    RowSpool changes =
        newSpool(node.table().columns().stream().map(ColumnDescriptor::type).toList());
    RowSpool.Reader reader = kept.reader();
    @Nullable Object[] row;
    while ((row = reader.next()) != null) {
      changes.add(after(action(row), row, writer));
    }
    return changes;
  }
}
