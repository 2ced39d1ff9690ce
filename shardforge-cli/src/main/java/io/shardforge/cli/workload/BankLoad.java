package io.shardforge.cli.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/** Transfers between accounts: whatever happens, no money comes or goes. */
record BankLoad(long rows) implements Workload {
  private static final int BALANCE = 1000;
  private static final int TRANSFER_MAX = 10;

  @Override
  public List<String> schema() {
    return List.of("CREATE TABLE workload_bank (id bigint PRIMARY KEY, balance bigint NOT NULL)");
  }

  @Override
  public List<String> fill(long from, long to) {
    return List.of(
        "INSERT INTO workload_bank SELECT id, %d FROM generate_series(%d, %d) id"
            .formatted(BALANCE, from, to));
  }

  @Override
  public Step client(Connection connection, Random random) throws SQLException {
    Statement plain = connection.createStatement();
    PreparedStatement read =
        connection.prepareStatement("SELECT balance FROM workload_bank WHERE id = ?");
    PreparedStatement add =
        connection.prepareStatement("UPDATE workload_bank SET balance = ? WHERE id = ?");
    return () -> {
      long from = random.nextLong(rows) + 1;
      long to = (from + random.nextLong(Math.max(1, rows - 1))) % rows + 1;
      int amount = random.nextInt(TRANSFER_MAX) + 1;
      plain.execute("BEGIN ISOLATION LEVEL SERIALIZABLE");
      long left = balance(read, from) - amount;
      long right = balance(read, to) + amount;
      if (from != to && left >= 0) {
        set(add, from, left);
        set(add, to, right);
      }
      plain.execute("COMMIT");
    };
  }

  private static long balance(PreparedStatement read, long id) throws SQLException {
    read.setLong(1, id);
    try (ResultSet row = read.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void set(PreparedStatement write, long id, long balance) throws SQLException {
    write.setLong(1, balance);
    write.setLong(2, id);
    write.executeUpdate();
  }

  @Override
  public String invariant() {
    return "SELECT sum(balance) = count(*) * " + BALANCE + " FROM workload_bank";
  }
}
