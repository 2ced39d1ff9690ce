package io.shardforge.server.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shardforge.sql.expr.LargeValues;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.session.CopySource;
import io.shardforge.sql.session.ResultSink;
import io.shardforge.sql.session.Session;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;

/** One statement's result as JSON: its columns, its rows as PostgreSQL's texts, its tag. */
final class JsonSink implements ResultSink {
  private final ObjectNode result;
  private final ArrayNode rows;
  private final long charactersMax;
  private final TypeContext context;
  private final PgType[] types;
  private long characters;

  /**
   * @param columns none for a statement without rows
   * @param charactersMax of all values together; 54000 beyond them
   */
  JsonSink(Session session, List<OutputColumn> columns, ObjectNode result, long charactersMax) {
    this.result = result;
    this.charactersMax = charactersMax;
    this.context = session.typeContext();
    this.types = new PgType[columns.size()];
    ArrayNode heads = result.putArray("columns");
    for (int i = 0; i < types.length; i++) {
      types[i] = PgTypes.byOid(columns.get(i).type().oid());
      heads.addObject().put("name", columns.get(i).name()).put("type", types[i].name());
    }
    this.rows = result.putArray("rows");
  }

  /** Characters of the values so far. */
  long characters() {
    return characters;
  }

  @Override
  public void columns(List<OutputColumn> columns) {}

  /** Values are texts here, whatever the cursor was declared as. */
  @Override
  public void binaryColumns(List<OutputColumn> columns) {}

  @Override
  public void row(Row row) {
    ArrayNode cells = rows.addArray();
    for (int i = 0; i < types.length; i++) {
      Object value = row.get(i);
      if (value == null) {
        cells.addNull();
        continue;
      }
      admit(LargeValues.largeBytes(value));
      String text = types[i].format(value, context);
      admit(text.length());
      characters += text.length();
      cells.add(text);
    }
  }

  private void admit(long more) {
    if (characters + more > charactersMax) {
      throw new ShardForgeException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "an answer over HTTP can have %d characters".formatted(charactersMax));
    }
  }

  @Override
  public void complete(String tag) {
    result.put("tag", tag);
  }

  @Override
  public void emptyQuery() {
    result.put("tag", "");
  }

  @Override
  public void suspended() {
    result.put("truncated", true);
  }

  @Override
  public CopySource copyIn(boolean binary, int columns) {
    throw noCopy();
  }

  @Override
  public void copyOut(boolean binary, int columns) {
    throw noCopy();
  }

  @Override
  public void copyData(byte[] buffer, int offset, int length) {
    throw noCopy();
  }

  @Override
  public void copyDone() {
    throw noCopy();
  }

  private static ShardForgeException noCopy() {
    return new ShardForgeException(
        ErrorCode.FEATURE_NOT_SUPPORTED, "COPY with the client's data is not supported over HTTP");
  }

  @Override
  public long mark() {
    return rows.size();
  }

  @Override
  public boolean rewind(long mark) {
    while (rows.size() > mark) {
      rows.remove(rows.size() - 1);
    }
    return true;
  }
}
