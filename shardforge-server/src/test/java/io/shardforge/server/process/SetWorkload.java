package io.shardforge.server.process;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Verdict;
import io.shardforge.raft.check.file.HistoryFile;
import io.shardforge.raft.check.file.SetCodec;
import io.shardforge.raft.check.invariant.GrowOnlySet;
import io.shardforge.raft.check.invariant.SetAction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Rows that are inserted one by one and never change, and now and then a read of all. */
final class SetWorkload implements Workload<SetAction> {
  private static final String TABLE = "elements";
  private static final int ADDS_PER_READ = 24;

  private final ConsistencyModel model;
  private final AtomicLong nextElement = new AtomicLong();

  SetWorkload(Isolation isolation) {
    this.model = isolation.model();
  }

  @Override
  public List<String> tables() {
    return List.of(TABLE);
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table " + TABLE + " (element bigint primary key, sk bigint)");
    }
  }

  @Override
  public SetAction next(RandomGenerator random) {
    return random.nextInt(ADDS_PER_READ) == 0
        ? new SetAction.Read(null)
        : new SetAction.Add(nextElement.getAndIncrement());
  }

  @Override
  public List<SetAction> lastReads() {
    return List.of(new SetAction.Read(null), new SetAction.Read(null));
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
  public SetAction perform(Connection connection, SetAction asked) throws SQLException {
    return switch (asked) {
      case SetAction.Add add -> {
        try (PreparedStatement statement =
            connection.prepareStatement("insert into " + TABLE + " (element, sk) values (?, ?)")) {
          statement.setLong(1, (Long) add.element());
          statement.setLong(2, (Long) add.element());
          statement.executeUpdate();
        }
        yield add;
      }
      case SetAction.Read _ -> {
        List<Object> elements = new ArrayList<>();
        try (Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("select element from " + TABLE)) {
          while (rows.next()) {
            elements.add(rows.getLong(1));
          }
        }
        yield new SetAction.Read(elements);
      }
    };
  }

  @Override
  public Verdict judge(History<SetAction> history) {
    return GrowOnlySet.judge(history, model);
  }

  @Override
  public List<String> lost(History<SetAction> history) {
    return List.of();
  }

  @Override
  public void write(History<SetAction> history, Path file) throws IOException {
    HistoryFile.write(history, new SetCodec(), file);
  }

  @Override
  public String judgeArguments(Path file) {
    return "set " + file + " " + model.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
