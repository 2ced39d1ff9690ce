package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a row is in a sample of so many percent: drawn by its key and a seed alone, so that who
 * reads the row, and when, makes no difference.
 */
final class RowSample implements ScalarFunction {
  /** Arguments ahead of the key: the percentage and the seed. */
  private static final int KEY = 2;

  private static final double WHOLE = 100;
  private static final double FRACTIONS = 1L << 53;

  private final List<PgType> key = new ArrayList<>();

  private RowSample(CallTypes types) {
    for (int i = KEY; i < types.arguments().size(); i++) {
      key.add(PgTypes.byOid(types.argument(i)));
    }
  }

  static void register(FunctionTable t) {
    t.typed("shardforge_is_in_sample", RowSample::new);
  }

  @Override
  public Object apply(EvalContext context, @Nullable Object[] in) {
    if (!(in[0] instanceof Double percent)) {
      throw new ShardForgeException(
          ErrorCode.INVALID_TABLESAMPLE_ARGUMENT, "TABLESAMPLE parameter cannot be null");
    }
    if (!(in[1] instanceof Double seed)) {
      throw new ShardForgeException(
          ErrorCode.INVALID_TABLESAMPLE_REPEAT, "TABLESAMPLE REPEATABLE parameter cannot be null");
    }
    if (!(percent >= 0 && percent <= WHOLE)) {
      throw new ShardForgeException(
          ErrorCode.INVALID_TABLESAMPLE_ARGUMENT, "sample percentage must be between 0 and 100");
    }
    long drawn = mixed(Double.doubleToLongBits(seed));
    for (int i = KEY; i < in.length; i++) {
      Object value = in[i];
      if (value instanceof Long number) {
        drawn = mixed(drawn ^ number);
      } else if (value != null) {
        String text = key.get(i - KEY).format(value, TypeContext.UTC);
        for (int c = 0; c < text.length(); c++) {
          drawn = mixed(drawn ^ text.charAt(c));
        }
      }
    }
    return (drawn >>> 11) / FRACTIONS < percent / WHOLE;
  }

  /** All bits of a number spread over all bits, as SplittableRandom does it. */
  private static long mixed(long bits) {
    long z = bits + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
