package io.shardforge.sql.bind;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What overload resolution needs of pg_proc, pg_operator and pg_cast. Immutable; any thread. */
public interface FunctionTables {
  /**
   * A row of pg_proc.
   *
   * @param kind 'f' function, 'a' aggregate, 'w' window function, 'p' procedure
   * @param variadic the element type of a variadic last argument, or 0
   * @param defaults the values of trailing arguments that may be left out, as literals
   * @param argNames of the arguments, empty if they have none; single ones may be ""
   * @param implemented false when the row is known but cannot be run
   */
  record Proc(
      int oid,
      String name,
      List<Integer> argTypes,
      int resultType,
      boolean returnsSet,
      char kind,
      boolean strict,
      char volatility,
      int variadic,
      List<String> defaults,
      List<String> argNames,
      boolean implemented) {}

  /** A row of pg_operator; {@code left} is 0 for a prefix operator. */
  record Op(
      int oid,
      String name,
      int left,
      int right,
      int result,
      int function,
      int commutator,
      int negator) {}

  /** A row of pg_cast: context 'i', 'a' or 'e'; method 'f', 'i' or 'b'. */
  record CastRow(int source, int target, int function, char context, char method) {}

  List<Proc> functions(String name);

  @Nullable Proc function(int oid);

  List<Op> operators(String name);

  @Nullable CastRow cast(int source, int target);

  /** Columns of a function with several OUT columns (name, type), empty for the others. */
  List<OutColumn> outColumns(int function);

  /** The name of a function's only OUT column, null if it has none or several. */
  default @Nullable String outName(int function) {
    return null;
  }

  /** One OUT column. */
  record OutColumn(String name, int type) {}
}
