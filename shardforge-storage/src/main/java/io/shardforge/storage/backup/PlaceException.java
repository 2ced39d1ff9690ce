package io.shardforge.storage.backup;

import io.shardforge.storage.error.ErrorCode;
import java.io.IOException;

/** What a place of backups answers instead of doing what it is asked, in one line. */
public final class PlaceException extends IOException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;

  public PlaceException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
