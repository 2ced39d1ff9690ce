package io.shardforge.cli.workload;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/** A load: tables, what is in them at first, and what clients do with them. */
public interface Workload {
  /** Makes the tables. */
  List<String> schema();

  /** A query of INSERT … SELECT form that makes the rows from :from to :to, both included. */
  List<String> fill(long from, long to);

  /** The rows that {@link #fill} is to be asked for, from 1. */
  long rows();

  /** What a client does again and again. */
  Step client(Connection connection, Random random) throws SQLException;

  /** A query whose single value must be true whatever clients have done; "" if there is none. */
  default String invariant() {
    return "";
  }

  /** One operation, or transaction; it may be tried again after it failed. */
  interface Step {
    void run() throws SQLException;
  }

  /** The load of this name; how large is its own matter. */
  static Workload of(String name, long rows, int readPercent, char mix) {
    return switch (name) {
      case "kv" -> new KeyValueLoad(rows == 0 ? 10_000 : rows, readPercent);
      case "bank" -> new BankLoad(rows == 0 ? 1_000 : rows);
      case "tpcb" -> new TpcbLoad(rows == 0 ? 1 : rows);
      case "ycsb" -> new YcsbLoad(rows == 0 ? 10_000 : rows, mix);
      default ->
          throw new IllegalArgumentException(
              "there is no workload '" + name + "'; take bank, kv, tpcb or ycsb");
    };
  }
}
