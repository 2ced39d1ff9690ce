package io.shardforge.sql.type;

import java.nio.charset.StandardCharsets;

/** name: an identifier of at most 63 bytes; longer ones are cut at a character's end. */
final class NameFormat extends TextFormat {
  static final int BYTES_MAX = 63;

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return truncate(TypeErrors.withoutNul(text));
  }

  static String truncate(String text) {
    if (text.length() * 3L <= BYTES_MAX) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= BYTES_MAX) {
      return text;
    }
    int end = BYTES_MAX;
    while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
