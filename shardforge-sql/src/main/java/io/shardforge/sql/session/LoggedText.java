package io.shardforge.sql.session;

import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.proto.Node;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A statement as the log shows it: of bounded length, and never with a password in it. */
final class LoggedText {
  /** Characters of a statement that are shown at most. */
  private static final int CHARACTERS_MAX = 8_000;

  private static final Pattern PASSWORD = Pattern.compile("(?is)\\bpassword\\b.*");
  private static final String HIDDEN = "PASSWORD '***'";

  private LoggedText() {}

  static String of(ParsedStatement statement) {
    List<String> options = options(statement.node());
    if (!options.contains("password")) {
      return bounded(statement.text());
    }
    // The rest is told by the names of what it sets: to find the end of a string is not simple.
    String others =
        options.stream()
            .filter(option -> !option.equals("password"))
            .map(option -> option.toUpperCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return ofUnread(statement.text()) + (others.isEmpty() ? "" : " /* sets " + others + " */");
  }

  /** Of a text that may be anything: it ends where a password may begin. */
  static String ofUnread(String text) {
    return bounded(PASSWORD.matcher(text).replaceFirst(HIDDEN));
  }

  private static String bounded(String text) {
    return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX) + "…";
  }

  private static List<String> options(Node node) {
    List<Node> options =
        switch (node.getNodeCase()) {
          case CREATE_ROLE_STMT -> node.getCreateRoleStmt().getOptionsList();
          case ALTER_ROLE_STMT -> node.getAlterRoleStmt().getOptionsList();
          default -> List.of();
        };
    return options.stream().map(option -> option.getDefElem().getDefname()).toList();
  }
}
