package io.shardforge.cli.shell;

/** Values written into statements. */
public final class Literals {
  private Literals() {}

  /** A string as a literal. */
  public static String quote(String text) {
    String doubled = text.replace("'", "''");
    return text.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : " E'" + doubled.replace("\\", "\\\\") + "'";
  }
}
