package io.shardforge.sql.expr;

import io.shardforge.sql.type.TypeContext;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** What one execution of a statement gives its expressions. Used by one thread at a time. */
public interface EvalContext {
  /** The bound value of {@code $n}, 1-based. */
  @Nullable Object parameter(int number);

  /** transaction_timestamp() and statement_timestamp() in microseconds since 2000-01-01 UTC. */
  long transactionMicros();

  long statementMicros();

  ZoneId timeZone();

  /** The settings that reading and writing values depends on, as they are now. */
  TypeContext typeContext();

  /**
   * A run-time setting by its lower-case name (DateStyle, search_path, ...), or null when there is
   * none.
   */
  @Nullable String setting(String name);

  /** The row bound to a correlation variable by an enclosing Correlate or SubPlan. */
  Row outerRow(int correlationId);

  /** Binds a correlation variable for the evaluation of an inner plan. */
  void bindOuterRow(int correlationId, Row row);

  /**
   * Runs an inner plan of an expression; handed over as the plan node itself so that expr need not
   * see plans.
   */
  SubPlanRunner subPlans();

  /**
   * Services that functions reach beyond their arguments (sequences, catalog lookups, sessions,
   * cancel, sleep).
   */
  FunctionServices services();

  /** Makes sure that there is memory for a large value before it is made, or fails with 53200. */
  void admitLarge(long bytes);

  /** Counts a large value as memory for as long as somebody holds it. */
  void countLarge(Object value, long bytes);

  /** Runs the plans inside expressions. */
  interface SubPlanRunner {
    /**
     * First row's first column, or null if there is no row; 21000 if there is more than one row.
     */
    @Nullable Object scalar(Object plan, EvalContext context);

    boolean exists(Object plan, EvalContext context);

    /** Rows of the inner plan, for IN/ANY/ALL and ARRAY(...). */
    Iterable<@Nullable Object[]> rows(Object plan, EvalContext context);
  }

  /**
   * Session and catalog services for functions such as nextval, current_user, pg_get_indexdef,
   * pg_sleep.
   */
  interface FunctionServices {
    /** The service of this type; throws when the server was wired without it. */
    <T> T get(Class<T> service);
  }
}
