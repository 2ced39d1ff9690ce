package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.expr.EvalContext;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** pg_stat_statements: what the node that is asked has run. */
final class StatementTables {
  private StatementTables() {}

  static Stream<@Nullable Object[]> statements(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    return context.services().get(StatementsView.class).statements().stream()
        .map(s -> {
          Cells row =
              t.row()
                  .set("userid", s.roleId())
                  .set("dbid", s.databaseId())
                  .set("toplevel", true)
                  .set("queryid", s.queryId() == 0 ? null : (Object) s.queryId())
                  .set("query", s.query())
                  .set("plans", s.plans())
                  .set("calls", s.calls())
                  .set("rows", s.rows())
                  .set("stats_since", s.sinceMicros());
          times(row, "plan", s.planned());
          times(row, "exec", s.executed());
          return row.done();
        });
  }

  private static void times(Cells row, String what, StatementsView.Times times) {
    row.set("total_" + what + "_time", (Object) times.total())
        .set("min_" + what + "_time", (Object) times.least())
        .set("max_" + what + "_time", (Object) times.greatest())
        .set("mean_" + what + "_time", (Object) times.mean())
        .set("stddev_" + what + "_time", (Object) times.deviation());
  }
}
