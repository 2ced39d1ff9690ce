package io.shardforge.sql.function;

import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The template of to_char of numbers and of to_number, as PostgreSQL reads it. */
final class NumberTemplate {
  /** What a pattern of the template stands for. */
  enum Key {
    COMMA(","),
    POINT("."),
    ZERO("0"),
    NINE("9"),
    BLANK("B"),
    CURRENCY("C"),
    DECIMAL("D"),
    EXPONENT("EEEE"),
    FILL("FM"),
    GROUP("G"),
    SYMBOL("L"),
    MINUS("MI"),
    PLUS("PL"),
    BRACKETS("PR"),
    ROMAN("RN"),
    SIGN("SG"),
    SPELLED("SP"),
    ANCHORED("S"),
    ORDINAL("TH"),
    SHIFT("V");

    private final String text;

    Key(String text) {
      this.text = text;
    }
  }

  /**
   * A part of the template.
   *
   * @param key null for a character that stands for itself
   * @param lower whether the pattern was written in lower case
   */
  record Part(@Nullable Key key, String text, boolean lower) {}

  /** Where S stands. */
  enum Anchor {
    NONE,
    BEFORE,
    BEHIND
  }

  private final List<Part> parts = new ArrayList<>();
  private int before;
  private int after;
  private int shift;
  private int zeroStart;
  private int zeroEnd;
  private int signAt;
  private boolean zero;
  private boolean decimal;
  private boolean fill;
  private boolean anchored;
  private Anchor anchor = Anchor.NONE;
  private boolean minus;
  private boolean plus;
  private boolean brackets;
  private boolean roman;
  private boolean blank;
  private boolean shifting;
  private boolean exponent;

  NumberTemplate(String template) {
    int i = 0;
    while (i < template.length()) {
      Key key = keyAt(template, i);
      if (key != null) {
        String text = template.substring(i, i + key.text.length());
        take(key);
        parts.add(new Part(key, text, Character.isLowerCase(text.charAt(0))));
        i += text.length();
      } else if (template.charAt(i) == '"') {
        i = quoted(template, i + 1);
      } else {
        // A backslash is special only before a quote here, before anything between quotes.
        if (template.startsWith("\\\"", i)) {
          i++;
        }
        i = literal(template, i);
      }
    }
  }

  private static @Nullable Key keyAt(String template, int at) {
    for (Key key : Key.values()) {
      if (template.startsWith(key.text, at)
          || template.startsWith(key.text.toLowerCase(java.util.Locale.ROOT), at)) {
        return key;
      }
    }
    return null;
  }

  private int quoted(String template, int start) {
    int i = start;
    while (i < template.length() && template.charAt(i) != '"') {
      if (template.charAt(i) == '\\' && i + 1 < template.length()) {
        i++;
      }
      i = literal(template, i);
    }
    return i + 1;
  }

  private int literal(String template, int at) {
    int end = template.offsetByCodePoints(at, 1);
    parts.add(new Part(null, template.substring(at, end), false));
    return end;
  }

  private void take(Key key) {
    if (exponent && key != Key.EXPONENT) {
      throw wrong("\"EEEE\" must be the last pattern used");
    }
    switch (key) {
      case NINE, ZERO -> digit(key);
      case BLANK -> blank |= before == 0 && after == 0 && !zero;
      case DECIMAL, POINT -> {
        if (decimal) {
          throw wrong("multiple decimal points");
        }
        if (shifting) {
          throw wrong("cannot use \"V\" and decimal point together");
        }
        decimal = true;
      }
      case FILL -> fill = true;
      case ANCHORED -> {
        if (anchored) {
          throw wrong("cannot use \"S\" twice");
        }
        if (plus || minus || brackets) {
          throw wrong("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together");
        }
        anchored = true;
        anchor = decimal ? Anchor.BEHIND : Anchor.BEFORE;
        signAt = before;
      }
      case MINUS, PLUS, SIGN -> {
        if (anchored) {
          throw wrong("cannot use \"S\" and \"" + key.text + "\" together");
        }
        minus |= key != Key.PLUS;
        plus |= key != Key.MINUS;
      }
      case BRACKETS -> {
        if (anchored || plus || minus) {
          throw wrong("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together");
        }
        brackets = true;
      }
      case ROMAN -> roman = true;
      case SHIFT -> {
        if (decimal) {
          throw wrong("cannot use \"V\" and decimal point together");
        }
        shifting = true;
      }
      case EXPONENT -> {
        if (exponent) {
          throw wrong("cannot use \"EEEE\" twice");
        }
        if (blank || fill || anchored || brackets || minus || plus || roman || shifting) {
          throw wrong("\"EEEE\" is incompatible with other formats")
              .withDetail(
                  "\"EEEE\" may only be used together with digit and decimal point patterns.");
        }
        exponent = true;
      }
      case COMMA, CURRENCY, GROUP, SYMBOL, SPELLED, ORDINAL -> {}
    }
  }

  private void digit(Key key) {
    if (brackets) {
      throw wrong("\"" + key.text + "\" must be ahead of \"PR\"");
    }
    if (key == Key.NINE && shifting) {
      shift++;
      return;
    }
    if (key == Key.ZERO && !zero && !decimal) {
      zero = true;
      zeroStart = before;
    }
    if (decimal) {
      after++;
    } else {
      before++;
    }
    if (key == Key.ZERO) {
      zeroEnd = before + after;
    }
  }

  private static ShardForgeException wrong(String message) {
    return TypeErrors.of(ErrorCode.SYNTAX_ERROR, message);
  }

  List<Part> parts() {
    return parts;
  }

  /** Digits before the point, without those that {@code V} adds. */
  int before() {
    return before;
  }

  int after() {
    return after;
  }

  /** How many digits {@code V} moves the point. */
  int shift() {
    return shift;
  }

  /** The first digit that is written as zero when there is none. */
  int zeroStart() {
    return zeroStart;
  }

  /** Behind the last digit that is kept though it is zero. */
  int zeroEnd() {
    return zeroEnd;
  }

  /** How many digits {@code S} has before it. */
  int signAt() {
    return signAt;
  }

  boolean hasZero() {
    return zero;
  }

  boolean hasPoint() {
    return decimal;
  }

  boolean isFill() {
    return fill;
  }

  boolean isAnchored() {
    return anchored;
  }

  Anchor anchor() {
    return anchor;
  }

  boolean hasMinus() {
    return minus;
  }

  boolean hasPlus() {
    return plus;
  }

  boolean hasBrackets() {
    return brackets;
  }

  boolean isRoman() {
    return roman;
  }

  boolean isScientific() {
    return exponent;
  }
}
