package io.shardforge.sql.session;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.plan.Plan.QueryPlan;
import io.shardforge.sql.plan.PlanContext;
import io.shardforge.sql.plan.TableStatistics;
import java.util.List;

/** Plans statements of the system's own: names are qualified, and no privileges apply. */
final class OwnStatements {
  private final Session session;

  OwnStatements(Session session) {
    this.session = session;
  }

  /**
   * The plan of one query.
   *
   * @param parameterTypes type oids of $1, $2, …
   */
  QueryPlan plan(String sql, List<Integer> parameterTypes) {
    ParsedStatement statement = session.services().parser().parse(sql).getFirst();
    CatalogSnapshot catalog = session.transaction().catalog().snapshot();
    PlanContext context =
        new PlanContext(
            catalog,
            List.of(),
            parameterTypes,
            session.typeContext(),
            TableStatistics.of(catalog),
            false);
    return (QueryPlan) session.services().planner().plan(statement, context);
  }
}
