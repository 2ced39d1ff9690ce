package io.shardforge.cli.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/** Single rows by key: reads, and writes of whole rows. */
record KeyValueLoad(long rows, int readPercent) implements Workload {
  @Override
  public List<String> schema() {
    return List.of("CREATE TABLE workload_kv (k bigint PRIMARY KEY, v text NOT NULL)");
  }

  @Override
  public List<String> fill(long from, long to) {
    return List.of(
        "INSERT INTO workload_kv SELECT k, md5(k::text) FROM generate_series(%d, %d) k"
            .formatted(from, to));
  }

  @Override
  public Step client(Connection connection, Random random) throws SQLException {
    PreparedStatement read = connection.prepareStatement("SELECT v FROM workload_kv WHERE k = ?");
    PreparedStatement write =
        connection.prepareStatement(
            "INSERT INTO workload_kv VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v");
    return () -> {
      long key = random.nextLong(rows) + 1;
      if (random.nextInt(100) < readPercent) {
        read.setLong(1, key);
        read.executeQuery().close();
      } else {
        write.setLong(1, key);
        write.setString(2, Long.toHexString(random.nextLong()));
        write.executeUpdate();
      }
    };
  }
}
