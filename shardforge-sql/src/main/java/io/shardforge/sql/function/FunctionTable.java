package io.shardforge.sql.function;

import io.shardforge.sql.expr.Comparison;
import io.shardforge.sql.expr.DoubleComparison;
import io.shardforge.sql.expr.DoubleFunction;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.LongComparison;
import io.shardforge.sql.expr.LongFunction;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.expr.ScalarFunction;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where the families register implementations, under pg_proc.prosrc for PostgreSQL's built-ins and
 * under name(types) for aggregates and functions that PostgreSQL wrote in SQL. Filled once.
 */
final class FunctionTable {
  /** Makes the function for the types of one call. */
  @FunctionalInterface
  interface ScalarFactory {
    ScalarFunction create(CallTypes types);
  }

  /** Makes the set function for the types of one call. */
  @FunctionalInterface
  interface SetFactory {
    SetFunction create(CallTypes types);
  }

  /** Makes the aggregate for the types of one call. */
  @FunctionalInterface
  interface AggregateFactory {
    AggregateFunction create(CallTypes types);
  }

  /** A function without arguments. */
  @FunctionalInterface
  interface Nullary {
    @Nullable Object apply(EvalContext context);
  }

  /** A strict function of one argument. */
  @FunctionalInterface
  interface Unary<A> {
    @Nullable Object apply(EvalContext context, A a);
  }

  /** A strict function of two arguments. */
  @FunctionalInterface
  interface Binary<A, B> {
    @Nullable Object apply(EvalContext context, A a, B b);
  }

  /** A strict function of three arguments. */
  @FunctionalInterface
  interface Ternary<A, B, C> {
    @Nullable Object apply(EvalContext context, A a, B b, C c);
  }

  /** A strict function of four arguments. */
  @FunctionalInterface
  interface Quaternary<A, B, C, D> {
    @Nullable Object apply(EvalContext context, A a, B b, C c, D d);
  }

  private final Map<String, ScalarFactory> scalars = new HashMap<>();
  private final Map<String, SetFactory> sets = new HashMap<>();
  private final Map<String, AggregateFactory> aggregates = new HashMap<>();
  private final Map<String, WindowFunction> windows = new HashMap<>();

  @Nullable ScalarFactory scalar(String source) {
    return scalars.get(source);
  }

  /** One that others are made of, registered before its makers are asked. */
  ScalarFactory required(String source) {
    return Objects.requireNonNull(scalars.get(source), source);
  }

  /** The same for an aggregate. */
  AggregateFactory requiredAggregate(String source) {
    return Objects.requireNonNull(aggregates.get(source), source);
  }

  @Nullable SetFactory set(String source) {
    return sets.get(source);
  }

  @Nullable AggregateFactory aggregate(String source) {
    return aggregates.get(source);
  }

  /** Everything that is registered. */
  Set<String> sources() {
    Set<String> all = new TreeSet<>(scalars.keySet());
    all.addAll(sets.keySet());
    all.addAll(aggregates.keySet());
    all.addAll(windows.keySet());
    return all;
  }

  void typed(String source, ScalarFactory factory) {
    if (scalars.put(source, factory) != null) {
      throw new IllegalStateException(source + " is registered twice");
    }
  }

  /** Puts something around a function that is registered. */
  void wrap(String source, UnaryOperator<ScalarFactory> wrapper) {
    scalars.put(source, wrapper.apply(required(source)));
  }

  /** Registers a function that sees the arguments as they are, nulls included unless strict. */
  void any(String source, ScalarFunction function) {
    typed(source, _ -> function);
  }

  void set(String source, SetFunction function) {
    setTyped(source, _ -> function);
  }

  void setTyped(String source, SetFactory factory) {
    if (sets.put(source, factory) != null) {
      throw new IllegalStateException(source + " is registered twice");
    }
  }

  void aggregate(String source, AggregateFunction function) {
    aggregateTyped(source, _ -> function);
  }

  void aggregateTyped(String source, AggregateFactory factory) {
    if (aggregates.put(source, factory) != null) {
      throw new IllegalStateException(source + " is registered twice");
    }
  }

  @Nullable WindowFunction window(String source) {
    return windows.get(source);
  }

  void window(String source, WindowFunction function) {
    if (windows.put(source, function) != null) {
      throw new IllegalStateException(source + " is registered twice");
    }
  }

  void longs(String source, LongFunction function) {
    any(source, function);
  }

  void doubles(String source, DoubleFunction function) {
    any(source, function);
  }

  void of(String source, Nullary function) {
    any(source, (context, _) -> function.apply(context));
  }

  <A> void of(String source, Class<A> a, Unary<A> function) {
    any(source, (context, in) -> function.apply(context, a.cast(NullArguments.at(in, 0))));
  }

  <A, B> void of(String source, Class<A> a, Class<B> b, Binary<A, B> function) {
    any(
        source,
        (context, in) ->
            function.apply(
                context, a.cast(NullArguments.at(in, 0)), b.cast(NullArguments.at(in, 1))));
  }

  <A, B, C> void of(String source, Class<A> a, Class<B> b, Class<C> c, Ternary<A, B, C> function) {
    any(
        source,
        (context, in) ->
            function.apply(
                context,
                a.cast(NullArguments.at(in, 0)),
                b.cast(NullArguments.at(in, 1)),
                c.cast(NullArguments.at(in, 2))));
  }

  <A, B, C, D> void of(
      String source,
      Class<A> a,
      Class<B> b,
      Class<C> c,
      Class<D> d,
      Quaternary<A, B, C, D> function) {
    any(
        source,
        (context, in) ->
            function.apply(
                context,
                a.cast(NullArguments.at(in, 0)),
                b.cast(NullArguments.at(in, 1)),
                c.cast(NullArguments.at(in, 2)),
                d.cast(NullArguments.at(in, 3))));
  }

  /** An order of two values. */
  @FunctionalInterface
  interface Order<A, B> {
    int compare(A a, B b);
  }

  /** Registers prefix + eq, ne, lt, le, gt, ge over LONG values. */
  void longComparisons(String prefix) {
    for (Comparison comparison : Comparison.values()) {
      any(prefix + suffix(comparison), new LongComparison(comparison));
    }
  }

  void doubleComparisons(String prefix) {
    for (Comparison comparison : Comparison.values()) {
      any(prefix + suffix(comparison), new DoubleComparison(comparison));
    }
  }

  <A, B> void comparisons(String prefix, Class<A> a, Class<B> b, Order<A, B> order) {
    comparisons(prefix, "", a, b, order);
  }

  /** Registers prefix + eq, ne, lt, le, gt, ge + ending. */
  <A, B> void comparisons(String prefix, String ending, Class<A> a, Class<B> b, Order<A, B> order) {
    for (Comparison comparison : Comparison.values()) {
      of(
          prefix + suffix(comparison) + ending,
          a,
          b,
          (_, x, y) -> comparison.holds(order.compare(x, y)));
    }
  }

  static String suffix(Comparison comparison) {
    return comparison.name().toLowerCase(Locale.ROOT);
  }
}
