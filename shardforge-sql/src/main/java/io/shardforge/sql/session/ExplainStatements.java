package io.shardforge.sql.session;

import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.Executor;
import io.shardforge.sql.exec.Instrumentation;
import io.shardforge.sql.exec.Operator;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.Explain;
import io.shardforge.sql.plan.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** EXPLAIN and EXPLAIN ANALYZE. */
final class ExplainStatements {
  private static final double NANOS_PER_MILLI = 1e6;

  private final Session session;
  private final TransactionBlock transaction;

  ExplainStatements(Session session, TransactionBlock transaction) {
    this.session = session;
    this.transaction = transaction;
  }

  void run(Plan.ExplainPlan plan, Portal portal, ResultSink sink) {
    transaction.statementRan();
    Instrumentation counters = null;
    Explain.Output output = new Explain.Output(0, 0);
    long nanos = 0;
    if (plan.options().analyze()) {
      counters = new Instrumentation(session.clock()::monotonicNanos);
      long started = session.clock().monotonicNanos();
      output = execute(plan, portal.parameters(), counters);
      nanos = session.clock().monotonicNanos() - started;
    }
    List<String> lines = lines(plan, counters, output, nanos);
    sink.columns(plan.columns());
    for (String line : lines) {
      sink.row(_ -> line);
    }
    sink.complete("EXPLAIN");
  }

  private Explain.Output execute(
      Plan.ExplainPlan plan, @Nullable Object[] parameters, Instrumentation counters) {
    Plan.QueryPlan query = plan.inner();
    Explain.Serialize asked = plan.options().serialize();
    OutputMeter meter =
        new OutputMeter(
            query.columns(),
            asked == Explain.Serialize.BINARY,
            session.typeContext(),
            session.clock()::monotonicNanos);
    try (Execution execution = session.newExecution(parameters)) {
      execution.instrument(counters);
      try (Operator operator = Executor.open(query, execution)) {
        // Rows are counted by the operators and go nowhere.
        for (RowBatch batch = operator.next(); batch != null; batch = operator.next()) {
          if (asked != Explain.Serialize.NONE) {
            meter.add(batch);
          }
        }
      }
      session.finish(execution);
    }
    return meter.figures();
  }

  private List<String> lines(
      Plan.ExplainPlan plan,
      @Nullable Instrumentation counters,
      Explain.Output output,
      long nanos) {
    if (counters == null) {
      return Explain.render(
          plan.inner(),
          plan.options(),
          session.settings().changedOfPlanner(),
          plan.planningNanos() / NANOS_PER_MILLI);
    }
    return Explain.render(
        plan.inner(),
        plan.options(),
        session.settings().changedOfPlanner(),
        node -> actual(counters.actual(node)),
        output,
        plan.planningNanos() / NANOS_PER_MILLI,
        nanos / NANOS_PER_MILLI);
  }

  private static Explain.@Nullable Actual actual(Instrumentation.@Nullable Actual actual) {
    return actual == null
        ? null
        : new Explain.Actual(
            actual.rows(),
            actual.loops(),
            actual.startupNanos() / NANOS_PER_MILLI,
            actual.totalNanos() / NANOS_PER_MILLI,
            actual.reads());
  }
}
