package io.shardforge.cli.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/**
 * The transaction that pgbench is known for: an account, its teller, its branch, a line of history.
 */
record TpcbLoad(long rows) implements Workload {
  private static final int TELLERS = 10;
  private static final int ACCOUNTS = 10_000;

  @Override
  public List<String> schema() {
    return List.of(
        "CREATE TABLE workload_tpcb_branches (bid bigint PRIMARY KEY, balance bigint NOT NULL)",
        "CREATE TABLE workload_tpcb_tellers (tid bigint PRIMARY KEY, balance bigint NOT NULL)",
        "CREATE TABLE workload_tpcb_accounts (aid bigint PRIMARY KEY, balance bigint NOT NULL)",
        "CREATE TABLE workload_tpcb_history (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), tid"
            + " bigint, bid bigint, aid bigint, delta bigint, at timestamptz)");
  }

  @Override
  public List<String> fill(long from, long to) {
    return List.of(
        "INSERT INTO workload_tpcb_branches SELECT i, 0 FROM generate_series(%d, %d) i"
            .formatted(from, to),
        series("tellers", TELLERS, from, to),
        series("accounts", ACCOUNTS, from, to));
  }

  private static String series(String table, long each, long from, long to) {
    return "INSERT INTO workload_tpcb_%s SELECT i, 0 FROM generate_series(%d, %d) i"
        .formatted(table, (from - 1) * each + 1, to * each);
  }

  @Override
  public Step client(Connection connection, Random random) throws SQLException {
    Statement plain = connection.createStatement();
    PreparedStatement account = add(connection, "accounts", "aid");
    PreparedStatement teller = add(connection, "tellers", "tid");
    PreparedStatement branch = add(connection, "branches", "bid");
    PreparedStatement read =
        connection.prepareStatement("SELECT balance FROM workload_tpcb_accounts WHERE aid = ?");
    PreparedStatement history =
        connection.prepareStatement(
            "INSERT INTO workload_tpcb_history (tid, bid, aid, delta, at) VALUES (?, ?, ?, ?,"
                + " now())");
    return () -> {
      long aid = random.nextLong(rows * ACCOUNTS) + 1;
      long tid = random.nextLong(rows * TELLERS) + 1;
      long bid = random.nextLong(rows) + 1;
      long delta = random.nextLong(10_001) - 5_000;
      plain.execute("BEGIN");
      run(account, delta, aid);
      read.setLong(1, aid);
      read.executeQuery().close();
      run(teller, delta, tid);
      run(branch, delta, bid);
      history.setLong(1, tid);
      history.setLong(2, bid);
      run(history, 3, aid, delta);
      plain.execute("COMMIT");
    };
  }

  private static PreparedStatement add(Connection connection, String table, String key)
      throws SQLException {
    return connection.prepareStatement(
        "UPDATE workload_tpcb_%s SET balance = balance + ? WHERE %s = ?".formatted(table, key));
  }

  private static void run(PreparedStatement statement, long delta, long id) throws SQLException {
    run(statement, 1, delta, id);
  }

  private static void run(PreparedStatement statement, int first, long one, long other)
      throws SQLException {
    statement.setLong(first, one);
    statement.setLong(first + 1, other);
    statement.executeUpdate();
  }

  @Override
  public String invariant() {
    return "SELECT (SELECT sum(balance) FROM workload_tpcb_branches) = (SELECT sum(balance) FROM"
        + " workload_tpcb_accounts) AND (SELECT sum(balance) FROM workload_tpcb_tellers) = (SELECT"
        + " coalesce(sum(delta), 0) FROM workload_tpcb_history)";
  }
}
