package io.shardforge.sql.function;

import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** to_char of numbers and to_number, in the C locale. */
final class NumberFormat {
  private static final String[] KEYS = {
    "EEEE", "FM", "MI", "PL", "PR", "RN", "SG", "SP", "TH", "9", "0", ".", ",", "B", "D", "G", "L",
    "S", "V"
  };

  /** The template's parts, in order: keywords in upper case, literals with a leading quote. */
  private final List<String> parts = new ArrayList<>();

  private boolean fill;
  private boolean scientific;
  private boolean roman;
  private boolean ordinal;
  private boolean ordinalLower;
  private boolean romanLower;
  private int before;
  private int after;
  private int shift;
  private int firstZero = -1;
  private int lastZeroAfter = -1;
  private boolean point;
  private @Nullable String sign;

  private NumberFormat(String template) {
    int i = 0;
    boolean shifting = false;
    while (i < template.length()) {
      char c = template.charAt(i);
      if (c == '"') {
        int end = template.indexOf('"', i + 1);
        end = end < 0 ? template.length() : end;
        parts.add("\"" + template.substring(i + 1, end));
        i = end + 1;
        continue;
      }
      String key = keyAt(template, i);
      if (key == null) {
        parts.add("\"" + c);
        i++;
        continue;
      }
      switch (key) {
        case "FM" -> fill = true;
        case "EEEE" -> scientific = true;
        case "RN" -> {
          roman = true;
          romanLower = template.charAt(i) == 'r';
        }
        case "TH" -> {
          ordinal = true;
          ordinalLower = template.charAt(i) == 't';
          parts.add(key);
        }
        case "SP", "B" -> {}
        case "V" -> shifting = true;
        case "9", "0" -> {
          if (shifting) {
            shift++;
          }
          if (point) {
            if (key.equals("0")) {
              lastZeroAfter = after;
            }
            after++;
          } else {
            if (key.equals("0") && firstZero < 0) {
              firstZero = before;
            }
            before++;
          }
          parts.add("9");
        }
        case ".", "D" -> {
          if (point) {
            throw TypeErrors.of(ErrorCode.SYNTAX_ERROR, "multiple decimal points");
          }
          point = true;
          parts.add("D");
        }
        case ",", "G" -> parts.add("G");
        case "S", "MI", "SG", "PR" -> {
          sign = key;
          parts.add(key);
        }
        default -> parts.add(key);
      }
      i += key.length();
    }
  }

  private static @Nullable String keyAt(String template, int at) {
    for (String key : KEYS) {
      if (template.regionMatches(true, at, key, 0, key.length())) {
        return key;
      }
    }
    return null;
  }

  static void register(FunctionTable t) {
    for (String source : List.of("int4_to_char", "int8_to_char")) {
      t.of(
          source,
          Long.class,
          String.class,
          (_, a, template) -> format(BigDecimal.valueOf(a), template));
    }
    for (String source : List.of("float4_to_char", "float8_to_char")) {
      int digits = source.startsWith("float4") ? 6 : 15;
      t.of(
          source,
          Double.class,
          String.class,
          (_, a, template) ->
              Double.isNaN(a) || Double.isInfinite(a)
                  ? notFinite(template, Double.isNaN(a))
                  : format(new BigDecimal(a).round(new MathContext(digits)), template));
    }
    t.of(
        "numeric_to_char",
        Numeric.class,
        String.class,
        (_, a, template) ->
            a.isFinite() ? format(a.decimal(), template) : notFinite(template, a.isNan()));
    t.of(
        "numeric_to_number",
        String.class,
        String.class,
        (_, text, template) -> read(text, template));
  }

  private static String notFinite(String template, boolean nan) {
    NumberFormat format = new NumberFormat(template);
    if (nan && format.before >= 3 && !format.point) {
      return " ".repeat(format.before - 2) + "NaN";
    }
    return " " + "#".repeat(format.before) + (format.point ? "." + "#".repeat(format.after) : "");
  }

  private static String format(BigDecimal number, String template) {
    NumberFormat format = new NumberFormat(template);
    if (format.roman) {
      return format.roman(number);
    }
    if (format.scientific) {
      return format.scientific(number);
    }
    return format.fixed(number.scaleByPowerOfTen(format.shift));
  }

  private String roman(BigDecimal number) {
    int value = number.setScale(0, RoundingMode.HALF_UP).intValue();
    if (value < 1 || value > 3999) {
      return "#".repeat(15);
    }
    int[] values = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
    String[] letters = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      while (value >= values[i]) {
        out.append(letters[i]);
        value -= values[i];
      }
    }
    String text = romanLower ? out.toString().toLowerCase(Locale.ROOT) : out.toString();
    return fill ? text : " ".repeat(15 - text.length()) + text;
  }

  private String scientific(BigDecimal number) {
    int exponent = number.signum() == 0 ? 0 : number.precision() - number.scale() - 1;
    BigDecimal mantissa = number.movePointLeft(exponent).setScale(after, RoundingMode.HALF_UP);
    if (mantissa.abs().compareTo(BigDecimal.TEN) >= 0) {
      exponent++;
      mantissa = number.movePointLeft(exponent).setScale(after, RoundingMode.HALF_UP);
    }
    return (mantissa.signum() < 0 ? "-" : fill ? "" : " ")
        + mantissa.abs().toPlainString()
        + "e"
        + (exponent < 0 ? "-" : "+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  private String fixed(BigDecimal number) {
    BigDecimal rounded = number.setScale(after, RoundingMode.HALF_UP);
    boolean negative = rounded.signum() < 0;
    String digits = rounded.abs().unscaledValue().toString();
    if (digits.length() <= after) {
      digits = "0".repeat(after - digits.length() + 1) + digits;
    }
    String whole = digits.substring(0, digits.length() - after);
    String fraction = digits.substring(digits.length() - after);
    if (whole.equals("0") && (after > 0 || before == 0)) {
      whole = "";
    }
    // A template without digits before the point has no room even for a zero.
    boolean overflow = whole.length() > before || (before == 0 && after > 0);
    int fractionEnd = after;
    if (fill && !overflow) {
      while (fractionEnd > lastZeroAfter + 1 && fraction.charAt(fractionEnd - 1) == '0') {
        fractionEnd--;
      }
    }
    if (fill && fractionEnd == 0 && whole.isEmpty() && before > 0) {
      whole = "0";
    }
    return lay(negative, whole, fraction, fractionEnd, overflow);
  }

  private String lay(
      boolean negative, String whole, String fraction, int fractionEnd, boolean overflow) {
    boolean ownSign = sign != null;
    String firstSign = ownSign ? "" : negative ? "-" : fill ? "" : " ";
    StringBuilder out = new StringBuilder();
    boolean signWritten = !firstSign.isEmpty() ? false : !ownSign;
    boolean started = false;
    boolean afterPoint = false;
    int slot = 0;
    int fractionSlot = 0;
    boolean leadingSign = "S".equals(sign) && !endsWithSign();
    boolean brackets = "PR".equals(sign);
    String pending =
        leadingSign
            ? (negative ? "-" : "+")
            : brackets ? (negative ? "<" : fill ? "" : " ") : firstSign;
    boolean pendingOpen = leadingSign || brackets || !signWritten;
    for (String part : parts) {
      switch (part) {
        case "9" -> {
          if (afterPoint) {
            if (fractionSlot < fractionEnd) {
              out.append(overflow ? '#' : fraction.charAt(fractionSlot));
            }
            fractionSlot++;
            break;
          }
          boolean digit = overflow || slot >= before - whole.length();
          boolean zero = firstZero >= 0 && slot >= firstZero;
          if (digit || zero) {
            if (!started && pendingOpen) {
              out.append(pending);
              pendingOpen = false;
            }
            started = true;
            out.append(
                overflow ? '#' : digit ? whole.charAt(slot - (before - whole.length())) : '0');
          } else if (!fill) {
            out.append(' ');
          }
          slot++;
        }
        case "G" -> {
          if (started) {
            out.append(',');
          } else if (!fill) {
            out.append(' ');
          }
        }
        case "D" -> {
          if (pendingOpen) {
            out.append(pending);
            pendingOpen = false;
          }
          started = true;
          afterPoint = true;
          out.append('.');
        }
        case "S" -> {
          if (!leadingSign) {
            out.append(negative ? '-' : '+');
          }
        }
        case "MI" -> out.append(negative ? "-" : fill ? "" : " ");
        case "PL" -> out.append(negative ? (fill ? "" : " ") : "+");
        case "SG" -> out.append(negative ? '-' : '+');
        case "PR", "L" -> {
          if (part.equals("L") && !fill) {
            out.append(' ');
          }
        }
        case "TH" -> {
          if (!negative && !overflow && !point && ordinal) {
            String suffix = DateTimeFormat.ordinal(whole.isEmpty() ? "0" : whole);
            out.append(ordinalLower ? suffix : suffix.toUpperCase(Locale.ROOT));
          }
        }
        default -> out.append(part, 1, part.length());
      }
    }
    if (pendingOpen) {
      out.append(pending);
    }
    if (brackets) {
      out.append(negative ? ">" : fill ? "" : " ");
    }
    return out.toString();
  }

  private boolean endsWithSign() {
    return !parts.isEmpty() && parts.getLast().equals("S") && parts.size() > 1;
  }

  private static @Nullable Numeric read(String text, String template) {
    NumberFormat format = new NumberFormat(template);
    if (format.roman || format.scientific) {
      throw TypeErrors.unsupported(
          format.roman ? "\"RN\" not supported for input" : "\"EEEE\" not supported for input");
    }
    StringBuilder digits = new StringBuilder();
    boolean negative = false;
    boolean any = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digits.append(c);
        any = true;
      } else if (c == '.' && digits.indexOf(".") < 0) {
        digits.append('.');
      } else if (c == '-' || (c == '<' && "PR".equals(format.sign))) {
        negative = true;
      }
    }
    if (!any) {
      throw TypeErrors.invalidText("numeric", " ");
    }
    BigDecimal value =
        new BigDecimal(digits.toString().endsWith(".") ? digits + "0" : digits.toString());
    value =
        value
            .movePointLeft(format.shift)
            .setScale(Math.max(format.after, format.shift), RoundingMode.DOWN);
    return Numeric.of(negative ? value.negate() : value);
  }
}
