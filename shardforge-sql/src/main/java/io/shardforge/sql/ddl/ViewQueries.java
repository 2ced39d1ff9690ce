package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What CREATE VIEW needs of the planner: its query bound, and written to be kept. */
public interface ViewQueries {
  /**
   * A view's query as it is kept.
   *
   * @param names what the query itself calls its columns
   */
  record Definition(String sql, List<String> names, List<SqlType> types, List<Reading> readings) {}

  Definition define(Node query);

  /** Why no rows can be written through a view, so that it cannot check them; null if they can. */
  @Nullable String obstacleToCheck(ViewDescriptor view);

  /** The text of a view's query with other names of its columns. */
  String renamed(String sql, List<String> from, List<String> to);
}
