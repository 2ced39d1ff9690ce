package io.shardforge.raft.sim;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What clients do in a simulation, and what they saw: each runs one transaction after another at
 * any level on its node, of reads, scans, locks, appends, blind writes, insertions, deletions and
 * savepoints, on few rows in several shards. Every value that is ever written is unique.
 */
final class SimClients {
  /** How far before the newest known commit transactions read that read the past. */
  private static final int PAST_MILLIS_MAX = 400;

  private static final int TABLES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final TableVersion TABLE = new TableVersion(KeySpace.FIRST_USER_TABLE_ID, 1);

  private final SimScheduler scheduler;
  private final SimTrace trace;
  private final SplittableRandom random;
  private final int rows;
  private final List<Attempt> attempts = new ArrayList<>();
  private final Map<Integer, List<Client>> byNode = new TreeMap<>();
  private int running;
  private long knownTs;

  /**
   * Clients that do nothing yet.
   *
   * @param rows rows in each table
   */
  SimClients(SimScheduler scheduler, SimTrace trace, SplittableRandom random, int rows) {
    this.scheduler = scheduler;
    this.trace = trace;
    this.random = random;
    this.rows = rows;
  }

  void add(int node, int transactions) {
    byNode
        .computeIfAbsent(node, _ -> new ArrayList<>())
        .add(new Client(random.split(), transactions));
    running++;
  }

  /** Lets a node's clients go on where they were when it stopped. */
  void resume(SimNode node) {
    for (Client client : byNode.getOrDefault(node.id(), List.of())) {
      node.process().start("client", () -> client.run(node));
    }
  }

  /**
   * Goes on reading a row that nobody writes, now and then: what was left behind is found by its
   * age, and the oracle's time goes on only while somebody asks for it.
   */
  static void readNowAndThen(SimNode node) {
    node.process()
        .start(
            "calm",
            () -> {
              try {
                while (true) {
                  node.clock().sleep(Duration.ofMillis(700));
                  Txn txn = node.transactions().begin(Isolation.READ_COMMITTED, true);
                  try {
                    txn.beginStatement(Deadline.after(node.clock(), PATIENCE), Duration.ZERO);
                    var _ = txn.get(bytesOf("0.calm"));
                  } catch (KvException e) {
                    // The next one may be luckier.
                  }
                  txn.rollback();
                }
              } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts a client", e);
              }
            });
  }

  /** A node has stopped with all that its clients were doing. */
  void stopped(int node) {
    for (Client client : byNode.getOrDefault(node, List.of())) {
      client.stopped();
    }
  }

  boolean areDone() {
    return running == 0;
  }

  List<Attempt> attempts() {
    return attempts;
  }

  /** The greatest commit timestamp that a client was told. */
  long knownTs() {
    return knownTs;
  }

  // ---- Rows ----

  static byte[] bytesOf(String key) {
    int dot = key.indexOf('.');
    int table = KeySpace.FIRST_USER_TABLE_ID + Integer.parseInt(key, 0, dot, 10);
    return Bytes.concat(
        KeySpace.indexPrefix(table, 1), key.substring(dot + 1).getBytes(StandardCharsets.UTF_8));
  }

  static String nameOf(byte[] key) {
    int table = KeySpace.tableIdOf(key) - KeySpace.FIRST_USER_TABLE_ID;
    int prefix = KeySpace.indexPrefix(KeySpace.tableIdOf(key), 1).length;
    return table + "." + new String(key, prefix, key.length - prefix, StandardCharsets.UTF_8);
  }

  /** A key that clients may write, or that lies between those. */
  static String someKey(SplittableRandom random) {
    String[] kinds = {"", "blind", "new", "own", "row"};
    return random.nextInt(TABLES) + "." + kinds[random.nextInt(kinds.length)] + random.nextInt(4);
  }

  static @Nullable String textOf(byte @Nullable [] value) {
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  /** All rows that may ever have been written. */
  Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    for (Attempt attempt : attempts) {
      keys.addAll(attempt.writes.keySet());
      attempt.reads.forEach(read -> keys.add(read.key()));
    }
    return keys;
  }

  /** Somebody who runs one transaction after another. */
  private final class Client {
    private final SplittableRandom random;
    private int left;
    private @Nullable Attempt current;

    Client(SplittableRandom random, int left) {
      this.random = random;
      this.left = left;
    }

    void stopped() {
      Attempt attempt = current;
      if (attempt != null) {
        current = null;
        end(attempt, attempt.committing ? Attempt.State.UNKNOWN : Attempt.State.ABORTED, "crash");
      }
    }

    void run(SimNode node) {
      try {
        while (left > 0) {
          left--;
          attempt(node);
          pause(node, 30);
        }
        if (left == 0) {
          left = -1;
          running--;
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts a client", e);
      }
    }

    private void pause(SimNode node, int millisMax) throws InterruptedException {
      int millis = random.nextInt(millisMax);
      // Now and then longer than a lease, or than a silent transaction lives.
      node.clock().sleep(Duration.ofMillis(random.nextInt(100) == 0 ? millis * 100L : millis));
    }

    private void attempt(SimNode node) throws InterruptedException {
      Isolation[] levels = Isolation.values();
      Isolation isolation = levels[random.nextInt(levels.length)];
      Attempt attempt = new Attempt(attempts.size(), isolation, knownTs);
      attempts.add(attempt);
      current = attempt;
      Txn txn = begin(node, attempt);
      if (txn == null) {
        return;
      }
      Work work = new Work(node, attempt, random, txn);
      try {
        boolean commits = work.run();
        if (commits) {
          attempt.committing = true;
          attempt.commitStep = scheduler.steps();
          long commitTs = work.txn.commit();
          attempt.commitTs = commitTs;
          end(attempt, Attempt.State.COMMITTED, "");
        } else {
          end(attempt, Attempt.State.ABORTED, "rolled back");
          work.txn.rollback();
        }
      } catch (KvException e) {
        if (e.error() instanceof KvError.Broken) {
          throw new AssertionError(attempt + " met " + e.error(), e);
        }
        boolean unknown = e.error() instanceof KvError.OutcomeUnknown;
        end(
            attempt,
            unknown ? Attempt.State.UNKNOWN : Attempt.State.ABORTED,
            e.error().getClass().getSimpleName());
        work.txn.rollback();
      }
      current = null;
    }

    private @Nullable Txn begin(SimNode node, Attempt attempt) {
      if (knownTs == 0 || random.nextInt(10) != 0) {
        return node.transactions().begin(attempt.isolation, false);
      }
      try {
        attempt.past = true;
        long age =
            random.nextBoolean()
                ? random.nextInt(3)
                : (long) random.nextInt(PAST_MILLIS_MAX) << Timestamp.LOGICAL_BITS;
        return node.transactions().beginAsOf(Math.max(1, knownTs - age));
      } catch (KvException e) {
        end(attempt, Attempt.State.ABORTED, e.error().getClass().getSimpleName());
        current = null;
        return null;
      }
    }

    private void end(Attempt attempt, Attempt.State state, String error) {
      attempt.state = state;
      attempt.error = error;
      if (state == Attempt.State.COMMITTED && !attempt.writes.isEmpty()) {
        knownTs = Math.max(knownTs, attempt.commitTs);
      }
      trace.note(scheduler.nowNanos(), attempt.toString());
    }
  }

  /** One transaction's statements. */
  private final class Work {
    private final SimNode node;
    private final Attempt attempt;
    private final SplittableRandom random;
    private final Txn txn;
    private int values;

    Work(SimNode node, Attempt attempt, SplittableRandom random, Txn txn) {
      this.node = node;
      this.attempt = attempt;
      this.random = random;
      this.txn = txn;
    }

    /** Runs the statements; returns whether to commit then. */
    boolean run() throws InterruptedException {
      int statements = 1 + random.nextInt(4);
      for (int i = 0; i < statements; i++) {
        if (i > 0 && random.nextInt(3) == 0) {
          node.clock().sleep(Duration.ofMillis(random.nextInt(40)));
        }
        begin();
        if (attempt.past) {
          if (random.nextBoolean()) {
            read(anyRow());
          } else {
            scan();
          }
        } else {
          statement();
        }
        boolean last = i == statements - 1;
        if (!last || random.nextInt(4) == 0) {
          txn.finishStatement(last);
        }
      }
      return random.nextInt(12) != 0;
    }

    private long statementKnownTs;

    private void begin() {
      statementKnownTs = knownTs;
      txn.beginStatement(
          Deadline.after(node.clock(), PATIENCE),
          random.nextInt(4) == 0 ? Duration.ofMillis(500) : Duration.ZERO);
      if (attempt.startTs == 0) {
        attempt.startTs = txn.startTimestamp();
      }
    }

    private void statement() throws InterruptedException {
      switch (random.nextInt(17)) {
        case 0, 1, 2 -> read(anyRow());
        case 3 -> scan();
        case 4, 5, 6, 7 -> append(anyRow());
        case 8 -> readMany();
        case 9 -> write(random.nextInt(TABLES) + ".blind" + random.nextInt(rows), value(), blind());
        case 10 -> insert(random.nextInt(TABLES) + ".new" + random.nextInt(4 * rows), false);
        case 11 -> insert(random.nextInt(TABLES) + ".own" + attempt.number + "-" + values, true);
        case 12 -> delete(anyRow());
        case 13, 16 -> guard();
        case 14 -> changeMind();
        default -> {
          append(anyRow());
          append(anyRow());
        }
      }
    }

    private String anyRow() {
      return random.nextInt(TABLES) + ".row" + random.nextInt(rows);
    }

    private String value() {
      return attempt.number + ":" + values++;
    }

    private static long blind() {
      return Attempt.Write.BLIND;
    }

    private @Nullable String read(String key) {
      byte[] bytes = bytesOf(key);
      if (attempt.writes.containsKey(key)) {
        String own = textOf(txn.get(bytes));
        Attempt.Write written = attempt.writes.get(key);
        if (written == null || !java.util.Objects.equals(own, written.value())) {
          throw new AssertionError(attempt + " does not see its own write of " + key + ": " + own);
        }
        return own;
      }
      String value = textOf(txn.get(bytes));
      note(key, value);
      return value;
    }

    private void note(String key, @Nullable String value) {
      long known = attempt.past ? 0 : statementKnownTs;
      attempt.reads.add(
          new Attempt.Read(
              key,
              value,
              txn.readTimestamp(),
              attempt.isolation == Isolation.READ_COMMITTED ? known : 0));
    }

    private void readMany() {
      List<String> keys = new ArrayList<>();
      List<byte[]> bytes = new ArrayList<>();
      for (int table = 0; table < TABLES; table++) {
        String key = table + ".row" + random.nextInt(rows);
        if (!attempt.writes.containsKey(key)) {
          keys.add(key);
          bytes.add(bytesOf(key));
        }
      }
      if (keys.isEmpty()) {
        return;
      }
      List<byte @Nullable []> values = txn.getAll(bytes);
      for (int i = 0; i < keys.size(); i++) {
        note(keys.get(i), textOf(values.get(i)));
      }
    }

    private void scan() {
      int table = random.nextInt(TABLES);
      KeySpan span = KeySpace.tableSpan(KeySpace.FIRST_USER_TABLE_ID + table);
      Map<String, String> found = new TreeMap<>();
      try (KvCursor cursor = txn.scan(span, random.nextBoolean(), 0)) {
        for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
          for (int i = 0; i < page.rows(); i++) {
            found.put(nameOf(page.key(i)), String.valueOf(textOf(page.value(i))));
          }
        }
      }
      for (int row = 0; row < rows; row++) {
        String key = table + ".row" + row;
        if (!attempt.writes.containsKey(key)) {
          note(key, found.get(key));
        }
      }
      for (Map.Entry<String, String> row : found.entrySet()) {
        if (!attempt.writes.containsKey(row.getKey()) && !row.getKey().contains(".row")) {
          note(row.getKey(), row.getValue());
        }
      }
    }

    /** Locks a row and returns it, with the version that a write of it will replace. */
    private LockedRow lock(String key, LockStrength strength) {
      LockedRow row = txn.lock(List.of(bytesOf(key)), strength, LockWait.BLOCK).getFirst();
      Attempt.Write own = attempt.writes.get(key);
      if (own != null && !java.util.Objects.equals(own.value(), textOf(row.value()))) {
        throw new AssertionError(attempt + " does not see its own write of " + key);
      }
      return row;
    }

    private void append(String key) {
      String before;
      long replaces;
      if (attempt.isolation == Isolation.READ_COMMITTED || random.nextBoolean()) {
        LockedRow row =
            lock(key, random.nextBoolean() ? LockStrength.UPDATE : LockStrength.NO_KEY_UPDATE);
        before = textOf(row.value());
        replaces = before == null ? 0 : row.commitTs();
      } else {
        before = read(key);
        replaces = before == null ? Attempt.Write.NONE_IN_SNAPSHOT : Attempt.Write.OF_SNAPSHOT;
      }
      write(key, before == null ? value() : before + " " + value(), replaces);
    }

    private void write(String key, String value, long replaces) {
      txn.put(TABLE, bytesOf(key), value.getBytes(StandardCharsets.UTF_8));
      wrote(key, value, replaces);
    }

    private void wrote(String key, @Nullable String value, long replaces) {
      Attempt.Write before = attempt.writes.get(key);
      attempt.writes.put(
          key, new Attempt.Write(value, before == null ? replaces : before.replacesTs()));
    }

    private void insert(String key, boolean certainlyNew) {
      Attempt.Write own = attempt.writes.get(key);
      if (own != null) {
        return;
      }
      String value = value();
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      if (certainlyNew) {
        txn.insertNew(TABLE, bytesOf(key), bytes);
      } else {
        txn.insert(TABLE, bytesOf(key), bytes);
      }
      wrote(key, value, 0);
    }

    private void delete(String key) {
      LockedRow row = lock(key, LockStrength.UPDATE);
      if (row.value() == null) {
        return;
      }
      txn.delete(TABLE, bytesOf(key));
      wrote(key, null, row.commitTs());
    }

    /** Locks a row that nobody ever writes. */
    private void guard() throws InterruptedException {
      String key = random.nextInt(2) + ".guard";
      var _ = lock(key, LockStrength.UPDATE);
      attempt.locks.add(new Attempt.Lock(key, scheduler.steps()));
      if (random.nextInt(4) == 0) {
        node.clock().sleep(Duration.ofMillis(random.nextInt(1500)));
      }
    }

    /** Writes something and takes it back. */
    private void changeMind() {
      int savepoint = txn.savepoint();
      Map<String, Attempt.Write> before = new TreeMap<>(attempt.writes);
      append(anyRow());
      if (random.nextBoolean()) {
        append(anyRow());
      }
      if (random.nextInt(3) != 0) {
        txn.rollbackTo(savepoint);
        attempt.writes = before;
      }
      txn.release(savepoint);
      if (random.nextBoolean()) {
        append(anyRow());
      }
    }
  }
}
