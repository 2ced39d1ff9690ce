package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.catalog.ColumnStatistics;
import io.shardforge.sql.catalog.ColumnStatistics.Common;
import io.shardforge.sql.catalog.InvertedClass;
import io.shardforge.sql.row.InvertedKeys;
import io.shardforge.sql.row.KeyDemand;
import io.shardforge.sql.type.SqlType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Estimates which share of rows has the parts that a condition wants of an array or document. */
record PartShare(ColumnStatistics column) {
  /** The share for {@code value operator operand}, negative if nothing is known. */
  double of(SqlType type, String operator, Bound operand) {
    InvertedClass by = classFor(type, operator);
    if (by == null || column.parts().isEmpty() || !(operand instanceof Bound.Const known)) {
      return -1;
    }
    boolean element = operator.equals(KeyCondition.Test.ELEMENT);
    if (by == InvertedClass.ARRAY_OPS
        && !(element ? InvertedPath.elementType(type) : type).isStoredLike(operand.type())) {
      return -1;
    }
    KeyDemand demand = new InvertedKeys(by, type, 0).demand(operator, known.value());
    // A document contains nothing always; other conditions are about more than keys tell.
    return demand.equals(KeyDemand.NOTHING) && !operator.equals("@>") ? -1 : of(demand);
  }

  /** The class whose keys say the most. */
  private static @Nullable InvertedClass classFor(SqlType type, String operator) {
    InvertedClass usual = InvertedClass.defaultOf(type);
    if (usual == InvertedClass.ARRAY_OPS && operator.equals(KeyCondition.Test.ELEMENT)) {
      return usual;
    }
    if (usual == null || operator.equals("=") || !usual.serves(operator)) {
      return null;
    }
    return InvertedClass.JSONB_PATH_OPS.serves(operator) && usual == InvertedClass.JSONB_OPS
        ? InvertedClass.JSONB_PATH_OPS
        : usual;
  }

  private double of(KeyDemand demand) {
    return switch (demand) {
      case KeyDemand.Key key -> {
        double least = 2 * Cost.CONTAINED;
        for (Common part : column.parts()) {
          if (Arrays.equals(part.value(), key.key())) {
            yield part.fraction();
          }
          least = Math.min(least, part.fraction());
        }
        yield least / 2;
      }
      case KeyDemand.All all ->
          all.demands().stream().mapToDouble(this::of).reduce(1, (a, b) -> a * b);
      case KeyDemand.Any any ->
          1 - any.demands().stream().mapToDouble(this::of).reduce(1, (a, b) -> a * (1 - b));
    };
  }
}
