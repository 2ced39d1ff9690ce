package io.shardforge.sql.bind;

import io.shardforge.sql.type.SqlType;
import java.util.List;

/** A bound query: its algebra and the names of its columns. */
public record Query(Rel rel, List<Column> columns) {
  /** An output column; table and number are 0 unless it is a plain column of a table. */
  public record Column(String name, SqlType type, int tableId, int columnNumber) {
    Column withType(SqlType newType) {
      return newType.equals(type) ? this : new Column(name, newType, 0, 0);
    }
  }
}
