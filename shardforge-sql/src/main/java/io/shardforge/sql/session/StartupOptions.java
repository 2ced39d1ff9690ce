package io.shardforge.sql.session;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code options} parameter of a startup message: {@code -c name=value} and {@code
 * --name=value}.
 */
final class StartupOptions {
  private StartupOptions() {}

  static Map<String, String> parse(String options) {
    Map<String, String> settings = new LinkedHashMap<>();
    List<String> words = words(options);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String assignment;
      if (word.equals("-c") && i + 1 < words.size()) {
        assignment = words.get(++i);
      } else if (word.startsWith("-c")) {
        assignment = word.substring(2);
      } else if (word.startsWith("--")) {
        assignment = word.substring(2);
      } else {
        assignment = "";
      }
      int equals = assignment.indexOf('=');
      if (equals <= 0) {
        throw new ShardForgeException(
            ErrorCode.SYNTAX_ERROR, "invalid command-line argument for server process: " + word);
      }
      settings.put(
          assignment.substring(0, equals).replace('-', '_'), assignment.substring(equals + 1));
    }
    return settings;
  }

  /** Words separated by blanks, with backslash escapes. */
  private static List<String> words(String options) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < options.length(); i++) {
      char c = options.charAt(i);
      if (c == '\\' && i + 1 < options.length()) {
        word.append(options.charAt(++i));
        inWord = true;
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
