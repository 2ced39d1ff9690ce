package io.shardforge.sql.ddl;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans and runs the query of CREATE TABLE AS within the statement's transaction. */
public interface QuerySource {
  /** Plans a query (SELECT, VALUES or EXECUTE node) and opens it. */
  Rows open(Node query);

  /** A running query. */
  interface Rows extends AutoCloseable {
    List<String> names();

    List<SqlType> types();

    /** The next batch, valid until the next call; null at the end. */
    @Nullable RowBatch next();

    @Override
    void close();
  }
}
