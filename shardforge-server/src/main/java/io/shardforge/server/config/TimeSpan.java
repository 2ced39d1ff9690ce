package io.shardforge.server.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them: a number with PostgreSQL's units. */
final class TimeSpan {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9}) ?(ms|s|min|m|h|d)");

  private TimeSpan() {}

  /** Reads 500ms, 30s, 10min, 4h or 2d; empty for anything else. */
  static Optional<Duration> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          default -> Duration.ofMinutes(number);
        });
  }
}
