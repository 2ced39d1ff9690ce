package io.shardforge.sql.ddl;

import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.sql.catalog.Catalog;
import io.shardforge.sql.catalog.Sequences;
import io.shardforge.sql.catalog.system.SystemTables;
import io.shardforge.sql.parse.NativeParser;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.plan.Planner;
import io.shardforge.storage.clock.SystemClock;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A cluster in one process with a bootstrapped catalog, the parser and the planner. */
final class TestDatabase implements AutoCloseable {
  private final LocalCluster cluster = LocalCluster.start(3, new SystemClock());
  private final ExecutorService parserThreads =
      Executors.newFixedThreadPool(
          1, work -> new Thread(null, work, "sql-parser", SqlParser.STACK_BYTES));
  private final SqlParser parser = new SqlParser(NativeParser.locate(), parserThreads);
  private final Planner planner = new Planner(parser, () -> 0);
  private final DdlExecutor ddl = new DdlExecutor();
  private final Catalog catalog;
  private final Sequences sequences;
  private final Path directory;

  TestDatabase(Path directory) {
    this.directory = directory;
    this.catalog = new Catalog(cluster.transactions(), new SystemClock(), SystemTables.all());
    this.sequences = new Sequences(cluster.transactions(), new SystemClock());
    catalog.bootstrap(null);
  }

  TestSession session() {
    return new TestSession(this);
  }

  TxnClient transactions() {
    return cluster.transactions();
  }

  Catalog catalog() {
    return catalog;
  }

  Sequences sequences() {
    return sequences;
  }

  SqlParser parser() {
    return parser;
  }

  Planner planner() {
    return planner;
  }

  DdlExecutor ddl() {
    return ddl;
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() {
    parserThreads.shutdownNow();
    cluster.close();
  }
}
