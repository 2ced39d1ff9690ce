package io.shardforge.sql.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.shardforge.sql.catalog.system.StatementsView;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often the sessions of this node have run which statements, and how long that took. Statements
 * are the same if they differ in constants only. Any thread.
 */
public final class StatementStatistics {
  /** Statements that are kept; beyond that those that are used least are forgotten. */
  public static final int STATEMENTS_MAX = 5_000;

  /** Characters of texts whose statement is remembered. */
  private static final long TEXT_CHARS_MAX = 4L << 20;

  private static final double NANOS_A_MILLI = 1e6;

  private final SqlParser parser;
  private final LongSupplier nowMicros;
  private final Cache<String, Long> ids =
      Caffeine.newBuilder()
          .maximumWeight(TEXT_CHARS_MAX)
          .<String, Long>weigher((text, _) -> text.length() + 64)
          .executor(Runnable::run)
          .build();
  private final Cache<Key, Counted> counted =
      Caffeine.newBuilder().maximumSize(STATEMENTS_MAX).executor(Runnable::run).build();

  StatementStatistics(SqlParser parser, LongSupplier nowMicros) {
    this.parser = parser;
    this.nowMicros = nowMicros;
  }

  private record Key(int roleId, int databaseId, long queryId) {}

  /**
   * One run of a statement.
   *
   * @param planNanos the time of its planning, 0 if it was planned before
   */
  record Run(long planNanos, long execNanos, long rows) {}

  // Hot path: one call a statement.
  void add(int roleId, int databaseId, String text, Run run) {
    if (text.length() > SqlParser.CACHED_SQL_BYTES_MAX) {
      return;
    }
    try {
      Long known = ids.getIfPresent(text);
      long id = known == null ? parser.fingerprint(text) : known;
      if (known == null) {
        ids.put(text, id);
      }
      Counted statement =
          counted.get(
              new Key(roleId, databaseId, id),
              _ -> new Counted(parser.normalized(text), nowMicros.getAsLong()));
      statement.add(run);
    } catch (ShardForgeException e) {
      // The statement has run, and the client is told so: it is only not counted.
      return;
    }
  }

  /** Forgets what belongs to a role, to a database or to a statement, each 0 for any. */
  void reset(long roleId, long databaseId, long queryId) {
    counted
        .asMap()
        .keySet()
        .removeIf(key ->
            (roleId == 0 || key.roleId == roleId)
                && (databaseId == 0 || key.databaseId == databaseId)
                && (queryId == 0 || key.queryId == queryId));
  }

  /** All that is known; texts only of one role's own statements unless it may read all. */
  List<StatementsView.Entry> entries(int readerId, boolean readsAll) {
    List<StatementsView.Entry> entries = new ArrayList<>();
    for (Map.Entry<Key, Counted> one : counted.asMap().entrySet()) {
      Key key = one.getKey();
      boolean mayRead = readsAll || key.roleId == readerId;
      entries.add(one.getValue().entry(key, mayRead));
    }
    return entries;
  }

  /** The runs of one statement. */
  private static final class Counted {
    private final String text;
    private final long sinceMicros;
    private final Spread planned = new Spread();
    private final Spread executed = new Spread();
    private long rows;

    Counted(String text, long sinceMicros) {
      this.text = text;
      this.sinceMicros = sinceMicros;
    }

    synchronized void add(Run run) {
      if (run.planNanos > 0) {
        planned.add(run.planNanos / NANOS_A_MILLI);
      }
      executed.add(run.execNanos / NANOS_A_MILLI);
      rows += run.rows;
    }

    synchronized StatementsView.Entry entry(Key key, boolean mayRead) {
      return new StatementsView.Entry(
          key.roleId,
          key.databaseId,
          mayRead ? key.queryId : 0,
          mayRead ? text : "<insufficient privilege>",
          planned.count,
          planned.times(),
          executed.count,
          executed.times(),
          rows,
          sinceMicros);
    }
  }

  /** Sums of times, by Welford's method. */
  private static final class Spread {
    private long count;
    private double total;
    private double least;
    private double greatest;
    private double mean;
    private double squares;

    void add(double time) {
      count++;
      total += time;
      least = count == 1 ? time : Math.min(least, time);
      greatest = Math.max(greatest, time);
      double before = time - mean;
      mean += before / count;
      squares += before * (time - mean);
    }

    StatementsView.Times times() {
      double deviation = count == 0 ? 0 : Math.sqrt(squares / count);
      return new StatementsView.Times(total, least, greatest, mean, deviation);
    }
  }
}
