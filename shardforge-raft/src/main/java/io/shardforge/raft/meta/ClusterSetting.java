package io.shardforge.raft.meta;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A setting of the cluster as a whole: the same on all nodes, kept in the meta shard. */
public enum ClusterSetting {
  /** The size from which on a shard is split. */
  SHARD_SIZE_MAX("shardforge.shard_size_max", "4GB", 1L << 20);

  private static final Pattern BYTES = Pattern.compile("(\\d{1,15})\\s*(B|kB|MB|GB|TB)?");

  private final String key;
  private final String defaultText;
  private final long min;

  ClusterSetting(String key, String defaultText, long min) {
    this.key = key;
    this.defaultText = defaultText;
    this.min = min;
  }

  /** The setting of a name, whatever its case. */
  public static Optional<ClusterSetting> find(String name) {
    for (ClusterSetting setting : values()) {
      if (setting.key.equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }

  /** Its name in SQL. */
  public String key() {
    return key;
  }

  public String defaultText() {
    return defaultText;
  }

  /** The bytes that a value stands for; refuses what is none, or too small. */
  public long bytes(String text) {
    Matcher matcher = BYTES.matcher(text.strip());
    if (!matcher.matches()) {
      throw new ShardForgeException(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "invalid value for parameter \"" + key + "\": \"" + text + "\"")
          .withHint(
              "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\".");
    }
    String unit = matcher.group(2);
    int shift =
        unit == null
            ? 0
            : switch (unit) {
              case "kB" -> 10;
              case "MB" -> 20;
              case "GB" -> 30;
              case "TB" -> 40;
              default -> 0;
            };
    long number = Long.parseLong(matcher.group(1));
    long bytes = number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
    if (bytes < min) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "%s is outside the valid range for parameter \"%s\": at least %d bytes"
              .formatted(text, key, min));
    }
    return bytes;
  }
}
