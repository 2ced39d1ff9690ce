package io.shardforge.server.config;

import java.io.Serial;

/** A configuration that a node refuses to start with; the message says what and where, plainly. */
public final class ConfigException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
