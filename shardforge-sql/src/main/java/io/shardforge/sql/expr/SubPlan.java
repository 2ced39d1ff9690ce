package io.shardforge.sql.expr;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A subquery inside an expression. */
public final class SubPlan extends Expression {
  /** How the rows of the inner plan become a value. */
  public enum Kind {
    SCALAR,
    EXISTS,
    /** operand operator ANY (subquery); IN is = ANY. */
    ANY,
    /** operand operator ALL (subquery); NOT IN is &lt;&gt; ALL. */
    ALL,
    ARRAY,
    /** ARRAY of a query that gives arrays: they are its slices. */
    STACKED
  }

  /** For {@link #correlationId}: the subquery sees nothing of the row. */
  public static final int UNCORRELATED = -1;

  private final Kind kind;
  private final Object plan;
  private final int correlationId;
  private final List<Expression> operands;
  private final List<ScalarFunction> operators;
  private final boolean negated;

  /**
   * A subquery.
   *
   * @param plan the plan node, which only the runner understands
   * @param correlationId under which the row is bound for the inner plan, or {@link #UNCORRELATED}
   * @param operands for ANY and ALL the left side, a field for each inner column
   * @param operators the operator's function for each field, strict
   * @param negated whether the fields are compared by &lt;&gt;: rows differ if any field does
   */
  public SubPlan(
      SqlType type,
      Kind kind,
      Object plan,
      int correlationId,
      List<Expression> operands,
      List<ScalarFunction> operators,
      boolean negated) {
    super(type);
    this.kind = kind;
    this.plan = plan;
    this.correlationId = correlationId;
    this.operands = List.copyOf(operands);
    this.operators = List.copyOf(operators);
    this.negated = negated;
  }

  public Kind kind() {
    return kind;
  }

  public Object plan() {
    return plan;
  }

  public int correlationId() {
    return correlationId;
  }

  @Override
  public List<Expression> children() {
    return operands;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    if (correlationId != UNCORRELATED) {
      context.bindOuterRow(correlationId, row);
    }
    EvalContext.SubPlanRunner runner = context.subPlans();
    return switch (kind) {
      case SCALAR -> runner.scalar(plan, context);
      case EXISTS -> runner.exists(plan, context);
      case ARRAY, STACKED -> {
        List<@Nullable Object> elements = new ArrayList<>();
        for (@Nullable Object[] inner : runner.rows(plan, context)) {
          elements.add(inner[0]);
        }
        int elementOid = PgTypes.byOid(type().oid()).elementOid();
        yield kind == Kind.STACKED
            ? ArrayExpression.gather(elementOid, elements)
            : ArrayValue.of(elementOid, elements);
      }
      case ANY, ALL -> quantified(row, context, runner);
    };
  }

  private @Nullable Object quantified(
      Row row, EvalContext context, EvalContext.SubPlanRunner runner) {
    @Nullable Object[] left = new @Nullable Object[operands.size()];
    for (int i = 0; i < left.length; i++) {
      left[i] = operands.get(i).eval(row, context);
    }
    boolean any = kind == Kind.ANY;
    boolean unknown = false;
    for (@Nullable Object[] inner : runner.rows(plan, context)) {
      Boolean result = compare(left, inner, context);
      if (result == null) {
        unknown = true;
      } else if (result == any) {
        return any;
      }
    }
    return unknown ? null : !any;
  }

  /** AND of the fields' comparisons, or OR for &lt;&gt;. */
  private @Nullable Boolean compare(
      @Nullable Object[] left, @Nullable Object[] right, EvalContext context) {
    boolean unknown = false;
    for (int i = 0; i < left.length; i++) {
      Object result =
          left[i] == null || right[i] == null
              ? null
              : operators.get(i).apply(context, new @Nullable Object[] {left[i], right[i]});
      if (result == null) {
        unknown = true;
      } else if ((Boolean) result == negated) {
        return negated;
      }
    }
    return unknown ? null : !negated;
  }

  @Override
  public String toString() {
    return kind + "(subplan)";
  }
}
