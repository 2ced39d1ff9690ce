package io.shardforge.sql.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A to_char, to_date or to_timestamp template for dates and times, taken apart. */
final class DateTimeTemplate {
  /** How a word field is written. */
  enum Letters {
    UPPER,
    LOWER,
    CAPITALIZED
  }

  /**
   * A part of the template.
   *
   * @param key the upper-case keyword, or null for literal text
   * @param text the text as written
   */
  record Node(
      @org.jspecify.annotations.Nullable String key,
      String text,
      boolean fill,
      boolean ordinalUpper,
      boolean ordinalLower,
      Letters letters) {
    boolean isLiteral() {
      return key == null;
    }
  }

  private static final String[] KEYS = {
    "SSSSS", "Y,YYY", "MONTH", "A.D.", "A.M.", "B.C.", "P.M.", "HH24", "HH12", "IDDD", "IYYY",
    "SSSS", "YYYY", "DAY", "DDD", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "IYY", "MON", "TZH",
    "TZM", "YYY", "AD", "AM", "BC", "CC", "DD", "DY", "HH", "ID", "IW", "IY", "MI", "MM", "MS",
    "OF", "PM", "RM", "SS", "TZ", "US", "WW", "YY", "D", "I", "J", "Q", "W", "Y"
  };

  private DateTimeTemplate() {}

  static List<Node> parse(String template) {
    List<Node> nodes = new ArrayList<>();
    int i = 0;
    while (i < template.length()) {
      char c = template.charAt(i);
      if (c == '"') {
        StringBuilder literal = new StringBuilder();
        i++;
        while (i < template.length() && template.charAt(i) != '"') {
          if (template.charAt(i) == '\\' && i + 1 < template.length()) {
            i++;
          }
          literal.append(template.charAt(i++));
        }
        i++;
        nodes.add(literal(literal.toString()));
        continue;
      }
      int start = i;
      boolean fill = false;
      while (template.regionMatches(true, i, "FM", 0, 2)
          || template.regionMatches(true, i, "TM", 0, 2)
          || template.regionMatches(true, i, "FX", 0, 2)) {
        fill |= template.regionMatches(true, i, "FM", 0, 2);
        i += 2;
      }
      String key = keyAt(template, i);
      if (key == null) {
        if (i > start) {
          continue;
        }
        if (c == '\\' && i + 1 < template.length() && template.charAt(i + 1) == '"') {
          i++;
          c = '"';
        }
        nodes.add(literal(String.valueOf(c)));
        i++;
        continue;
      }
      String written = template.substring(i, i + key.length());
      i += key.length();
      boolean upper = template.startsWith("TH", i);
      boolean lower = template.startsWith("th", i);
      if (upper || lower) {
        i += 2;
      }
      nodes.add(new Node(key, written, fill, upper, lower, lettersOf(written)));
    }
    return nodes;
  }

  private static Node literal(String text) {
    return new Node(null, text, false, false, false, Letters.UPPER);
  }

  private static @org.jspecify.annotations.Nullable String keyAt(String template, int at) {
    for (String key : KEYS) {
      if (template.regionMatches(true, at, key, 0, key.length())) {
        return key;
      }
    }
    return null;
  }

  private static Letters lettersOf(String written) {
    if (written.equals(written.toLowerCase(Locale.ROOT))) {
      return Letters.LOWER;
    }
    return written.length() > 1 && Character.isLowerCase(written.charAt(1))
        ? Letters.CAPITALIZED
        : Letters.UPPER;
  }
}
