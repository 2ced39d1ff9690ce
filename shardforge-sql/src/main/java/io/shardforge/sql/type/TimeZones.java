package io.shardforge.sql.type;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Time zones by name, abbreviation and POSIX offset. */
public final class TimeZones {
  private static final List<String[]> ABBREVIATION_ROWS =
      PgTypes.resourceRows(TimeZones.class, "pg_timezone_abbrevs.tsv");
  private static final Map<String, Integer> ABBREVIATIONS = new HashMap<>();
  private static final Map<String, String> NAMES = new HashMap<>();
  private static final Pattern POSIX =
      Pattern.compile("(?:<[^>]*>|[^\\d,+\\-<]+)([+-]?)(\\d{1,2})(?::(\\d{2}))?");

  private static final Set<String> DAYLIGHT = new HashSet<>();

  static {
    for (String[] row : ABBREVIATION_ROWS) {
      ABBREVIATIONS.put(row[0].toLowerCase(Locale.ROOT), Integer.parseInt(row[1]));
      if (row[2].equals("t")) {
        DAYLIGHT.add(row[0].toLowerCase(Locale.ROOT));
      }
    }
    for (String name : ZoneId.getAvailableZoneIds()) {
      if (!name.startsWith("SystemV/")) {
        NAMES.put(name.toLowerCase(Locale.ROOT), name);
      }
    }
  }

  private static final DateTimeFormatter SHORT_NAME = DateTimeFormatter.ofPattern("zzz", Locale.US);

  private TimeZones() {}

  /** Rows of (abbreviation, seconds east, is daylight saving) as pg_timezone_abbrevs lists them. */
  public static List<String[]> abbreviationRows() {
    return ABBREVIATION_ROWS;
  }

  /**
   * A zone that has a name, as it is at one time.
   *
   * @param abbreviation the offset itself where there is none
   */
  public record NamedZone(String name, String abbreviation, int secondsEast, boolean daylight) {}

  /** All zones with names, as they are at a time. */
  public static List<NamedZone> named(long micros) {
    Instant at =
        Instant.ofEpochSecond(
            Math.floorDiv(micros, Calendar.MICROS_PER_SECOND) + Calendar.EPOCH_SECONDS);
    List<NamedZone> zones = new ArrayList<>();
    for (String name : NAMES.values()) {
      ZoneId zone = ZoneId.of(name);
      int seconds = zone.getRules().getOffset(at).getTotalSeconds();
      String abbreviation = abbreviationAt(micros, zone);
      zones.add(
          new NamedZone(
              name,
              abbreviation == null ? signed(seconds) : abbreviation,
              seconds,
              zone.getRules().isDaylightSavings(at)));
    }
    return zones;
  }

  /** Seconds east of Greenwich of an abbreviation such as pst, or null. */
  static @Nullable Integer abbreviation(String lowerCaseName) {
    return ABBREVIATIONS.get(lowerCaseName);
  }

  /** The same for one in any case. */
  public static @Nullable Integer eastOfGreenwich(String abbreviation) {
    return abbreviation(abbreviation.toLowerCase(Locale.ROOT));
  }

  static boolean isDaylight(String lowerCaseName) {
    return DAYLIGHT.contains(lowerCaseName);
  }

  /**
   * A zone by its full name in any case, such as america/new_york, or a POSIX form such as UTC+3.
   */
  static @Nullable ZoneId byName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("utc") || lower.equals("gmt") || lower.equals("zulu")) {
      return lower.equals("gmt") ? ZoneId.of("GMT") : ZoneOffset.UTC;
    }
    String exact = NAMES.get(lower);
    if (exact != null) {
      return ZoneId.of(exact);
    }
    Matcher posix = POSIX.matcher(lower);
    if (posix.matches()) {
      int hours = Integer.parseInt(posix.group(2));
      String minutes = posix.group(3);
      int seconds = hours * 3600 + (minutes == null ? 0 : Integer.parseInt(minutes) * 60);
      if (hours <= 15) {
        // POSIX counts west of Greenwich.
        return ZoneOffset.ofTotalSeconds("-".equals(posix.group(1)) ? seconds : -seconds);
      }
    }
    return null;
  }

  /**
   * The zone of a TimeZone setting: a full name, a POSIX form, a bare offset west of Greenwich, or
   * the name that {@link #offsetName} gives; null if there is none.
   */
  public static @Nullable ZoneId ofSetting(String name) {
    int close = name.indexOf('>');
    String rest = name.startsWith("<") ? name.substring(close + 1) : name;
    return isBareOffset(rest) ? westOf(rest) : byName(name);
  }

  private static boolean isBareOffset(String name) {
    return !name.isEmpty()
        && (name.charAt(0) == '+'
            || name.charAt(0) == '-'
            || DateTimeTokens.isDigit(name.charAt(0)));
  }

  /** As in POSIX, a bare offset counts west of Greenwich. */
  private static @Nullable ZoneId westOf(String offset) {
    String signed = DateTimeTokens.isDigit(offset.charAt(0)) ? "+" + offset : offset;
    try {
      return ZoneOffset.ofTotalSeconds(-DateTimeParser.zoneDisplacement(signed));
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }

  /** A zone as make_timestamptz takes it: an offset has a sign and counts east of Greenwich. */
  public static ZoneId requireEastward(String name) {
    if (!name.isEmpty() && Character.isDigit(name.charAt(0))) {
      throw TypeErrors.invalidParameter(
              "invalid input syntax for type numeric time zone: \"" + name + "\"")
          .withHint("Numeric time zones must have \"-\" or \"+\" as first character.");
    }
    if (name.startsWith("+") || name.startsWith("-")) {
      try {
        return ZoneOffset.ofTotalSeconds(DateTimeParser.zoneDisplacement(name));
      } catch (DateTimeException | NumberFormatException e) {
        throw TypeErrors.invalidParameter("time zone \"" + name + "\" not recognized");
      }
    }
    return require(name);
  }

  /** The POSIX name of a fixed offset, as PostgreSQL shows it: {@code <+02>-02}. */
  public static String offsetName(int secondsEast) {
    String text = clock(secondsEast, ":");
    return (secondsEast < 0 ? "<-%s>+%s" : "<+%s>-%s").formatted(text, text);
  }

  /** An offset as zones without abbreviations have it in their place: {@code +0530}. */
  private static String signed(int secondsEast) {
    return (secondsEast < 0 ? "-" : "+") + clock(secondsEast, "");
  }

  private static String clock(int secondsEast, String separator) {
    int absolute = Math.abs(secondsEast);
    StringBuilder text = new StringBuilder("%02d".formatted(absolute / 3600));
    if (absolute % 3600 != 0) {
      text.append(separator).append("%02d".formatted(absolute / 60 % 60));
    }
    if (absolute % 60 != 0) {
      text.append(separator).append("%02d".formatted(absolute % 60));
    }
    return text.toString();
  }

  /**
   * A zone as AT TIME ZONE and make_timestamptz take it, abbreviations too; null if there is none.
   */
  public static @Nullable ZoneId find(String name) {
    Integer seconds = ABBREVIATIONS.get(name.toLowerCase(Locale.ROOT));
    if (seconds != null && byName(name) == null) {
      return ZoneOffset.ofTotalSeconds(seconds);
    }
    ZoneId zone = byName(name);
    if (zone != null) {
      return zone;
    }
    return isBareOffset(name) ? westOf(name) : null;
  }

  /** As {@link #find}; 22023 for an unknown zone. */
  public static ZoneId require(String name) {
    ZoneId zone = find(name);
    if (zone == null) {
      throw TypeErrors.invalidParameter("time zone \"" + name + "\" not recognized");
    }
    return zone;
  }

  /** The abbreviation in force at an instant, or null where the zone has only numbers. */
  static @Nullable String abbreviationAt(long micros, ZoneId zone) {
    if (zone.equals(ZoneOffset.UTC)) {
      return "UTC";
    }
    if (zone instanceof ZoneOffset) {
      return null;
    }
    String name =
        SHORT_NAME.format(
            Instant.ofEpochSecond(
                    Math.floorDiv(micros, Calendar.MICROS_PER_SECOND) + Calendar.EPOCH_SECONDS)
                .atZone(zone));
    return name.chars().allMatch(Character::isLetter) && name.length() <= 5 ? name : null;
  }
}
