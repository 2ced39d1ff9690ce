package io.shardforge.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a node knows whom it talks to.
 *
 * @param insecure whether everyone is trusted
 * @param certsDirectory holds ca.crt, node.crt and node.key, or null without TLS
 * @param accessFile says who may log in and how, or null for everybody who knows a password
 * @param password of the first superusers, or null for a generated one
 */
public record SecurityConfig(
    boolean insecure,
    @Nullable Path certsDirectory,
    @Nullable Path accessFile,
    @Nullable String password) {
  /** Never shows the password, because configurations are logged. */
  @Override
  public String toString() {
    return "SecurityConfig[insecure=%s, certsDirectory=%s, accessFile=%s]"
        .formatted(insecure, certsDirectory, accessFile);
  }
}
