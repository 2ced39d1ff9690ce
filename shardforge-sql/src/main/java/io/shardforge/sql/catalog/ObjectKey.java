package io.shardforge.sql.catalog;

/**
 * The place of a descriptor within a database's rows.
 *
 * @param subId a column number for comments and grants on columns, a database for settings, a
 *     schema for default privileges, else 0
 */
public record ObjectKey(Kind kind, int id, int subId) {
  /** What kind of descriptor it is; codes are stored and never change. */
  public enum Kind {
    DATABASE(1, true),
    ROLE(2, true),
    SCHEMA(3, false),
    TABLE(4, false),
    SEQUENCE(5, false),
    VIEW(6, false),
    COMMENT(7, false),
    GRANTS(8, false),
    SHARED_COMMENT(9, true),
    SHARED_GRANTS(10, true),
    STATISTICS(11, false),
    TYPE(12, false),
    SETTINGS(13, true),
    DEFAULT_PRIVILEGES(14, false),
    COMBINED_STATISTICS(15, false),
    COLLATION(16, false);

    private final int code;
    private final boolean shared;

    Kind(int code, boolean shared) {
      this.code = code;
      this.shared = shared;
    }

    int code() {
      return code;
    }

    /** Whether it belongs to the cluster and is seen from every database. */
    public boolean isShared() {
      return shared;
    }

    static Kind ofCode(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw CatalogErrors.corrupted("object kind " + code);
    }
  }
}
