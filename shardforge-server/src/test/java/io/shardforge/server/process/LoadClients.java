package io.shardforge.server.process;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.HistoryRecorder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * The clients of a run: each a thread that does one operation after the other at its pace, through
 * one node after the other, and records them.
 */
final class LoadClients<T> {
  /** After this long without an answer, a client's connection is broken. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final int OPERATIONS_PER_SESSION = 64;
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(200);
  private static final Duration LAST_READS_PATIENCE = Duration.ofMinutes(1);

  private final ServerCluster cluster;
  private final Workload<T> workload;
  private final Isolation isolation;
  private final long seed;
  private final long pauseNanos;
  private final HistoryRecorder<T> recorder = new HistoryRecorder<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong nextProcess = new AtomicLong();
  private final Map<String, AtomicLong> endings = new ConcurrentSkipListMap<>();
  private final Map<String, String> examples = new ConcurrentSkipListMap<>();
  private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
  private final AtomicLong lastOkNanos = new AtomicLong();
  private final AtomicLong longestGapNanos = new AtomicLong();
  private final AtomicLong longestOkNanos = new AtomicLong();

  /**
   * Describes clients.
   *
   * @param rate operations a second that all of them begin together, if the servers let them
   */
  LoadClients(
      ServerCluster cluster,
      Workload<T> workload,
      Isolation isolation,
      int clients,
      int rate,
      long seed) {
    this.cluster = cluster;
    this.workload = workload;
    this.isolation = isolation;
    this.seed = seed;
    this.pauseNanos = TimeUnit.SECONDS.toNanos(1) * clients / rate;
    for (int client = 0; client < clients; client++) {
      int number = client;
      threads.add(Thread.ofPlatform().name("client-" + client).unstarted(() -> run(number)));
    }
  }

  void start() {
    lastOkNanos.set(System.nanoTime());
    threads.forEach(Thread::start);
  }

  /** Ends the load, waiting for what is under way. */
  void stop() throws InterruptedException {
    stop.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void run(int client) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed + client);
    try (Session session = new Session(random)) {
      long due = System.nanoTime();
      while (!stop.await(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        // The pace is kept after a delay, and what was missed is not made up for.
        due = Math.max(due, System.nanoTime() - pauseNanos) + pauseNanos;
        if (session.isOpen()) {
          session.operate(workload.next(random));
        } else {
          session.open();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      broken.add(e);
    }
  }

  /**
   * Reads everything, through each node in turn, until every read has been answered; whether they
   * have.
   */
  boolean readAll() throws InterruptedException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    try (Session session = new Session(random)) {
      for (T read : workload.lastReads()) {
        if (!Waiting.until(
            LAST_READS_PATIENCE,
            () -> {
              if (!session.isOpen()) {
                session.open();
              }
              return session.isOpen() && session.operate(read);
            })) {
          return false;
        }
      }
    }
    return true;
  }

  History<T> history() {
    return recorder.history();
  }

  /** How operations ended: their number, by outcome and SQLSTATE. */
  Map<String, Long> endings() {
    Map<String, Long> counts = new TreeMap<>();
    endings.forEach((ending, count) -> counts.put(ending, count.get()));
    return counts;
  }

  /** The words of the first error of each ending. */
  Map<String, String> examples() {
    return examples;
  }

  /** What ended a client that should have gone on: errors of the test itself. */
  List<Throwable> broken() {
    return List.copyOf(broken);
  }

  /** How long ago an operation succeeded. */
  Duration sinceSuccess() {
    return Duration.ofNanos(System.nanoTime() - lastOkNanos.get());
  }

  /** The longest time in which no operation of any client succeeded. */
  Duration longestGap() {
    return Duration.ofNanos(longestGapNanos.get());
  }

  /** The longest time that an operation took which succeeded. */
  Duration longestOk() {
    return Duration.ofNanos(longestOkNanos.get());
  }

  private void count(String ending, @Nullable Exception example) {
    endings.computeIfAbsent(ending, _ -> new AtomicLong()).incrementAndGet();
    if (example != null) {
      examples.putIfAbsent(ending, String.valueOf(example.getMessage()));
    }
  }

  /** One client's connection of the moment, and the process that it is in the history. */
  private final class Session implements AutoCloseable {
    private final RandomGenerator random;
    private @Nullable Connection connection;
    private long process = nextProcess.getAndIncrement();
    private int operations;

    Session(RandomGenerator random) {
      this.random = random;
    }

    boolean isOpen() {
      return connection != null;
    }

    /** Connects to some node; leaves it for later if that does not work. */
    void open() {
      List<ServerNode> nodes = cluster.nodes();
      ServerNode node = nodes.get(random.nextInt(nodes.size()));
      try {
        Connection opened = node.connect(PATIENCE);
        connection = opened;
        operations = 0;
        opened.setTransactionIsolation(isolation.level());
        opened.setAutoCommit(workload.isAutocommit());
      } catch (SQLException e) {
        count("connect " + Fate.state(e), e);
        close();
        java.util.concurrent.locks.LockSupport.parkNanos(RECONNECT_PAUSE.toNanos());
      }
    }

    @Override
    public void close() {
      Connection open = connection;
      connection = null;
      if (open != null) {
        try {
          open.close();
        } catch (SQLException _) {
          // It is not needed any more.
        }
      }
    }

    /** Does one operation and records it; whether it succeeded. */
    boolean operate(T asked) {
      Connection open = connection;
      if (open == null) {
        throw new IllegalStateException("not connected");
      }
      long began = System.nanoTime();
      int index = recorder.invoke(process, asked);
      boolean commitSent = workload.isAutocommit();
      try {
        T seen = workload.perform(open, asked);
        if (!commitSent) {
          commitSent = true;
          open.commit();
        }
        recorder.ok(index, seen);
        succeeded(began);
        if (++operations >= OPERATIONS_PER_SESSION) {
          close();
        }
        return true;
      } catch (Workload.RefusedException _) {
        recorder.fail(index);
        count("fail refused", null);
        rollback(open);
      } catch (SQLException e) {
        failed(index, commitSent, e, System.nanoTime() - began);
        if (Fate.endsConnection(e)) {
          close();
        } else {
          rollback(open);
        }
      }
      return false;
    }

    private void rollback(Connection open) {
      if (workload.isAutocommit()) {
        return;
      }
      try {
        open.rollback();
      } catch (SQLException e) {
        count("rollback " + Fate.state(e), e);
        close();
      }
    }

    private void succeeded(long began) {
      long now = System.nanoTime();
      longestOkNanos.accumulateAndGet(now - began, Math::max);
      longestGapNanos.accumulateAndGet(now - lastOkNanos.getAndSet(now), Math::max);
      count("ok", null);
    }

    private void failed(int index, boolean commitSent, SQLException error, long nanos) {
      boolean waitedInVain = nanos >= PATIENCE.toNanos();
      String what = Fate.state(error) + (waitedInVain ? " timeout" : "");
      switch (Fate.of(error, commitSent)) {
        case FAILED -> {
          recorder.fail(index);
          count("fail " + what, error);
        }
        case UNKNOWN -> {
          process = nextProcess.getAndIncrement();
          count("info " + what, error);
        }
      }
    }
  }
}
