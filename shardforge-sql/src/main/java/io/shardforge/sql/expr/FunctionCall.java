package io.shardforge.sql.expr;

import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call of a function or operator. */
public final class FunctionCall extends Expression {
  private final int functionOid;
  private final String name;
  private final ScalarFunction function;
  private final boolean strict;
  private final List<Expression> arguments;
  private final Expression[] argumentArray;

  /**
   * A call.
   *
   * @param functionOid the row of pg_proc, for EXPLAIN and for comparing expressions
   * @param strict whether any null argument makes the result null
   */
  public FunctionCall(
      SqlType type,
      int functionOid,
      String name,
      ScalarFunction function,
      boolean strict,
      List<Expression> arguments) {
    super(type);
    this.functionOid = functionOid;
    this.name = name;
    this.function = function;
    this.strict = strict;
    this.arguments = List.copyOf(arguments);
    this.argumentArray = this.arguments.toArray(new Expression[0]);
  }

  public int functionOid() {
    return functionOid;
  }

  public String name() {
    return name;
  }

  public ScalarFunction function() {
    return function;
  }

  @Override
  public List<Expression> children() {
    return arguments;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    @Nullable Object[] values = new @Nullable Object[argumentArray.length];
    for (int i = 0; i < values.length; i++) {
      Object value = argumentArray[i].eval(row, context);
      if (value == null && strict) {
        return null;
      }
      values[i] = value;
    }
    return LargeValues.call(function, type(), values, context);
  }

  // Hot path: comparisons and arithmetic of numbers run over arrays, everything else row by row.
  @Override
  public void evalBatch(RowBatch in, EvalContext context, ColumnVector out) {
    if (argumentArray.length == 2 && strict) {
      if (function instanceof LongComparison comparison && isLong(0) && isLong(1)) {
        compareLongs(comparison.comparison(), in, context, out);
        return;
      }
      if (function instanceof LongFunction binary
          && isLong(0)
          && isLong(1)
          && out.layout() == ColumnVector.Layout.LONG) {
        computeLongs(binary, in, context, out);
        return;
      }
      if (function instanceof DoubleComparison comparison && isDouble(0) && isDouble(1)) {
        compareDoubles(comparison, in, context, out);
        return;
      }
      if (function instanceof DoubleFunction binary
          && isDouble(0)
          && isDouble(1)
          && out.layout() == ColumnVector.Layout.DOUBLE) {
        computeDoubles(binary, in, context, out);
        return;
      }
    }
    evalBatchBoxed(in, context, out);
  }

  private boolean isLong(int argument) {
    return layout(argument) == ColumnVector.Layout.LONG;
  }

  private boolean isDouble(int argument) {
    return layout(argument) == ColumnVector.Layout.DOUBLE;
  }

  private ColumnVector.Layout layout(int argument) {
    return ColumnVector.layoutOf(argumentArray[argument].type().oid());
  }

  /** The vector of an argument: the input's own where it is a plain column. */
  private ColumnVector argument(int index, RowBatch in, EvalContext context) {
    Expression argument = argumentArray[index];
    ColumnVector.Layout layout = layout(index);
    if (argument instanceof ColumnRef column && in.column(column.column()).layout() == layout) {
      return in.column(column.column());
    }
    ColumnVector vector = new ColumnVector(layout, Math.max(1, in.size()));
    argument.evalBatch(in, context, vector);
    return vector;
  }

  private void compareLongs(
      Comparison comparison, RowBatch in, EvalContext context, ColumnVector out) {
    ColumnVector left = argument(0, in, context);
    long[] a = left.longs();
    long[] result = out.longs();
    int size = in.size();
    out.copyNulls(left);
    if (argumentArray[1] instanceof Constant constant && constant.value() instanceof Long fixed) {
      long b = fixed;
      switch (comparison) {
        case EQ -> {
          for (int i = 0; i < size; i++) {
            result[i] = a[i] == b ? 1 : 0;
          }
        }
        case NE -> {
          for (int i = 0; i < size; i++) {
            result[i] = a[i] != b ? 1 : 0;
          }
        }
        case LT -> {
          for (int i = 0; i < size; i++) {
            result[i] = a[i] < b ? 1 : 0;
          }
        }
        case LE -> {
          for (int i = 0; i < size; i++) {
            result[i] = a[i] <= b ? 1 : 0;
          }
        }
        case GT -> {
          for (int i = 0; i < size; i++) {
            result[i] = a[i] > b ? 1 : 0;
          }
        }
        case GE -> {
          for (int i = 0; i < size; i++) {
            result[i] = a[i] >= b ? 1 : 0;
          }
        }
      }
      return;
    }
    ColumnVector right = argument(1, in, context);
    long[] b = right.longs();
    out.addNulls(right);
    for (int i = 0; i < size; i++) {
      result[i] = comparison.holds(Long.compare(a[i], b[i])) ? 1 : 0;
    }
  }

  private void computeLongs(
      LongFunction binary, RowBatch in, EvalContext context, ColumnVector out) {
    ColumnVector left = argument(0, in, context);
    ColumnVector right = argument(1, in, context);
    out.copyNulls(left);
    out.addNulls(right);
    long[] a = left.longs();
    long[] b = right.longs();
    long[] result = out.longs();
    boolean nulls = out.hasNulls();
    for (int i = 0; i < in.size(); i++) {
      if (!nulls || !out.isNull(i)) {
        result[i] = binary.applyLong(a[i], b[i]);
      }
    }
  }

  private void compareDoubles(
      DoubleComparison comparison, RowBatch in, EvalContext context, ColumnVector out) {
    ColumnVector left = argument(0, in, context);
    ColumnVector right = argument(1, in, context);
    out.copyNulls(left);
    out.addNulls(right);
    for (int i = 0; i < in.size(); i++) {
      out.longs()[i] = comparison.test(left.doubles()[i], right.doubles()[i]) ? 1 : 0;
    }
  }

  private void computeDoubles(
      DoubleFunction binary, RowBatch in, EvalContext context, ColumnVector out) {
    ColumnVector left = argument(0, in, context);
    ColumnVector right = argument(1, in, context);
    out.copyNulls(left);
    out.addNulls(right);
    for (int i = 0; i < in.size(); i++) {
      if (!out.isNull(i)) {
        out.doubles()[i] = binary.applyDouble(left.doubles()[i], right.doubles()[i]);
      }
    }
  }

  private void evalBatchBoxed(RowBatch in, EvalContext context, ColumnVector out) {
    ColumnVector[] vectors = new ColumnVector[argumentArray.length];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = argument(i, in, context);
    }
    @Nullable Object[] values = new @Nullable Object[vectors.length];
    rows:
    for (int row = 0; row < in.size(); row++) {
      for (int i = 0; i < values.length; i++) {
        Object value = vectors[i].get(row);
        if (value == null && strict) {
          out.setNull(row);
          continue rows;
        }
        values[i] = value;
      }
      out.set(row, function.apply(context, values));
    }
  }

  @Override
  public String toString() {
    return name + arguments;
  }
}
