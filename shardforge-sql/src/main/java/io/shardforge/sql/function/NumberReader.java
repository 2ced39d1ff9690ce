package io.shardforge.sql.function;

import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** to_number: reads a text by a template, part by part. */
final class NumberReader {
  private final NumberTemplate template;
  private final String text;
  private final StringBuilder digits = new StringBuilder();
  private int at;
  private char sign = ' ';
  private int before;
  private int after;
  private boolean point;

  private NumberReader(NumberTemplate template, String text) {
    this.template = template;
    this.text = text;
  }

  static Numeric read(String text, String pattern) {
    NumberTemplate template = new NumberTemplate(pattern);
    if (template.isScientific() || template.isRoman()) {
      throw TypeErrors.unsupported(
          template.isRoman()
              ? "\"RN\" not supported for input"
              : "\"EEEE\" not supported for input");
    }
    return new NumberReader(template, text).read();
  }

  private Numeric read() {
    for (NumberTemplate.Part part : template.parts()) {
      if (atEnd()) {
        break;
      }
      part(part);
    }
    if (!digits.isEmpty() && digits.charAt(digits.length() - 1) == '.') {
      digits.setLength(digits.length() - 1);
    }
    if (digits.isEmpty()) {
      throw TypeErrors.invalidText("numeric", String.valueOf(sign));
    }
    BigDecimal value = new BigDecimal((sign == '-' ? "-" : "") + digits);
    value = value.setScale(after, RoundingMode.HALF_UP);
    int whole = template.before() + template.shift();
    if (value.precision() - value.scale() > whole && value.signum() != 0) {
      throw TypeErrors.of(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
          .withDetail(
              "A field with precision %d, scale %d must round to an absolute value less than %s%d."
                  .formatted(
                      whole + after, after, whole == 0 ? "" : "10^", whole == 0 ? 1 : whole));
    }
    int shift = template.shift();
    if (shift > 0) {
      // As multiplied by a power of ten with 16 digits.
      value = value.movePointLeft(shift).setScale(after + 16, RoundingMode.HALF_UP);
    }
    return Numeric.of(value);
  }

  private boolean atEnd() {
    return at >= text.length();
  }

  private char current() {
    return text.charAt(at);
  }

  private void part(NumberTemplate.Part part) {
    NumberTemplate.Key key = part.key();
    if (key == null) {
      at = text.offsetByCodePoints(at, 1);
      return;
    }
    switch (key) {
      case NINE, ZERO -> {
        digit(true);
        at++;
      }
      case POINT, DECIMAL -> {
        digit(false);
        at++;
      }
      case COMMA, GROUP -> {
        boolean skip = template.isFill() || current() != ',';
        at += skip ? 0 : 1;
      }
      case SYMBOL -> skip(1);
      case ORDINAL -> {
        if (!template.hasPoint()) {
          skip(2);
        }
      }
      case MINUS -> sign(current() == '-');
      case PLUS -> sign(current() == '+');
      case SIGN -> sign(current() == '-' || current() == '+');
      default -> {}
    }
  }

  private void sign(boolean here) {
    if (here) {
      sign = current();
      at++;
    } else {
      skip(1);
    }
  }

  /** Skips characters that belong to no number. */
  private void skip(int count) {
    for (int i = 0; i < count && !atEnd() && "0123456789.,+-".indexOf(current()) < 0; i++) {
      at = text.offsetByCodePoints(at, 1);
    }
  }

  private void digit(boolean slot) {
    if (current() == ' ') {
      at++;
    }
    if (atEnd()) {
      return;
    }
    if (sign == ' ' && slot && before + after == 0) {
      leadingSign();
      if (atEnd()) {
        return;
      }
    }
    boolean read = false;
    char c = current();
    if (c >= '0' && c <= '9') {
      if (point && after == template.after()) {
        return;
      }
      digits.append(c);
      if (point) {
        after++;
      } else {
        before++;
      }
      read = true;
    } else if (template.hasPoint() && !point && c == '.') {
      digits.append('.');
      point = true;
      read = true;
    }
    if (sign == ' ' && before + after > 0) {
      trailingSign(read);
    }
  }

  private void leadingSign() {
    char c = current();
    if (c == '-' || (template.hasBrackets() && c == '<')) {
      sign = '-';
      at++;
    } else if (c == '+') {
      sign = '+';
      at++;
    }
  }

  /** Where a sign behind the digits begins is only known when no digit follows. */
  private void trailingSign(boolean read) {
    if (template.isAnchored()) {
      if (read && at + 1 < text.length()) {
        char next = text.charAt(at + 1);
        if (next == '-' || next == '+') {
          sign = next;
          at++;
        }
      }
    } else if (!read
        && (template.hasPlus() || template.hasMinus())
        && (current() == '-' || current() == '+')) {
      sign = current();
    }
  }
}
