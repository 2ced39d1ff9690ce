package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;

/**
 * Immutable functions and casts of constants as their value: computed once, and something that an
 * index or a histogram can be asked about. What fails stays as it is, to fail when its row is read,
 * if that ever happens.
 */
final class ConstantFolding {
  private static final ExpressionBuilder BUILDER =
      new ExpressionBuilder(new PhysicalPlanner(TableStatistics.NONE, _ -> List.of()));

  private ConstantFolding() {}

  /** The expression with all of its parts folded. */
  static Bound folded(Bound e) {
    List<Bound> operands = e.operands().stream().map(ConstantFolding::folded).toList();
    return fold(operands.isEmpty() ? e : e.withOperands(operands));
  }

  /** The expression, whose operands are folded already. */
  static Bound fold(Bound e) {
    if (!isFoldable(e) || !e.operands().stream().allMatch(o -> o instanceof Bound.Const)) {
      return e;
    }
    try {
      Expression built = BUILDER.build(e, ExpressionBuilder.Env.EMPTY);
      return new Bound.Const(
          built.eval(NoSession.NO_ROW, NoSession.INSTANCE), e.type(), location(e));
    } catch (ShardForgeException | NoSession.NotConstant failed) {
      return e;
    }
  }

  private static boolean isFoldable(Bound e) {
    return switch (e) {
      case Bound.Call call -> !call.returnsSet() && isImmutable(call.function());
      case Bound.Cast cast ->
          switch (cast.kind()) {
            case RELABEL, TYPMOD -> true;
            case FUNCTION -> isImmutable(cast.function());
            case IO, ARRAY -> false;
          };
      default -> false;
    };
  }

  private static boolean isImmutable(int oid) {
    PgFunction function = FunctionRegistry.function(oid);
    return function != null && function.volatility() == 'i';
  }

  private static int location(Bound e) {
    return switch (e) {
      case Bound.Call call -> call.location();
      case Bound.Cast cast -> cast.location();
      default -> -1;
    };
  }
}
