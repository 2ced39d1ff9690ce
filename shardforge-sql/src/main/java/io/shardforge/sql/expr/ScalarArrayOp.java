package io.shardforge.sql.expr;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** operand operator ANY (array) and operand operator ALL (array). */
public final class ScalarArrayOp extends Expression {
  private final Expression operand;
  private final Expression array;
  private final int functionOid;
  private final ScalarFunction operator;
  private final boolean strict;
  private final boolean any;

  /**
   * A comparison with the elements of an array.
   *
   * @param functionOid the operator's function, of operand and element
   * @param operator its implementation
   * @param any true for ANY, false for ALL
   */
  public ScalarArrayOp(
      Expression operand,
      Expression array,
      int functionOid,
      ScalarFunction operator,
      boolean strict,
      boolean any) {
    super(SqlType.of(PgOid.BOOL));
    this.operand = operand;
    this.array = array;
    this.functionOid = functionOid;
    this.operator = operator;
    this.strict = strict;
    this.any = any;
  }

  public Expression operand() {
    return operand;
  }

  public Expression array() {
    return array;
  }

  public int functionOid() {
    return functionOid;
  }

  public ScalarFunction operator() {
    return operator;
  }

  public boolean any() {
    return any;
  }

  @Override
  public List<Expression> children() {
    return List.of(operand, array);
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    if (!(array.eval(row, context) instanceof ArrayValue elements)) {
      return null;
    }
    if (elements.size() == 0) {
      return !any;
    }
    Object subject = operand.eval(row, context);
    if (subject == null && strict) {
      return null;
    }
    boolean unknown = false;
    @Nullable Object[] pair = {subject, null};
    for (int i = 0; i < elements.size(); i++) {
      pair[1] = elements.get(i);
      Object result = pair[1] == null && strict ? null : operator.apply(context, pair);
      if (result == null) {
        unknown = true;
      } else if ((Boolean) result == any) {
        return any;
      }
    }
    return unknown ? null : !any;
  }

  @Override
  public String toString() {
    return operand + (any ? " = ANY " : " = ALL ") + array;
  }
}
