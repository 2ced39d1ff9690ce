package io.shardforge.server.config;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: a number with a binary unit. */
final class ByteSize {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18}) ?([KMGT])?i?B?");
  private static final String UNITS = "KMGT";
  private static final int UNIT_BITS = 10;

  private ByteSize() {}

  /** Reads 512MiB, 2G or 1048576; empty for anything else and for what does not fit a long. */
  static OptionalLong parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2);
    int shift = unit == null ? 0 : UNIT_BITS * (UNITS.indexOf(unit) + 1);
    return number > Long.MAX_VALUE >> shift
        ? OptionalLong.empty()
        : OptionalLong.of(number << shift);
  }

  /** In the largest unit that leaves at least one. */
  static String format(long bytes) {
    int unit = -1;
    long rest = bytes;
    while (rest >= 1 << UNIT_BITS && unit < UNITS.length() - 1) {
      rest >>= UNIT_BITS;
      unit++;
    }
    if (unit < 0) {
      return bytes + "B";
    }
    double exact = bytes / (double) (1L << (UNIT_BITS * (unit + 1)));
    String number = String.format(Locale.ROOT, "%.1f", exact);
    return (number.endsWith(".0") ? number.substring(0, number.length() - 2) : number)
        + UNITS.charAt(unit)
        + "iB";
  }
}
