package io.shardforge.sql.plan;

import io.shardforge.sql.expr.Expression;
import java.util.List;

/** A condition as the keys of an inverted index can tell of it; operands read no columns. */
public sealed interface KeyCondition {
  /**
   * {@code column operator operand}, or {@code operand = ANY (column)}.
   *
   * @param position of the column in the index
   */
  record Test(int position, String operator, Expression operand) implements KeyCondition {
    /** The operator that stands for {@code = ANY (column)}. */
    static final String ELEMENT = "ANY";
  }

  /** All of several, or one of them. */
  record Logic(boolean and, List<KeyCondition> parts) implements KeyCondition {}

  /** All of some conditions, or one of them; a single one is itself. */
  static KeyCondition of(boolean and, List<KeyCondition> parts) {
    return parts.size() == 1 ? parts.getFirst() : new Logic(and, List.copyOf(parts));
  }
}
