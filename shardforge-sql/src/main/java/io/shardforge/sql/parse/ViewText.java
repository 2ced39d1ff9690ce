package io.shardforge.sql.parse;

import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ResTarget;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SetOperation;
import java.util.ArrayList;
import java.util.List;

/** Changes the text of a view's query without changing what it selects. */
public final class ViewText {
  private ViewText() {}

  /** The query with its columns under other names, all of which are different. */
  public static String renamed(SqlParser parser, String sql, List<String> from, List<String> to) {
    if (from.equals(to)) {
      return sql;
    }
    SelectStmt select = parser.parse(sql).getFirst().node().getSelectStmt();
    return isPlain(select) && select.getTargetListCount() == to.size()
        ? parser.write(Node.newBuilder().setSelectStmt(targets(select, from, to)).build())
        : around(sql, to);
  }

  /** Whether nothing in the query can mean one of its columns by name. */
  private static boolean isPlain(SelectStmt select) {
    return select.getOp() == SetOperation.SETOP_NONE
        && select.getSortClauseCount() == 0
        && select.getGroupClauseCount() == 0
        && select.getDistinctClauseCount() == 0;
  }

  private static SelectStmt targets(SelectStmt select, List<String> from, List<String> to) {
    SelectStmt.Builder renamed = select.toBuilder();
    for (int i = 0; i < to.size(); i++) {
      if (!from.get(i).equals(to.get(i))) {
        ResTarget target = select.getTargetList(i).getResTarget();
        renamed.setTargetList(
            i, Node.newBuilder().setResTarget(target.toBuilder().setName(to.get(i))));
      }
    }
    return renamed.build();
  }

  private static String around(String sql, List<String> names) {
    List<String> quoted = new ArrayList<>();
    for (String name : names) {
      quoted.add('"' + name.replace("\"", "\"\"") + '"');
    }
    String list = String.join(", ", quoted);
    return "SELECT " + list + " FROM (" + sql + ") named(" + list + ")";
  }
}
