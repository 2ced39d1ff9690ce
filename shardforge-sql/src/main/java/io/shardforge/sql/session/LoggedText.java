package io.shardforge.sql.session;

import io.shardforge.sql.parse.SecretText;

/** A statement as the log shows it: of bounded length, and never with a secret in it. */
final class LoggedText {
  /** Characters of a statement that are shown at most. */
  private static final int CHARACTERS_MAX = 8_000;

  private LoggedText() {}

  static String of(String sql) {
    String text = SecretText.hidden(sql);
    return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX) + "…";
  }
}
