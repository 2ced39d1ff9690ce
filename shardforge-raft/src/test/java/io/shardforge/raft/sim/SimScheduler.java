package io.shardforge.raft.sim;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a simulation, and its time. Everything runs on virtual threads that hand each
 * piece of their work, from one wait to the next, to this scheduler; it runs one at a time and
 * draws which one is next. Time stands still while anything can run and then jumps to the next
 * timer.
 *
 * <p>The virtual threads of the platform take a scheduler only by reflection: the JVM needs {@code
 * --add-opens java.base/java.lang=ALL-UNNAMED}. A wait that is ended by another thread of the
 * machine (a timed wait, a contended monitor) would end the determinism; it is noticed and fails
 * the run.
 */
final class SimScheduler {
  /** A run that takes more steps than this goes in circles. */
  private static final long STEPS_MAX = 2_000_000;

  /** Threads that wait for work. */
  private static final Pattern IDLE = Pattern.compile("/(raft|apply)\\d+ SimLog|/tend SimClock");

  private static final Constructor<?> BUILDER = builder();

  private final RandomGenerator random;
  private final SimTrace trace;
  private final Thread carrier = Thread.currentThread();
  private final List<Task> ready = new ArrayList<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final List<SimProcess> processes = new ArrayList<>();
  private @Nullable Thread last;
  private long nowNanos;
  private long timersMade;
  private long steps;
  private volatile @Nullable Throwable failure;

  SimScheduler(RandomGenerator random, SimTrace trace) {
    this.random = random;
    this.trace = trace;
  }

  private static Constructor<?> builder() {
    try {
      Constructor<?> found =
          Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
              .getDeclaredConstructor(Executor.class);
      found.setAccessible(true);
      return found;
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "the JVM must be started with --add-opens java.base/java.lang=ALL-UNNAMED", e);
    }
  }

  /** A thread's work up to its next wait. */
  private record Task(SimProcess process, Runnable work) {}

  /** Something that happens at a time; those at the same time in the order in which they came. */
  final class Timer implements Comparable<Timer> {
    private final long atNanos;
    private final long number;
    private @Nullable Runnable action;

    private Timer(long atNanos, Runnable action) {
      this.atNanos = atNanos;
      this.number = timersMade++;
      this.action = action;
    }

    void cancel() {
      action = null;
    }

    @Override
    public int compareTo(Timer other) {
      int order = Long.compare(atNanos, other.atNanos);
      return order != 0 ? order : Long.compare(number, other.number);
    }
  }

  /** Threads that live and stop together, such as those of one start of a node. */
  final class SimProcess implements Executor {
    private final String name;
    private final List<Task> held = new ArrayList<>();
    private final IdentityHashMap<Runnable, Thread> threads = new IdentityHashMap<>();
    private @Nullable Thread starting;
    private boolean paused;
    private boolean dead;
    private double lagging;

    private SimProcess(String name) {
      this.name = name;
    }

    /** Starts a thread that runs a body. */
    void start(String threadName, Runnable body) {
      if (dead) {
        return;
      }
      Thread outer = starting;
      try {
        Executor pieces = this::submit;
        Thread.Builder.OfVirtual builder = (Thread.Builder.OfVirtual) BUILDER.newInstance(pieces);
        starting = builder.name(name + "/" + threadName).unstarted(() -> runBody(body));
        starting.start();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      } finally {
        starting = outer;
      }
    }

    private void runBody(Runnable body) {
      try {
        body.run();
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }

    @Override
    public void execute(Runnable task) {
      start("task", task);
    }

    private void submit(Runnable work) {
      // A new thread is handed in by the thread that starts it, any other piece by the carrier.
      Thread by = Thread.currentThread();
      if (!by.equals(carrier) && !by.isVirtual()) {
        fail(new IllegalStateException("a thread of " + name + " was woken by " + by));
        return;
      }
      if (dead) {
        return;
      }
      Thread started = starting;
      if (started != null) {
        threads.put(work, started);
        starting = null;
      }
      Task task = new Task(this, work);
      if (lagging > 0 && random.nextDouble() < lagging) {
        at(nowNanos + random.nextLong(50_000_000), () -> admit(task));
      } else {
        admit(task);
      }
    }

    private void admit(Task task) {
      if (!dead) {
        (paused ? held : ready).add(task);
      }
    }

    /** Makes a part of the threads' steps come up to 50 ms late. */
    void setLagging(double part) {
      lagging = part;
    }

    /** Stops all threads where they are until {@link #resume}. */
    void pause() {
      paused = true;
      for (int i = ready.size() - 1; i >= 0; i--) {
        if (ready.get(i).process == this) {
          held.addFirst(ready.remove(i));
        }
      }
    }

    void resume() {
      paused = false;
      ready.addAll(held);
      held.clear();
    }

    /** Stops all threads for ever, where they are. */
    void kill() {
      dead = true;
      held.clear();
      ready.removeIf(task -> task.process == this);
    }

    String name() {
      return name;
    }

    boolean isAlive() {
      return !dead;
    }

    boolean isRunning() {
      return !dead && !paused;
    }
  }

  SimProcess process(String name) {
    SimProcess process = new SimProcess(name);
    processes.add(process);
    return process;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** Steps taken so far: a measure of order, as time stands still so often. */
  long steps() {
    return steps;
  }

  Timer after(long nanos, Runnable action) {
    return at(nowNanos + nanos, action);
  }

  private Timer at(long atNanos, Runnable action) {
    Timer timer = new Timer(atNanos, action);
    timers.add(timer);
    return timer;
  }

  /** Ends the run with a failure. */
  void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  /** Runs until something is so; fails if time runs out or nothing is left to run before. */
  void runUntil(BooleanSupplier done, long patienceNanos, String what) {
    long endNanos = nowNanos + patienceNanos;
    while (!done.getAsBoolean()) {
      Throwable failed = failure;
      if (failed != null) {
        throw new AssertionError("something failed while waiting for " + what, failed);
      }
      if (!ready.isEmpty()) {
        if (++steps > STEPS_MAX) {
          throw stuck("it goes in circles while waiting for " + what);
        }
        int next = random.nextInt(ready.size());
        Task task = ready.set(next, ready.getLast());
        ready.removeLast();
        Thread thread = task.process.threads.get(task.work);
        trace.step(thread == null ? task.process.name : thread.getName(), nowNanos);
        last = thread;
        task.work.run();
        continue;
      }
      Timer timer = timers.poll();
      if (timer == null) {
        throw stuck("nothing runs any more while waiting for " + what);
      }
      Runnable action = timer.action;
      if (action == null) {
        continue;
      }
      if (timer.atNanos > endNanos) {
        throw stuck("time ran out while waiting for " + what);
      }
      nowNanos = Math.max(nowNanos, timer.atNanos);
      action.run();
    }
  }

  /** Says where everybody stands. */
  private Stuck stuck(String what) {
    StringBuilder text = new StringBuilder(what);
    Thread running = last;
    if (running != null) {
      text.append("\nlast: ").append(where(running));
    }
    for (SimProcess process : processes) {
      if (process.isAlive()) {
        process.threads.values().stream()
            .filter(Thread::isAlive)
            .map(SimScheduler::where)
            .filter(place -> !place.isEmpty() && !IDLE.matcher(place).find())
            .sorted()
            .forEach(place -> text.append('\n').append(place));
      }
    }
    return new Stuck(text.toString());
  }

  /** A run that does not come to its end. */
  static final class Stuck extends AssertionError {
    private static final long serialVersionUID = 1L;

    Stuck(String what) {
      super(what);
    }
  }

  private static String where(Thread thread) {
    StringBuilder text = new StringBuilder();
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getClassName().startsWith("io.shardforge")) {
        text.append(' ').append(frame.getFileName()).append(':').append(frame.getLineNumber());
      }
    }
    return text.isEmpty() ? "" : thread.getName() + text;
  }

  /** Stops every thread for ever. */
  void end() {
    ready.clear();
    timers.clear();
  }
}
