package io.shardforge.sql.function;

import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.TimeZones;
import io.shardforge.sql.type.TimeZones.NamedZone;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The time zones that there are, as rows of functions and of the views of the same names. */
public final class TimeZoneFunctions {
  private static final long MICROS_PER_SECOND = 1_000_000;

  private TimeZoneFunctions() {}

  static void register(FunctionTable t) {
    t.set("pg_timezone_names", (c, _) -> names(c.typeContext().transactionMicros()));
    t.set("pg_timezone_abbrevs", (_, _) -> abbreviations());
  }

  /** Each zone as it is at a time. */
  public static Iterator<@Nullable Object[]> names(long micros) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (NamedZone zone : TimeZones.named(micros)) {
      rows.add(
          new @Nullable Object[] {
            zone.name(), zone.abbreviation(), interval(zone.secondsEast()), zone.daylight()
          });
    }
    return rows.iterator();
  }

  /** Each abbreviation that is read. */
  public static Iterator<@Nullable Object[]> abbreviations() {
    return TimeZones.abbreviationRows().stream()
        .map(row ->
            new @Nullable Object[] {
              row[0].toUpperCase(Locale.ROOT),
              interval(Integer.parseInt(row[1])),
              row[2].equals("t")
            })
        .iterator();
  }

  private static Interval interval(int seconds) {
    return new Interval(0, 0, seconds * MICROS_PER_SECOND);
  }
}
