package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.LargeValues;
import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** format(): %s, %I and %L with positions, widths and flags. */
final class TextFormat {
  private final String pattern;
  private final List<Integer> types;
  private final List<@Nullable Object> values;
  private final EvalContext context;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int next;

  private TextFormat(
      String pattern, List<Integer> types, List<@Nullable Object> values, EvalContext context) {
    this.pattern = pattern;
    this.types = types;
    this.values = values;
    this.context = context;
  }

  static void register(FunctionTable t) {
    t.typed("text_format", TextFormat::function);
    t.typed("text_format_nv", TextFormat::function);
  }

  private static ScalarFunction function(CallTypes types) {
    return (c, in) -> {
      if (!(in[0] instanceof String pattern)) {
        return null;
      }
      List<Integer> oids = new ArrayList<>();
      List<@Nullable Object> values = new ArrayList<>();
      if (types.variadicArray()) {
        if (in[1] instanceof ArrayValue array) {
          for (int i = 0; i < array.size(); i++) {
            oids.add(array.elementOid());
            values.add(array.get(i));
          }
        }
      } else {
        for (int i = 1; i < in.length; i++) {
          oids.add(JsonConversion.argumentType(types.arguments(), i));
          values.add(in[i]);
        }
      }
      return new TextFormat(pattern, oids, values, c).run();
    };
  }

  private String run() {
    while (at < pattern.length()) {
      char c = pattern.charAt(at++);
      if (c != '%') {
        out.append(c);
        continue;
      }
      if (peek() == '%') {
        at++;
        out.append('%');
        continue;
      }
      specifier();
    }
    return out.toString();
  }

  private char peek() {
    if (at >= pattern.length()) {
      throw TypeErrors.invalidParameter("unterminated format() type specifier")
          .withHint("For a single \"%\" use \"%%\".");
    }
    return pattern.charAt(at);
  }

  private int digits() {
    int start = at;
    while (Character.isDigit(peek())) {
      at++;
    }
    if (start == at) {
      return -1;
    }
    try {
      return Integer.parseInt(pattern.substring(start, at));
    } catch (NumberFormatException e) {
      throw TypeErrors.of(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "number is out of range");
    }
  }

  private static void requirePosition(int position) {
    if (position == 0) {
      throw TypeErrors.invalidParameter(
          "format specifies argument 0, but arguments are numbered from 1");
    }
  }

  private void specifier() {
    int position = -1;
    int width = 0;
    boolean left = false;
    int number = digits();
    if (number >= 0 && peek() == '$') {
      at++;
      requirePosition(number);
      position = number;
      number = -1;
    }
    if (number < 0) {
      while (peek() == '-') {
        left = true;
        at++;
      }
      if (peek() == '*') {
        at++;
        int widthPosition = digits();
        if (widthPosition >= 0) {
          if (peek() != '$') {
            throw TypeErrors.invalidParameter("width argument position must be ended by \"$\"");
          }
          at++;
          requirePosition(widthPosition);
        }
        width = width(widthPosition);
        if (width < 0) {
          left = true;
          width = -width;
        }
      } else {
        width = Math.max(0, digits());
      }
    } else {
      width = number;
    }
    char kind = peek();
    at++;
    if (kind != 's' && kind != 'I' && kind != 'L') {
      throw TypeErrors.invalidParameter("unrecognized format() type specifier \"" + kind + "\"")
          .withHint("For a single \"%\" use \"%%\".");
    }
    append(converted(kind, position), width, left);
  }

  /** A width that is an argument, of any type that is written like an integer. */
  private int width(int position) {
    Object argument = argument(position);
    if (argument == null) {
      return 0;
    }
    String text = PgTypes.byOid(types.get(next - 1)).format(argument, context.typeContext());
    return (int) (long) (Long) PgTypes.byOid(PgOid.INT4).parse(text, -1, context.typeContext());
  }

  private @Nullable Object argument(int position) {
    int index = position > 0 ? position : next + 1;
    if (index > values.size()) {
      throw TypeErrors.invalidParameter("too few arguments for format()");
    }
    next = index;
    return values.get(index - 1);
  }

  private String converted(char kind, int position) {
    Object value = argument(position);
    if (value == null) {
      if (kind == 'I') {
        throw TypeErrors.of(
            ErrorCode.NULL_VALUE_NOT_ALLOWED,
            "null values cannot be formatted as an SQL identifier");
      }
      return kind == 'L' ? "NULL" : "";
    }
    int oid = types.get(next - 1);
    String text =
        oid == PgOid.TEXT
            ? (String) value
            : PgTypes.byOid(oid).format(value, context.typeContext());
    return switch (kind) {
      case 'I' -> Text.quoteIdentifier(text);
      case 'L' -> Text.quoteLiteral(text);
      default -> text;
    };
  }

  private void append(String text, int width, boolean left) {
    int padding = Math.max(0, width - Text.length(text));
    if (padding >= LargeValues.BYTES_MIN) {
      context.admitLarge(3L * (out.length() + padding));
    }
    if (left) {
      out.append(text).repeat(' ', padding);
    } else {
      out.repeat(' ', padding).append(text);
    }
  }
}
