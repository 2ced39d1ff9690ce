package io.shardforge.raft.sim;

import io.shardforge.storage.engine.BulkLoad;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.EngineIterator;
import io.shardforge.storage.engine.EngineMetrics;
import io.shardforge.storage.engine.EngineSnapshot;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.KeySpan;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One node's engine in a simulation: in memory, with a turn for others at any access, and with a
 * crash at the write that was chosen for it.
 */
final class SimEngine implements Engine {
  private final MemoryEngine store;
  private final RandomGenerator random;
  private final Sabotage sabotage;
  private final Runnable crash;
  private int writesToCrash = -1;

  SimEngine(MemoryEngine store, RandomGenerator random, Sabotage sabotage, Runnable crash) {
    this.store = store;
    this.random = random;
    this.sabotage = sabotage;
    this.crash = crash;
  }

  MemoryEngine store() {
    return store;
  }

  /** Makes the node crash at one of its next writes. */
  void crashAtWrite(int writes) {
    writesToCrash = writes;
  }

  /** Lets others run first, by the simulation's own scheduler: to yield is the point here. */
  @SuppressWarnings("ThreadPriorityCheck")
  private void turn() {
    if (Thread.currentThread().isVirtual() && random.nextInt(4) == 0) {
      Thread.yield();
    }
  }

  private void crashIfChosen(boolean before) {
    if (before && writesToCrash > 0) {
      writesToCrash--;
    }
    if (writesToCrash == 0 && random.nextBoolean() == before) {
      crash.run();
      while (true) {
        // The node is dead: its threads are not run any more.
        LockSupport.park(this);
      }
    }
  }

  @Override
  public byte @Nullable [] get(Family family, byte[] key) {
    turn();
    return store.get(family, key);
  }

  @Override
  public EngineIterator iterator(Family family, KeySpan span) {
    turn();
    return store.iterator(family, span);
  }

  @Override
  public EngineSnapshot snapshot() {
    turn();
    return store.snapshot();
  }

  @Override
  public void write(WriteBatch batch) {
    turn();
    crashIfChosen(true);
    store.write(sabotage.write(batch));
    crashIfChosen(false);
    turn();
  }

  @Override
  public void flush() {
    turn();
    crashIfChosen(true);
    store.flush();
    crashIfChosen(false);
    turn();
  }

  @Override
  public byte @Nullable [] getDurable(Family family, byte[] key) {
    turn();
    return store.getDurable(family, key);
  }

  @Override
  public void dropSpan(Family family, KeySpan span) {
    store.dropSpan(family, span);
  }

  @Override
  public BulkLoad bulkLoad(Family family) {
    return store.bulkLoad(family);
  }

  @Override
  public long approximateSizeBytes(Family family, KeySpan span) {
    return store.approximateSizeBytes(family, span);
  }

  @Override
  public void checkpoint(Path directory) {
    store.checkpoint(directory);
  }

  @Override
  public EngineMetrics metrics() {
    return store.metrics();
  }

  @Override
  public void close() {
    store.close();
  }
}
