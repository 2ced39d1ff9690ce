package io.shardforge.sql.function;

import java.util.List;

/**
 * A row of pg_proc that is implemented.
 *
 * @param kind 'f' function, 'a' aggregate, 'w' window function
 * @param volatility 'i' immutable, 's' stable, 'v' volatile
 * @param argumentTypes input arguments only
 * @param variadicElement element type of a VARIADIC last argument (the pseudo-type any for "any"),
 *     0 for none
 * @param allArgumentTypes with OUT arguments, empty if there are none
 * @param argumentModes a letter an argument (i, o, b, v, t), empty if all are input
 * @param argumentNames of all arguments, empty if they have none
 * @param defaultCount how many trailing input arguments have defaults
 * @param defaults their default expressions as SQL, comma separated
 * @param source what the implementation is registered under
 */
public record PgFunction(
    int oid,
    String name,
    char kind,
    boolean strict,
    char volatility,
    boolean returnsSet,
    int returnType,
    List<Integer> argumentTypes,
    int variadicElement,
    List<Integer> allArgumentTypes,
    String argumentModes,
    List<String> argumentNames,
    int defaultCount,
    String defaults,
    String source) {
  /** What the names of functions begin with that PostgreSQL does not have. */
  public static final String OWN_SCHEMA = "shardforge.";

  public boolean isAggregate() {
    return kind == 'a';
  }

  /** As pg_aggregate has it: 'n' plain, 'o' of an ordered set, 'h' of a hypothetical row in one. */
  public char aggregateKind() {
    return switch (name) {
      case "percentile_cont", "percentile_disc", "mode" -> 'o';
      case "rank", "dense_rank", "percent_rank", "cume_dist" -> 'h';
      default -> 'n';
    };
  }

  /** How many arguments of an aggregate stand ahead of WITHIN GROUP, if it has that. */
  public int directArguments() {
    return aggregateKind() == 'n' || name.equals("mode") ? 0 : 1;
  }

  public boolean isVariadic() {
    return variadicElement != 0;
  }
}
