package io.shardforge.sql.function;

import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions over all enums, whose values are numbers in the order of their labels. */
final class EnumFunctions {
  private EnumFunctions() {}

  static void register(FunctionTable t) {
    t.longComparisons("enum_");
    t.of("enum_cmp", Long.class, Long.class, (_, a, b) -> (long) Long.compare(a, b));
    t.of("enum_larger", Long.class, Long.class, (_, a, b) -> Math.max(a, b));
    t.of("enum_smaller", Long.class, Long.class, (_, a, b) -> Math.min(a, b));
    t.typed("enum_first", types -> end(types, true));
    t.typed("enum_last", types -> end(types, false));
    t.typed("enum_range_all", types -> range(types, false));
    t.typed("enum_range_bounds", types -> range(types, true));
  }

  private static ScalarFunction end(CallTypes types, boolean first) {
    PgType type = PgTypes.byOid(types.argument(0));
    return (_, _) -> {
      List<Object> values = type.range(null, null);
      if (values.isEmpty()) {
        throw new ShardForgeException(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "enum " + type.displayName() + " contains no values");
      }
      return first ? values.getFirst() : values.getLast();
    };
  }

  private static ScalarFunction range(CallTypes types, boolean bounds) {
    PgType type = PgTypes.byOid(types.argument(0));
    return (_, in) -> {
      @Nullable Object first = bounds ? in[0] : null;
      @Nullable Object last = bounds ? in[1] : null;
      return ArrayValue.of(type.oid(), type.range(first, last));
    };
  }
}
