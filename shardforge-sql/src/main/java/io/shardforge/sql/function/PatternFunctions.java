package io.shardforge.sql.function;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeErrors;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** LIKE, SIMILAR TO and the regular expression operators and functions. */
final class PatternFunctions {
  private PatternFunctions() {}

  static void register(FunctionTable t) {
    Class<String> s = String.class;
    for (String type : List.of("text", "name")) {
      t.of(type + "like", s, s, (_, a, p) -> LikePattern.matches(a, p));
      t.of(type + "nlike", s, s, (_, a, p) -> !LikePattern.matches(a, p));
      t.of(type + "iclike", s, s, (_, a, p) -> likeIgnoringCase(a, p));
      t.of(type + "icnlike", s, s, (_, a, p) -> !likeIgnoringCase(a, p));
      t.of(type + "regexeq", s, s, (_, a, p) -> find(a, p, false));
      t.of(type + "regexne", s, s, (_, a, p) -> !find(a, p, false));
      t.of(type + "icregexeq", s, s, (_, a, p) -> find(a, p, true));
      t.of(type + "icregexne", s, s, (_, a, p) -> !find(a, p, true));
    }
    t.of("like_escape", s, s, (_, p, e) -> LikePattern.withEscape(p, e));
    t.of("similar_to_escape_1", s, (_, p) -> RegularExpression.fromSimilar(p, null));
    t.of("similar_to_escape_2", s, s, (_, p, e) -> RegularExpression.fromSimilar(p, e));
    t.any(
        "similar_escape",
        (_, in) ->
            in[0] == null ? null : RegularExpression.fromSimilar((String) in[0], (String) in[1]));
    t.of("textregexsubstr", s, s, (_, a, p) -> firstPart(a, p));
    t.of(
        "substring(text,text,text)",
        s,
        s,
        s,
        (_, a, p, e) -> firstPart(a, RegularExpression.fromSimilar(p, e)));
    t.of("regexp_like_no_flags", s, s, (_, a, p) -> find(a, p, false));
    t.of(
        "regexp_like",
        s,
        s,
        s,
        (_, a, p, flags) -> {
          rejectGlobal(flags, "regexp_like()");
          return RegularExpression.compile(p, flags).matcher(a).find();
        });
    registerMatches(t);
    registerReplace(t);
    registerSplit(t);
    registerCounting(t);
  }

  private static boolean likeIgnoringCase(String a, String pattern) {
    return LikePattern.matches(a.toLowerCase(Locale.ROOT), pattern.toLowerCase(Locale.ROOT));
  }

  private static boolean find(String a, String pattern, boolean ignoreCase) {
    return RegularExpression.compile(pattern, ignoreCase).matcher(a).find();
  }

  /** The first parenthesized part of the first match, or the whole match without parentheses. */
  private static @Nullable String firstPart(String a, String pattern) {
    Matcher matcher = RegularExpression.compile(pattern, false).matcher(a);
    if (!matcher.find()) {
      return null;
    }
    return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
  }

  private static void rejectGlobal(String flags, String function) {
    if (flags.indexOf('g') >= 0) {
      throw TypeErrors.invalidParameter(function + " does not support the \"global\" option");
    }
  }

  /** The flags of a function that looks for one match. */
  private static String single(String flags, String function) {
    rejectGlobal(flags, function);
    return flags;
  }

  private static ArrayValue groups(Matcher matcher) {
    int count = matcher.groupCount();
    if (count == 0) {
      return ArrayValue.of(PgOid.TEXT, matcher.group());
    }
    @Nullable Object[] parts = new @Nullable Object[count];
    for (int i = 0; i < count; i++) {
      parts[i] = matcher.group(i + 1);
    }
    return ArrayValue.of(PgOid.TEXT, parts);
  }

  private static @Nullable ArrayValue firstMatch(String a, String pattern, String flags) {
    if (flags.indexOf('g') >= 0) {
      throw TypeErrors.invalidParameter("regexp_match() does not support the \"global\" option")
          .withHint("Use the regexp_matches function instead.");
    }
    Matcher matcher = RegularExpression.compile(pattern, flags).matcher(a);
    return matcher.find() ? groups(matcher) : null;
  }

  private static Iterator<@Nullable Object[]> allMatches(String a, String pattern, String flags) {
    Matcher matcher = RegularExpression.compile(pattern, flags.replace("g", "")).matcher(a);
    List<Object> matches = new ArrayList<>();
    while (matcher.find()) {
      matches.add(groups(matcher));
      if (flags.indexOf('g') < 0) {
        break;
      }
    }
    return SetFunctions.single(matches);
  }

  private static String text(@Nullable Object[] in, int index) {
    return (String) io.shardforge.sql.expr.NullArguments.at(in, index);
  }

  private static void registerMatches(FunctionTable t) {
    Class<String> s = String.class;
    t.of("regexp_match_no_flags", s, s, (_, a, p) -> firstMatch(a, p, ""));
    t.of("regexp_match", s, s, s, (_, a, p, flags) -> firstMatch(a, p, flags));
    t.set("regexp_matches_no_flags", (_, in) -> allMatches(text(in, 0), text(in, 1), ""));
    t.set("regexp_matches", (_, in) -> allMatches(text(in, 0), text(in, 1), text(in, 2)));
  }

  private static void registerReplace(FunctionTable t) {
    Class<String> s = String.class;
    Class<Long> n = Long.class;
    t.of("textregexreplace_noopt", s, s, s, (_, a, p, r) -> replace(a, p, r, 1, 1, ""));
    t.of(
        "textregexreplace",
        s,
        s,
        s,
        s,
        (_, a, p, r, flags) -> {
          if (!flags.isEmpty() && Character.isDigit(flags.charAt(0))) {
            throw TypeErrors.invalidParameter(
                    "invalid regular expression option: \"" + flags.charAt(0) + "\"")
                .withHint(
                    "If you meant to use regexp_replace() with a start parameter, cast the fourth"
                        + " argument to integer explicitly.");
          }
          return replace(a, p, r, 1, flags.indexOf('g') >= 0 ? 0 : 1, flags);
        });
    t.of(
        "textregexreplace_extended_no_n",
        s,
        s,
        s,
        n,
        (_, a, p, r, start) -> replace(a, p, r, start, 1, ""));
    t.any(
        "textregexreplace_extended_no_flags",
        (_, in) ->
            replace(
                text(in, 0),
                text(in, 1),
                text(in, 2),
                SetFunctions.longAt(in, 3),
                SetFunctions.longAt(in, 4),
                ""));
    t.any(
        "textregexreplace_extended",
        (_, in) ->
            replace(
                text(in, 0),
                text(in, 1),
                text(in, 2),
                SetFunctions.longAt(in, 3),
                SetFunctions.longAt(in, 4),
                text(in, 5)));
  }

  /** Replaces the n-th match from a character on, or all of them for n = 0. */
  private static String replace(
      String a, String pattern, String replacement, long start, long n, String flags) {
    checkPosition("start", start, 1);
    checkPosition("n", n, 0);
    Pattern compiled = RegularExpression.compile(pattern, flags.replace("g", ""));
    Matcher matcher = compiled.matcher(a);
    StringBuilder out = new StringBuilder();
    int copied = 0;
    int search = Text.offset(a, (int) Math.min(start - 1, Integer.MAX_VALUE));
    long count = 0;
    while (search <= a.length() && matcher.find(search)) {
      count++;
      if (n == 0 || count == n) {
        out.append(a, copied, matcher.start());
        appendReplacement(out, replacement, matcher);
        copied = matcher.end();
        if (n != 0) {
          break;
        }
      }
      search = matcher.end() > matcher.start() ? matcher.end() : matcher.end() + 1;
    }
    return out.append(a, Math.min(copied, a.length()), a.length()).toString();
  }

  private static void checkPosition(String name, long value, long min) {
    if (value < min) {
      throw TypeErrors.invalidParameter("invalid value for parameter \"" + name + "\": " + value);
    }
  }

  /** \1 to \9 are groups, \&amp; the whole match, \\ a backslash. */
  private static void appendReplacement(StringBuilder out, String replacement, Matcher matcher) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c != '\\' || i + 1 == replacement.length()) {
        out.append(c);
        continue;
      }
      char next = replacement.charAt(++i);
      if (next >= '1' && next <= '9') {
        int group = next - '0';
        String part = group <= matcher.groupCount() ? matcher.group(group) : null;
        out.append(part == null ? "" : part);
      } else if (next == '&') {
        out.append(matcher.group());
      } else if (next == '\\') {
        out.append('\\');
      } else {
        out.append('\\').append(next);
      }
    }
  }

  private static List<String> split(String a, String pattern, String flags, String function) {
    rejectGlobal(flags, function);
    Matcher matcher = RegularExpression.compile(pattern, flags).matcher(a);
    List<String> parts = new ArrayList<>();
    int copied = 0;
    int lastEnd = 0;
    int search = 0;
    while (search <= a.length() && matcher.find(search)) {
      boolean empty = matcher.end() == matcher.start();
      // An empty match at either end, or right behind another match, splits nothing.
      if (empty && (matcher.start() == a.length() || matcher.start() == lastEnd)) {
        search = matcher.end() + 1;
        continue;
      }
      parts.add(a.substring(copied, matcher.start()));
      copied = matcher.end();
      lastEnd = copied;
      search = empty ? matcher.end() + 1 : matcher.end();
    }
    parts.add(a.substring(copied));
    return parts;
  }

  private static void registerSplit(FunctionTable t) {
    Class<String> s = String.class;
    t.of(
        "regexp_split_to_array_no_flags",
        s,
        s,
        (_, a, p) -> ArrayValue.of(PgOid.TEXT, split(a, p, "", "")));
    t.of(
        "regexp_split_to_array",
        s,
        s,
        s,
        (_, a, p, flags) ->
            ArrayValue.of(PgOid.TEXT, split(a, p, flags, "regexp_split_to_array()")));
    t.set(
        "regexp_split_to_table_no_flags",
        (_, in) -> SetFunctions.single(split(text(in, 0), text(in, 1), "", "")));
    t.set(
        "regexp_split_to_table",
        (_, in) ->
            SetFunctions.single(
                split(text(in, 0), text(in, 1), text(in, 2), "regexp_split_to_table()")));
  }

  private static long count(String a, String pattern, long start, String flags) {
    checkPosition("start", start, 1);
    rejectGlobal(flags, "regexp_count()");
    Matcher matcher = RegularExpression.compile(pattern, flags).matcher(a);
    int search = Text.offset(a, (int) Math.min(start - 1, Integer.MAX_VALUE));
    long count = 0;
    while (search <= a.length() && matcher.find(search)) {
      count++;
      search = matcher.end() > matcher.start() ? matcher.end() : matcher.end() + 1;
    }
    return count;
  }

  /** The n-th match from a character on, or null. */
  private static @Nullable Matcher nth(String a, String pattern, long start, long n, String flags) {
    checkPosition("start", start, 1);
    checkPosition("n", n, 1);
    Matcher matcher = RegularExpression.compile(pattern, flags).matcher(a);
    int search = Text.offset(a, (int) Math.min(start - 1, Integer.MAX_VALUE));
    for (long i = 1; search <= a.length() && matcher.find(search); i++) {
      if (i == n) {
        return matcher;
      }
      search = matcher.end() > matcher.start() ? matcher.end() : matcher.end() + 1;
    }
    return null;
  }

  private static @Nullable String part(
      String a, String pattern, long start, long n, String flags, long group) {
    checkPosition("subexpr", group, 0);
    Matcher matcher = nth(a, pattern, start, n, flags);
    return matcher == null || group > matcher.groupCount() ? null : matcher.group((int) group);
  }

  private static long instr(
      String a, String pattern, long start, long n, long end, String flags, long group) {
    if (end != 0 && end != 1) {
      throw TypeErrors.invalidParameter("invalid value for parameter \"endoption\": " + end);
    }
    checkPosition("subexpr", group, 0);
    Matcher matcher = nth(a, pattern, start, n, flags);
    if (matcher == null || group > matcher.groupCount()) {
      return 0;
    }
    int index = end == 1 ? matcher.end((int) group) : matcher.start((int) group);
    return index < 0 ? 0 : a.codePointCount(0, index) + 1L;
  }

  private static long number(@Nullable Object[] in, int index, long otherwise) {
    return index < in.length ? SetFunctions.longAt(in, index) : otherwise;
  }

  private static String flags(@Nullable Object[] in, int index) {
    return index < in.length ? text(in, index) : "";
  }

  private static void registerCounting(FunctionTable t) {
    for (String suffix : List.of("", "_no_flags", "_no_start")) {
      t.any(
          "regexp_count" + suffix,
          (_, in) -> count(text(in, 0), text(in, 1), number(in, 2, 1), flags(in, 3)));
    }
    for (String suffix : List.of("", "_no_flags", "_no_n", "_no_start", "_no_subexpr")) {
      t.any(
          "regexp_substr" + suffix,
          (_, in) ->
              part(
                  text(in, 0),
                  text(in, 1),
                  number(in, 2, 1),
                  number(in, 3, 1),
                  single(flags(in, 4), "regexp_substr()"),
                  number(in, 5, 0)));
    }
    for (String suffix :
        List.of("", "_no_endoption", "_no_flags", "_no_n", "_no_start", "_no_subexpr")) {
      t.any(
          "regexp_instr" + suffix,
          (_, in) ->
              instr(
                  text(in, 0),
                  text(in, 1),
                  number(in, 2, 1),
                  number(in, 3, 1),
                  number(in, 4, 0),
                  single(flags(in, 5), "regexp_instr()"),
                  number(in, 6, 0)));
    }
  }
}
