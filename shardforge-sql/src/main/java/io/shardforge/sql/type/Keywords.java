package io.shardforge.sql.type;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** PostgreSQL's keywords: what pg_get_keywords lists and quoting must respect. */
public final class Keywords {
  private static final List<String[]> ROWS =
      PgTypes.resourceRows(Keywords.class, "pg_keywords.tsv");
  private static final Map<String, String> CATEGORY = new HashMap<>();

  static {
    for (String[] row : ROWS) {
      CATEGORY.put(row[0], row[1]);
    }
  }

  private Keywords() {}

  /** Rows of (word, category code, may be a bare label). */
  public static List<String[]> rows() {
    return ROWS;
  }

  static boolean mustQuote(String word) {
    String category = CATEGORY.get(word);
    return category != null && !category.equals("U");
  }
}
