package io.shardforge.cli.shell;

import io.shardforge.cli.script.Variables;
import java.util.ArrayList;
import java.util.List;

/** The arguments of a backslash command: blanks separate them, quotes keep blanks. */
final class Words {
  private Words() {}

  static List<String> of(String text, Variables variables) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean isOpen = false;
    for (int i = 0; i < text.length(); ) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        if (isOpen) {
          words.add(word.toString());
          word.setLength(0);
          isOpen = false;
        }
        i++;
        continue;
      }
      isOpen = true;
      if (c == '\'') {
        int end = text.indexOf('\'', i + 1);
        while (end > 0 && end + 1 < text.length() && text.charAt(end + 1) == '\'') {
          end = text.indexOf('\'', end + 2);
        }
        int to = end < 0 ? text.length() : end;
        word.append(
            text.substring(i + 1, to).replace("''", "'").replace("\\n", "\n").replace("\\t", "\t"));
        i = to + 1;
      } else if (c == ':') {
        int end = i + 1;
        while (end < text.length()
            && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
          end++;
        }
        String value = variables.get(text.substring(i + 1, end));
        word.append(value == null ? text.substring(i, end) : value);
        i = end;
      } else {
        word.append(c);
        i++;
      }
    }
    if (isOpen) {
      words.add(word.toString());
    }
    return words;
  }
}
