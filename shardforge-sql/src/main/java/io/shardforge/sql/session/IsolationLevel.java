package io.shardforge.sql.session;

import io.shardforge.raft.kv.Isolation;
import java.util.Locale;

/** PostgreSQL's isolation levels by their names, and what each one is here. */
enum IsolationLevel {
  READ_UNCOMMITTED(Isolation.READ_COMMITTED),
  READ_COMMITTED(Isolation.READ_COMMITTED),
  REPEATABLE_READ(Isolation.REPEATABLE_READ),
  SERIALIZABLE(Isolation.SERIALIZABLE);

  private final Isolation isolation;

  IsolationLevel(Isolation isolation) {
    this.isolation = isolation;
  }

  Isolation isolation() {
    return isolation;
  }

  /** The level of a name that the setting has passed. */
  static IsolationLevel named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace(' ', '_'));
  }

  /** Its name as settings have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
