package io.shardforge.cli.workload;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/** A load: tables, what is in them at first, and what clients do with them. */
public interface Workload {
  /** Makes the tables. */
  List<String> schema();

  /** Takes the tables away, if they are there. */
  default List<String> dropping() {
    return schema().stream()
        .map(table -> "DROP TABLE IF EXISTS " + table.split(" ", 4)[2])
        .toList();
  }

  /** Statements that make the rows from one to another, both included. */
  default List<String> fill(long from, long to) {
    return List.of();
  }

  /** Makes these rows. */
  default void fill(Connection connection, long from, long to) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : fill(from, to)) {
        statement.execute(sql);
      }
    }
  }

  /** The rows that {@link #fill} is to be asked for, from 1. */
  long rows();

  /** What a client does again and again. */
  Step client(Connection connection, Random random) throws SQLException;

  /** A query whose single value must be true whatever clients have done; "" if there is none. */
  default String invariant() {
    return "";
  }

  /** What must be true, and what it is called. */
  record Condition(String name, String query) {}

  /** All that must be true whatever clients have done. */
  default List<Condition> conditions() {
    return invariant().isEmpty() ? List.of() : List.of(new Condition("the sums", invariant()));
  }

  /** Where the tables are. */
  default String searchPath() {
    return "public";
  }

  /** Tells more of what clients have done in so many seconds. */
  default void tell(PrintStream out, double seconds) {}

  /** One operation, or transaction; it may be tried again after it failed. */
  interface Step {
    void run() throws SQLException;
  }

  /** The load of this name; how large is its own matter. */
  static Workload of(String name, long rows, int readPercent, char mix, boolean small) {
    return switch (name) {
      case "kv" -> new KeyValueLoad(rows == 0 ? 10_000 : rows, readPercent);
      case "bank" -> new BankLoad(rows == 0 ? 1_000 : rows);
      case "tpcb" -> new TpcbLoad(rows == 0 ? 1 : rows);
      case "tpcc" -> new TpccLoad(rows == 0 ? 1 : rows, small);
      case "ycsb" -> new YcsbLoad(rows == 0 ? 10_000 : rows, mix);
      default ->
          throw new IllegalArgumentException(
              "there is no workload '" + name + "'; take bank, kv, tpcb, tpcc or ycsb");
    };
  }
}
