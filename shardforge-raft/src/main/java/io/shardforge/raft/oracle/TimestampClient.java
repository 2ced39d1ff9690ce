package io.shardforge.raft.oracle;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.ShardLocator;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.key.KeySpace;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One node's way to the oracle. Requests that come while one is under way share the next one: a
 * request joins only a batch that has not been sent, so its timestamp is taken after it asked.
 */
public final class TimestampClient {
  /** How long a shared request may take, whatever the patience of those who share it. */
  static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

  /** How long the oracle may be without a leader before who has more time than that is told. */
  private static final Duration OUTAGE_MAX = Duration.ofSeconds(30);

  private final int nodeId;
  private final ShardLocator locator;
  private final KvSender sender;
  private final Clock clock;
  private final AtomicLong newest = new AtomicLong();
  private final AtomicLong catalogVersion = new AtomicLong();
  private final AtomicLong safeReadTs = new AtomicLong();
  private volatile long oldestReadTs;
  private volatile @Nullable LocalOracle local;
  private @Nullable Batch sent;
  private @Nullable Batch next;

  public TimestampClient(int nodeId, ShardLocator locator, KvSender sender, Clock clock) {
    this.nodeId = nodeId;
    this.locator = locator;
    this.sender = sender;
    this.clock = clock;
  }

  /** A short cut to an oracle on this node. */
  @FunctionalInterface
  public interface LocalOracle {
    /** A timestamp, if this node is the oracle's lease holder and has one at hand; else null. */
    KvResult.@Nullable OracleReply tryNext(int nodeId, long oldestReadTs);
  }

  private static final class Batch {
    final CompletableFuture<KvResult.OracleReply> reply = new CompletableFuture<>();
    // Let go of once it is back, or every batch would lead to all before it.
    volatile @Nullable Batch before;

    Batch(@Nullable Batch before) {
      this.before = before;
    }
  }

  /** Asks an oracle on this node first from now on. */
  public void useLocal(LocalOracle oracle) {
    this.local = oracle;
  }

  /** What transactions of this node still read at; told to the oracle with every request. */
  public void setOldestReadTs(long timestamp) {
    oldestReadTs = timestamp;
  }

  /** The newest timestamp that this node knows to have been issued. */
  public long newest() {
    return newest.get();
  }

  /** Learns of a timestamp that the oracle issued to another node. */
  public void learn(long timestamp) {
    if (timestamp > newest.get()) {
      newest.accumulateAndGet(timestamp, Math::max);
    }
  }

  /** The catalog's version as of the newest reply. */
  public long catalogVersion() {
    return catalogVersion.get();
  }

  /** No transaction of the cluster reads below this, as of the newest reply; 0 if not known. */
  public long safeReadTs() {
    return safeReadTs.get();
  }

  /** A timestamp that the oracle issued after this call. */
  public KvResult.OracleReply fetch(Deadline deadline) throws InterruptedException {
    LocalOracle shortCut = local;
    if (shortCut != null) {
      KvResult.OracleReply reply = shortCut.tryNext(nodeId, oldestReadTs);
      if (reply != null) {
        take(reply);
        return reply;
      }
    }
    return join(deadline);
  }

  private KvResult.OracleReply join(Deadline deadline) throws InterruptedException {
    Deadline patience = deadline.earlier(Deadline.after(clock, OUTAGE_MAX));
    while (true) {
      Batch mine;
      boolean lead = false;
      synchronized (this) {
        mine = next;
        if (mine == null) {
          mine = new Batch(sent);
          next = mine;
          lead = true;
        }
      }
      if (lead) {
        lead(mine, deadline);
      }
      try {
        return await(mine.reply, deadline);
      } catch (KvException e) {
        // That whoever led the batch was canceled or ran out of time is no affair of the others;
        // and a request of all is shorter than what one of them may wait for a leader.
        boolean othersOnly =
            e.error() instanceof KvError.Canceled || e.error() instanceof KvError.DeadlineExceeded;
        boolean another = othersOnly ? !lead : e.error().isRetryableElsewhere();
        if (!another || patience.isExpired(clock)) {
          throw e;
        }
      }
    }
  }

  /** Sends a batch once the one before it is back. */
  private void lead(Batch mine, Deadline deadline) throws InterruptedException {
    try {
      Batch before = mine.before;
      if (before != null) {
        try {
          await(before.reply, deadline);
        } catch (KvException e) {
          // That batch failed; this one may fare better.
          if (deadline.isExpired(clock)) {
            throw e;
          }
        }
        mine.before = null;
      }
      close(mine);
      mine.reply.complete(send());
    } catch (KvException | InterruptedException e) {
      close(mine);
      mine.reply.completeExceptionally(
          e instanceof KvException ? e : new KvException(new KvError.Canceled()));
      if (e instanceof InterruptedException interrupted) {
        throw interrupted;
      }
    } catch (RuntimeException e) {
      close(mine);
      mine.reply.completeExceptionally(e);
      throw e;
    }
  }

  /** Nobody joins any more: it is being sent. */
  private synchronized void close(Batch batch) {
    if (next == batch) {
      next = null;
    }
    sent = batch;
  }

  private KvResult.OracleReply send() throws InterruptedException {
    long before = newest.get();
    Deadline deadline = Deadline.after(clock, REQUEST_TIMEOUT);
    byte[] oracleKey = KeySpace.oracleKey();
    while (true) {
      ShardDescriptor meta = locator.locate(oracleKey);
      KvResponse response =
          sender.send(
              meta,
              KvBatch.of(meta, null, deadline, new KvRequest.NextTimestamp(nodeId, oldestReadTs)));
      switch (response) {
        case KvResponse.Done done -> {
          KvResult.OracleReply reply = (KvResult.OracleReply) done.results().getFirst();
          if (reply.timestamp() <= before) {
            throw new KvException(
                new KvError.Broken(
                    "the oracle went back from "
                        + Timestamp.format(before)
                        + " to "
                        + Timestamp.format(reply.timestamp()),
                    null));
          }
          take(reply);
          return reply;
        }
        case KvResponse.Failed failed -> {
          if (!(failed.error() instanceof KvError.StaleShard) || deadline.isExpired(clock)) {
            throw new KvException(failed.error());
          }
          locator.stale(meta);
        }
      }
    }
  }

  private void take(KvResult.OracleReply reply) {
    learn(reply.timestamp());
    if (reply.catalogVersion() > catalogVersion.get()) {
      catalogVersion.accumulateAndGet(reply.catalogVersion(), Math::max);
    }
    if (reply.oldestReadTs() > safeReadTs.get()) {
      safeReadTs.accumulateAndGet(reply.oldestReadTs(), Math::max);
    }
  }

  private KvResult.OracleReply await(
      CompletableFuture<KvResult.OracleReply> reply, Deadline deadline)
      throws InterruptedException {
    try {
      return deadline
          .earlier(Deadline.after(clock, REQUEST_TIMEOUT.multipliedBy(2)))
          .await(clock, reply);
    } catch (TimeoutException e) {
      throw new KvException(new KvError.DeadlineExceeded("a timestamp"));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KvException known) {
        throw known;
      }
      throw new KvException(new KvError.Broken("the oracle could not be asked", e.toString()));
    }
  }
}
