package io.shardforge.server.process;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Verdict;
import io.shardforge.raft.check.file.BankCodec;
import io.shardforge.raft.check.file.HistoryFile;
import io.shardforge.raft.check.invariant.Bank;
import io.shardforge.raft.check.invariant.BankAction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Accounts in two tables, between which clients move money, and reads of all of them at once.
 *
 * <p>Above read committed a client reads both balances and writes what it has computed from them;
 * at read committed that may lose an update, as in PostgreSQL, so the server computes.
 */
final class BankWorkload implements Workload<BankAction> {
  private static final int ACCOUNTS = 8;
  private static final long BALANCE = 100;
  private static final long AMOUNT_MAX = 5;
  private static final List<String> TABLES = List.of("bank0", "bank1");
  private static final int LAST_READS = 4;

  private final Isolation isolation;
  private final ConsistencyModel model;

  BankWorkload(Isolation isolation) {
    this.isolation = isolation;
    this.model = isolation.model();
  }

  private static String table(long account) {
    return TABLES.get((int) (account % TABLES.size()));
  }

  private boolean mayOverdraw() {
    return isolation == Isolation.READ_COMMITTED;
  }

  @Override
  public List<String> tables() {
    return TABLES;
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        statement.execute(
            "create table %s (id bigint primary key, balance bigint not null)".formatted(table));
      }
      for (long account = 0; account < ACCOUNTS; account++) {
        statement.execute(
            "insert into %s values (%d, %d)".formatted(table(account), account, BALANCE));
      }
    }
  }

  @Override
  public BankAction next(RandomGenerator random) {
    if (random.nextInt(3) == 0) {
      return new BankAction.Read(null);
    }
    long from = random.nextLong(ACCOUNTS);
    long to = (from + random.nextLong(1, ACCOUNTS)) % ACCOUNTS;
    return new BankAction.Transfer(from, to, random.nextLong(1, AMOUNT_MAX + 1));
  }

  @Override
  public List<BankAction> lastReads() {
    return IntStream.range(0, LAST_READS)
        .<BankAction>mapToObj(_ -> new BankAction.Read(null))
        .toList();
  }

  @Override
  public boolean searchesByIndex() {
    return false;
  }

  @Override
  public boolean isAutocommit() {
    return false;
  }

  @Override
  public BankAction perform(Connection connection, BankAction asked)
      throws SQLException, RefusedException {
    return switch (asked) {
      case BankAction.Read _ -> new BankAction.Read(readAll(connection));
      case BankAction.Transfer transfer -> {
        long from = (Long) transfer.from();
        long to = (Long) transfer.to();
        long first = balance(connection, from);
        long second = balance(connection, to);
        if (first < transfer.amount()) {
          throw new RefusedException("account " + from + " has " + first);
        }
        if (isolation == Isolation.READ_COMMITTED) {
          update(connection, from, "balance - ?", transfer.amount());
          update(connection, to, "balance + ?", transfer.amount());
        } else {
          update(connection, from, "?", first - transfer.amount());
          update(connection, to, "?", second + transfer.amount());
        }
        yield transfer;
      }
    };
  }

  /** One statement, as read committed promises nothing of several. */
  private static Map<Object, @Nullable Long> readAll(Connection connection) throws SQLException {
    Map<Object, @Nullable Long> balances = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select id, balance from bank0 union all select id, balance from bank1")) {
      while (rows.next()) {
        if (balances.put(rows.getLong(1), rows.getLong(2)) != null) {
          throw new SQLException("account " + rows.getLong(1) + " twice", "XX000");
        }
      }
    }
    return balances;
  }

  private static long balance(Connection connection, long account) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select balance from %s where id = ?".formatted(table(account)))) {
      statement.setLong(1, account);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("account " + account + " is not found", "XX000");
        }
        return rows.getLong(1);
      }
    }
  }

  private static void update(Connection connection, long account, String value, long argument)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "update %s set balance = %s where id = ?".formatted(table(account), value))) {
      statement.setLong(1, argument);
      statement.setLong(2, account);
      int updated = statement.executeUpdate();
      if (updated != 1) {
        throw new SQLException("account " + account + " updated " + updated + " times", "XX000");
      }
    }
  }

  @Override
  public Verdict judge(History<BankAction> history) {
    Set<Object> accounts = new HashSet<>();
    for (long account = 0; account < ACCOUNTS; account++) {
      accounts.add(account);
    }
    return new Bank(accounts, ACCOUNTS * BALANCE, mayOverdraw()).judge(history, model);
  }

  @Override
  public List<String> lost(History<BankAction> history) {
    return List.of();
  }

  @Override
  public void write(History<BankAction> history, Path file) throws IOException {
    HistoryFile.write(history, new BankCodec(), file);
  }

  @Override
  public String judgeArguments(Path file) {
    return "bank %s %s %d %d%s"
        .formatted(
            file,
            model.name().toLowerCase(Locale.ROOT).replace('_', '-'),
            ACCOUNTS,
            ACCOUNTS * BALANCE,
            mayOverdraw() ? " negative" : "");
  }
}
