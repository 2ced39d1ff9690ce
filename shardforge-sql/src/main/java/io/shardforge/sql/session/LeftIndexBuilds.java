package io.shardforge.sql.session;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.IndexBuild;
import io.shardforge.sql.catalog.IndexBuilds;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with index builds that nobody works on any more: their node has died, or their session
 * was ended. One thread.
 */
public final class LeftIndexBuilds {
  private static final Logger log = LoggerFactory.getLogger(LeftIndexBuilds.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration TRANSACTION_TIME = Duration.ofSeconds(10);

  private final SessionFactory sessions;
  private final Duration silenceMax;

  /**
   * The builds that a node looks after.
   *
   * @param silenceMax after how long without a sign of life one counts as left
   */
  LeftIndexBuilds(SessionFactory sessions, Duration silenceMax) {
    this.sessions = sessions;
    this.silenceMax = silenceMax;
  }

  /** Looks again and again, until the thread is interrupted. */
  public void run() throws InterruptedException {
    while (true) {
      sessions.services().clock().sleep(INTERVAL);
      try {
        pass();
      } catch (RuntimeException e) {
        log.debug("index builds were not looked at, trying again", e);
      }
    }
  }

  /** Takes over what is left, one after the other. */
  public void pass() throws InterruptedException {
    for (IndexBuild left : left()) {
      IndexBuild taken = inTransaction(txn -> take(txn, left));
      if (taken == null) {
        continue;
      }
      log.info("goes on with an index build index={} rows={}", taken.indexName(), taken.rowsDone());
      DatabaseDescriptor database =
          sessions
              .services()
              .catalog()
              .newest(SystemOids.DATABASE_POSTGRES)
              .database(taken.databaseId());
      if (database == null) {
        var _ = inTransaction(txn -> end(txn, taken));
        continue;
      }
      try (Session session = sessions.openOwn(database)) {
        session.withTypes(new IndexBuilder(session, taken)::goOn);
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private List<IndexBuild> left() {
    List<IndexBuild> left = new ArrayList<>();
    var _ =
        inTransaction(txn -> {
          for (IndexBuild build : IndexBuilds.all(txn)) {
            if (isLeft(build, txn)) {
              left.add(build);
            }
          }
          return null;
        });
    return left;
  }

  private boolean isLeft(IndexBuild build, Txn txn) {
    return IndexBuilder.isSilent(build, txn.startTimestamp(), silenceMax);
  }

  private @Nullable IndexBuild take(Txn txn, IndexBuild left) {
    IndexBuild newest = IndexBuilds.lock(txn, left.indexOid());
    if (newest == null || !isLeft(newest, txn)) {
      return null;
    }
    IndexBuild taken = IndexBuilder.take(sessions.services(), newest, 0, txn);
    IndexBuilds.put(txn, taken);
    return taken;
  }

  private static @Nullable IndexBuild end(Txn txn, IndexBuild build) {
    IndexBuilds.put(
        txn,
        build.ended(IndexBuild.State.FAILED, "the database was dropped", txn.startTimestamp()));
    return null;
  }

  private @Nullable IndexBuild inTransaction(Function<Txn, @Nullable IndexBuild> work) {
    Txn txn = sessions.services().transactions().begin(Isolation.READ_COMMITTED, false);
    try {
      txn.beginStatement(
          Deadline.after(sessions.services().clock(), TRANSACTION_TIME), Duration.ZERO);
      IndexBuild result = work.apply(txn);
      txn.finishStatement(true);
      var _ = txn.commit();
      return result;
    } finally {
      txn.rollback();
    }
  }
}
