package io.shardforge.server.process;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Verdict;
import io.shardforge.raft.check.file.HistoryFile;
import io.shardforge.raft.check.file.TransactionCodec;
import io.shardforge.raft.check.txn.KeyOrder;
import io.shardforge.raft.check.txn.ListAppend;
import io.shardforge.raft.check.txn.MicroOp;
import io.shardforge.raft.check.txn.RwRegister;
import io.shardforge.raft.check.txn.Transaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of a few steps over lists to which they append, or over registers, several tables
 * wide. A key serves for a while and is then replaced by a new one.
 */
final class TransactionWorkload implements Workload<Transaction> {
  /** What a key's value is. */
  enum Kind {
    APPEND,
    REGISTER
  }

  private static final int TABLES = 3;
  private static final int KEYS_AT_A_TIME = 7;
  private static final int WRITES_PER_KEY = 48;
  private static final int STEPS_MAX = 4;
  private static final int KEYS_PER_LAST_READ = 16;

  /** The table whose rows are also found by an index. */
  private static final int INDEXED = 2;

  private final Kind kind;
  private final ConsistencyModel model;
  private final long[] keys = LongStream.range(0, KEYS_AT_A_TIME).toArray();
  private final long[] writes = new long[KEYS_AT_A_TIME];
  private long nextKey = KEYS_AT_A_TIME;

  TransactionWorkload(Kind kind, Isolation isolation) {
    this.kind = kind;
    this.model = isolation.model();
  }

  private String table(long key) {
    return kind.name().toLowerCase(Locale.ROOT) + key % TABLES;
  }

  @Override
  public List<String> tables() {
    return LongStream.range(0, TABLES).mapToObj(this::table).toList();
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String table : tables()) {
        statement.execute(
            "create table %s (id bigint primary key, sk bigint not null, val text)"
                .formatted(table));
      }
      String table = table(INDEXED);
      statement.execute("create index %s_sk on %s (sk)".formatted(table, table));
    }
  }

  @Override
  public synchronized Transaction next(RandomGenerator random) {
    List<MicroOp> steps = new ArrayList<>();
    for (int left = random.nextInt(1, STEPS_MAX + 1); left > 0; left--) {
      int place = random.nextInt(KEYS_AT_A_TIME);
      long key = keys[place];
      if (random.nextBoolean()) {
        steps.add(new MicroOp.Read(key, null));
        continue;
      }
      long element = ++writes[place];
      steps.add(
          kind == Kind.APPEND ? new MicroOp.Append(key, element) : new MicroOp.Write(key, element));
      if (element == WRITES_PER_KEY) {
        keys[place] = nextKey++;
        writes[place] = 0;
      }
    }
    return new Transaction(steps);
  }

  @Override
  public synchronized List<Transaction> lastReads() {
    List<Transaction> reads = new ArrayList<>();
    for (long first = 0; first < nextKey; first += KEYS_PER_LAST_READ) {
      reads.add(
          new Transaction(
              LongStream.range(first, Math.min(first + KEYS_PER_LAST_READ, nextKey))
                  .<MicroOp>mapToObj(key -> new MicroOp.Read(key, null))
                  .toList()));
    }
    return reads;
  }

  @Override
  public boolean searchesByIndex() {
    return true;
  }

  @Override
  public boolean isAutocommit() {
    return false;
  }

  @Override
  public Transaction perform(Connection connection, Transaction asked) throws SQLException {
    List<MicroOp> seen = new ArrayList<>();
    for (MicroOp step : asked.steps()) {
      long key = (Long) step.key();
      switch (step) {
        case MicroOp.Read _ -> seen.add(new MicroOp.Read(key, read(connection, key)));
        case MicroOp.Append append -> {
          write(connection, key, append.element(), "%1$s.val || ',' || excluded.val");
          seen.add(step);
        }
        case MicroOp.Write write -> {
          write(connection, key, write.value(), "excluded.val");
          seen.add(step);
        }
      }
    }
    return new Transaction(seen);
  }

  private void write(Connection connection, long key, Object value, String newValue)
      throws SQLException {
    String table = table(key);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert into %1$s (id, sk, val) values (?, ?, ?) on conflict (id) do update set val = "
                    .formatted(table)
                + newValue.formatted(table))) {
      statement.setLong(1, key);
      statement.setLong(2, key);
      statement.setString(3, value.toString());
      statement.executeUpdate();
    }
  }

  private @Nullable Object read(Connection connection, long key) throws SQLException {
    String column = key % TABLES == INDEXED ? "sk" : "id";
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select val from %s where %s = ?".formatted(table(key), column))) {
      statement.setLong(1, key);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return null;
        }
        String text = rows.getString(1);
        if (rows.next()) {
          throw new SQLException("two rows with the key " + key, "XX000");
        }
        return kind == Kind.APPEND
            ? Arrays.stream(text.split(",", -1)).map(Long::valueOf).toList()
            : Long.valueOf(text);
      }
    }
  }

  @Override
  public Verdict judge(History<Transaction> history) {
    return kind == Kind.APPEND
        ? ListAppend.judge(history, model)
        : RwRegister.judge(history, model, EnumSet.allOf(KeyOrder.class));
  }

  /** Appends that were acknowledged before the last read of their list began, which lacks them. */
  @Override
  public List<String> lost(History<Transaction> history) {
    Map<Object, Operation<Transaction>> lastReaders = new HashMap<>();
    Map<Object, Set<Object>> last = new HashMap<>();
    for (Operation<Transaction> operation : history.operations()) {
      for (MicroOp step : operation.action().steps()) {
        if (operation.outcome() == Outcome.OK
            && step instanceof MicroOp.Read read
            && read.value() instanceof List<?> elements) {
          lastReaders.put(read.key(), operation);
          last.put(read.key(), new HashSet<>(elements));
        }
      }
    }
    List<String> lost = new ArrayList<>();
    for (Operation<Transaction> operation : history.operations()) {
      for (MicroOp step : operation.action().steps()) {
        if (operation.outcome() == Outcome.OK && step instanceof MicroOp.Append append) {
          Operation<Transaction> reader = lastReaders.get(append.key());
          if (reader == null
              || (operation.precedes(reader)
                  && !last.getOrDefault(append.key(), Set.of()).contains(append.element()))) {
            lost.add(append + " of operation #" + operation.index() + " is lost");
          }
        }
      }
    }
    return lost;
  }

  @Override
  public void write(History<Transaction> history, Path file) throws IOException {
    HistoryFile.write(history, new TransactionCodec(), file);
  }

  @Override
  public String judgeArguments(Path file) {
    return (kind == Kind.APPEND ? "append " : "wr-linearizable ")
        + file
        + " "
        + model.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
