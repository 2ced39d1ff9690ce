package io.shardforge.cli.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts lines into statements and backslash commands as psql does: a semicolon ends a statement
 * unless it stands in quotes, dollar quotes, comments (which nest), parentheses or the body of a
 * function between BEGIN ATOMIC and END. Takes a line at a time and keeps what is unfinished.
 */
public final class StatementSplitter {
  /** What the text so far is inside of, with the sign that psql's prompt has for it. */
  public enum Inside {
    NOTHING('='),
    STATEMENT('-'),
    QUOTE('\''),
    IDENTIFIER('"'),
    DOLLAR('$'),
    COMMENT('*'),
    PARENTHESIS('(');

    private final char sign;

    Inside(char sign) {
      this.sign = sign;
    }

    public char sign() {
      return sign;
    }
  }

  private final Variables variables;
  private final StringBuilder buffer = new StringBuilder();
  private Inside mode = Inside.NOTHING;
  private boolean backslashEscapes;
  private String dollarTag = "";
  private int commentDepth;
  private int parentheses;
  private int bodies;
  private boolean hasToken;

  /** The first letters of the first words, which tell a function with a body. */
  private final StringBuilder firstWords = new StringBuilder();

  public StatementSplitter(Variables variables) {
    this.variables = variables;
  }

  /** What the end of the last line is inside of. */
  public Inside inside() {
    if (mode != Inside.NOTHING) {
      return mode;
    }
    if (parentheses > 0) {
      return Inside.PARENTHESIS;
    }
    return hasToken ? Inside.STATEMENT : Inside.NOTHING;
  }

  /** The unfinished statement, which is forgotten; "" if there is none. */
  public String take() {
    String text = hasToken ? buffer.toString().strip() : "";
    reset();
    return text;
  }

  /** The unfinished statement. */
  public String unfinished() {
    return hasToken ? buffer.toString().strip() : "";
  }

  /** Forgets what is unfinished. */
  public void reset() {
    buffer.setLength(0);
    mode = Inside.NOTHING;
    parentheses = 0;
    bodies = 0;
    hasToken = false;
    firstWords.setLength(0);
  }

  /** Takes the next line, without its end; a command leaves what is unfinished to itself. */
  public List<Piece> add(String given) {
    List<Piece> pieces = new ArrayList<>();
    String line = given;
    // What a variable's value brought in is not searched for variables again.
    int replacedEnd = 0;
    int i = 0;
    while (i < line.length()) {
      if (mode != Inside.NOTHING) {
        i = goOn(line, i);
        continue;
      }
      char c = line.charAt(i);
      if (c == ':' && i >= replacedEnd) {
        Reference reference = reference(line, i);
        if (reference != null) {
          line = line.substring(0, i) + reference.value + line.substring(reference.end);
          replacedEnd = i + reference.value.length();
          continue;
        }
      }
      if (c == '\\') {
        pieces.add(new Piece.Command(line.substring(i + 1).strip()));
        return pieces;
      }
      if (c == ';' && parentheses == 0 && bodies == 0) {
        String text = take();
        if (!text.isEmpty()) {
          pieces.add(new Piece.Statement(text));
        }
        i++;
        continue;
      }
      i = takeToken(line, i);
    }
    if (hasToken || !buffer.isEmpty() || mode != Inside.NOTHING) {
      buffer.append('\n');
    }
    return pieces;
  }

  private record Reference(String value, int end) {}

  private @Nullable Reference reference(String line, int at) {
    if (line.startsWith("::", at)) {
      return null;
    }
    if (at > 0 && line.charAt(at - 1) == ':') {
      return null;
    }
    char quote = at + 1 < line.length() ? line.charAt(at + 1) : 0;
    boolean quoted = quote == '\'' || quote == '"';
    int from = at + (quoted ? 2 : 1);
    int end = from;
    while (end < line.length() && isNamePart(line.charAt(end))) {
      end++;
    }
    if (end == from || (quoted && (end == line.length() || line.charAt(end) != quote))) {
      return null;
    }
    String value = variables.replacement(line.substring(from, end), quoted ? quote : 0);
    return value == null ? null : new Reference(value, quoted ? end + 1 : end);
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private static boolean isWordPart(char c) {
    return isNamePart(c) || c == '$' || c >= 0x80;
  }

  /** Takes what begins here outside of everything; returns where to go on. */
  private int takeToken(String line, int at) {
    char c = line.charAt(at);
    if (line.startsWith("--", at)) {
      if (hasToken) {
        buffer.append(line, at, line.length());
      }
      return line.length();
    }
    if (line.startsWith("/*", at)) {
      mode = Inside.COMMENT;
      commentDepth = 1;
      buffer.append("/*");
      return at + 2;
    }
    if (Character.isWhitespace(c)) {
      if (!buffer.isEmpty()) {
        buffer.append(c);
      }
      return at + 1;
    }
    hasToken = true;
    if (c == '\'' || c == '"') {
      mode = c == '"' ? Inside.IDENTIFIER : Inside.QUOTE;
      backslashEscapes = false;
      buffer.append(c);
      return at + 1;
    }
    if (c == '$') {
      int end = tagEnd(line, at);
      if (end > 0) {
        dollarTag = line.substring(at, end);
        mode = Inside.DOLLAR;
        buffer.append(dollarTag);
        return end;
      }
    }
    if (isWordPart(c)) {
      return takeWord(line, at);
    }
    if (c == '(') {
      parentheses++;
    } else if (c == ')' && parentheses > 0) {
      parentheses--;
    }
    buffer.append(c);
    return at + 1;
  }

  private int takeWord(String line, int at) {
    int end = at;
    while (end < line.length() && isWordPart(line.charAt(end))) {
      end++;
    }
    String word = line.substring(at, end).toLowerCase(Locale.ROOT);
    buffer.append(line, at, end);
    if (end < line.length() && line.charAt(end) == '\'' && word.equals("e")) {
      mode = Inside.QUOTE;
      backslashEscapes = true;
      buffer.append('\'');
      return end + 1;
    }
    noteWord(word);
    return end;
  }

  /** Counts the bodies of functions that are open, by the words that open and end them. */
  private void noteWord(String word) {
    if (firstWords.length() < 4 && Character.isLetter(word.charAt(0))) {
      firstWords.append(word.charAt(0));
    }
    String first = firstWords.toString();
    boolean isFunction =
        first.startsWith("cf")
            || first.startsWith("cp")
            || first.startsWith("corf")
            || first.startsWith("corp");
    if (!isFunction || parentheses > 0) {
      return;
    }
    switch (word) {
      case "begin" -> bodies++;
      case "case" -> bodies += bodies > 0 ? 1 : 0;
      case "end" -> bodies -= bodies > 0 ? 1 : 0;
      default -> {}
    }
  }

  /** Where the tag of a dollar quote that begins here ends, 0 if none does. */
  private static int tagEnd(String line, int at) {
    int end = at + 1;
    while (end < line.length() && isNamePart(line.charAt(end))) {
      end++;
    }
    boolean isTag =
        end < line.length()
            && line.charAt(end) == '$'
            && (end == at + 1 || !Character.isDigit(line.charAt(at + 1)));
    return isTag ? end + 1 : 0;
  }

  /** Goes on inside of quotes or a comment; returns where what comes next begins. */
  private int goOn(String line, int at) {
    int end =
        switch (mode) {
          case QUOTE -> quoteEnd(line, at, '\'');
          case IDENTIFIER -> quoteEnd(line, at, '"');
          case DOLLAR -> {
            int found = line.indexOf(dollarTag, at);
            yield found < 0 ? -1 : found + dollarTag.length();
          }
          case COMMENT -> commentEnd(line, at);
          case NOTHING, STATEMENT, PARENTHESIS -> at;
        };
    if (end < 0) {
      buffer.append(line, at, line.length());
      return line.length();
    }
    buffer.append(line, at, end);
    mode = Inside.NOTHING;
    return end;
  }

  /** A quote that is doubled opens the next one at once, which comes to the same. */
  private int quoteEnd(String line, int at, char quote) {
    for (int i = at; i < line.length(); i++) {
      if (line.charAt(i) == '\\' && backslashEscapes && quote == '\'') {
        i++;
      } else if (line.charAt(i) == quote) {
        if (i + 1 < line.length() && line.charAt(i + 1) == quote) {
          i++;
        } else {
          return i + 1;
        }
      }
    }
    return -1;
  }

  private int commentEnd(String line, int at) {
    for (int i = at; i < line.length(); i++) {
      if (line.startsWith("/*", i)) {
        commentDepth++;
        i++;
      } else if (line.startsWith("*/", i)) {
        commentDepth--;
        i++;
        if (commentDepth == 0) {
          return i + 1;
        }
      }
    }
    return -1;
  }
}
