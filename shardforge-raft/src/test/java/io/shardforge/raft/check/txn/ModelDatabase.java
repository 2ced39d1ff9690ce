package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.HistoryRecorder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A database in memory, run by one thread and one seed, whose isolation is known: the source of
 * histories that must be judged right, and, once spoiled, wrong.
 *
 * <p>Several processes have a transaction open each; every turn, one of them takes a step. Keys are
 * replaced after a number of writes, so that lists stay short however long the history.
 */
final class ModelDatabase {
  private static final int STEPS_MAX = 4;
  private static final int WRITES_PER_KEY = 48;

  /** How transactions are kept apart. */
  enum Isolation {
    /** Snapshots, and at the end nothing read has changed: strict serializable. */
    SERIALIZABLE,
    /** Snapshots, and at the end nothing written has changed: strong snapshot isolation. */
    SNAPSHOT,
    /** Each read takes what is committed at its time; a write locks its key to the end. */
    COMMITTED,
    /** Each read takes what there is, and each write is there at once. */
    NONE
  }

  /** What a workload does and how badly it goes. */
  record Workload(
      Isolation isolation, boolean lists, int processes, int keys, double aborts, double unknown) {}

  private final SplittableRandom random;
  private final Workload workload;
  private final HistoryRecorder<Transaction> recorder = new HistoryRecorder<>();
  private final Map<Object, List<Version>> versions = new HashMap<>();
  private final List<Session> sessions = new ArrayList<>();
  private final List<Session> late = new ArrayList<>();
  private final long[] activeKeys;
  private final int[] writesLeft;
  private long nextKey;
  private long nextValue = 1;
  private long nextProcess;
  private long clock;

  /** The state of a key from a commit on. */
  private record Version(long committed, @Nullable Object value) {}

  /** A transaction under way. */
  private static final class Session {
    private final int number;
    private final long begun;
    private final List<MicroOp> asked;
    private final List<MicroOp> done = new ArrayList<>();
    private boolean deadlocked;

    Session(int number, long begun, List<MicroOp> asked) {
      this.number = number;
      this.begun = begun;
      this.asked = asked;
    }
  }

  private ModelDatabase(long seed, Workload workload) {
    this.random = new SplittableRandom(seed);
    this.workload = workload;
    this.activeKeys = new long[workload.keys()];
    this.writesLeft = new int[workload.keys()];
    for (int i = 0; i < activeKeys.length; i++) {
      activeKeys[i] = nextKey++;
      writesLeft[i] = WRITES_PER_KEY;
    }
    nextProcess = workload.processes();
  }

  /** Runs a number of transactions, and at the end one that reads every key. */
  static History<Transaction> run(long seed, Workload workload, int transactions) {
    ModelDatabase database = new ModelDatabase(seed, workload);
    database.run(transactions);
    return database.recorder.history();
  }

  private void run(int transactions) {
    long[] processes = new long[workload.processes()];
    for (int i = 0; i < processes.length; i++) {
      processes[i] = i;
      sessions.add(begin(i));
    }
    int left = transactions - processes.length;
    while (!sessions.isEmpty()) {
      int turn = random.nextInt(sessions.size());
      Session session = sessions.get(turn);
      if (session.done.size() < session.asked.size() && !session.deadlocked) {
        step(session);
        continue;
      }
      if (!end(session)) {
        processes[turn] = nextProcess++;
      }
      if (left-- > 0) {
        sessions.set(turn, begin(processes[turn]));
      } else {
        sessions.remove(turn);
        processes[turn] = processes[sessions.size()];
        if (turn < sessions.size()) {
          sessions.add(turn, sessions.removeLast());
        }
      }
      if (!late.isEmpty() && random.nextInt(3) == 0) {
        commit(late.removeLast());
      }
    }
    List<MicroOp> reads = new ArrayList<>();
    for (long key = 0; key < nextKey; key++) {
      reads.add(new MicroOp.Read(key, workload.lists() ? List.of() : null));
    }
    Session last = open(processes[0], reads);
    reads.forEach(_ -> step(last));
    recorder.ok(last.number, new Transaction(last.done));
  }

  private Session begin(long process) {
    List<MicroOp> asked = new ArrayList<>();
    int steps = 1 + random.nextInt(STEPS_MAX);
    for (int i = 0; i < steps; i++) {
      int place = random.nextInt(activeKeys.length);
      Object key = activeKeys[place];
      if (random.nextBoolean()) {
        asked.add(new MicroOp.Read(key, null));
      } else {
        long value = nextValue++;
        asked.add(
            workload.lists() ? new MicroOp.Append(key, value) : new MicroOp.Write(key, value));
        if (--writesLeft[place] == 0) {
          activeKeys[place] = nextKey++;
          writesLeft[place] = WRITES_PER_KEY;
        }
      }
    }
    return open(process, asked);
  }

  private Session open(long process, List<MicroOp> asked) {
    return new Session(recorder.invoke(process, new Transaction(asked)), clock, asked);
  }

  private void step(Session session) {
    MicroOp step = session.asked.get(session.done.size());
    if (workload.isolation() == Isolation.COMMITTED
        && !(step instanceof MicroOp.Read)
        && isLocked(step.key(), session)) {
      session.deadlocked = random.nextInt(4) == 0;
      return;
    }
    if (step instanceof MicroOp.Read read) {
      Object value = committed(read.key(), session);
      for (MicroOp own : session.done) {
        // Without isolation, its own writes are in what is committed.
        if (own.key().equals(read.key()) && workload.isolation() != Isolation.NONE) {
          value = after(value, own);
        }
      }
      session.done.add(new MicroOp.Read(read.key(), value));
    } else {
      session.done.add(step);
      if (workload.isolation() == Isolation.NONE) {
        install(step, ++clock);
      }
    }
  }

  private boolean isLocked(Object key, Session session) {
    return Stream.concat(sessions.stream(), late.stream())
        .filter(other -> other != session)
        .flatMap(other -> other.done.stream())
        .anyMatch(step -> !(step instanceof MicroOp.Read) && step.key().equals(key));
  }

  private @Nullable Object committed(Object key, Session session) {
    long until =
        switch (workload.isolation()) {
          case SERIALIZABLE, SNAPSHOT -> session.begun;
          case COMMITTED, NONE -> Long.MAX_VALUE;
        };
    List<Version> all = versions.getOrDefault(key, List.of());
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).committed() <= until) {
        return all.get(i).value();
      }
    }
    return workload.lists() ? List.of() : null;
  }

  private static @Nullable Object after(@Nullable Object value, MicroOp step) {
    return switch (step) {
      case MicroOp.Read _ -> value;
      case MicroOp.Write write -> write.value();
      case MicroOp.Append append -> {
        List<Object> longer = new ArrayList<>();
        if (value instanceof List<?> list) {
          longer.addAll(list);
        }
        longer.add(append.element());
        yield longer;
      }
    };
  }

  /** Ends a transaction and returns whether its process knows how. */
  private boolean end(Session session) {
    boolean aborts = session.deadlocked || random.nextDouble() < workload.aborts();
    if (random.nextDouble() < workload.unknown()) {
      if (!aborts) {
        late.add(session);
      }
      return false;
    }
    if (aborts || !commit(session)) {
      recorder.fail(session.number);
    } else {
      recorder.ok(session.number, new Transaction(session.done));
    }
    return true;
  }

  private boolean commit(Session session) {
    Set<Object> checked = new HashSet<>();
    for (MicroOp step : session.done) {
      boolean read = step instanceof MicroOp.Read;
      if (workload.isolation() == Isolation.SERIALIZABLE
          || (workload.isolation() == Isolation.SNAPSHOT && !read)) {
        checked.add(step.key());
      }
    }
    for (Object key : checked) {
      List<Version> all = versions.getOrDefault(key, List.of());
      if (!all.isEmpty() && all.getLast().committed() > session.begun) {
        return false;
      }
    }
    clock++;
    if (workload.isolation() != Isolation.NONE) {
      for (MicroOp step : session.done) {
        if (!(step instanceof MicroOp.Read)) {
          install(step, clock);
        }
      }
    }
    return true;
  }

  private void install(MicroOp step, long commit) {
    List<Version> all = versions.computeIfAbsent(step.key(), _ -> new ArrayList<>());
    Object before = all.isEmpty() ? null : all.getLast().value();
    if (!all.isEmpty() && all.getLast().committed() == commit) {
      all.removeLast();
    }
    all.add(new Version(commit, after(before, step)));
  }
}
