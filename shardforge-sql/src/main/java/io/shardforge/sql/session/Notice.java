package io.shardforge.sql.session;

import io.shardforge.storage.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A message to the client that is not an error. */
public record Notice(
    Severity severity,
    ErrorCode code,
    String message,
    @Nullable String detail,
    @Nullable String hint) {
  /** PostgreSQL's severities below ERROR. */
  public enum Severity {
    DEBUG,
    LOG,
    INFO,
    NOTICE,
    WARNING;

    /** Whether a client hears of it that has set this as client_min_messages. */
    boolean reaches(String least) {
      return this == INFO
          || switch (least) {
            case "error" -> false;
            case "warning" -> this == WARNING;
            case "notice", "info" -> compareTo(NOTICE) >= 0;
            case "log" -> compareTo(LOG) >= 0;
            default -> true;
          };
    }
  }

  public static Notice notice(String message) {
    return new Notice(Severity.NOTICE, ErrorCode.SUCCESSFUL_COMPLETION, message, null, null);
  }

  public static Notice warning(ErrorCode code, String message) {
    return new Notice(Severity.WARNING, code, message, null, null);
  }
}
