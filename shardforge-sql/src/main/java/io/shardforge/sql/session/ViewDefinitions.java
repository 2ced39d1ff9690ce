package io.shardforge.sql.session;

import io.shardforge.sql.bind.Query;
import io.shardforge.sql.bind.ViewQuery;
import io.shardforge.sql.catalog.UpdatableRelations;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.ddl.ViewQueries;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.parse.ViewText;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.plan.PlanContext;
import io.shardforge.sql.plan.Planner;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Binds the queries of views with the planner's binder.
 *
 * @param source what the locations in the statement refer to
 * @param context what the statement is planned on, asked anew each time
 */
public record ViewDefinitions(
    Planner planner, SqlParser parser, SourceText source, Supplier<PlanContext> context)
    implements ViewQueries {
  @Override
  public Definition define(Node query) {
    ViewQuery view = planner.view(query, source, context.get());
    return new Definition(
        view.sql(),
        view.names(),
        view.columns().stream().map(Query.Column::type).toList(),
        view.readings());
  }

  @Override
  public @Nullable String obstacleToCheck(ViewDescriptor view) {
    return new UpdatableRelations(context.get().catalog(), parser).obstacleToCheck(view);
  }

  @Override
  public String renamed(String sql, List<String> from, List<String> to) {
    return ViewText.renamed(parser, sql, from, to);
  }
}
