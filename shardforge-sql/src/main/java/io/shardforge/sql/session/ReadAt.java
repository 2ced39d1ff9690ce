package io.shardforge.sql.session;

import io.shardforge.raft.txn.Txn;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.Duration;

/** The setting shardforge.read_at: the time in the past whose state transactions read. */
final class ReadAt {
  static final String NAME = "shardforge.read_at";

  private static final long DAY_MICROS = Duration.ofDays(1).toMillis() * 1000;
  private static final int MONTH_DAYS = 30;

  private ReadAt() {}

  /** Refuses what is neither empty, nor a negative interval, nor a time; 22023. */
  static String check(String value) {
    if (!value.isEmpty()) {
      if (isInterval(value)) {
        ageMicros(value);
      } else {
        micros(value, TypeContext.UTC);
      }
    }
    return value;
  }

  /** Starts a transaction on the state of that time. */
  static Txn begin(TxnClient client, String value, TypeContext context) {
    if (isInterval(value)) {
      return client.beginBefore(Duration.ofMillis(ageMicros(value) / 1000));
    }
    long millis = Math.floorDiv(micros(value, context) + TransactionBlock.EPOCH_MICROS, 1000);
    return client.beginAsOf(Timestamp.of(Math.max(1, millis), 0));
  }

  private static boolean isInterval(String value) {
    String text = value.strip();
    return text.startsWith("-") || text.startsWith("+") || text.startsWith("P");
  }

  private static long ageMicros(String value) {
    Interval interval = (Interval) PgTypes.byOid(PgOid.INTERVAL).parse(value, -1, TypeContext.UTC);
    long days = (long) interval.months() * MONTH_DAYS + interval.days();
    long age = -Math.addExact(Math.multiplyExact(days, DAY_MICROS), interval.micros());
    if (age < 0) {
      throw invalid(value, "An interval must be negative, such as -5s.");
    }
    return age;
  }

  private static long micros(String value, TypeContext context) {
    try {
      return (Long) PgTypes.byOid(PgOid.TIMESTAMPTZ).parse(value, -1, context);
    } catch (ShardForgeException e) {
      throw invalid(value, "It takes a negative interval such as -5s, or a time.");
    }
  }

  private static ShardForgeException invalid(String value, String hint) {
    return new ShardForgeException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "invalid value for parameter \"%s\": \"%s\"".formatted(NAME, value))
        .withHint(hint);
  }
}
