package io.shardforge.cli.print;

import java.util.Set;

/**
 * A column of rows.
 *
 * @param typeOid PostgreSQL's number of its type, or 0
 */
public record Column(String name, int typeOid) {
  private static final int BOOLEAN = 16;
  private static final Set<Integer> INTEGERS = Set.of(20, 21, 23, 26, 28, 29, 5069);
  private static final Set<Integer> NUMBERS = Set.of(700, 701, 1700);
  private static final int MONEY = 790;
  private static final Set<Integer> JSON = Set.of(114, 3802);

  /** A column of text. */
  public static Column text(String name) {
    return new Column(name, 25);
  }

  /** A column of whole numbers. */
  public static Column number(String name) {
    return new Column(name, 20);
  }

  boolean isRight() {
    return isNumber() || typeOid == MONEY;
  }

  boolean isNumber() {
    return INTEGERS.contains(typeOid) || NUMBERS.contains(typeOid);
  }

  boolean isBoolean() {
    return typeOid == BOOLEAN;
  }

  boolean isJson() {
    return JSON.contains(typeOid);
  }
}
