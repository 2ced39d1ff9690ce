package io.shardforge.sql.plan;

import io.shardforge.sql.bind.BindContext;
import io.shardforge.sql.bind.Binder;
import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.CursorQuery;
import io.shardforge.sql.bind.Query;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.bind.Rels;
import io.shardforge.sql.bind.Resolver;
import io.shardforge.sql.bind.TypeNameBinder;
import io.shardforge.sql.bind.ViewQuery;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.TypeName;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Turns parsed statements into plans, remembering those of recent statements. Any thread. */
public final class Planner {
  private final SqlParser parser;
  private final LongSupplier nanos;
  private final Resolver resolver = new Resolver(new RegistryTables());
  private final PlanCache cache = new PlanCache();

  /**
   * @param parser reads expressions and views that the catalog keeps as text
   * @param nanos a clock, for how long planning takes
   */
  public Planner(SqlParser parser, LongSupplier nanos) {
    this.parser = parser;
    this.nanos = nanos;
  }

  /**
   * The plan of a statement. Queries are bound and optimized; everything else is handed back as a
   * {@link Plan.UtilityPlan}.
   */
  public Plan plan(ParsedStatement statement, PlanContext context) {
    if (statement.node().getSelectStmt().hasIntoClause()) {
      return new Plan.UtilityPlan(statement);
    }
    return switch (statement.node().getNodeCase()) {
      case SELECT_STMT, INSERT_STMT, UPDATE_STMT, DELETE_STMT, MERGE_STMT ->
          cached(statement, context);
      case EXPLAIN_STMT -> explain(statement, context);
      case DECLARE_CURSOR_STMT ->
          new Plan.DeclarePlan(
              statement,
              cursor(
                  statement.node().getDeclareCursorStmt().getQuery(), statement.source(), context));
      case COPY_STMT -> new CopyPlanner(this, context).plan(statement);
      default -> new Plan.UtilityPlan(statement);
    };
  }

  private Plan cached(ParsedStatement statement, PlanContext context) {
    PlanCache.Key key = PlanCache.Key.of(statement.text(), context);
    Plan known = cache.find(key);
    if (known != null) {
      return known;
    }
    Plan plan = query(statement.node(), statement.source(), context);
    cache.add(key, plan);
    return plan;
  }

  /** A context for binding what is not a whole statement: defaults, checks, views in DDL. */
  public BindContext bindContext(PlanContext context) {
    return new BindContext(
        context.catalog(),
        context.searchPath(),
        resolver,
        parser,
        context.types(),
        context.parameterTypes(),
        context.infersParameters());
  }

  /** The query of a view that is being made. */
  public ViewQuery view(Node query, SourceText source, PlanContext context) {
    try {
      return ViewQuery.of(new Binder(bindContext(context)), query, source);
    } catch (StackOverflowError e) {
      throw new ShardForgeException(ErrorCode.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
  }

  /** Plans a query that stands inside another statement (EXPLAIN, COPY, PREPARE, DECLARE). */
  public Plan.QueryPlan query(Node node, SourceText source, PlanContext context) {
    try {
      Binder binder = new Binder(bindContext(context));
      return optimize(binder.bind(node, source), node, binder, context);
    } catch (StackOverflowError e) {
      throw new ShardForgeException(ErrorCode.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
  }

  /** Plans the query of a cursor. */
  private CursorPlan cursor(Node node, SourceText source, PlanContext context) {
    try {
      Binder binder = new Binder(bindContext(context));
      CursorQuery cursor = CursorQuery.of(binder.bind(node, source));
      Query kept = new Query(cursor.rows(), cursor.query().columns());
      return new CursorPlan(
          optimize(kept, node, binder, context), cursor.origins(), cursor.locks());
    } catch (StackOverflowError e) {
      throw new ShardForgeException(ErrorCode.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
  }

  /**
   * A cursor's query; its rows have the keys of their origins after the columns that are shown.
   *
   * @param locks whether it locks its rows
   */
  public record CursorPlan(Plan.QueryPlan query, List<CursorQuery.Origin> origins, boolean locks) {}

  Plan.QueryPlan optimize(Query query, Node node, Binder binder, PlanContext context) {
    PlanNode root = cheapest(query.rel(), binder, context.statistics());
    List<OutputColumn> columns = new ArrayList<>();
    for (Query.Column c : query.columns()) {
      // A record's modifier is only the binder's.
      SqlType type = c.type().oid() == PgOid.RECORD ? SqlType.of(PgOid.RECORD) : c.type();
      columns.add(new OutputColumn(c.name(), type, c.tableId(), c.columnNumber()));
    }
    boolean readOnly =
        !Rels.any(
            query.rel(),
            r ->
                r instanceof Rel.Insert
                    || r instanceof Rel.Update
                    || r instanceof Rel.Delete
                    || r instanceof Rel.Merge
                    || r instanceof Rel.LockRows,
            _ -> false);
    Plan.CommandTag tag =
        switch (node.getNodeCase()) {
          case INSERT_STMT -> Plan.CommandTag.INSERT;
          case UPDATE_STMT -> Plan.CommandTag.UPDATE;
          case DELETE_STMT -> Plan.CommandTag.DELETE;
          case MERGE_STMT -> Plan.CommandTag.MERGE;
          default -> Plan.CommandTag.SELECT;
        };
    return new Plan.QueryPlan(root, columns, binder.parameterTypes(), readOnly, tag);
  }

  private static PlanNode cheapest(Rel rel, Binder binder, TableStatistics statistics) {
    Rewriter rewriter = new Rewriter(true);
    PlanNode joined = new PhysicalPlanner(statistics, binder).plan(rewriter.rewrite(rel));
    if (!rewriter.mayNotPay()) {
      return joined;
    }
    PlanNode nested =
        new PhysicalPlanner(statistics, binder).plan(new Rewriter(false).rewrite(rel));
    return nested.estimate().totalCost() < joined.estimate().totalCost() ? nested : joined;
  }

  private Plan explain(ParsedStatement statement, PlanContext context) {
    Explain.Options options = Explain.options(statement);
    Node inner = statement.node().getExplainStmt().getQuery();
    return switch (inner.getNodeCase()) {
      case SELECT_STMT, INSERT_STMT, UPDATE_STMT, DELETE_STMT, MERGE_STMT -> {
        long started = nanos.getAsLong();
        PlanContext parametrized =
            options.genericPlan()
                ? new PlanContext(
                    context.catalog(),
                    context.searchPath(),
                    context.parameterTypes(),
                    context.types(),
                    context.statistics())
                : context;
        Plan.QueryPlan plan = query(inner, statement.source(), parametrized);
        yield new Plan.ExplainPlan(
            plan, options, List.of(Explain.column(options)), nanos.getAsLong() - started);
      }
      // EXPLAIN EXECUTE and the like: the session looks the statement up itself.
      default -> new Plan.UtilityPlan(statement);
    };
  }

  /** What a definition's expression is for. */
  public enum Definition {
    /** A column default: over no columns, assigned to the column's type. */
    DEFAULT,
    /** A CHECK condition over the columns. */
    CHECK,
    /** The value of a generated column: over the columns, assigned to its type. */
    GENERATED,
    /** USING of a column's change of type: over the columns, assigned to the new type. */
    TRANSFORM,
    /** A key column of an index, over the columns. */
    INDEX_KEY,
    /** The condition of a partial index, over the columns. */
    INDEX_PREDICATE
  }

  /** Makes the expression of a definition over a table's columns, by ordinal. */
  public Expression definition(
      Node expression,
      Definition kind,
      List<ColumnDescriptor> columns,
      @Nullable SqlType target,
      @Nullable SourceText source,
      PlanContext context) {
    Bound bound = bindDefinition(expression, kind, columns, target, source, context);
    return new PhysicalPlanner(context.statistics(), new Binder(bindContext(context)))
        .expressions()
        .build(bound, ExpressionBuilder.Env.EMPTY.with(Planned.identity(columns.size())));
  }

  /** Binds the expression of a definition, which may be part of a text, over a table's columns. */
  public Bound bindDefinition(
      Node expression,
      Definition kind,
      List<ColumnDescriptor> columns,
      @Nullable SqlType target,
      @Nullable SourceText source,
      PlanContext context) {
    BindContext bindContext = bindContext(context);
    bindContext.swapSource(source);
    Binder binder = new Binder(bindContext);
    return switch (kind) {
      case DEFAULT -> ConstantFolding.folded(binder.defaultExpression(expression, target));
      case CHECK -> binder.checkExpression(expression, columns);
      case GENERATED -> binder.generatedExpression(expression, columns, target);
      case TRANSFORM -> binder.transformExpression(expression, columns, target);
      case INDEX_KEY -> binder.indexExpression(expression, columns);
      case INDEX_PREDICATE -> binder.indexPredicate(expression, columns);
    };
  }

  /** Whether an expression may be another value each time that it is computed in a statement. */
  public static boolean isVolatile(Bound expression) {
    return Rewriter.isVolatile(expression);
  }

  /** What a table's indexes hold of its rows beyond columns. */
  public DerivedValues derivedValues(TableDescriptor table, PlanContext context) {
    return new PhysicalPlanner(context.statistics(), new Binder(bindContext(context)))
        .derivedValues(table);
  }

  /** The type that a name in a statement means. */
  public SqlType type(TypeName name, PlanContext context) {
    return TypeNameBinder.bind(bindContext(context), name);
  }
}
