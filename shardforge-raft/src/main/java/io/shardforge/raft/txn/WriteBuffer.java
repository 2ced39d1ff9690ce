package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A transaction's writes on the gateway: the newest per key, and a log to undo them to any mark.
 * For one thread.
 */
final class WriteBuffer {
  private final NavigableMap<byte[], Mutation> writes = new TreeMap<>(Bytes::compare);
  private final Deque<Undo> undo = new ArrayDeque<>();
  private long dropped;
  private long sizeBytes;

  /** What was buffered for a key before a write; null for nothing. */
  private record Undo(byte[] key, @Nullable Mutation before) {}

  boolean isEmpty() {
    return writes.isEmpty();
  }

  int rows() {
    return writes.size();
  }

  long sizeBytes() {
    return sizeBytes;
  }

  @Nullable Mutation get(byte[] key) {
    return writes.isEmpty() ? null : writes.get(key);
  }

  Collection<Mutation> all() {
    return writes.values();
  }

  /** The buffered writes of a span, in key order. */
  NavigableMap<byte[], Mutation> inside(KeySpan span) {
    if (span.isEmpty()) {
      return new TreeMap<>(Bytes::compare);
    }
    return span.hasEnd()
        ? writes.subMap(span.start(), true, span.end(), false)
        : writes.tailMap(span.start(), true);
  }

  boolean touches(KeySpan span) {
    if (writes.isEmpty()) {
      return false;
    }
    SortedMap<byte[], Mutation> inside = inside(span);
    return !inside.isEmpty();
  }

  /** What was buffered for a write's key before a statement; null for nothing. */
  @Nullable Mutation before(Mutation write, int statement) {
    for (Iterator<Undo> it = undo.descendingIterator(); it.hasNext(); ) {
      Undo step = it.next();
      if (Bytes.compare(step.key, write.key()) == 0
          && (step.before == null || step.before.statement() < statement)) {
        return step.before;
      }
    }
    return null;
  }

  void put(TableVersion table, byte[] key, byte[] value, long replacesTs, int statement) {
    Mutation before = writes.get(key);
    Mutation.Kind kind = Mutation.Kind.PUT;
    long replaces = replacesTs;
    if (before != null) {
      replaces = before.replacesTs();
      if (before.kind() == Mutation.Kind.INSERT) {
        kind = Mutation.Kind.INSERT;
      }
    }
    set(new Mutation(kind, table, key, value, replaces, statement), before);
  }

  /** Adds a row, or fails where the transaction itself has one. */
  void insert(TableVersion table, byte[] key, byte[] value, int statement) {
    Mutation before = writes.get(key);
    if (before == null) {
      set(new Mutation(Mutation.Kind.INSERT, table, key, value, Mutation.BLIND, statement), null);
    } else if (before.kind() == Mutation.Kind.DELETE) {
      // The row that was there is the transaction's own to replace.
      set(
          new Mutation(Mutation.Kind.PUT, table, key, value, before.replacesTs(), statement),
          before);
    } else {
      throw new KvException(new KvError.KeyExists(key));
    }
  }

  /** Adds a row under a key that was made for it: the shard only checks that it is absent. */
  void insertNew(TableVersion table, byte[] key, byte[] value, int statement) {
    set(new Mutation(Mutation.Kind.INSERT, table, key, value, 0, statement), writes.get(key));
  }

  void delete(TableVersion table, byte[] key, long replacesTs, int statement) {
    Mutation before = writes.get(key);
    long replaces = before == null ? replacesTs : before.replacesTs();
    set(new Mutation(Mutation.Kind.DELETE, table, key, null, replaces, statement), before);
  }

  /** Notes that an insertion was judged: the key is locked and was found absent. */
  void judged(Mutation insertion) {
    Mutation now = writes.get(insertion.key());
    if (now != null && now.kind() == Mutation.Kind.INSERT) {
      // No undo: what is known about the key stays true.
      writes.put(
          now.key(),
          new Mutation(now.kind(), now.table(), now.key(), now.value(), 0, now.statement()));
    }
  }

  /** A mark to undo to. */
  long mark() {
    return dropped + undo.size();
  }

  /** Undoes all writes after a mark. */
  void undoTo(long mark) {
    // What was shipped since the mark is not here any more: all that is left came after it.
    while (!undo.isEmpty() && dropped + undo.size() > mark) {
      Undo last = undo.removeLast();
      Mutation now = writes.get(last.key);
      if (now != null) {
        sizeBytes -= now.sizeBytes();
      }
      if (last.before == null) {
        writes.remove(last.key);
      } else {
        writes.put(last.key, last.before);
        sizeBytes += last.before.sizeBytes();
      }
    }
  }

  /** Forgets how to undo what is before a mark. */
  void dropUndoBefore(long mark) {
    while (dropped < mark && !undo.isEmpty()) {
      undo.removeFirst();
      dropped++;
    }
  }

  /**
   * Takes everything out, to be shipped: layers of writes, older ones first, each with a key at
   * most once. Overwritten versions are among them where a savepoint might bring them back.
   */
  List<List<Mutation>> takeLayers(List<Integer> savepointStatements) {
    TreeMap<byte[], List<Mutation>> versions = new TreeMap<>(Bytes::compare);
    if (!savepointStatements.isEmpty()) {
      for (Undo step : undo) {
        if (step.before != null) {
          versions.computeIfAbsent(step.key, _ -> new ArrayList<>()).add(step.before);
        }
      }
    }
    List<List<Mutation>> layers = new ArrayList<>();
    for (Mutation newest : writes.values()) {
      List<Mutation> kept = new ArrayList<>();
      int newerStatement = newest.statement();
      List<Mutation> older = versions.getOrDefault(newest.key(), List.of());
      for (Mutation version : older.reversed()) {
        if (isBetween(savepointStatements, version.statement(), newerStatement)) {
          kept.addFirst(version);
          newerStatement = version.statement();
        }
      }
      kept.add(newest);
      while (layers.size() < kept.size()) {
        layers.addFirst(new ArrayList<>());
      }
      int offset = layers.size() - kept.size();
      for (int i = 0; i < kept.size(); i++) {
        layers.get(offset + i).add(kept.get(i));
      }
    }
    writes.clear();
    dropped += undo.size();
    undo.clear();
    sizeBytes = 0;
    return layers;
  }

  void clear() {
    writes.clear();
    dropped += undo.size();
    undo.clear();
    sizeBytes = 0;
  }

  /** Whether a savepoint lies between two statements: it would bring back the older one's write. */
  private static boolean isBetween(List<Integer> savepoints, int older, int newer) {
    for (int savepoint : savepoints) {
      if (older < savepoint && savepoint <= newer) {
        return true;
      }
    }
    return false;
  }

  private void set(Mutation write, @Nullable Mutation before) {
    undo.addLast(new Undo(write.key(), before));
    writes.put(write.key(), write);
    sizeBytes += write.sizeBytes() - (before == null ? 0 : before.sizeBytes());
  }
}
