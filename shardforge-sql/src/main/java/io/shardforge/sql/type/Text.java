package io.shardforge.sql.type;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** PostgreSQL's view of text: code points, C order, and its notion of white space. */
public final class Text {
  private Text() {}

  /** C's isspace. */
  public static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  public static String stripSpace(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Order by code point, which is the order of the UTF-8 bytes; not String's own order. */
  public static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        if (x >= Character.MIN_SURROGATE && y >= Character.MIN_SURROGATE) {
          return Integer.compare(aboveSurrogates(x), aboveSurrogates(y));
        }
        return Integer.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Moves surrogates, which stand for code points beyond the BMP, above the rest of it. */
  private static int aboveSurrogates(char c) {
    return Character.isSurrogate(c) ? c + 0x2000 : c - 0x800;
  }

  /** The number of characters (code points). */
  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The index in UTF-16 units of a code point, clamped to the end. */
  public static int offset(String text, int codePoints) {
    int index = 0;
    for (int i = 0; i < codePoints && index < text.length(); i++) {
      index += Character.isHighSurrogate(text.charAt(index)) && index + 1 < text.length() ? 2 : 1;
    }
    return index;
  }

  /** Decodes UTF-8 strictly: 22021 for bytes that are none, or a zero byte. */
  public static String decode(ByteBuffer in) {
    ByteBuffer copy = in.duplicate();
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(in)
              .toString();
      return TypeErrors.withoutNul(text);
    } catch (CharacterCodingException e) {
      throw invalidUtf8(copy, e);
    }
  }

  private static RuntimeException invalidUtf8(ByteBuffer bytes, CharacterCodingException cause) {
    java.nio.CharBuffer chars = java.nio.CharBuffer.allocate(bytes.remaining() + 1);
    java.nio.charset.CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(bytes, chars, true);
    StringBuilder message = new StringBuilder("invalid byte sequence for encoding \"UTF8\":");
    int first = bytes.hasRemaining() ? bytes.get(bytes.position()) & 0xFF : 0;
    int claimed = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    int shown = Math.min(result.isError() ? claimed : 1, Math.max(1, bytes.remaining()));
    for (int i = 0; i < shown && bytes.hasRemaining(); i++) {
      message.append(String.format(" 0x%02x", bytes.get() & 0xFF));
    }
    return new io.shardforge.storage.error.ShardForgeException(
        io.shardforge.storage.error.ErrorCode.CHARACTER_NOT_IN_REPERTOIRE,
        message.toString(),
        cause);
  }

  /** An identifier as SQL has to write it: quoted unless it is plain lower case and no keyword. */
  public static String quoteIdentifier(String name) {
    boolean plain = !name.isEmpty() && !Character.isDigit(name.charAt(0));
    for (int i = 0; plain && i < name.length(); i++) {
      char c = name.charAt(i);
      plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }
    if (plain && !Keywords.mustQuote(name)) {
      return name;
    }
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** A literal as SQL has to write it. */
  public static String quoteLiteral(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') >= 0 ? "E" + quoted.replace("\\", "\\\\") : quoted;
  }
}
