package io.shardforge.server.process;

import io.shardforge.raft.check.ConsistencyModel;
import java.sql.Connection;

/** An isolation level as clients ask for it, and what it promises of their histories. */
enum Isolation {
  READ_COMMITTED(Connection.TRANSACTION_READ_COMMITTED, ConsistencyModel.STRONG_READ_COMMITTED),
  REPEATABLE_READ(
      Connection.TRANSACTION_REPEATABLE_READ, ConsistencyModel.STRONG_SNAPSHOT_ISOLATION),
  SERIALIZABLE(Connection.TRANSACTION_SERIALIZABLE, ConsistencyModel.STRICT_SERIALIZABLE);

  private final int level;
  private final ConsistencyModel model;

  Isolation(int level, ConsistencyModel model) {
    this.level = level;
    this.model = model;
  }

  /** The driver's number for it. */
  int level() {
    return level;
  }

  ConsistencyModel model() {
    return model;
  }
}
