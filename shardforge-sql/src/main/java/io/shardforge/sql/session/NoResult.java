package io.shardforge.sql.session;

import io.shardforge.sql.expr.Row;
import io.shardforge.sql.plan.OutputColumn;
import java.util.List;

/** For statements of the system's own: nobody waits for what they answer. */
enum NoResult implements ResultSink, SessionListener {
  INSTANCE;

  @Override
  public void columns(List<OutputColumn> columns) {}

  @Override
  public void binaryColumns(List<OutputColumn> columns) {}

  @Override
  public void row(Row row) {}

  @Override
  public void complete(String tag) {}

  @Override
  public void emptyQuery() {}

  @Override
  public void suspended() {}

  @Override
  public CopySource copyIn(boolean binary, int columns) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void copyOut(boolean binary, int columns) {}

  @Override
  public void copyData(byte[] buffer, int offset, int length) {}

  @Override
  public void copyDone() {}

  @Override
  public long mark() {
    return 0;
  }

  @Override
  public boolean rewind(long mark) {
    return true;
  }

  @Override
  public void notice(Notice notice) {}

  @Override
  public void settingChanged(String name, String value) {}

  @Override
  public void notified(Notification notification) {}

  @Override
  public void wake() {}
}
