package io.shardforge.cli.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/**
 * The mixes of the Yahoo! Cloud Serving Benchmark over one table, keys by Zipf's law: A half
 * updates, B a twentieth, C reads only, E short scans, F reads that write back.
 */
record YcsbLoad(long rows, char mix) implements Workload {
  private static final double SKEW = 0.99;
  private static final int SCAN_MAX = 100;

  YcsbLoad {
    if ("ABCEF".indexOf(mix) < 0) {
      throw new IllegalArgumentException("--mix " + mix + ": take A, B, C, E or F");
    }
  }

  @Override
  public List<String> schema() {
    return List.of(
        "CREATE TABLE workload_ycsb (k bigint PRIMARY KEY, field0 text, field1 text, field2 text,"
            + " field3 text, field4 text, field5 text, field6 text, field7 text, field8 text,"
            + " field9 text)");
  }

  @Override
  public List<String> fill(long from, long to) {
    return List.of(
        ("INSERT INTO workload_ycsb SELECT k, v, v, v, v, v, v, v, v, v, v FROM (SELECT k,"
                + " repeat(md5(k::text), 3) AS v FROM generate_series(%d, %d) k) AS made")
            .formatted(from, to));
  }

  @Override
  public Step client(Connection connection, Random random) throws SQLException {
    PreparedStatement read = connection.prepareStatement("SELECT * FROM workload_ycsb WHERE k = ?");
    PreparedStatement scan =
        connection.prepareStatement(
            "SELECT * FROM workload_ycsb WHERE k >= ? ORDER BY k LIMIT " + SCAN_MAX);
    PreparedStatement update =
        connection.prepareStatement("UPDATE workload_ycsb SET field0 = ? WHERE k = ?");
    int updates =
        switch (mix) {
          case 'A', 'F' -> 50;
          case 'B' -> 5;
          default -> 0;
        };
    return () -> {
      long key = key(random);
      boolean writes = random.nextInt(100) < updates;
      if (mix == 'E') {
        scan.setLong(1, key);
        scan.executeQuery().close();
        return;
      }
      if (!writes || mix == 'F') {
        read.setLong(1, key);
        read.executeQuery().close();
      }
      if (writes) {
        update.setString(1, Long.toHexString(random.nextLong()));
        update.setLong(2, key);
        update.executeUpdate();
      }
    };
  }

  /** About as often as Zipf's law says, spread over all keys by a hash. */
  private long key(Random random) {
    double power = 1 - SKEW;
    double u = random.nextDouble();
    long rank = (long) Math.pow(u * (Math.pow((double) rows, power) - 1) + 1, 1 / power);
    long hash = rank * 0x9E3779B97F4A7C15L;
    return Long.remainderUnsigned(hash ^ (hash >>> 32), rows) + 1;
  }
}
