package io.shardforge.sql.session;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.sql.parse.SecretText;

/**
 * What a session is doing, as pg_stat_activity shows it. Immutable; times are wall milliseconds.
 *
 * @param state PostgreSQL's word for it
 * @param query the statement that runs, or the last one that ran, as it was sent
 */
public record SessionActivity(
    String state,
    String query,
    String applicationName,
    long sessionStartMillis,
    long transactionStartMillis,
    long queryStartMillis,
    long stateChangeMillis) {
  /** Characters of a statement that are kept. */
  static final int QUERY_LENGTH_MAX = 1024;

  /** The statement without its secrets. */
  String shownQuery() {
    return SecretText.hidden(query);
  }

  void put(WireWriter out) {
    out.putString(state)
        .putString(shownQuery())
        .putString(applicationName)
        .putLong(sessionStartMillis)
        .putLong(transactionStartMillis)
        .putLong(queryStartMillis)
        .putLong(stateChangeMillis);
  }

  static SessionActivity read(WireReader in) {
    return new SessionActivity(
        in.readString(),
        in.readString(),
        in.readString(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }

  static SessionActivity started(long nowMillis) {
    return new SessionActivity("idle", "", "", nowMillis, nowMillis, nowMillis, nowMillis);
  }

  SessionActivity running(long nowMillis, String sql, String application) {
    String text =
        sql.isEmpty()
            ? query
            : sql.length() > QUERY_LENGTH_MAX ? sql.substring(0, QUERY_LENGTH_MAX) : sql;
    long transaction = state.startsWith("idle in") ? transactionStartMillis : nowMillis;
    return new SessionActivity(
        "active", text, application, sessionStartMillis, transaction, nowMillis, nowMillis);
  }

  SessionActivity ended(long nowMillis, char transactionStatus) {
    String newState =
        switch (transactionStatus) {
          case 'T' -> "idle in transaction";
          case 'E' -> "idle in transaction (aborted)";
          default -> "idle";
        };
    return new SessionActivity(
        newState,
        query,
        applicationName,
        sessionStartMillis,
        transactionStartMillis,
        queryStartMillis,
        nowMillis);
  }
}
