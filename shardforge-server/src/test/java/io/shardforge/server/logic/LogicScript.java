package io.shardforge.server.logic;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A script in the format of sqllogictest: statements and queries with what they are to answer, of
 * which some are meant for certain databases only.
 *
 * @see <a href="https://www.sqlite.org/sqllogictest/doc/trunk/about.wiki">the format</a>
 */
record LogicScript(List<Step> steps) {
  /** The name that scripts know PostgreSQL by. */
  private static final String DATABASE = "postgresql";

  sealed interface Step {
    int line();

    String sql();
  }

  /** A statement that is to succeed or to fail. */
  record StatementStep(int line, String sql, boolean succeeds) implements Step {}

  /** A query with the types of its columns (I, R, T) and its answer. */
  record QueryStep(int line, String sql, String types, Order order, List<String> expected)
      implements Step {}

  /** What is sorted before an answer is compared. */
  enum Order {
    NOSORT,
    ROWSORT,
    VALUESORT
  }

  static LogicScript read(BufferedReader reader) throws IOException {
    List<Step> steps = new ArrayList<>();
    boolean forUs = true;
    Lines lines = new Lines(reader);
    for (String text = lines.next(); text != null; text = lines.next()) {
      if (text.isBlank() || text.startsWith("#")) {
        continue;
      }
      int line = lines.number;
      String[] words = text.trim().split("\\s+", -1);
      switch (words[0]) {
        case "skipif" -> forUs &= !words[1].equals(DATABASE);
        case "onlyif" -> forUs &= words[1].equals(DATABASE);
        case "hash-threshold" -> {
          // How long an answer must be to be hashed: whether it is, its expected form shows.
        }
        case "halt" -> {
          if (forUs) {
            return new LogicScript(steps);
          }
          forUs = true;
        }
        case "statement" -> {
          String sql = lines.paragraph(false);
          if (forUs) {
            steps.add(new StatementStep(line, sql, words[1].equals("ok")));
          }
          forUs = true;
        }
        case "query" -> {
          String sql = lines.paragraph(true);
          List<String> expected = lines.ended ? List.of() : lines.paragraph(false).lines().toList();
          Order order =
              words.length > 2 ? Order.valueOf(words[2].toUpperCase(Locale.ROOT)) : Order.NOSORT;
          if (forUs) {
            steps.add(new QueryStep(line, sql, words[1], order, expected));
          }
          forUs = true;
        }
        default -> throw new IOException("line " + line + ": no record starts with " + words[0]);
      }
    }
    return new LogicScript(steps);
  }

  /** Lines with their numbers. */
  private static final class Lines {
    private final BufferedReader reader;
    private int number;

    /** Whether the last paragraph ended with an empty line, not with the mark of an answer. */
    private boolean ended;

    Lines(BufferedReader reader) {
      this.reader = reader;
    }

    @Nullable String next() throws IOException {
      number++;
      return reader.readLine();
    }

    /** What comes before the next empty line, or before the mark of an answer. */
    String paragraph(boolean marked) throws IOException {
      StringBuilder text = new StringBuilder();
      for (String line = next(); line != null && !line.isEmpty(); line = next()) {
        if (marked && line.equals("----")) {
          ended = false;
          return text.toString();
        }
        text.append(text.isEmpty() ? "" : "\n").append(line);
      }
      ended = true;
      return text.toString();
    }
  }
}
