package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.LargeValues;
import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Functions of text: length, case, parts, trimming, padding, joining and splitting. */
final class TextFunctions {
  private static final int LENGTH_MAX = 1 << 29;

  private TextFunctions() {}

  static void register(FunctionTable t) {
    Class<String> s = String.class;
    Class<Long> n = Long.class;
    t.of("textcat", s, s, (_, a, b) -> a + b);
    t.typed("textanycat(text,anynonarray)", types -> concatenation(types, 1));
    t.typed("anytextcat(anynonarray,text)", types -> concatenation(types, 0));
    t.of("textlen", s, (_, a) -> (long) Text.length(a));
    t.of("bpcharlen", s, (_, a) -> (long) Text.length(trimEnd(a)));
    t.of("textoctetlen", s, (_, a) -> utf8Length(a));
    t.of("bpcharoctetlen", s, (_, a) -> utf8Length(a));
    t.of("bit_length(text)", s, (_, a) -> utf8Length(a) * 8);
    t.of("text_substr", s, n, n, (_, a, from, count) -> substring(a, from, count));
    t.of("text_substr_no_len", s, n, (_, a, from) -> substring(a, from, Integer.MAX_VALUE));
    t.of("textoverlay", s, s, n, n, (_, a, b, from, count) -> overlay(a, b, from, count));
    t.of("textoverlay_no_len", s, s, n, (_, a, b, from) -> overlay(a, b, from, Text.length(b)));
    t.of("textpos", s, s, (_, a, b) -> position(a, b));
    t.of("text_left", s, n, (_, a, count) -> left(a, count));
    t.of("text_right", s, n, (_, a, count) -> right(a, count));
    t.of("text_reverse", s, (_, a) -> new StringBuilder(a).reverse().toString());
    t.of("text_starts_with", s, s, (_, a, b) -> a.startsWith(b));
    t.of("lpad", s, n, s, (c, a, width, fill) -> pad(c, a, width, fill, true));
    t.of("rpad", s, n, s, (c, a, width, fill) -> pad(c, a, width, fill, false));
    t.of("lpad(text,int4)", s, n, (c, a, width) -> pad(c, a, width, " ", true));
    t.of("rpad(text,int4)", s, n, (c, a, width) -> pad(c, a, width, " ", false));
    t.of("ltrim", s, s, (_, a, set) -> trim(a, set, true, false));
    t.of("rtrim", s, s, (_, a, set) -> trim(a, set, false, true));
    t.of("btrim", s, s, (_, a, set) -> trim(a, set, true, true));
    t.of("ltrim1", s, (_, a) -> trim(a, " ", true, false));
    t.of("rtrim1", s, (_, a) -> trimEnd(a));
    t.of("btrim1", s, (_, a) -> trim(a, " ", true, true));
    t.of("repeat", s, n, (c, a, count) -> repeat(c, a, count));
    t.of("replace_text", s, s, s, (context, a, b, c) -> replace(context, a, b, c));
    t.of("translate", s, s, s, (_, a, b, c) -> translate(a, b, c));
    t.of("split_part", s, s, n, (_, a, b, field) -> splitPart(a, b, field));
    t.of("ascii", s, (_, a) -> a.isEmpty() ? 0L : (long) a.codePointAt(0));
    t.of("chr", n, (_, code) -> character(code));
    t.of("quote_ident", s, (_, a) -> Text.quoteIdentifier(a));
    t.of(
        "parse_ident",
        s,
        Boolean.class,
        (_, a, strict) -> ArrayValue.of(PgOid.TEXT, new QualifiedName(a, strict).parts()));
    t.of("quote_literal", s, (_, a) -> Text.quoteLiteral(a));
    t.any("quote_nullable", (_, in) -> in[0] instanceof String a ? Text.quoteLiteral(a) : "NULL");
    t.typed("quote_literal(anyelement)", types -> quoted(types, false));
    t.typed("quote_nullable(anyelement)", types -> quoted(types, true));
    t.of("nameconcatoid", s, n, (_, a, oid) -> nameWithOid(a, oid));
    t.of("unicode_normalize_func", s, s, (_, a, form) -> Normalizer.normalize(a, form(form)));
    t.of("unicode_is_normalized", s, s, (_, a, form) -> Normalizer.isNormalized(a, form(form)));
    t.of("unistr", s, (_, a) -> unescapeUnicode(a));
    t.typed("text_concat", TextFunctions::concat);
    t.typed("text_concat_ws", TextFunctions::concatWithSeparator);
    registerLists(t);
  }

  private static long utf8Length(String a) {
    return a.getBytes(StandardCharsets.UTF_8).length;
  }

  private static ScalarFunction concatenation(CallTypes types, int other) {
    PgType type = PgTypes.byOid(JsonConversion.argumentType(types.arguments(), other));
    return (c, in) -> {
      Object a = in[0];
      Object b = in[1];
      if (a == null || b == null) {
        return null;
      }
      return other == 1 ? a + asText(type, b, c) : asText(type, a, c) + b;
    };
  }

  private static ScalarFunction quoted(CallTypes types, boolean nullable) {
    PgType type = PgTypes.byOid(JsonConversion.argumentType(types.arguments(), 0));
    return (c, in) -> {
      Object value = in[0];
      if (value == null) {
        return nullable ? "NULL" : null;
      }
      return Text.quoteLiteral(asText(type, value, c));
    };
  }

  /** The text that a cast to text gives. */
  static String asText(PgType type, Object value, EvalContext context) {
    if (type.oid() == PgOid.BOOL) {
      return (Boolean) value ? "true" : "false";
    }
    return type.format(value, context.typeContext());
  }

  static String capitalized(String a) {
    StringBuilder out = new StringBuilder(a.length());
    boolean inWord = false;
    for (int i = 0; i < a.length(); ) {
      int c = a.codePointAt(i);
      out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
      inWord = Character.isLetterOrDigit(c);
      i += Character.charCount(c);
    }
    return out.toString();
  }

  static String substring(String a, long from, long count) {
    if (count < 0) {
      throw TypeErrors.of(ErrorCode.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    long end = from + count;
    long start = Math.max(1, from);
    if (end <= start) {
      return "";
    }
    int begin = Text.offset(a, (int) Math.min(start - 1, Integer.MAX_VALUE));
    if (begin >= a.length()) {
      return "";
    }
    String rest = a.substring(begin);
    return rest.substring(0, Text.offset(rest, (int) Math.min(end - start, Integer.MAX_VALUE)));
  }

  private static String overlay(String a, String b, long from, long count) {
    if (from <= 0) {
      throw TypeErrors.of(ErrorCode.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    if (from + count > Integer.MAX_VALUE) {
      throw TypeErrors.outOfRange("integer");
    }
    return substring(a, 1, from - 1) + b + substring(a, from + count, Integer.MAX_VALUE);
  }

  private static long position(String a, String b) {
    int index = a.indexOf(b);
    return index < 0 ? 0 : a.codePointCount(0, index) + 1L;
  }

  private static String left(String a, long count) {
    long length = count < 0 ? Math.max(0, Text.length(a) + count) : count;
    return a.substring(0, Text.offset(a, (int) Math.min(length, Integer.MAX_VALUE)));
  }

  private static String right(String a, long count) {
    int length = Text.length(a);
    long skip = count < 0 ? Math.min(length, -count) : Math.max(0, length - count);
    return a.substring(Text.offset(a, (int) skip));
  }

  private static String pad(
      EvalContext context, String a, long width, String fill, boolean atStart) {
    if (width <= 0) {
      return "";
    }
    if (width > LENGTH_MAX) {
      throw TypeErrors.of(ErrorCode.PROGRAM_LIMIT_EXCEEDED, "requested length too large");
    }
    if (width >= LargeValues.BYTES_MIN) {
      context.admitLarge(3 * width);
    }
    int length = Text.length(a);
    if (length >= width || fill.isEmpty()) {
      return a.substring(0, Text.offset(a, (int) width));
    }
    int missing = (int) width - length;
    int fillLength = Text.length(fill);
    String whole = fill.repeat(missing / fillLength);
    String padding = whole + fill.substring(0, Text.offset(fill, missing % fillLength));
    return atStart ? padding + a : a + padding;
  }

  static String trimEnd(String a) {
    int end = a.length();
    while (end > 0 && a.charAt(end - 1) == ' ') {
      end--;
    }
    return a.substring(0, end);
  }

  static String trim(String a, String set, boolean start, boolean end) {
    int from = 0;
    int to = a.length();
    while (start && from < to) {
      int c = a.codePointAt(from);
      if (set.indexOf(c) < 0) {
        break;
      }
      from += Character.charCount(c);
    }
    while (end && to > from) {
      int c = a.codePointBefore(to);
      if (set.indexOf(c) < 0) {
        break;
      }
      to -= Character.charCount(c);
    }
    return a.substring(from, to);
  }

  private static String repeat(EvalContext context, String a, long count) {
    if (count <= 0 || a.isEmpty()) {
      return "";
    }
    if (count * a.length() > LENGTH_MAX) {
      throw TypeErrors.of(ErrorCode.PROGRAM_LIMIT_EXCEEDED, "requested length too large");
    }
    if (count * a.length() >= LargeValues.BYTES_MIN) {
      context.admitLarge(count * a.length());
    }
    return a.repeat((int) count);
  }

  private static String replace(EvalContext context, String a, String from, String to) {
    if (from.isEmpty()) {
      return a;
    }
    if (to.length() > from.length() && (long) a.length() * to.length() >= LargeValues.BYTES_MIN) {
      long found = 0;
      for (int at = a.indexOf(from); at >= 0; at = a.indexOf(from, at + from.length())) {
        found++;
      }
      long length = a.length() + found * (to.length() - from.length());
      if (length > LENGTH_MAX) {
        throw TypeErrors.of(ErrorCode.PROGRAM_LIMIT_EXCEEDED, "requested length too large");
      }
      context.admitLarge(2 * length);
    }
    return a.replace(from, to);
  }

  private static String translate(String a, String from, String to) {
    int[] source = from.codePoints().toArray();
    int[] target = to.codePoints().toArray();
    StringBuilder out = new StringBuilder(a.length());
    a.codePoints()
        .forEach(c -> {
          for (int i = 0; i < source.length; i++) {
            if (source[i] == c) {
              if (i < target.length) {
                out.appendCodePoint(target[i]);
              }
              return;
            }
          }
          out.appendCodePoint(c);
        });
    return out.toString();
  }

  private static String splitPart(String a, String delimiter, long field) {
    if (field == 0) {
      throw TypeErrors.invalidParameter("field position must not be zero");
    }
    if (a.isEmpty()) {
      return "";
    }
    List<String> parts = split(a, delimiter);
    long index = field > 0 ? field - 1 : parts.size() + field;
    return index >= 0 && index < parts.size() ? parts.get((int) index) : "";
  }

  /** Parts between delimiters; an empty delimiter splits nothing. */
  static List<String> split(String a, String delimiter) {
    List<String> parts = new ArrayList<>();
    if (delimiter.isEmpty()) {
      parts.add(a);
      return parts;
    }
    int start = 0;
    while (true) {
      int end = a.indexOf(delimiter, start);
      if (end < 0) {
        parts.add(a.substring(start));
        return parts;
      }
      parts.add(a.substring(start, end));
      start = end + delimiter.length();
    }
  }

  private static String character(long code) {
    if (code == 0) {
      throw TypeErrors.of(ErrorCode.PROGRAM_LIMIT_EXCEEDED, "null character not permitted");
    }
    if (code < 0) {
      throw TypeErrors.invalidParameter("character number must be positive");
    }
    if (code > Character.MAX_CODE_POINT) {
      throw TypeErrors.of(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED, "requested character too large for encoding: " + code);
    }
    if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
      throw TypeErrors.of(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED, "requested character not valid for encoding: " + code);
    }
    return Character.toString((int) code);
  }

  private static String nameWithOid(String name, long oid) {
    String suffix = "_" + oid;
    String start = name;
    while (utf8Length(start) + suffix.length() > 63) {
      start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
    }
    return start + suffix;
  }

  private static Normalizer.Form form(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "NFC" -> Normalizer.Form.NFC;
      case "NFD" -> Normalizer.Form.NFD;
      case "NFKC" -> Normalizer.Form.NFKC;
      case "NFKD" -> Normalizer.Form.NFKD;
      default -> throw TypeErrors.invalidParameter("invalid normalization form: " + name);
    };
  }

  private static String unescapeUnicode(String a) {
    StringBuilder out = new StringBuilder();
    boolean halfPair = false;
    int i = 0;
    while (i < a.length()) {
      char c = a.charAt(i);
      if (halfPair && (c != '\\' || a.startsWith("\\\\", i))) {
        throw invalidPair();
      }
      if (c != '\\') {
        out.append(c);
        i++;
        continue;
      }
      if (a.startsWith("\\\\", i)) {
        out.append('\\');
        i += 2;
        continue;
      }
      int digits = 4;
      int start = i + 1;
      if (a.startsWith("+", start)) {
        digits = 6;
        start++;
      } else if (a.startsWith("u", start)) {
        start++;
      } else if (a.startsWith("U", start)) {
        digits = 8;
        start++;
      }
      long code;
      try {
        code = Long.parseUnsignedLong(a.substring(start, start + digits), 16);
      } catch (IndexOutOfBoundsException | NumberFormatException e) {
        throw TypeErrors.of(ErrorCode.SYNTAX_ERROR, "invalid Unicode escape")
            .withHint("Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.");
      }
      if (code == 0 || code > Character.MAX_CODE_POINT) {
        throw TypeErrors.invalidParameter(String.format("invalid Unicode code point: %04X", code));
      }
      boolean second = code <= Character.MAX_VALUE && Character.isLowSurrogate((char) code);
      if (second != halfPair) {
        throw invalidPair();
      }
      halfPair = code <= Character.MAX_VALUE && Character.isHighSurrogate((char) code);
      out.appendCodePoint((int) code);
      i = start + digits;
    }
    if (halfPair) {
      throw invalidPair();
    }
    return out.toString();
  }

  private static ShardForgeException invalidPair() {
    return TypeErrors.of(ErrorCode.SYNTAX_ERROR, "invalid Unicode surrogate pair");
  }

  private static @Nullable List<@Nullable String> texts(
      CallTypes types, int from, EvalContext context, @Nullable Object[] in) {
    List<@Nullable String> texts = new ArrayList<>();
    if (types.variadicArray()) {
      if (!(in[from] instanceof ArrayValue array)) {
        return null;
      }
      PgType type = PgTypes.byOid(array.elementOid());
      for (int i = 0; i < array.size(); i++) {
        Object element = array.get(i);
        texts.add(element == null ? null : outputText(type, element, context));
      }
      return texts;
    }
    for (int i = from; i < in.length; i++) {
      PgType type = PgTypes.byOid(JsonConversion.argumentType(types.arguments(), i));
      Object value = in[i];
      texts.add(value == null ? null : outputText(type, value, context));
    }
    return texts;
  }

  /** The text of the type's output function, which for boolean is a letter. */
  private static String outputText(PgType type, Object value, EvalContext context) {
    return type.format(value, context.typeContext());
  }

  private static ScalarFunction concat(CallTypes types) {
    return (c, in) -> {
      List<@Nullable String> texts = texts(types, 0, c, in);
      if (texts == null) {
        return null;
      }
      StringBuilder out = new StringBuilder();
      for (String text : texts) {
        out.append(text == null ? "" : text);
      }
      return out.toString();
    };
  }

  private static ScalarFunction concatWithSeparator(CallTypes types) {
    return (c, in) -> {
      if (!(in[0] instanceof String separator)) {
        return null;
      }
      List<@Nullable String> texts = texts(types, 1, c, in);
      if (texts == null) {
        return null;
      }
      StringBuilder out = new StringBuilder();
      boolean first = true;
      for (String text : texts) {
        if (text != null) {
          out.append(first ? "" : separator).append(text);
          first = false;
        }
      }
      return out.toString();
    };
  }

  private static void registerLists(FunctionTable t) {
    t.any("text_to_array", (_, in) -> splitToArray(in[0], in[1], null));
    t.any("text_to_array_null", (_, in) -> splitToArray(in[0], in[1], (String) in[2]));
    t.set("text_to_table", (_, in) -> rows(splitToArray(in[0], in[1], null)));
    t.set("text_to_table_null", (_, in) -> rows(splitToArray(in[0], in[1], (String) in[2])));
    t.any(
        "array_to_text",
        (c, in) -> in[0] == null || in[1] == null ? null : join(c, in[0], (String) in[1], null));
    t.any(
        "array_to_text_null",
        (c, in) ->
            in[0] == null || in[1] == null ? null : join(c, in[0], (String) in[1], (String) in[2]));
  }

  private static java.util.Iterator<@Nullable Object[]> rows(@Nullable ArrayValue array) {
    return SetFunctions.single(
        array == null ? List.of() : java.util.Arrays.asList(array.toArray()));
  }

  private static @Nullable ArrayValue splitToArray(
      @Nullable Object text, @Nullable Object delimiter, @Nullable String nullText) {
    if (!(text instanceof String a)) {
      return null;
    }
    if (a.isEmpty()) {
      return ArrayValue.empty(PgOid.TEXT);
    }
    List<String> parts;
    if (delimiter == null) {
      parts = a.codePoints().mapToObj(Character::toString).toList();
    } else {
      parts = split(a, (String) delimiter);
    }
    @Nullable Object[] elements = new @Nullable Object[parts.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = parts.get(i).equals(nullText) ? null : parts.get(i);
    }
    return ArrayValue.of(PgOid.TEXT, elements);
  }

  private static String join(
      EvalContext context, Object value, String delimiter, @Nullable String nullText) {
    ArrayValue array = (ArrayValue) value;
    PgType type = PgTypes.byOid(array.elementOid());
    StringBuilder out = new StringBuilder();
    boolean first = true;
    for (int i = 0; i < array.size(); i++) {
      Object element = array.get(i);
      String text = element == null ? nullText : outputText(type, element, context);
      if (text != null) {
        out.append(first ? "" : delimiter).append(text);
        first = false;
      }
    }
    return out.toString();
  }
}
