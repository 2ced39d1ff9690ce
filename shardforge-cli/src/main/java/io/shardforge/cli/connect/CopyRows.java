package io.shardforge.cli.connect;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows on their way into a table by COPY; their values have no character that it would escape. */
public final class CopyRows implements AutoCloseable {
  private static final int FLUSH_CHARS = 1 << 16;

  private final CopyIn copy;
  private final StringBuilder pending = new StringBuilder();

  public CopyRows(Connection connection, String table) throws SQLException {
    copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + table + " FROM STDIN");
  }

  /** Adds a row. */
  public void add(@Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      pending.append(i == 0 ? "" : "\t").append(values[i] == null ? "\\N" : values[i]);
    }
    pending.append('\n');
    if (pending.length() > FLUSH_CHARS) {
      flush();
    }
  }

  private void flush() throws SQLException {
    byte[] bytes = pending.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    pending.setLength(0);
  }

  @Override
  public void close() throws SQLException {
    flush();
    copy.endCopy();
  }
}
