package io.shardforge.server.differential;

import io.shardforge.server.differential.Pair.Answers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a run has come to: how much was compared, and what differed. */
final class Findings {
  private static final int SAME_ERRORS = 2;

  private final List<String> differences = new ArrayList<>();
  private final Map<String, Integer> errors = new HashMap<>();
  private long repeated;
  private long compared;
  private long withRows;
  private long refused;
  private long gaveUp;

  /** Counts a statement; where this server alone gave up, it says so. */
  void count(String sql, Answers answers) {
    if (answers.gaveUp()) {
      gaveUp++;
      if (answers.actual().gaveUp() && !answers.expected().gaveUp()) {
        System.out.printf("gave up: %s;%n%s%n", sql, answers.actual());
      }
      return;
    }
    compared++;
    withRows += answers.expected().rows().isEmpty() ? 0 : 1;
    refused += answers.expected().failed() ? 1 : 0;
  }

  /** Whether answers differ, and not by an error that came often enough. */
  boolean isNew(Answers answers) {
    if (!answers.differ()) {
      return false;
    }
    String error = answers.actual().text().replaceAll("[0-9]+|\"[^\"]*\"|\n.*", "");
    boolean known = !error.isEmpty() && errors.merge(error, 1, Integer::sum) > SAME_ERRORS;
    repeated += known ? 1 : 0;
    return !known;
  }

  void add(String difference) {
    System.out.println(difference);
    differences.add(difference);
  }

  List<String> differences() {
    return differences;
  }

  @Override
  public String toString() {
    return ("%d statements compared, %d with rows, %d refused by both, %d too slow, %d differences and %d"
            + " more like them")
        .formatted(compared, withRows, refused, gaveUp, differences.size(), repeated);
  }
}
