package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.AggregateFunction.Accumulator;
import org.jspecify.annotations.Nullable;

/** Average and variance of floats by the updating formulas of Youngs and Cramer. */
final class FloatMoments implements Accumulator {
  /** What to report. */
  enum Result {
    AVERAGE,
    VARIANCE_POPULATION,
    VARIANCE_SAMPLE,
    DEVIATION_POPULATION,
    DEVIATION_SAMPLE
  }

  private final Result wanted;
  private double count;
  private double sum;
  private double squares;

  FloatMoments(Result wanted) {
    this.wanted = wanted;
  }

  @Override
  public void add(EvalContext context, @Nullable Object[] arguments) {
    if (!(arguments[0] instanceof Double value)) {
      return;
    }
    count++;
    double before = sum;
    sum += value;
    if (count > 1) {
      double deviation = value * count - sum;
      squares += deviation * deviation / (count * (count - 1));
      if (Double.isInfinite(sum) || Double.isInfinite(squares)) {
        if (!Double.isInfinite(before) && !Double.isInfinite(value)) {
          throw FloatFunctions.overflow();
        }
        squares = Double.NaN;
      }
    } else if (Double.isNaN(value) || Double.isInfinite(value)) {
      squares = Double.NaN;
    }
  }

  @Override
  public void merge(Accumulator other) {
    FloatMoments that = (FloatMoments) other;
    if (that.count == 0) {
      return;
    }
    if (count == 0) {
      count = that.count;
      sum = that.sum;
      squares = that.squares;
      return;
    }
    double total = count + that.count;
    double difference = sum / count - that.sum / that.count;
    squares += that.squares + count * that.count * difference * difference / total;
    sum += that.sum;
    count = total;
  }

  @Override
  public @Nullable Object result(EvalContext context) {
    return switch (wanted) {
      case AVERAGE -> count == 0 ? null : sum / count;
      case VARIANCE_POPULATION -> count == 0 ? null : squares / count;
      case DEVIATION_POPULATION -> count == 0 ? null : Math.sqrt(squares / count);
      case VARIANCE_SAMPLE -> count < 2 ? null : squares / (count - 1);
      case DEVIATION_SAMPLE -> count < 2 ? null : Math.sqrt(squares / (count - 1));
    };
  }
}
