package io.shardforge.sql.session;

import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.Operator;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.OutputColumn;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A statement with its parameters bound, perhaps half-way through its rows; for the session's
 * thread.
 */
final class Portal implements AutoCloseable {
  private final PreparedStatement prepared;
  private final @Nullable Object[] parameters;
  private final List<OutputColumn> columns;
  private @Nullable Execution execution;
  private @Nullable Operator operator;
  private @Nullable RowBatch batch;
  private int batchPosition;
  private boolean finished;
  private long rowsSent;
  private long rowsChanged;
  private @Nullable Portal inner;

  Portal(PreparedStatement prepared, @Nullable Object[] parameters, List<OutputColumn> columns) {
    this.prepared = prepared;
    this.parameters = parameters;
    this.columns = columns;
  }

  /** The portal of the statement that an EXECUTE runs, made at its first Execute. */
  Portal innerOr(Supplier<Portal> maker) {
    Portal existing = inner;
    if (existing == null) {
      existing = maker.get();
      inner = existing;
    }
    return existing;
  }

  PreparedStatement prepared() {
    return prepared;
  }

  @Nullable Object[] parameters() {
    return parameters;
  }

  List<OutputColumn> columns() {
    return columns;
  }

  /** Whether an Execute stopped at its row limit, so that the next goes on. */
  boolean isSuspended() {
    Portal executed = inner;
    return operator != null || (executed != null && executed.isSuspended());
  }

  /** Rows of all Executes so far. */
  long rowsSent() {
    return rowsSent;
  }

  void addRowsSent(long rows) {
    rowsSent += rows;
  }

  /** Rows that the statement has changed, or those of all Executes so far. */
  long rows() {
    return Math.max(rowsChanged, rowsSent);
  }

  void changedRows(long rows) {
    rowsChanged = rows;
  }

  boolean isFinished() {
    return finished;
  }

  void finish() {
    finished = true;
  }

  /** Keeps what runs until the next Execute. */
  void suspend(Execution running, Operator rows, @Nullable RowBatch rest, int position) {
    execution = running;
    operator = rows;
    batch = rest;
    batchPosition = position;
  }

  @Nullable Execution execution() {
    return execution;
  }

  @Nullable Operator operator() {
    return operator;
  }

  @Nullable RowBatch batch() {
    return batch;
  }

  int batchPosition() {
    return batchPosition;
  }

  /** Ends what runs; safe to call twice. */
  @Override
  public void close() {
    Operator rows = operator;
    Execution running = execution;
    operator = null;
    execution = null;
    batch = null;
    rowsSent = finished ? rowsSent : 0;
    Portal executed = inner;
    inner = null;
    if (executed != null) {
      executed.close();
    }
    try {
      if (rows != null) {
        rows.close();
      }
    } finally {
      if (running != null) {
        running.close();
      }
    }
  }
}
