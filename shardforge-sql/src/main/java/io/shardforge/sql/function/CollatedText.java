package io.shardforge.sql.function;

import com.ibm.icu.lang.UCharacter;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.Collations;
import io.shardforge.sql.type.TextOrder;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * What functions of text other than comparisons make of a collation: letters are capitals and small
 * ones by its locale, and where texts of other bytes may be equal there is no looking for parts.
 */
final class CollatedText {
  /** Elements are looked for by their bytes. */
  private static final List<String> ARRAY_SEARCHES =
      List.of(
          "arrayoverlap",
          "arraycontains",
          "arraycontained",
          "array_position",
          "array_position_start",
          "array_positions",
          "array_remove",
          "array_replace");

  private CollatedText() {}

  static void register(FunctionTable t) {
    letters(
        t,
        "lower",
        a -> a.toLowerCase(Locale.ROOT),
        (o, a) -> UCharacter.toLowerCase(o.locale(), a));
    letters(
        t,
        "upper",
        a -> a.toUpperCase(Locale.ROOT),
        (o, a) -> UCharacter.toUpperCase(o.locale(), a));
    letters(
        t,
        "initcap",
        TextFunctions::capitalized,
        (o, a) -> UCharacter.toTitleCase(o.locale(), a, null));
    for (String type : List.of("text", "name")) {
      for (String not : List.of("", "n")) {
        refused(t, type + not + "like", "LIKE");
        ignoringCase(t, type + "ic" + not + "like", not.isEmpty());
      }
      for (String end : List.of("eq", "ne")) {
        refused(t, type + "regex" + end, "regular expressions");
        refused(t, type + "icregex" + end, "regular expressions");
      }
    }
    ARRAY_SEARCHES.forEach(source -> refused(t, source, "searches in arrays"));
    for (String source : List.of("textpos", "replace_text", "split_part", "text_starts_with")) {
      refused(t, source, "substring searches");
    }
    for (String source :
        List.of(
            "textregexsubstr",
            "textregexreplace_noopt",
            "textregexreplace",
            "regexp_match_no_flags",
            "regexp_match",
            "regexp_like_no_flags",
            "regexp_like",
            "regexp_split_to_array_no_flags",
            "regexp_split_to_array")) {
      refused(t, source, "regular expressions");
    }
  }

  /** The change of letters that ICU makes in a locale. */
  @FunctionalInterface
  private interface ByLocale {
    String change(TextOrder order, String text);
  }

  private static void letters(
      FunctionTable t, String source, UnaryOperator<String> plain, ByLocale byLocale) {
    t.typed(
        source,
        types -> {
          Collation collation = types.collation();
          if (collation == null || collation.oid() == Collations.DEFAULT) {
            return (_, in) -> plain.apply((String) NullArguments.at(in, 0));
          }
          if (collation.equals(Collation.INDETERMINATE)) {
            return (_, _) -> {
              throw Collation.indeterminate(source + "() function");
            };
          }
          TextOrder order = collation.order();
          return order == null
              ? (_, in) -> ofAscii((String) NullArguments.at(in, 0), plain)
              : (_, in) -> byLocale.change(order, (String) NullArguments.at(in, 0));
        });
  }

  /** C has no letters but those of ASCII; others are neither letters nor digits to it. */
  private static String ofAscii(String text, UnaryOperator<String> change) {
    StringBuilder out = new StringBuilder(text.length());
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) > 0x7F) {
        out.append(change.apply(text.substring(from, i)));
        if (i < text.length()) {
          out.append(text.charAt(i));
        }
        from = i + 1;
      }
    }
    return out.toString();
  }

  /** ILIKE, with letters that are alike in the locale. */
  private static void ignoringCase(FunctionTable t, String source, boolean wanted) {
    refused(t, source, "ILIKE");
    t.wrap(
        source,
        factory ->
            types -> {
              Collation collation = types.collation();
              TextOrder order =
                  collation == null || !collation.deterministic() ? null : collation.order();
              return order == null
                  ? factory.create(types)
                  : (_, in) ->
                      LikePattern.matches(
                              UCharacter.toLowerCase(
                                  order.locale(), (String) NullArguments.at(in, 0)),
                              UCharacter.toLowerCase(
                                  order.locale(), (String) NullArguments.at(in, 1)))
                          == wanted;
            });
  }

  /** A function that cannot do its work where texts of other bytes may be equal. */
  private static void refused(FunctionTable t, String source, String purpose) {
    t.wrap(
        source,
        factory ->
            types -> {
              Collation collation = types.collation();
              return collation == null || collation.deterministic()
                  ? factory.create(types)
                  : refusal(purpose);
            });
  }

  private static ScalarFunction refusal(String purpose) {
    return (_, _) -> {
      throw TypeErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "nondeterministic collations are not supported for " + purpose);
    };
  }
}
