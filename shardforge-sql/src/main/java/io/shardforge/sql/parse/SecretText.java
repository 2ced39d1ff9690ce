package io.shardforge.sql.parse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A query string without its secrets, for who is not to know them: the passwords of roles and the
 * passphrases of backups.
 *
 * <p>It is read word by word, not parsed: it may be cut, or no SQL at all. What could be a secret
 * is taken for one.
 */
public final class SecretText {
  private static final String HIDDEN = "'***'";
  private static final Pattern MAY_HAVE_SECRETS = Pattern.compile("(?i)password|backup|restore");
  private static final Set<String> BACKUP_FUNCTIONS =
      Set.of("backup", "restore", "verify_backup", "backups");
  private static final Set<String> CONSTANT_PREFIXES = Set.of("e", "b", "x", "n", "u&");

  /** A pair of parentheses that is open, and where in it the text is. */
  private static final class Parentheses {
    private final boolean backup;
    private int argument;
    private @Nullable String name;

    Parentheses(boolean backup) {
      this.backup = backup;
    }

    /** The first argument is the place; others that have no name may be a passphrase. */
    boolean hide() {
      return backup && (name == null ? argument > 0 : name.equals("passphrase"));
    }
  }

  private final String sql;
  private final StringConstants scanner;
  private final StringBuilder out = new StringBuilder();
  private final Deque<Parentheses> open = new ArrayDeque<>();

  /** The last word, without quotes; empty if something else came after it. */
  private String word = "";

  private SecretText(String sql) {
    this.sql = sql;
    this.scanner = StringConstants.scanner(sql);
  }

  /** The same with {@code '***'} for each secret. */
  public static String hidden(String sql) {
    return MAY_HAVE_SECRETS.matcher(sql).find() ? new SecretText(sql).hide() : sql;
  }

  private String hide() {
    int at = 0;
    while (at < sql.length()) {
      int end = Math.min(sql.length(), end(at));
      String token = sql.substring(at, end);
      if (isSecret(token)) {
        out.append(HIDDEN);
        if (isAmbiguous(token)) {
          return out.append('…').toString();
        }
      } else {
        out.append(token);
      }
      note(token);
      at = end;
    }
    return out.toString();
  }

  /** The end of a word, with the constant that it is the prefix of, or of any other piece. */
  private int end(int start) {
    if (sql.startsWith("=>", start) || sql.startsWith(":=", start)) {
      return start + 2;
    }
    int end = sql.charAt(start) == '$' && isDigit(start + 1) ? start + 1 : start;
    while (end < sql.length() && isWord(sql.charAt(end))) {
      end++;
    }
    int quote = end < sql.length() && sql.charAt(end) == '&' ? end + 1 : end;
    boolean prefix =
        quote < sql.length()
            && sql.charAt(quote) == '\''
            && CONSTANT_PREFIXES.contains(sql.substring(start, quote).toLowerCase(Locale.ROOT));
    return prefix ? scanner.next(quote) : end > start ? end : scanner.next(start);
  }

  private boolean isDigit(int at) {
    return at < sql.length() && Character.isDigit(sql.charAt(at));
  }

  private static boolean isWord(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  private static boolean isConstant(String token) {
    char first = token.charAt(0);
    return (token.indexOf('\'') >= 0 && first != '"' && !isComment(token))
        || (first == '$' && token.length() > 1 && !Character.isDigit(token.charAt(1)))
        || Character.isDigit(first);
  }

  private static boolean isComment(String token) {
    return token.startsWith("--") || token.startsWith("/*");
  }

  private boolean isSecret(String token) {
    return isConstant(token)
        && (word.equals("password")
            || open.stream().anyMatch(call -> call.hide() || (call.backup && hasKeys(token))));
  }

  /** Whether a place names the keys to its store, which it need not and cannot. */
  private static boolean hasKeys(String place) {
    return place.contains("@") || place.toLowerCase(Locale.ROOT).contains("secret");
  }

  /** Whether a constant ends elsewhere for who has backslashes mean something in all of them. */
  private static boolean isAmbiguous(String token) {
    return token.startsWith("'") && token.contains("\\'");
  }

  private void note(String token) {
    if (token.isBlank() || isComment(token)) {
      return;
    }
    Parentheses inner = open.peek();
    switch (token) {
      case "(" -> open.push(new Parentheses(BACKUP_FUNCTIONS.contains(word)));
      case ")" -> open.poll();
      case "," -> {
        if (inner != null) {
          inner.argument++;
          inner.name = null;
        }
      }
      case "=>", ":=" -> {
        if (inner != null && inner.name == null) {
          inner.name = word;
        }
      }
      default -> {}
    }
    word = word(token);
  }

  private static String word(String token) {
    if (token.startsWith("\"") && token.endsWith("\"") && token.length() > 1) {
      return token.substring(1, token.length() - 1);
    }
    return isWord(token.charAt(0)) ? token.toLowerCase(Locale.ROOT) : "";
  }
}
