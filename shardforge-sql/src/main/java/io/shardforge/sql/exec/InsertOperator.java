package io.shardforge.sql.exec;

import io.shardforge.sql.plan.PlanNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.Insert}: all rows are written at the first pull. */
final class InsertOperator extends ChangeOperator {
  /** Rows whose conflicts are looked for with one request. */
  private static final int CONFLICT_BATCH_ROWS = 1024;

  private final PlanNode.Insert node;
  private final TableCodecs codecs;
  private final ArrayRow returnedRow = new ArrayRow();
  private long count;

  InsertOperator(PlanNode.Insert node, Operator input, Execution execution, boolean isRoot) {
    super(input, execution, node.returning(), node.types(), isRoot);
    this.node = node;
    this.codecs = TableCodecs.of(node.table(), node.derived());
  }

  @Override
  long write() {
    TableWriter writer = new TableWriter(codecs, node.checks(), node.viewChecks(), execution);
    RowSource source = new RowPuller(input, execution)::next;
    PlanNode.OnConflict onConflict = node.onConflict();
    if (onConflict == null) {
      source = admitted(source, writer);
    }
    if (Halloween.mayRead(node.input(), node.table()) || viewsMayRead()) {
      source = spooled(source);
    }
    if (onConflict == null) {
      @Nullable Object[] row;
      while ((row = source.next()) != null) {
        writer.insert(row);
        written(row);
      }
      return count;
    }
    execution.judgesConflicts();
    ConflictResolution conflicts = new ConflictResolution(onConflict, writer, execution);
    try {
      List<@Nullable Object[]> batch = new ArrayList<>();
      @Nullable Object[] row;
      do {
        row = source.next();
        if (row != null) {
          writer.check(row);
          batch.add(row);
        }
        if (!batch.isEmpty() && (row == null || batch.size() == CONFLICT_BATCH_ROWS)) {
          conflicts.write(batch, this::written);
          batch.clear();
        }
      } while (row != null);
    } finally {
      conflicts.close();
    }
    writer.flush();
    return count;
  }

  /** The rows as they are judged, which may be long before they are written. */
  private static RowSource admitted(RowSource source, TableWriter writer) {
    return () -> {
      @Nullable Object[] row = source.next();
      if (row != null) {
        writer.check(row);
        writer.admit(row);
      }
      return row;
    };
  }

  private boolean viewsMayRead() {
    return node.viewChecks().stream()
        .anyMatch(check -> Halloween.mayRead(List.of(check.condition()), node.table()));
  }

  private void written(@Nullable Object[] row) {
    count++;
    if (returning != null) {
      returning.add(returnedRow.with(row));
    }
  }

  /** Reads the input to its end before anything is written. */
  private RowSource spooled(RowSource source) {
    RowSpool kept = newSpool(node.input().types());
    kept.addAll(source);
    return kept.reader()::next;
  }
}
