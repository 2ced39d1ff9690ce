package io.shardforge.sql.plan;

import io.shardforge.sql.expr.Constant;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of index keys whose bounds are expressions over parameters and outer rows, so that a
 * cached plan never holds keys: leading columns equal to {@code equal}, the next one between the
 * bounds.
 */
public record KeyRange(List<Expression> equal, @Nullable Bound lower, @Nullable Bound upper) {
  /** Among what columns are equal to: that the column is null. Other values never are. */
  public static final Expression NULL = new Constant(SqlType.of(PgOid.UNKNOWN), null);

  /** One end of a range. NULL as a bound's value makes the range empty. */
  public record Bound(Expression value, boolean inclusive) {}
}
