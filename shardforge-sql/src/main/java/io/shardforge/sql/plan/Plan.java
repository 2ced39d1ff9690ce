package io.shardforge.sql.plan;

import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the session does for one statement. Immutable, shared by all executions. */
public sealed interface Plan {
  /** The columns of the result, none if the statement returns no rows. */
  List<OutputColumn> columns();

  /** The types of $1, $2, …. */
  List<SqlType> parameterTypes();

  /** The word of a command tag. */
  enum CommandTag {
    SELECT,
    INSERT,
    UPDATE,
    DELETE,
    MERGE
  }

  /**
   * SELECT, VALUES, INSERT, UPDATE, DELETE or MERGE.
   *
   * @param readOnly false if it changes or locks rows
   */
  record QueryPlan(
      PlanNode root,
      List<OutputColumn> columns,
      List<SqlType> parameterTypes,
      boolean readOnly,
      CommandTag tag)
      implements Plan {}

  /** EXPLAIN of a query. */
  record ExplainPlan(
      QueryPlan inner, Explain.Options options, List<OutputColumn> columns, long planningNanos)
      implements Plan {
    @Override
    public List<SqlType> parameterTypes() {
      return options.genericPlan() ? List.of() : inner.parameterTypes();
    }
  }

  /**
   * COPY … FROM.
   *
   * @param file of the node, null for STDIN
   * @param condition which rows are taken, null for all
   * @param inputColumns ordinals of the table columns in the order of the input
   * @param defaults one expression a table column, used where the input has none
   */
  record CopyFromPlan(
      TableDescriptor table,
      List<Integer> inputColumns,
      List<Expression> defaults,
      List<Expression> checks,
      @Nullable Expression condition,
      DerivedValues derived,
      CopyOptions options,
      @Nullable String file)
      implements Plan {
    @Override
    public List<OutputColumn> columns() {
      return List.of();
    }

    @Override
    public List<SqlType> parameterTypes() {
      return List.of();
    }
  }

  /**
   * COPY … TO: a query whose rows are written in the copy format.
   *
   * @param file of the node, null for STDOUT
   */
  record CopyToPlan(QueryPlan query, CopyOptions options, @Nullable String file) implements Plan {
    @Override
    public List<OutputColumn> columns() {
      return List.of();
    }

    @Override
    public List<SqlType> parameterTypes() {
      return query.parameterTypes();
    }
  }

  /** DECLARE of a cursor for a query. */
  record DeclarePlan(ParsedStatement statement, Planner.CursorPlan cursor) implements Plan {
    @Override
    public List<OutputColumn> columns() {
      return List.of();
    }

    @Override
    public List<SqlType> parameterTypes() {
      return cursor.query().parameterTypes();
    }
  }

  /** Everything that the session or DDL does from the parse tree. */
  record UtilityPlan(ParsedStatement statement) implements Plan {
    @Override
    public List<OutputColumn> columns() {
      return List.of();
    }

    @Override
    public List<SqlType> parameterTypes() {
      return List.of();
    }
  }

  /** The query of a plan that runs one, else null. */
  default @Nullable QueryPlan query() {
    return switch (this) {
      case QueryPlan plan -> plan;
      case ExplainPlan plan -> plan.inner();
      case CopyToPlan plan -> plan.query();
      case DeclarePlan plan -> plan.cursor().query();
      case CopyFromPlan _, UtilityPlan _ -> null;
    };
  }
}
