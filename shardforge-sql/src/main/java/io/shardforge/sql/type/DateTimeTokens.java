package io.shardforge.sql.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Splits date, time and interval input into fields, and knows the words in them. */
final class DateTimeTokens {
  /** What a field looks like. */
  enum Kind {
    NUMBER,
    STRING,
    DATE,
    TIME,
    ZONE,
    SPECIAL
  }

  /** A field in lower case. */
  record Token(Kind kind, String text) {}

  private static final int FIELDS_MAX = 25;

  private static final String[] MONTHS = {
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december"
  };

  private static final Map<String, Integer> DAYS =
      Map.ofEntries(
          Map.entry("sun", 0),
          Map.entry("sunday", 0),
          Map.entry("mon", 1),
          Map.entry("monday", 1),
          Map.entry("tue", 2),
          Map.entry("tues", 2),
          Map.entry("tuesday", 2),
          Map.entry("wed", 3),
          Map.entry("weds", 3),
          Map.entry("wednesday", 3),
          Map.entry("thu", 4),
          Map.entry("thur", 4),
          Map.entry("thurs", 4),
          Map.entry("thursday", 4),
          Map.entry("fri", 5),
          Map.entry("friday", 5),
          Map.entry("sat", 6),
          Map.entry("saturday", 6));

  private DateTimeTokens() {}

  /** 1 to 12, or 0 for a word that names no month. */
  static int month(String word) {
    for (int i = 0; i < 12; i++) {
      if (word.equals(MONTHS[i]) || word.equals(MONTHS[i].substring(0, 3))) {
        return i + 1;
      }
    }
    return word.equals("sept") ? 9 : 0;
  }

  static boolean isDayOfWeek(String word) {
    return DAYS.containsKey(word);
  }

  private static boolean isKnownWord(String word) {
    return month(word) != 0
        || isDayOfWeek(word)
        || switch (word) {
          case "am",
              "pm",
              "ad",
              "bc",
              "allballs",
              "at",
              "on",
              "dst",
              "epoch",
              "infinity",
              "now",
              "today",
              "tomorrow",
              "yesterday",
              "d",
              "h",
              "j",
              "jd",
              "julian",
              "m",
              "mm",
              "s",
              "t",
              "y" ->
              true;
          default -> false;
        };
  }

  /** The fields, or null for input that no date or time can look like. */
  static @Nullable List<Token> split(String text) {
    List<Token> tokens = new ArrayList<>();
    String in = text.toLowerCase(Locale.ROOT);
    int length = in.length();
    int i = 0;
    while (i < length) {
      char c = in.charAt(i);
      if (Text.isSpace(c)) {
        i++;
        continue;
      }
      if (tokens.size() == FIELDS_MAX) {
        return null;
      }
      int start = i;
      if (isDigit(c)) {
        i = skipDigits(in, i);
        if (i < length && in.charAt(i) == ':') {
          i = skip(in, i, ":.");
          tokens.add(new Token(Kind.TIME, in.substring(start, i)));
        } else if (i < length && "-/.".indexOf(in.charAt(i)) >= 0) {
          char delimiter = in.charAt(i++);
          Kind kind;
          if (i < length && isDigit(in.charAt(i))) {
            kind = delimiter == '.' ? Kind.NUMBER : Kind.DATE;
            i = skipDigits(in, i);
            if (i < length && in.charAt(i) == delimiter) {
              kind = Kind.DATE;
              while (i < length && (isDigit(in.charAt(i)) || in.charAt(i) == delimiter)) {
                i++;
              }
            }
          } else {
            kind = Kind.DATE;
            while (i < length && (isAlphanumeric(in.charAt(i)) || in.charAt(i) == delimiter)) {
              i++;
            }
          }
          if (delimiter == '.' && i == start + 1) {
            kind = Kind.NUMBER;
          }
          tokens.add(new Token(kind, in.substring(start, i)));
        } else {
          tokens.add(new Token(Kind.NUMBER, in.substring(start, i)));
        }
      } else if (c == '.') {
        i = skipDigits(in, i + 1);
        tokens.add(new Token(Kind.NUMBER, in.substring(start, i)));
      } else if (isLetter(c)) {
        while (i < length && isLetter(in.charAt(i))) {
          i++;
        }
        boolean compound = false;
        if (i < length) {
          char next = in.charAt(i);
          compound =
              next == '-'
                  || next == '/'
                  || next == '.'
                  || ((next == '+' || isDigit(next)) && !isKnownWord(in.substring(start, i)));
        }
        if (compound) {
          while (i < length
              && (isAlphanumeric(in.charAt(i)) || "+-/_.:".indexOf(in.charAt(i)) >= 0)) {
            i++;
          }
        }
        tokens.add(new Token(compound ? Kind.DATE : Kind.STRING, in.substring(start, i)));
      } else if (c == '+' || c == '-') {
        StringBuilder field = new StringBuilder().append(c);
        i++;
        while (i < length && Text.isSpace(in.charAt(i))) {
          i++;
        }
        if (i < length && (isDigit(in.charAt(i)) || in.charAt(i) == '.')) {
          int from = i;
          while (i < length && (isDigit(in.charAt(i)) || ":.-".indexOf(in.charAt(i)) >= 0)) {
            i++;
          }
          tokens.add(new Token(Kind.ZONE, field.append(in, from, i).toString()));
        } else if (i < length && isLetter(in.charAt(i))) {
          int from = i;
          while (i < length && isLetter(in.charAt(i))) {
            i++;
          }
          tokens.add(new Token(Kind.SPECIAL, field.append(in, from, i).toString()));
        } else {
          return null;
        }
      } else if (c < 0x80 && c > ' ' && c != 0x7F) {
        i++;
      } else {
        return null;
      }
    }
    return tokens;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isAlphanumeric(char c) {
    return isDigit(c) || isLetter(c);
  }

  private static int skipDigits(String in, int from) {
    int i = from;
    while (i < in.length() && isDigit(in.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int skip(String in, int from, String others) {
    int i = from;
    while (i < in.length() && (isDigit(in.charAt(i)) || others.indexOf(in.charAt(i)) >= 0)) {
      i++;
    }
    return i;
  }
}
