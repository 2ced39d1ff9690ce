package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An aggregate: makes an accumulator a group. Stateless. */
@FunctionalInterface
public interface AggregateFunction {
  Accumulator create();

  /** The running state of one group. Used by one thread at a time. */
  interface Accumulator {
    /** Takes a row's argument values (none for count(*)); the array belongs to the caller. */
    void add(EvalContext context, @Nullable Object[] arguments);

    /**
     * Takes over the state of another accumulator of this aggregate, whose rows come after this
     * one's.
     */
    void merge(Accumulator other);

    /**
     * Whether merging parts gives the very result that adding their rows one after the other does:
     * not so where sums are rounded. Only then it has a {@link #state} to merge elsewhere.
     */
    default boolean mergesExactly() {
      return !stateTypes().isEmpty();
    }

    /** The types of the values that the state consists of, none if it cannot be told. */
    default List<SqlType> stateTypes() {
      return List.of();
    }

    /** The state as values. */
    default @Nullable Object[] state() {
      throw new UnsupportedOperationException("no state of " + getClass());
    }

    /** As {@link #merge}, with the state of an accumulator that is not at hand. */
    default void mergeState(@Nullable Object[] state) {
      throw new UnsupportedOperationException("no state of " + getClass());
    }

    /**
     * Takes out again the row that was added first of those that are in; false, with nothing
     * changed, if the state cannot do that.
     */
    default boolean remove(EvalContext context, @Nullable Object[] arguments) {
      return false;
    }

    /** The value so far; null is SQL NULL. */
    @Nullable Object result(EvalContext context);

    /** An estimate of the heap that the state holds. */
    default long memoryBytes() {
      return 64;
    }
  }
}
