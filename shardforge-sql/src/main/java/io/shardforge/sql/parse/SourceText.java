package io.shardforge.sql.parse;

import org.jspecify.annotations.Nullable;

/**
 * A query string as received: its characters, and where each byte offset of the parse tree lies in
 * them.
 */
public final class SourceText {
  private final String text;
  private final byte[] utf8;
  private final @Nullable StringConstants constants;

  /**
   * @param constants how the client has written it; null if just so
   */
  SourceText(String text, byte[] utf8, @Nullable StringConstants constants) {
    this.text = text;
    this.utf8 = utf8;
    this.constants = constants;
  }

  public String text() {
    return text;
  }

  int byteLength() {
    return utf8.length;
  }

  /**
   * The 1-based character of a byte offset, as error reports count; 0 when the offset is unknown
   * (negative).
   */
  public int position(int byteOffset) {
    if (byteOffset < 0) {
      return 0;
    }
    int end = Math.min(byteOffset, utf8.length);
    int characters = 1;
    for (int i = 0; i < end; i++) {
      if ((utf8[i] & 0xC0) != 0x80) {
        characters++;
      }
    }
    return constants == null ? characters : constants.original(characters);
  }

  /** A parameter with the word that follows without a space; null if none does. */
  public @Nullable String junkAfterParameter(int byteOffset) {
    int word = byteOffset + 1;
    while (word < utf8.length && isDigit(utf8[word])) {
      word++;
    }
    int end = word;
    while (end < utf8.length
        && (isWordStart(utf8[end]) || (end > word && (isDigit(utf8[end]) || utf8[end] == '$')))) {
      end++;
    }
    return end == word ? null : slice(byteOffset, end);
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordStart(byte c) {
    return c < 0 || c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  }

  /** The text between two byte offsets. */
  String slice(int from, int to) {
    return new String(utf8, from, to - from, java.nio.charset.StandardCharsets.UTF_8);
  }
}
