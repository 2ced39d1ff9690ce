package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** (a, b) operator (c, d), field by field from the left; both sides of a field have one type. */
public final class RowComparison extends Expression {
  private final Comparison comparison;
  private final List<Expression> left;
  private final List<Expression> right;
  private final PgType[] types;

  public RowComparison(Comparison comparison, List<Expression> left, List<Expression> right) {
    super(SqlType.of(PgOid.BOOL));
    this.comparison = comparison;
    this.left = List.copyOf(left);
    this.right = List.copyOf(right);
    this.types = left.stream().map(field -> PgTypes.of(field.type())).toArray(PgType[]::new);
  }

  public Comparison comparison() {
    return comparison;
  }

  public List<Expression> left() {
    return left;
  }

  public List<Expression> right() {
    return right;
  }

  @Override
  public List<Expression> children() {
    List<Expression> children = new ArrayList<>(left);
    children.addAll(right);
    return children;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    boolean equality = comparison == Comparison.EQ || comparison == Comparison.NE;
    boolean unknown = false;
    for (int i = 0; i < types.length; i++) {
      Object a = left.get(i).eval(row, context);
      Object b = right.get(i).eval(row, context);
      if (a == null || b == null) {
        if (!equality) {
          return null;
        }
        unknown = true;
        continue;
      }
      int order = types[i].compare(a, b);
      if (order != 0) {
        return comparison.holds(order);
      }
    }
    return unknown ? null : comparison.holds(0);
  }

  @Override
  public String toString() {
    return left + " " + comparison.symbol() + " " + right;
  }
}
