package io.shardforge.server.process;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Verdict;
import io.shardforge.raft.check.file.HistoryFile;
import io.shardforge.raft.check.file.RegisterCodec;
import io.shardforge.raft.check.register.Linearizability;
import io.shardforge.raft.check.register.RegisterAction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Single rows that are read, written and compared and set, one statement each: they are
 * linearizable at every isolation level. A row serves for a while and is then replaced.
 */
final class RegisterWorkload implements Workload<RegisterAction> {
  private static final String TABLE = "registers";
  private static final int KEYS_AT_A_TIME = 3;
  private static final int ACTIONS_PER_KEY = 120;
  private static final int VALUES = 5;

  private long nextKey;
  private int actions;

  @Override
  public List<String> tables() {
    return List.of(TABLE);
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table " + TABLE + " (id bigint primary key, val bigint)");
    }
  }

  @Override
  public synchronized RegisterAction next(RandomGenerator random) {
    if (++actions % ACTIONS_PER_KEY == 0) {
      nextKey++;
    }
    long key = nextKey + random.nextInt(KEYS_AT_A_TIME);
    return switch (random.nextInt(4)) {
      case 0 -> new RegisterAction.Write(key, random.nextLong(VALUES));
      case 1 ->
          new RegisterAction.CompareAndSet(key, random.nextLong(VALUES), random.nextLong(VALUES));
      default -> new RegisterAction.Read(key, null);
    };
  }

  @Override
  public synchronized List<RegisterAction> lastReads() {
    List<RegisterAction> reads = new ArrayList<>();
    for (long key = 0; key < nextKey + KEYS_AT_A_TIME; key++) {
      reads.add(new RegisterAction.Read(key, null));
    }
    return reads;
  }

  @Override
  public boolean searchesByIndex() {
    return false;
  }

  @Override
  public boolean isAutocommit() {
    return true;
  }

  @Override
  public RegisterAction perform(Connection connection, RegisterAction asked)
      throws SQLException, RefusedException {
    switch (asked) {
      case RegisterAction.Read read -> {
        try (PreparedStatement statement =
            connection.prepareStatement("select val from " + TABLE + " where id = ?")) {
          statement.setLong(1, (Long) read.key());
          try (ResultSet rows = statement.executeQuery()) {
            return new RegisterAction.Read(read.key(), rows.next() ? rows.getLong(1) : null);
          }
        }
      }
      case RegisterAction.Write write -> {
        try (PreparedStatement statement =
            connection.prepareStatement(
                "insert into "
                    + TABLE
                    + " (id, val) values (?, ?) on conflict (id) do update set val = excluded.val")) {
          statement.setLong(1, (Long) write.key());
          statement.setObject(2, write.value());
          statement.executeUpdate();
          return write;
        }
      }
      case RegisterAction.CompareAndSet set -> {
        try (PreparedStatement statement =
            connection.prepareStatement(
                "update " + TABLE + " set val = ? where id = ? and val = ?")) {
          statement.setObject(1, set.value());
          statement.setLong(2, (Long) set.key());
          statement.setObject(3, set.expected());
          if (statement.executeUpdate() != 1) {
            throw new RefusedException("another value");
          }
          return set;
        }
      }
    }
  }

  @Override
  public Verdict judge(History<RegisterAction> history) {
    return Linearizability.judge(history);
  }

  @Override
  public List<String> lost(History<RegisterAction> history) {
    return List.of();
  }

  @Override
  public void write(History<RegisterAction> history, Path file) throws IOException {
    HistoryFile.write(history, new RegisterCodec(true), file);
  }

  @Override
  public String judgeArguments(Path file) {
    return "registers " + file;
  }
}
