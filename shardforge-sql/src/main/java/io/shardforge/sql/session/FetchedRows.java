package io.shardforge.sql.session;

import io.shardforge.sql.expr.Row;
import io.shardforge.sql.plan.OutputColumn;
import java.util.List;

/**
 * Where the rows of a portal go that FETCH or MOVE runs: on to the client, or nowhere, and they are
 * counted. How the portal ends is not told: the statement has a command tag of its own.
 */
final class FetchedRows implements ResultSink {
  private final ResultSink client;
  private final boolean shown;
  private long count;

  FetchedRows(ResultSink client, boolean shown) {
    this.client = client;
    this.shown = shown;
  }

  long count() {
    return count;
  }

  @Override
  public void columns(List<OutputColumn> columns) {
    // Also of an attempt that runs again.
    count = 0;
    if (shown) {
      client.columns(columns);
    }
  }

  @Override
  public void binaryColumns(List<OutputColumn> columns) {
    columns(columns);
  }

  @Override
  public void row(Row row) {
    count++;
    if (shown) {
      client.row(row);
    }
  }

  @Override
  public void complete(String tag) {}

  @Override
  public void emptyQuery() {}

  @Override
  public void suspended() {}

  @Override
  public CopySource copyIn(boolean binary, int columns) {
    throw new IllegalStateException("a query copies nothing");
  }

  @Override
  public void copyOut(boolean binary, int columns) {
    throw new IllegalStateException("a query copies nothing");
  }

  @Override
  public void copyData(byte[] buffer, int offset, int length) {
    throw new IllegalStateException("a query copies nothing");
  }

  @Override
  public void copyDone() {
    throw new IllegalStateException("a query copies nothing");
  }

  @Override
  public long mark() {
    return client.mark();
  }

  @Override
  public boolean rewind(long mark) {
    return client.rewind(mark);
  }
}
