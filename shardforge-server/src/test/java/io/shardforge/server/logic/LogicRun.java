package io.shardforge.server.logic;

import io.shardforge.server.logic.LogicScript.Order;
import io.shardforge.server.logic.LogicScript.QueryStep;
import io.shardforge.server.logic.LogicScript.StatementStep;
import io.shardforge.server.logic.LogicScript.Step;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a script's steps on a connection and notes each answer that is not the one it expects. */
final class LogicRun {
  /** A step whose answer is another one than the script's. */
  record Failure(String file, Step step, @Nullable String sqlState, String what) {
    @Override
    public String toString() {
      return file + ":" + step.line() + ": " + what + "\n  " + step.sql().replace("\n", "\n  ");
    }
  }

  /** What stands between the number of an answer's values and their hash, where it is long. */
  private static final String HASHED = " values hashing to ";

  private final String file;
  private final Connection connection;
  private final List<Failure> failures = new ArrayList<>();
  private long statements;
  private long queries;

  LogicRun(String file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /** Runs all statements, and those of the queries that are chosen, in a schema of its own. */
  LogicRun run(LogicScript script, Predicate<QueryStep> chosen) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS " + schema() + " CASCADE");
      statement.execute("CREATE SCHEMA " + schema());
      statement.execute("SET search_path = " + schema());
      for (Step step : script.steps()) {
        switch (step) {
          case StatementStep change -> change(statement, change);
          case QueryStep query when chosen.test(query) -> query(statement, query);
          case QueryStep query -> {}
        }
      }
      statement.execute("DROP SCHEMA " + schema() + " CASCADE");
    }
    return this;
  }

  List<Failure> failures() {
    return failures;
  }

  long statements() {
    return statements;
  }

  long queries() {
    return queries;
  }

  private String schema() {
    return "logic_" + Integer.toHexString(file.hashCode());
  }

  private void change(Statement statement, StatementStep step) {
    statements++;
    try {
      statement.execute(step.sql());
      if (!step.succeeds()) {
        failures.add(new Failure(file, step, null, "succeeds"));
      }
    } catch (SQLException e) {
      if (step.succeeds()) {
        failures.add(new Failure(file, step, e.getSQLState(), describe(e)));
      }
    }
  }

  private void query(Statement statement, QueryStep step) {
    queries++;
    List<String> answer;
    try (ResultSet rows = statement.executeQuery(step.sql())) {
      answer = answer(rows, step);
    } catch (SQLException e) {
      failures.add(new Failure(file, step, e.getSQLState(), describe(e)));
      return;
    }
    if (!answer.equals(step.expected())) {
      failures.add(new Failure(file, step, null, answer + " instead of " + step.expected()));
    }
  }

  private static String describe(SQLException e) {
    return e.getSQLState() + " " + e.getMessage().lines().findFirst().orElse("");
  }

  private static List<String> answer(ResultSet rows, QueryStep step) throws SQLException {
    int columns = rows.getMetaData().getColumnCount();
    if (columns != step.types().length()) {
      return List.of(columns + " columns");
    }
    List<List<String>> read = new ArrayList<>();
    while (rows.next()) {
      List<String> row = new ArrayList<>(columns);
      for (int i = 0; i < columns; i++) {
        row.add(format(rows.getString(i + 1), step.types().charAt(i)));
      }
      read.add(row);
    }
    Stream<List<String>> inOrder =
        step.order() == Order.ROWSORT ? read.stream().sorted(LogicRun::compare) : read.stream();
    Stream<String> all = inOrder.flatMap(List::stream);
    List<String> values = (step.order() == Order.VALUESORT ? all.sorted() : all).toList();
    boolean hashed = step.expected().size() == 1 && step.expected().getFirst().contains(HASHED);
    return hashed ? List.of(values.size() + HASHED + md5(values)) : values;
  }

  private static int compare(List<String> a, List<String> b) {
    for (int i = 0; i < a.size(); i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static String md5(List<String> values) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      for (String value : values) {
        digest.update(value.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A value as the format writes it: whole numbers cut off, others with three places. */
  private static String format(@Nullable String value, char type) {
    if (value == null) {
      return "NULL";
    }
    return switch (type) {
      case 'I' ->
          switch (value) {
            case "t" -> "1";
            case "f" -> "0";
            default -> number(value).toBigInteger().toString();
          };
      case 'R' -> number(value).setScale(3, RoundingMode.HALF_EVEN).toPlainString();
      default -> value.isEmpty() ? "(empty)" : value.replaceAll("[^ -~]", "@");
    };
  }

  private static BigDecimal number(String value) {
    try {
      return new BigDecimal(value);
    } catch (NumberFormatException e) {
      return BigDecimal.ZERO;
    }
  }
}
