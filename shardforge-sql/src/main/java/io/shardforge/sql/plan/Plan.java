package io.shardforge.sql.plan;

import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a statement was planned to: immutable and free of Calcite, parameter values and keys. */
public sealed interface Plan {
  /** Result columns, empty for a statement that returns no rows. */
  List<OutputColumn> columns();

  /** Types of $1.., inferred where the client left them open. */
  List<SqlType> parameterTypes();

  /** Which command a query plan carries out: gives its command tag. */
  enum Command {
    SELECT,
    INSERT,
    UPDATE,
    DELETE
  }

  /**
   * SELECT, VALUES, INSERT, UPDATE, DELETE.
   *
   * @param readOnly whether it neither writes nor locks rows
   */
  record QueryPlan(
      PlanNode root,
      Command command,
      List<OutputColumn> columns,
      List<SqlType> parameterTypes,
      boolean readOnly)
      implements Plan {}

  /** EXPLAIN of a query. */
  record ExplainPlan(QueryPlan query, ExplainOptions options, List<OutputColumn> columns)
      implements Plan {
    @Override
    public List<SqlType> parameterTypes() {
      return query.parameterTypes();
    }
  }

  /** The options of EXPLAIN; {@code json} for FORMAT JSON, else text. */
  record ExplainOptions(
      boolean analyze, boolean verbose, boolean costs, boolean timing, boolean summary, boolean json) {}

  /**
   * COPY. Exactly one of {@code table} (with the ordinals of its columns to copy) and {@code query} is set.
   */
  record CopyPlan(
      boolean from,
      @Nullable TableDescriptor table,
      List<Integer> columnOrdinals,
      @Nullable QueryPlan query,
      CopyOptions options)
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

  /** The options of COPY, with PostgreSQL's defaults filled in. */
  record CopyOptions(
      Format format,
      char delimiter,
      String nullText,
      Header header,
      char quote,
      char escape,
      List<String> forceQuote,
      boolean forceQuoteAll,
      List<String> forceNotNull,
      List<String> forceNull) {
    /** The layout of the copied bytes. */
    public enum Format {
      TEXT,
      CSV,
      BINARY
    }

    /** Whether there is a header line, and whether its names must match the columns. */
    public enum Header {
      NONE,
      PRESENT,
      MATCH
    }
  }

  /** Everything else: transaction control, settings, PREPARE and EXECUTE, DDL; carried out from its parse tree. */
  record UtilityPlan(ParsedStatement statement, List<OutputColumn> columns) implements Plan {
    @Override
    public List<SqlType> parameterTypes() {
      return List.of();
    }
  }
}
