package io.shardforge.cli.shell;

import io.shardforge.cli.connect.Wire;
import io.shardforge.cli.print.Rows;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes keywords, names of the catalog, settings and backslash commands. */
final class NameCompleter implements Completer {
  private static final List<String> KEYWORDS =
      List.of(
          "ALTER",
          "ANALYZE",
          "AND",
          "AS",
          "ASC",
          "BEGIN",
          "BETWEEN",
          "BY",
          "CASCADE",
          "CASE",
          "CHECK",
          "COMMIT",
          "CONSTRAINT",
          "COPY",
          "CREATE",
          "CROSS",
          "CURRENT_TIMESTAMP",
          "DATABASE",
          "DECLARE",
          "DEFAULT",
          "DELETE",
          "DESC",
          "DISTINCT",
          "DROP",
          "ELSE",
          "END",
          "EXCEPT",
          "EXECUTE",
          "EXISTS",
          "EXPLAIN",
          "FALSE",
          "FETCH",
          "FOREIGN",
          "FROM",
          "FULL",
          "FUNCTION",
          "GRANT",
          "GROUP",
          "HAVING",
          "ILIKE",
          "IN",
          "INDEX",
          "INNER",
          "INSERT",
          "INTERSECT",
          "INTO",
          "IS",
          "JOIN",
          "KEY",
          "LATERAL",
          "LEFT",
          "LIKE",
          "LIMIT",
          "LISTEN",
          "MATERIALIZED",
          "MERGE",
          "NOT",
          "NOTIFY",
          "NULL",
          "OFFSET",
          "ON",
          "OR",
          "ORDER",
          "OUTER",
          "PARTITION",
          "PREPARE",
          "PRIMARY",
          "REFERENCES",
          "REFRESH",
          "RELEASE",
          "RESET",
          "RETURNING",
          "REVOKE",
          "RIGHT",
          "ROLE",
          "ROLLBACK",
          "SAVEPOINT",
          "SCHEMA",
          "SELECT",
          "SEQUENCE",
          "SET",
          "SHOW",
          "START",
          "TABLE",
          "THEN",
          "TO",
          "TRANSACTION",
          "TRIGGER",
          "TRUE",
          "TRUNCATE",
          "TYPE",
          "UNION",
          "UNIQUE",
          "UPDATE",
          "USING",
          "VACUUM",
          "VALUES",
          "VIEW",
          "WHEN",
          "WHERE",
          "WITH");

  private static final String RELATIONS =
      "SELECT quote_ident(n.nspname), quote_ident(c.relname), pg_table_is_visible(c.oid) FROM"
          + " pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r',"
          + " 'v', 'm', 'S', 'p') ORDER BY 2 LIMIT 10000";

  private static final String OTHERS =
      "SELECT 'c', quote_ident(a.attname) FROM pg_attribute a JOIN pg_class c ON c.oid ="
          + " a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attnum > 0 AND NOT"
          + " a.attisdropped AND c.relkind IN ('r', 'v', 'm') AND n.nspname NOT IN"
          + " ('pg_catalog', 'information_schema') GROUP BY 2 UNION ALL SELECT 'f',"
          + " p.proname || '(' FROM pg_proc p WHERE p.proname !~ '^pg_[a-z0-9]*$' GROUP BY 2"
          + " UNION ALL SELECT 's', name FROM pg_settings";

  private final Shell shell;
  private int age = -1;
  private Rows relations = Rows.NONE;
  private Rows others = Rows.NONE;

  NameCompleter(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String typed = line.line().substring(0, line.cursor());
    int from = wordStart(typed);
    String word = typed.substring(from);
    String before = typed.substring(0, from).strip().toUpperCase(Locale.ROOT);
    if (word.startsWith("\\")) {
      for (String name : BackslashCommands.NAMES) {
        add(candidates, "\\" + name, "\\" + name, true);
      }
      return;
    }
    load();
    // The word as the reader has it may begin earlier, such as with a parenthesis.
    String lead = line.word().substring(0, Math.max(0, line.wordCursor() - word.length()));
    boolean ofSettings = before.matches("(?s)(.*;)?\\s*(SET|RESET|SHOW|ALTER SYSTEM (SET|RESET))");
    boolean ofRelations =
        before.matches("(?s).*(\\b(FROM|JOIN|INTO|UPDATE|TABLE|TRUNCATE|VIEW|COPY)|\\\\D\\S*)$");
    boolean isLower = !word.isEmpty() && Character.isLowerCase(word.charAt(0));
    if (!ofSettings && !ofRelations) {
      for (String keyword : KEYWORDS) {
        String shown = isLower ? keyword.toLowerCase(Locale.ROOT) : keyword;
        add(candidates, lead + shown, shown, true);
      }
    }
    addNames(candidates, lead, ofSettings, ofRelations);
  }

  private void addNames(
      List<Candidate> candidates, String lead, boolean ofSettings, boolean ofRelations) {
    for (int i = 0; i < relations.rows().size() && !ofSettings; i++) {
      String name = relations.text(i, 1);
      if (relations.text(i, 2).equals("t")) {
        add(candidates, lead + name, name, true);
      }
      String full = relations.text(i, 0) + "." + name;
      add(candidates, lead + full, full, true);
    }
    for (int i = 0; i < others.rows().size(); i++) {
      String name = others.text(i, 1);
      boolean isSetting = others.text(i, 0).equals("s");
      if (isSetting == ofSettings && !ofRelations) {
        boolean isFunction = others.text(i, 0).equals("f");
        add(candidates, lead + name, name, !isFunction);
      }
    }
  }

  private static void add(List<Candidate> candidates, String value, String shown, boolean isWhole) {
    candidates.add(new Candidate(value, shown, null, null, null, null, isWhole));
  }

  private static int wordStart(String typed) {
    int at = typed.length();
    while (at > 0) {
      char c = typed.charAt(at - 1);
      boolean isPart = Character.isLetterOrDigit(c) || "_.\"$\\".indexOf(c) >= 0;
      if (!isPart) {
        break;
      }
      at--;
    }
    return at;
  }

  /** Asks again once names may have changed, but never within somebody's transaction. */
  private void load() {
    if (age == shell.catalogAge() || shell.wire().block() != Wire.Block.NONE) {
      return;
    }
    age = shell.catalogAge();
    relations = ask(RELATIONS, relations);
    others = ask(OTHERS, others);
  }

  private Rows ask(String query, Rows otherwise) {
    try {
      return shell.wire().query(query);
    } catch (SQLException | RuntimeException _) {
      return otherwise;
    }
  }
}
