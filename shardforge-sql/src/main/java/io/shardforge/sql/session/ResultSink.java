package io.shardforge.sql.session;

import io.shardforge.sql.expr.Row;
import io.shardforge.sql.plan.OutputColumn;
import java.util.List;

/**
 * Where a statement's outcome goes. {@link #row} blocks the session's thread while the client does
 * not read: that is all the back-pressure there is.
 */
public interface ResultSink {
  /** The columns of the rows that follow; not called for statements that return none. */
  void columns(List<OutputColumn> columns);

  /**
   * The same of rows that a client gets in binary form, if it has not said itself in which form it
   * wants them.
   */
  void binaryColumns(List<OutputColumn> columns);

  void row(Row row);

  /** The statement ended well, with PostgreSQL's command tag. */
  void complete(String tag);

  /** The query string was empty. */
  void emptyQuery();

  /** The row limit of Execute was reached; more rows may follow in the next Execute. */
  void suspended();

  /** Starts COPY FROM STDIN and gives the client's bytes. */
  CopySource copyIn(boolean binary, int columns);

  /** Starts COPY TO STDOUT. */
  void copyOut(boolean binary, int columns);

  void copyData(byte[] buffer, int offset, int length);

  void copyDone();

  /** Where the output is now, for {@link #rewind}. */
  long mark();

  /**
   * Takes back everything since a mark, which is possible while none of it has left for the client:
   * what lets the server run a statement again by itself.
   */
  boolean rewind(long mark);
}
