package io.shardforge.sql.bind;

/** The part of a statement that an expression stands in, which decides what it may contain. */
enum Clause {
  SELECT("SELECT", true, true),
  WHERE("WHERE", false, false),
  HAVING("HAVING", true, false),
  GROUP_BY("GROUP BY", false, true),
  ORDER_BY("ORDER BY", true, true),
  DISTINCT_ON("DISTINCT ON", true, true),
  WINDOW("window definitions", true, false),
  JOIN("JOIN conditions", false, false),
  FROM_FUNCTION("functions in FROM", false, true),
  VALUES("VALUES", false, false),
  LIMIT("LIMIT", false, false),
  OFFSET("OFFSET", false, false),
  CYCLE("CYCLE", false, false),
  FILTER("FILTER", false, false),
  UPDATE("UPDATE", false, false),
  RETURNING("RETURNING", false, false),
  MERGE_WHEN("MERGE WHEN conditions", false, false),
  COPY_WHERE("COPY FROM WHERE conditions", false, false),
  DEFAULT("DEFAULT expressions", false, false),
  CHECK("check constraints", false, false),
  TRANSFORM("transform expressions", false, false),
  GENERATED("column generation expressions", false, false),
  INDEX_KEY("index expressions", false, false),
  INDEX_PREDICATE("index predicates", false, false);

  private final String text;
  private final boolean aggregates;
  private final boolean sets;

  Clause(String text, boolean aggregates, boolean sets) {
    this.text = text;
    this.aggregates = aggregates;
    this.sets = sets;
  }

  /** As messages name it. */
  String text() {
    return text;
  }

  /** As messages name it whose argument must be boolean. */
  String conditionText() {
    return switch (this) {
      case JOIN -> "JOIN/ON";
      case MERGE_WHEN -> "WHEN";
      case COPY_WHERE -> "WHERE";
      default -> text;
    };
  }

  boolean allowsAggregates() {
    return aggregates;
  }

  boolean allowsSets() {
    return sets;
  }
}
