package io.shardforge.sql.backup;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The times of a schedule, in UTC: five fields as cron has them, a name for such, or an interval.
 */
public final class ScheduleTimes {
  /** Between two backups. */
  private static final Duration PAUSE_MIN = Duration.ofMinutes(1);

  private ScheduleTimes() {}

  /** The first time after another one; 22023 if there is none or the text is not understood. */
  public static long next(String times, long afterMillis) {
    ZonedDateTime after = Instant.ofEpochMilli(afterMillis).atZone(ZoneOffset.UTC);
    String fields = fields(times.strip());
    ExecutionTime cron = cron(fields);
    if (cron != null) {
      return cron.nextExecution(after)
          .orElseThrow(() -> invalid(times, "There is no such time."))
          .toInstant()
          .toEpochMilli();
    }
    if (times.indexOf('*') >= 0 || times.chars().noneMatch(Character::isLetter)) {
      throw notUnderstood(times);
    }
    Interval interval;
    try {
      interval = (Interval) PgTypes.byOid(PgOid.INTERVAL).parse(times, -1, TypeContext.UTC);
    } catch (ShardForgeException e) {
      throw notUnderstood(times);
    }
    ZonedDateTime next =
        after
            .plusMonths(interval.months())
            .plusDays(interval.days())
            .plus(interval.micros(), ChronoUnit.MICROS);
    if (Duration.between(after, next).compareTo(PAUSE_MIN) < 0) {
      throw invalid(times, "An interval has a minute at least.");
    }
    return next.toInstant().toEpochMilli();
  }

  private static String fields(String times) {
    return switch (times) {
      case "@hourly" -> "0 * * * *";
      case "@daily" -> "0 0 * * *";
      case "@weekly" -> "0 0 * * 0";
      case "@monthly" -> "0 0 1 * *";
      default -> times;
    };
  }

  private static @Nullable ExecutionTime cron(String fields) {
    try {
      return ExecutionTime.forCron(
          new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(fields));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static ShardForgeException notUnderstood(String times) {
    return invalid(
        times,
        "It takes five fields as cron has them, @hourly, @daily, @weekly, @monthly, or an interval"
            + " such as 6 hours.");
  }

  private static ShardForgeException invalid(String times, String hint) {
    return new ShardForgeException(
            ErrorCode.INVALID_PARAMETER_VALUE, "invalid schedule: \"" + times + '"')
        .withHint(hint);
  }
}
