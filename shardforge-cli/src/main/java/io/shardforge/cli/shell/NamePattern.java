package io.shardforge.cli.shell;

import org.jspecify.annotations.Nullable;

/**
 * The names that an argument of {@code \d} and its kin means: {@code *} and {@code ?} stand for
 * anything, quotes keep capitals, a dot separates the schema.
 *
 * @param schema regular expression, or null where none was given
 * @param name regular expression, or null for all
 */
record NamePattern(@Nullable String schema, @Nullable String name) {
  static NamePattern of(@Nullable String argument) {
    if (argument == null || argument.isEmpty()) {
      return new NamePattern(null, null);
    }
    String schema = null;
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        schema = part.toString();
        part.setLength(0);
      } else if (c == '*' && !quoted) {
        part.append(".*");
      } else if (c == '?' && !quoted) {
        part.append('.');
      } else if ("|+()[]{}.^$\\".indexOf(c) >= 0) {
        part.append('\\').append(c);
      } else {
        part.append(quoted ? c : Character.toLowerCase(c));
      }
    }
    return new NamePattern(schema, part.toString());
  }

  /**
   * Conditions on these columns; without a schema, what the search path shows (if that is given).
   */
  String where(@Nullable String schemaColumn, String nameColumn, @Nullable String isVisible) {
    StringBuilder conditions = new StringBuilder();
    if (name != null && !name.equals(".*")) {
      append(conditions, nameColumn, name);
    }
    if (schema != null && schemaColumn != null) {
      append(conditions, schemaColumn, schema);
    } else if (schema == null && isVisible != null) {
      conditions.append(" AND ").append(isVisible);
    }
    return conditions.toString();
  }

  private static void append(StringBuilder conditions, String column, String pattern) {
    conditions
        .append(" AND ")
        .append(column)
        .append(" ~ ")
        .append(Literals.quote("^(" + pattern + ")$"));
  }
}
