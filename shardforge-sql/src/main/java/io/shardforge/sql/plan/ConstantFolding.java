package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    if (e instanceof Bound.Call call && isNull(call)) {
      return new Bound.Const(null, call.type(), call.location());
    }
    if (e instanceof Bound.Logic logic) {
      return logic(logic);
    }
    if (e instanceof Bound.Not not && not.arg() instanceof Bound.Logic logic) {
      // By De Morgan: its parts can be judged, or known to be null, one by one.
      List<Bound> negated = logic.args().stream().map(arg -> fold(new Bound.Not(arg))).toList();
      return logic(new Bound.Logic(!logic.and(), negated));
    }
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

  /** Whether a function is not even called, because an argument is null. */
  private static boolean isNull(Bound.Call call) {
    return !call.returnsSet()
        && ExpressionBuilder.isStrict(call.function())
        && call.args().stream().anyMatch(a -> a instanceof Bound.Const c && c.value() == null);
  }

  /** AND without what is true, OR without what is false; either as what decides it. */
  private static Bound logic(Bound.Logic logic) {
    List<Bound> open = new ArrayList<>();
    for (Bound arg : logic.args()) {
      if (!(arg instanceof Bound.Const constant) || constant.value() == null) {
        open.add(arg);
      } else if (constant.value().equals(!logic.and())) {
        return constant;
      }
    }
    return switch (open.size()) {
      case 0 -> logic.args().getFirst();
      case 1 -> open.getFirst();
      default -> open.size() == logic.args().size() ? logic : new Bound.Logic(logic.and(), open);
    };
  }

  /** The conditions of a WHERE or an ON: one that is never true decides alone. */
  static List<Bound> conditions(List<Bound> conditions) {
    for (Bound condition : conditions) {
      if (isNeverTrue(condition)) {
        return List.of(condition);
      }
    }
    return conditions;
  }

  static boolean isNeverTrue(@Nullable Bound condition) {
    return condition instanceof Bound.Const constant && !Boolean.TRUE.equals(constant.value());
  }

  private static boolean isFoldable(Bound e) {
    return switch (e) {
      case Bound.Call call -> !call.returnsSet() && isImmutable(call.function());
      case Bound.Not _, Bound.NullTest _ -> true;
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
