package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs {@link PlanNode.Insert}: all rows are written at the first pull. */
final class InsertOperator implements Operator {
  /** Rows whose conflicts are looked for with one request. */
  private static final int CONFLICT_BATCH_ROWS = 1024;

  private final PlanNode.Insert node;
  private final Operator input;
  private final Execution execution;
  private final boolean isRoot;
  private final TableCodecs codecs;
  private final @Nullable Returning returning;
  private final ArrayRow returnedRow = new ArrayRow();
  private @Nullable RowSpool spool;
  private boolean done;
  private long count;

  InsertOperator(PlanNode.Insert node, Operator input, Execution execution, boolean isRoot) {
    this.node = node;
    this.input = input;
    this.execution = execution;
    this.isRoot = isRoot;
    this.codecs = TableCodecs.of(node.table(), node.derived());
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
      if (isRoot) {
        execution.addAffectedRows(count);
      }
    }
    return returning == null ? null : returning.next();
  }

  private void write() {
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
      return;
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
    RowSpool kept = new RowSpool(execution, node.input().types());
    spool = kept;
    kept.addAll(source);
    return kept.reader()::next;
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
