package io.shardforge.server.security;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access rules of a node as its file had them when it was last read without a fault. Any
 * thread.
 */
public final class AccessFile {
  private static final Logger LOG = LoggerFactory.getLogger(AccessFile.class);

  private final Path path;
  private volatile AccessRules rules;

  private AccessFile(Path path, AccessRules rules) {
    this.path = path;
    this.rules = rules;
  }

  /** Reads a file; F0000 with its faulty lines if there are any, or if it cannot be read. */
  public static AccessFile open(Path path) {
    AccessRules rules = read(path);
    if (!rules.faults().isEmpty()) {
      throw new ShardForgeException(
          ErrorCode.CONFIG_FILE_ERROR,
          "the access rules cannot be used: " + describeFaults(path, rules));
    }
    if (rules.rules().isEmpty()) {
      throw new ShardForgeException(
          ErrorCode.CONFIG_FILE_ERROR, "the access rules in %s let nobody in".formatted(path));
    }
    return new AccessFile(path, rules);
  }

  private static AccessRules read(Path path) {
    try {
      return AccessRuleParser.parse(Files.readAllLines(path, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ShardForgeException(
          ErrorCode.CONFIG_FILE_ERROR,
          "the access rules in %s cannot be read: %s".formatted(path, e),
          e);
    }
  }

  private static String describeFaults(Path path, AccessRules rules) {
    return rules.faults().stream()
        .map(fault -> "%s:%d: %s".formatted(path, fault.line(), fault.message()))
        .collect(Collectors.joining("; "));
  }

  public Path path() {
    return path;
  }

  /** What decides about logins. */
  public AccessRules rules() {
    return rules;
  }

  /**
   * What the file says now, whether or not it is in use.
   *
   * @throws ShardForgeException F0000 if it cannot be read
   */
  public AccessRules written() {
    return read(path);
  }

  /** Reads the file again; what has a fault is not used, and said in the log. */
  public void reload() {
    try {
      AccessFile fresh = open(path);
      rules = fresh.rules;
      LOG.info("access rules read again file={} rules={}", path, rules.rules().size());
    } catch (ShardForgeException e) {
      LOG.error("access rules stay as they were: {}", e.getMessage());
    }
  }
}
