package io.shardforge.server;

import io.shardforge.server.pgwire.ConnectionRegistry;
import io.shardforge.sql.catalog.Catalog;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TemporarySchema;
import io.shardforge.sql.session.ProcessNumber;
import io.shardforge.sql.session.Session;
import io.shardforge.storage.clock.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the temporary tables that sessions could not drop themselves: those of this node from
 * before it started, and those of nodes that are no more. One thread.
 */
final class LeftTemporaries {
  private static final Logger log = LoggerFactory.getLogger(LeftTemporaries.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final Catalog catalog;
  private final ConnectionRegistry sessions;
  private final Predicate<ProcessNumber> isMember;
  private final Clock clock;

  /**
   * @param isMember whether the node of a process belongs to the cluster, so that it looks after
   *     its own
   */
  LeftTemporaries(
      Catalog catalog,
      ConnectionRegistry sessions,
      Predicate<ProcessNumber> isMember,
      Clock clock) {
    this.catalog = catalog;
    this.sessions = sessions;
    this.isMember = isMember;
    this.clock = clock;
  }

  void run() throws InterruptedException {
    while (true) {
      try {
        pass();
      } catch (RuntimeException e) {
        log.debug("temporary tables were not reached, trying again", e);
      }
      clock.sleep(INTERVAL);
    }
  }

  void pass() {
    for (DatabaseDescriptor database :
        List.copyOf(catalog.newest(SystemOids.DATABASE_POSTGRES).databases())) {
      for (SchemaDescriptor schema : catalog.newest(database.id()).schemas()) {
        // The catalog was read first: a session names its schema before it makes it.
        if (TemporarySchema.is(schema.name()) && isLeft(schema.name())) {
          catalog.dropTemporary(database.id(), schema.name());
          log.info(
              "dropped temporary tables that were left database={} schema={}",
              database.name(),
              schema.name());
        }
      }
    }
  }

  private boolean isLeft(String schema) {
    ProcessNumber process = new ProcessNumber(TemporarySchema.processOf(schema));
    if (!sessions.isOwn(process)) {
      return !isMember.test(process);
    }
    Session session = sessions.session(process.value());
    return session == null || !schema.equals(session.temporarySchema());
  }
}
