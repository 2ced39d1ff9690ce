package io.shardforge.sql.session;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's kinds of settings: how a value is read, what is said of one that cannot be, and how
 * it is shown.
 */
final class SettingValues {
  private static final Pattern NUMBER =
      Pattern.compile(
          "\\s*([+-]?)(0[xX][0-9a-fA-F]+|(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*(.*?)\\s*",
          Pattern.DOTALL);

  private static final Map<String, Double> BYTES = new LinkedHashMap<>();
  private static final Map<String, Double> MICROS = new LinkedHashMap<>();

  static {
    BYTES.put("TB", 0x1p40);
    BYTES.put("GB", 0x1p30);
    BYTES.put("MB", 0x1p20);
    BYTES.put("kB", 0x1p10);
    BYTES.put("B", 1.0);
    MICROS.put("d", 86_400e6);
    MICROS.put("h", 3_600e6);
    MICROS.put("min", 60e6);
    MICROS.put("s", 1e6);
    MICROS.put("ms", 1e3);
    MICROS.put("us", 1.0);
  }

  private SettingValues() {}

  /** What a number without a unit counts. */
  enum Unit {
    NONE("", 1),
    KILOBYTES("kB", 0x1p10),
    BLOCKS("8kB", 0x1p13),
    MILLIS("ms", 1e3),
    SECONDS("s", 1e6);

    private final String words;

    private final double size;

    Unit(String name, double size) {
      this.words = name.isEmpty() ? "" : " " + name;
      this.size = size;
    }

    /** From the largest to the smallest, with their sizes. */
    private Map<String, Double> units() {
      return switch (this) {
        case NONE -> Map.of();
        case KILOBYTES, BLOCKS -> BYTES;
        case MILLIS, SECONDS -> MICROS;
      };
    }

    /** So many of another unit; what is a fraction of that is so many of the next smaller one. */
    private double of(double number, String unit) {
      double bytes = number * units().getOrDefault(unit, 0.0);
      for (double smaller : units().values()) {
        if (smaller < units().getOrDefault(unit, 0.0)) {
          return Math.rint(bytes / smaller) * smaller / size;
        }
      }
      return bytes / size;
    }

    private String hint() {
      return this == MILLIS || this == SECONDS
          ? "\"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\""
          : "\"B\", \"kB\", \"MB\", \"GB\", and \"TB\"";
    }

    /** In the largest unit of which it is just so many. */
    private String shown(int value) {
      if (value > 0) {
        for (Map.Entry<String, Double> unit : units().entrySet()) {
          double count = value * size / unit.getValue();
          if (count == Math.rint(count)) {
            return (long) count + unit.getKey();
          }
        }
      }
      return Integer.toString(value);
    }

    /** The same, nearly. */
    private String shown(double value) {
      if (value > 0) {
        for (Map.Entry<String, Double> unit : units().entrySet()) {
          double count = value * size / unit.getValue();
          if (Math.abs(Math.rint(count) / count - 1) <= 1e-8) {
            return general(Math.rint(count)) + unit.getKey();
          }
        }
      }
      return general(value);
    }
  }

  /** Takes on and off in all their forms. */
  static UnaryOperator<String> bool(String name) {
    return v -> bool(v, name) ? "on" : "off";
  }

  private static boolean bool(String value, String name) {
    Boolean known = asBool(value);
    if (known == null) {
      throw refused("parameter \"%s\" requires a Boolean value".formatted(name));
    }
    return known;
  }

  /** A truth value, of which the first letters are enough; null for anything else. */
  static @Nullable Boolean asBool(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.isEmpty()) {
      return null;
    }
    if ("true".startsWith(lower) || "yes".startsWith(lower) || lower.equals("on")) {
      return true;
    }
    if ("false".startsWith(lower) || "no".startsWith(lower)) {
      return false;
    }
    return switch (lower) {
      case "1" -> true;
      case "0", "of", "off" -> false;
      default -> null;
    };
  }

  /**
   * Takes some words.
   *
   * @param hidden words that mean one of the others, without being told of
   */
  static UnaryOperator<String> oneOf(String name, List<String> words, Map<String, String> hidden) {
    return v -> {
      String lower = v.toLowerCase(Locale.ROOT);
      if (words.contains(lower)) {
        return lower;
      }
      String meant = hidden.get(lower);
      if (meant == null) {
        throw Setting.invalid(name, v)
            .withHint("Available values: " + String.join(", ", words) + ".");
      }
      return meant;
    };
  }

  /** Takes whole numbers between two bounds. */
  static UnaryOperator<String> integer(String name, Unit unit, int min, int max) {
    return v -> {
      double number = Math.rint(read(name, v, unit));
      if (number > Integer.MAX_VALUE || number < Integer.MIN_VALUE) {
        throw Setting.invalid(name, v).withHint("Value exceeds integer range.");
      }
      if (number < min || number > max) {
        throw outside(name, (int) number + unit.words, min + unit.words, max + unit.words);
      }
      return unit.shown((int) number);
    };
  }

  /** Takes numbers between two bounds. */
  static UnaryOperator<String> real(String name, Unit unit, double min, double max) {
    return v -> {
      double number = read(name, v, unit);
      if (!(number >= min && number <= max)) {
        throw outside(
            name,
            general(number) + unit.words,
            general(min) + unit.words,
            general(max) + unit.words);
      }
      return unit.shown(number);
    };
  }

  private static ShardForgeException outside(String name, String value, String min, String max) {
    return refused(
        "%s is outside the valid range for parameter \"%s\" (%s .. %s)"
            .formatted(value, name, min, max));
  }

  private static ShardForgeException refused(String message) {
    return new ShardForgeException(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  /** The milliseconds that a setting of time says. */
  static long millis(String name, String value) {
    return Math.round(read(name, value, Unit.MILLIS));
  }

  private static double read(String name, String value, Unit unit) {
    Matcher parts = NUMBER.matcher(value);
    if (!parts.matches()) {
      throw Setting.invalid(name, value);
    }
    double number = number(parts.group(2));
    String in = parts.group(3);
    double signed = parts.group(1).equals("-") ? -number : number;
    if (in.isEmpty()) {
      return signed;
    }
    if (unit == Unit.NONE) {
      throw Setting.invalid(name, value);
    }
    if (!unit.units().containsKey(in)) {
      throw Setting.invalid(name, value)
          .withHint("Valid units for this parameter are " + unit.hint() + ".");
    }
    return unit.of(signed, in);
  }

  /** As C reads it: with 0x in front by 16, with 0 alone by 8. */
  private static double number(String digits) {
    if (digits.startsWith("0x") || digits.startsWith("0X")) {
      return new java.math.BigInteger(digits.substring(2), 16).doubleValue();
    }
    return digits.matches("0[0-7]+")
        ? new java.math.BigInteger(digits, 8).doubleValue()
        : Double.parseDouble(digits);
  }

  /** Six digits at most, as C's %g has them. */
  private static String general(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e6) {
      return Long.toString((long) value);
    }
    if (value == Double.MAX_VALUE) {
      return "1.79769e+308";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return rounded.toPlainString();
    }
    return "%se%s%02d"
        .formatted(
            rounded.movePointLeft(exponent).toPlainString(),
            exponent < 0 ? "-" : "+",
            Math.abs(exponent));
  }
}
