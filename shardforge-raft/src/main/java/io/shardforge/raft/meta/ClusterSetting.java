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
  SHARD_SIZE_MAX("shardforge.shard_size_max", Kind.BYTES, "4GB", 1L << 20, Long.MAX_VALUE),

  /** The size below which a shard that was split off by itself is merged again; 0 for none. */
  SHARD_SIZE_MIN("shardforge.shard_size_min", Kind.BYTES, "64MB", 0, Long.MAX_VALUE),

  /** How many requests a second make a shard be split, as far as there are nodes for it. */
  SHARD_LOAD_MAX("shardforge.shard_load_max", Kind.COUNT, "20000", 0, 100_000_000),

  /** How many replicas a shard has, as far as there are nodes. */
  REPLICATION_FACTOR("shardforge.replication_factor", Kind.COUNT, "3", 1, 7),

  /** How many shards may be changing their replicas at once. */
  MOVES_AT_ONCE("shardforge.moves_at_once", Kind.COUNT, "2", 0, 64),

  /** The bytes a second that a node sends at most in copies of shards. */
  COPY_RATE_MAX("shardforge.copy_rate_max", Kind.BYTES, "64MB", 1L << 20, Long.MAX_VALUE),

  /** How long a node is out of reach before its replicas are made anew on others. */
  DEAD_NODE_TIME("shardforge.dead_node_time", Kind.MILLIS, "5min", 5_000, 7L * 24 * 3_600_000),

  /** How many bytes of a replica are compared with the others in a second; 0 stops it. */
  SCRUB_RATE("shardforge.scrub_bytes_per_second", Kind.BYTES, "4MB", 0, Long.MAX_VALUE),

  /** The time from the end of one comparison of all replicas to the next one. */
  SCRUB_INTERVAL("shardforge.scrub_interval", Kind.MILLIS, "1d", 1_000, 365L * 24 * 3_600_000),

  /** How many characters a password has at least; 0 for no policy. */
  PASSWORD_LENGTH_MIN("shardforge.password_min_length", Kind.COUNT, "0", 0, 128),

  /** Whether transactions in several shards commit in one round of the log. */
  PARALLEL_COMMIT("shardforge.parallel_commit", Kind.SWITCH, "on", 0, 1);

  /** What a value is a number of. */
  private enum Kind {
    BYTES("(\\d{1,15})\\s*(B|kB|MB|GB|TB)?", "\"B\", \"kB\", \"MB\", \"GB\", and \"TB\""),
    MILLIS("(\\d{1,12})\\s*(ms|s|min|h|d)?", "\"ms\", \"s\", \"min\", \"h\", and \"d\""),
    COUNT("(\\d{1,9})()", ""),
    SWITCH("(?i)(on|true|yes|off|false|no)()", "");

    private final Pattern pattern;
    private final String units;

    Kind(String pattern, String units) {
      this.pattern = Pattern.compile(pattern);
      this.units = units;
    }
  }

  private final String key;
  private final Kind kind;
  private final String defaultText;
  private final long min;
  private final long max;

  ClusterSetting(String key, Kind kind, String defaultText, long min, long max) {
    this.key = key;
    this.kind = kind;
    this.defaultText = defaultText;
    this.min = min;
    this.max = max;
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

  /** PostgreSQL's word for the kind of value. */
  public String type() {
    return kind == Kind.SWITCH ? "bool" : kind == Kind.COUNT ? "integer" : "string";
  }

  /**
   * The number that a value stands for: bytes, milliseconds or just that, 1 for a switch that is
   * on. Refuses what is none, or out of range.
   */
  public long number(String text) {
    Matcher matcher = kind.pattern.matcher(text.strip());
    if (kind == Kind.SWITCH && matcher.matches()) {
      return switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
        case "on", "true", "yes" -> 1;
        default -> 0;
      };
    }
    if (!matcher.matches()) {
      ShardForgeException invalid =
          new ShardForgeException(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "invalid value for parameter \"" + key + "\": \"" + text + "\"");
      if (kind == Kind.SWITCH) {
        throw new ShardForgeException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "parameter \"" + key + "\" requires a Boolean value");
      }
      throw kind.units.isEmpty()
          ? invalid
          : invalid.withHint("Valid units for this parameter are " + kind.units + ".");
    }
    String unit = matcher.group(2);
    long scale = unit == null ? 1 : scaleOf(unit);
    long number = Long.parseLong(matcher.group(1));
    long value = number > Long.MAX_VALUE / scale ? Long.MAX_VALUE : number * scale;
    if (value < min || value > max || isEvenFactor(value)) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "%s is outside the valid range for parameter \"%s\"%s"
              .formatted(
                  text,
                  key,
                  this == REPLICATION_FACTOR
                      ? " (1, 3, 5, 7)"
                      : max == Long.MAX_VALUE
                          ? ": at least %d bytes".formatted(min)
                          : " (%d .. %d)".formatted(min, max)));
    }
    return value;
  }

  /** An even number of replicas survives no more losses than one less. */
  private boolean isEvenFactor(long value) {
    return this == REPLICATION_FACTOR && value % 2 == 0;
  }

  private static long scaleOf(String unit) {
    return switch (unit) {
      case "kB" -> 1L << 10;
      case "MB" -> 1L << 20;
      case "GB" -> 1L << 30;
      case "TB" -> 1L << 40;
      case "s" -> 1_000;
      case "min" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 24L * 3_600_000;
      default -> 1;
    };
  }

  /** The number that its default stands for. */
  public long defaultNumber() {
    return number(defaultText);
  }
}
