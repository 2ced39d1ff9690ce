package io.shardforge.sql.expr;

import org.jspecify.annotations.Nullable;

/** Access to the arguments of strict functions, which no caller may pass as null. */
public final class NullArguments {
  private NullArguments() {}

  public static Object at(@Nullable Object[] arguments, int index) {
    Object argument = arguments[index];
    if (argument == null) {
      throw new IllegalStateException("null argument " + index + " of a strict function");
    }
    return argument;
  }

  static long longAt(@Nullable Object[] arguments, int index) {
    return (Long) at(arguments, index);
  }

  static double doubleAt(@Nullable Object[] arguments, int index) {
    return (Double) at(arguments, index);
  }
}
