package io.shardforge.sql.exec;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.ReadMeter;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.VersionWalk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on one thread's memory with the meaning of {@link Txn} as far as the executor can
 * tell: snapshots, own writes, locks that never wait, insertions judged at the statement's end.
 */
final class SimpleTxn implements Txn {
  private static final int PAGE_ROWS = 7;

  private final SimpleKv kv;
  private final Isolation isolation;
  private final NavigableMap<byte[], SimpleKv.Version> writes = new TreeMap<>(Bytes::compare);
  private final List<byte[]> inserts = new ArrayList<>();
  private long readTimestamp;
  boolean mayRestart = true;
  int requests;

  SimpleTxn(SimpleKv kv, Isolation isolation) {
    this.kv = kv;
    this.isolation = isolation;
    this.readTimestamp = kv.clock;
  }

  @Override
  public TxnId idOrNull() {
    return id();
  }

  @Override
  public TxnId id() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void countReads(@Nullable ReadMeter meter) {}

  @Override
  public Isolation isolation() {
    return isolation;
  }

  @Override
  public long startTimestamp() {
    return readTimestamp;
  }

  @Override
  public boolean readsPast() {
    return false;
  }

  @Override
  public long catalogVersion() {
    return 1;
  }

  @Override
  public void beginStatement(Deadline statementDeadline, Duration lockTimeout) {
    restartStatement();
  }

  @Override
  public long readTimestamp() {
    return readTimestamp;
  }

  private byte @Nullable [] read(byte[] key) {
    SimpleKv.Version own = writes.get(key);
    return own == null ? kv.at(key, readTimestamp) : own.value();
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    requests++;
    return read(key);
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) {
    requests++;
    List<byte @Nullable []> values = new ArrayList<>();
    for (byte[] key : keys) {
      values.add(read(key));
    }
    return values;
  }

  @Override
  public KvCursor versions(VersionWalk walk) {
    throw new UnsupportedOperationException();
  }

  @Override
  public KvCursor scan(KeySpan span, boolean reverse, int rowLimitHint) {
    requests++;
    NavigableMap<byte[], Boolean> keys = new TreeMap<>(Bytes::compare);
    kv.rows.keySet().stream().filter(span::contains).forEach(key -> keys.put(key, true));
    writes.keySet().stream().filter(span::contains).forEach(key -> keys.put(key, true));
    List<byte[]> order = new ArrayList<>(reverse ? keys.descendingMap().keySet() : keys.keySet());
    return new KvCursor() {
      private int position;

      @Override
      public KeySpan covered() {
        return span;
      }

      @Override
      public @Nullable KvPage next() {
        KvPage.Builder page = new KvPage.Builder();
        while (position < order.size() && page.rows() < PAGE_ROWS) {
          byte[] key = order.get(position++);
          byte[] value = read(key);
          if (value != null) {
            page.add(key, value);
          }
        }
        if (page.rows() > 0) {
          return page.build();
        }
        return position < order.size() ? next() : null;
      }

      @Override
      public void close() {
        position = order.size();
      }
    };
  }

  @Override
  public List<LockedRow> lock(List<byte[]> keys, LockStrength strength, LockWait wait) {
    requests++;
    List<LockedRow> rows = new ArrayList<>();
    for (byte[] key : keys) {
      SimpleTxn holder = kv.locks.get(new KeyBytes(key));
      if (holder != null && holder != this) {
        if (wait == LockWait.SKIP_LOCKED) {
          rows.add(new LockedRow(key, null, 0, false, true));
          continue;
        }
        throw new KvException(new KvError.LockNotAvailable(key, false));
      }
      boolean newer = kv.newest(key) > readTimestamp;
      if (newer && isolation != Isolation.READ_COMMITTED) {
        throw new KvException(new KvError.WriteConflict(key));
      }
      kv.locks.put(new KeyBytes(key), this);
      SimpleKv.Version own = writes.get(key);
      byte[] value = own != null ? own.value() : kv.at(key, Long.MAX_VALUE);
      rows.add(new LockedRow(key, value, kv.newest(key), newer && own == null, false));
    }
    return rows;
  }

  @Override
  public void put(TableVersion table, byte[] key, byte[] value) {
    writes.put(key, new SimpleKv.Version(value));
  }

  @Override
  public void insert(TableVersion table, byte[] key, byte[] value) {
    SimpleKv.Version own = writes.get(key);
    if (own != null && own.value() != null) {
      throw new KvException(new KvError.KeyExists(key));
    }
    if (own == null) {
      inserts.add(key);
    }
    put(table, key, value);
  }

  @Override
  public void insertNew(TableVersion table, byte[] key, byte[] value) {
    insert(table, key, value);
  }

  @Override
  public void delete(TableVersion table, byte[] key) {
    writes.put(key, new SimpleKv.Version(null));
  }

  @Override
  public void readNewest() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void renewSnapshot() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void finishStatement(boolean commitFollows) {
    for (byte[] key : inserts) {
      if (kv.at(key, Long.MAX_VALUE) != null) {
        throw new KvException(new KvError.KeyExists(key));
      }
    }
    inserts.clear();
  }

  @Override
  public void hold() {}

  @Override
  public int savepoint() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void rollbackTo(int savepoint) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void release(int savepoint) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long commit() {
    finishStatement(false);
    long timestamp = ++kv.clock;
    writes.forEach((key, version) -> kv.put(key, timestamp, version.value()));
    rollback();
    return timestamp;
  }

  @Override
  public void rollback() {
    writes.clear();
    inserts.clear();
    kv.locks.values().removeIf(holder -> holder == this);
  }

  @Override
  public boolean hasWrites() {
    return !writes.isEmpty();
  }

  @Override
  public boolean statementMayRestart() {
    return mayRestart;
  }

  @Override
  public void restartStatement() {
    writes.clear();
    inserts.clear();
    readTimestamp = kv.clock;
  }

  @Override
  public void raiseSchemaFloor(int tableId, long version, KeySpan rows) {
    throw new UnsupportedOperationException();
  }
}
