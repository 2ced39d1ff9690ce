package io.shardforge.server.pgwire;

import io.shardforge.sql.session.ProcessNumber;
import io.shardforge.sql.session.Session;
import io.shardforge.sql.session.SessionFactory;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The node's open connections by process id: admits them, finds them for cancellation, ends them at
 * shutdown.
 */
public final class ConnectionRegistry implements SessionFactory.Directory {
  /** Connections kept back for superusers, as PostgreSQL's superuser_reserved_connections. */
  public static final int SUPERUSER_RESERVED = 3;

  private final int nodeId;
  private final int connectionsMax;
  private final SecureRandom random;
  private final AtomicInteger sequence = new AtomicInteger();
  private final AtomicInteger admitted = new AtomicInteger();
  private final ConcurrentMap<Integer, Entry> entries = new ConcurrentHashMap<>();
  private volatile boolean draining;

  public ConnectionRegistry(int nodeId, int connectionsMax, SecureRandom random) {
    this.nodeId = nodeId;
    this.connectionsMax = connectionsMax;
    this.random = random;
  }

  /** Whether a process is, or was, of this node. */
  public boolean isOwn(ProcessNumber process) {
    return process.isOf(nodeId);
  }

  /** One admitted connection. */
  public static final class Entry {
    private final int processId;
    private final byte[] secretKey;
    private volatile @Nullable Session session;
    private volatile boolean ended;

    private Entry(int processId, byte[] secretKey) {
      this.processId = processId;
      this.secretKey = secretKey;
    }

    public int processId() {
      return processId;
    }

    /** What a cancel request has to tell; not to be changed. */
    byte[] secretKey() {
      return secretKey;
    }

    /** The connection has its session, which ends at once if the connection is to end. */
    public void attach(Session opened) {
      session = opened;
      if (ended) {
        opened.terminate();
      }
    }

    private void terminate() {
      ended = true;
      Session opened = session;
      if (opened != null) {
        opened.terminate();
      }
    }
  }

  /** Fails with 57P03 when nobody is let in any more. */
  void requireOpen() {
    if (draining) {
      throw new ShardForgeException(
          ErrorCode.CANNOT_CONNECT_NOW, "the database system is shutting down");
    }
  }

  /** Lets a client in that has logged in, or fails with 53300 when all slots are taken. */
  public Entry admit(int secretKeyLength) {
    requireOpen();
    if (admitted.incrementAndGet() > connectionsMax) {
      admitted.decrementAndGet();
      throw new ShardForgeException(
          ErrorCode.TOO_MANY_CONNECTIONS, "sorry, too many clients already");
    }
    byte[] secretKey = new byte[secretKeyLength];
    random.nextBytes(secretKey);
    while (true) {
      int processId = ProcessNumber.of(nodeId, sequence.incrementAndGet()).value();
      Entry entry = new Entry(processId, secretKey);
      if (entries.putIfAbsent(processId, entry) == null) {
        return entry;
      }
    }
  }

  /** Fails with 53300 when only the slots kept for superusers are left. */
  public void requireUnreservedSlot() {
    if (admitted.get() > connectionsMax - Math.min(SUPERUSER_RESERVED, connectionsMax - 1)) {
      throw new ShardForgeException(
          ErrorCode.TOO_MANY_CONNECTIONS,
          "remaining connection slots are reserved for roles with the SUPERUSER attribute");
    }
  }

  /** A connection has ended. */
  public void release(Entry entry) {
    if (entries.remove(entry.processId, entry)) {
      admitted.decrementAndGet();
    }
  }

  /** Says nothing either way, as PostgreSQL. */
  @Override
  public void cancel(int processId, byte[] secretKey) {
    Entry entry = entries.get(processId);
    if (entry != null && MessageDigest.isEqual(entry.secretKey, secretKey)) {
      Session session = entry.session;
      if (session != null) {
        session.cancel();
      }
    }
  }

  @Override
  public @Nullable Session session(int processId) {
    Entry entry = entries.get(processId);
    return entry == null ? null : entry.session;
  }

  @Override
  public Collection<Session> sessions() {
    List<Session> sessions = new java.util.ArrayList<>();
    for (Entry entry : entries.values()) {
      Session session = entry.session;
      if (session != null) {
        sessions.add(session);
      }
    }
    return sessions;
  }

  public int size() {
    return admitted.get();
  }

  public int connectionsMax() {
    return connectionsMax;
  }

  /** Admits no more connections and ends those that run nothing. */
  public void drain() {
    draining = true;
    for (Session session : sessions()) {
      session.terminateWhenIdle();
    }
  }

  /** Ends every connection now. */
  public void terminateAll() {
    draining = true;
    entries.values().forEach(Entry::terminate);
  }
}
