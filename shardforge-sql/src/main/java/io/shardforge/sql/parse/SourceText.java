package io.shardforge.sql.parse;

/**
 * A query string as received: its characters, and where each byte offset of the parse tree lies in
 * them.
 */
public final class SourceText {
  private final String text;
  private final byte[] utf8;

  SourceText(String text, byte[] utf8) {
    this.text = text;
    this.utf8 = utf8;
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
    return characters;
  }

  /** The text between two byte offsets. */
  String slice(int from, int to) {
    return new String(utf8, from, to - from, java.nio.charset.StandardCharsets.UTF_8);
  }
}
