package io.shardforge.raft.group;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A replicated map for tests: a command {@code key=value} sets a key and answers with the number of
 * commands applied so far. It forgets on a crash what was not flushed, as an engine does.
 */
class MapState implements ReplicatedState {
  private final TreeMap<String, String> map = new TreeMap<>();
  private final TreeMap<String, String> durableMap = new TreeMap<>();
  private AppliedIndex applied = AppliedIndex.NONE;
  private AppliedIndex durable = AppliedIndex.NONE;
  private long commands;
  private long durableCommands;
  private boolean leading;
  private boolean failing;
  private int installs;
  private CompletableFuture<Void> loading = CompletableFuture.completedFuture(null);

  /** A state that can be looked at only after something has happened. */
  static MapState slow(CompletableFuture<Void> until) {
    MapState state = new MapState();
    state.loading = until;
    return state;
  }

  @Override
  public synchronized byte[] apply(long term, long index, byte[] command) {
    if (failing) {
      throw new IllegalStateException("told to fail");
    }
    if (index != applied.index() + 1) {
      throw new IllegalStateException("entry " + index + " after " + applied);
    }
    String[] parts = new String(command, UTF_8).split("=", 2);
    map.put(parts[0], parts[1]);
    commands++;
    applied = new AppliedIndex(term, index);
    return Long.toString(commands).getBytes(UTF_8);
  }

  @Override
  public synchronized void applyNothing(long term, long index) {
    if (index != applied.index() + 1) {
      throw new IllegalStateException("entry " + index + " after " + applied);
    }
    applied = new AppliedIndex(term, index);
  }

  @Override
  public AppliedIndex applied() {
    loading.join();
    synchronized (this) {
      return applied;
    }
  }

  @Override
  public synchronized AppliedIndex durable() {
    return durable;
  }

  @Override
  public synchronized void leaderReady(long term) {
    leading = true;
  }

  @Override
  public synchronized void leaderLost() {
    leading = false;
  }

  @Override
  public synchronized void exportState(StateSink sink) throws IOException, InterruptedException {
    sink.begin(applied);
    sink.write(("#" + commands).getBytes(UTF_8));
    for (Map.Entry<String, String> entry : map.entrySet()) {
      sink.write((entry.getKey() + "=" + entry.getValue()).getBytes(UTF_8));
    }
  }

  @Override
  public synchronized void installState(AppliedIndex at, StateSource source)
      throws IOException, InterruptedException {
    installs++;
    map.clear();
    for (byte[] piece = source.next(); piece != null; piece = source.next()) {
      String text = new String(piece, UTF_8);
      if (text.startsWith("#")) {
        commands = Long.parseLong(text.substring(1));
      } else {
        String[] parts = text.split("=", 2);
        map.put(parts[0], parts[1]);
      }
    }
    applied = at;
    flush();
  }

  /** Makes everything applied so far survive a crash. */
  synchronized void flush() {
    durableMap.clear();
    durableMap.putAll(map);
    durable = applied;
    durableCommands = commands;
  }

  /** The state that a crash now would leave. */
  synchronized MapState afterCrash() {
    MapState next = new MapState();
    next.map.putAll(durableMap);
    next.applied = durable;
    next.commands = durableCommands;
    next.flush();
    return next;
  }

  synchronized void failFromNowOn() {
    failing = true;
  }

  synchronized boolean leading() {
    return leading;
  }

  synchronized int installs() {
    return installs;
  }

  synchronized Map<String, String> contents() {
    return Map.copyOf(map);
  }
}
