package io.shardforge.sql.function;

import io.shardforge.sql.type.Encoding;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import java.util.Set;

/** Functions that convert between character set encodings. */
final class EncodingFunctions {
  /** Encodings that PostgreSQL converts to each other, beside those that it converts to UTF-8. */
  private static final List<Set<String>> RELATED =
      List.of(
          Set.of("KOI8R", "WIN1251", "WIN866", "ISO_8859_5"),
          Set.of("EUC_JP", "SJIS"),
          Set.of("LATIN2", "WIN1250"));

  private EncodingFunctions() {}

  static void register(FunctionTable t) {
    t.of(
        "pg_convert_to",
        String.class,
        String.class,
        (_, text, name) -> {
          Encoding to = destination(name);
          requireConversion(Encoding.UTF8, to);
          return to.encode(text);
        });
    t.of(
        "pg_convert_from",
        byte[].class,
        String.class,
        (_, bytes, name) -> {
          Encoding from = source(name);
          requireConversion(from, Encoding.UTF8);
          return from.decode(bytes);
        });
    t.of(
        "pg_convert",
        byte[].class,
        String.class,
        String.class,
        (_, bytes, sourceName, destinationName) -> {
          Encoding from = source(sourceName);
          Encoding to = destination(destinationName);
          requireConversion(from, to);
          return from.equals(to) ? bytes : to.encode(from.decode(bytes));
        });
    t.of(
        "length_in_encoding",
        byte[].class,
        String.class,
        (_, bytes, name) -> {
          Encoding encoding = Encoding.find(name);
          if (encoding == null) {
            throw TypeErrors.invalidParameter("invalid encoding name \"" + name + "\"");
          }
          if (encoding.bytesMax() == 1) {
            return (long) bytes.length;
          }
          requireConversion(encoding, Encoding.UTF8);
          return (long) Text.length(encoding.decode(bytes));
        });
  }

  private static Encoding source(String name) {
    Encoding encoding = Encoding.find(name);
    if (encoding == null) {
      throw TypeErrors.invalidParameter("invalid source encoding name \"" + name + "\"");
    }
    return encoding;
  }

  private static Encoding destination(String name) {
    Encoding encoding = Encoding.find(name);
    if (encoding == null) {
      throw TypeErrors.invalidParameter("invalid destination encoding name \"" + name + "\"");
    }
    return encoding;
  }

  private static void requireConversion(Encoding from, Encoding to) {
    boolean known =
        from.equals(to)
            || (from.isConvertible() && to.isUtf8())
            || (from.isUtf8() && to.isConvertible());
    for (Set<String> related : RELATED) {
      known |= related.contains(from.name()) && related.contains(to.name());
    }
    if (!known) {
      throw TypeErrors.of(
          ErrorCode.UNDEFINED_FUNCTION,
          "default conversion function for encoding \"%s\" to \"%s\" does not exist"
              .formatted(from.name(), to.name()));
    }
  }
}
