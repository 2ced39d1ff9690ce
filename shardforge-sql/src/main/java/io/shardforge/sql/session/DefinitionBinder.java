package io.shardforge.sql.session;

import io.shardforge.sql.bind.Binder;
import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.system.SessionCatalog;
import io.shardforge.sql.ddl.ExpressionBinder;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.plan.PlanContext;
import io.shardforge.sql.plan.Planner;
import io.shardforge.sql.plan.TableStatistics;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Binds the expressions of definitions (defaults, checks, conversions) with the planner's binder.
 * Any thread.
 */
final class DefinitionBinder implements ExpressionBinder {
  private final Planner planner;
  private final SqlParser parser;

  DefinitionBinder(Planner planner, SqlParser parser) {
    this.planner = planner;
    this.parser = parser;
  }

  @Override
  public Expression bind(
      Node expression,
      Place place,
      CatalogSnapshot catalog,
      List<String> searchPath,
      List<ColumnDescriptor> columns,
      @Nullable SqlType target,
      @Nullable SourceText source) {
    return planner.definition(
        expression,
        kind(place),
        columns,
        target,
        source,
        context(catalog, searchPath, TypeContext.UTC));
  }

  @Override
  public IndexTerm indexTerm(
      Node expression,
      Place place,
      CatalogSnapshot catalog,
      List<String> searchPath,
      List<ColumnDescriptor> columns,
      TypeContext settings,
      @Nullable SourceText source) {
    Bound term =
        planner.bindDefinition(
            expression, kind(place), columns, null, source, context(catalog, searchPath, settings));
    return new IndexTerm(
        term.type(), Binder.indexColumnName(expression), Binder.settledLiterals(term));
  }

  private static PlanContext context(
      CatalogSnapshot catalog, List<String> searchPath, TypeContext settings) {
    return new PlanContext(
        catalog,
        searchPath,
        List.of(),
        settings.withNames(SessionCatalog.names(catalog, searchPath)),
        TableStatistics.NONE,
        false);
  }

  private static Planner.Definition kind(Place place) {
    return switch (place) {
      case DEFAULT -> Planner.Definition.DEFAULT;
      case CHECK -> Planner.Definition.CHECK;
      case GENERATED -> Planner.Definition.GENERATED;
      case TRANSFORM -> Planner.Definition.TRANSFORM;
      case INDEX_KEY -> Planner.Definition.INDEX_KEY;
      case INDEX_PREDICATE -> Planner.Definition.INDEX_PREDICATE;
    };
  }

  @Override
  public boolean isVolatile(String defaultSql, CatalogSnapshot catalog, SqlType target) {
    PlanContext context = context(catalog, List.of(), TypeContext.UTC);
    return Planner.isVolatile(
        planner.bindDefinition(
            parse(defaultSql), Planner.Definition.DEFAULT, List.of(), target, null, context));
  }

  @Override
  public Node parse(String sql) {
    List<ParsedStatement> statements = parser.parse("SELECT " + sql);
    return statements.getFirst().node().getSelectStmt().getTargetList(0).getResTarget().getVal();
  }

  @Override
  public Expression bindText(
      String sql,
      Place place,
      CatalogSnapshot catalog,
      List<ColumnDescriptor> columns,
      @Nullable SqlType target) {
    return bind(parse(sql), place, catalog, List.of(), columns, target, null);
  }
}
