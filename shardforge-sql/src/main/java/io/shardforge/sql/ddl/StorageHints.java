package io.shardforge.sql.ddl;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's storage parameters, which are about its files and its vacuum and change no result:
 * they are judged as it does.
 */
final class StorageHints {
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d*)?([eE][+-]?\\d+)?");
  private static final int INT_MAX = Integer.MAX_VALUE;
  private static final Map<Place, StorageHints> ALL = new HashMap<>();

  /** What has parameters. */
  enum Place {
    TABLE,
    /** What PostgreSQL keeps long values of a table in. */
    TOAST,
    INDEX,
    INVERTED_INDEX
  }

  /** A kind of values. */
  private interface Kind {
    /** The error for a value that is no good, null for one that is. */
    @Nullable ShardForgeException refusal(String name, String value);
  }

  static {
    StorageHints toast = new StorageHints();
    for (String name : List.of("autovacuum_enabled", "vacuum_truncate")) {
      toast.kinds.put(name, StorageHints::notBoolean);
    }
    toast.kinds.put("vacuum_index_cleanup", StorageHints::notCleanup);
    toast.integer("autovacuum_vacuum_threshold", 0, INT_MAX);
    toast.integer("autovacuum_vacuum_insert_threshold", -1, INT_MAX);
    toast.integer("autovacuum_vacuum_cost_limit", 1, 10_000);
    toast.integer("autovacuum_freeze_min_age", 0, 1_000_000_000);
    toast.integer("autovacuum_freeze_max_age", 100_000, 2_000_000_000);
    toast.integer("autovacuum_freeze_table_age", 0, 2_000_000_000);
    toast.integer("autovacuum_multixact_freeze_min_age", 0, 1_000_000_000);
    toast.integer("autovacuum_multixact_freeze_max_age", 10_000, 2_000_000_000);
    toast.integer("autovacuum_multixact_freeze_table_age", 0, 2_000_000_000);
    toast.integer("log_autovacuum_min_duration", -1, INT_MAX);
    toast.upToHundred("autovacuum_vacuum_cost_delay");
    toast.upToHundred("autovacuum_vacuum_scale_factor");
    toast.upToHundred("autovacuum_vacuum_insert_scale_factor");
    ALL.put(Place.TOAST, toast);

    StorageHints table = new StorageHints();
    table.kinds.putAll(toast.kinds);
    table.kinds.put("user_catalog_table", StorageHints::notBoolean);
    table.integer("fillfactor", 10, 100);
    table.integer("autovacuum_analyze_threshold", 0, INT_MAX);
    table.upToHundred("autovacuum_analyze_scale_factor");
    table.integer("toast_tuple_target", 128, 8160);
    table.integer("parallel_workers", 0, 1024);
    ALL.put(Place.TABLE, table);

    StorageHints index = new StorageHints();
    index.integer("fillfactor", 10, 100);
    index.kinds.put("deduplicate_items", StorageHints::notBoolean);
    ALL.put(Place.INDEX, index);

    StorageHints inverted = new StorageHints();
    inverted.kinds.put("fastupdate", StorageHints::notBoolean);
    inverted.integer("gin_pending_list_limit", 64, INT_MAX);
    ALL.put(Place.INVERTED_INDEX, inverted);
  }

  private final Map<String, Kind> kinds = new HashMap<>();

  private StorageHints() {}

  /** Refuses a value that the parameter cannot have; false if there is no such parameter. */
  static boolean check(Place place, String name, String value) {
    StorageHints hints = ALL.get(place);
    Kind kind = hints == null ? null : hints.kinds.get(name);
    if (kind == null) {
      return false;
    }
    ShardForgeException refusal = kind.refusal(name, value);
    if (refusal != null) {
      throw refusal;
    }
    return true;
  }

  private void integer(String name, int min, int max) {
    kinds.put(
        name,
        (_, value) -> {
          double number =
              NUMBER.matcher(value).matches() ? Math.rint(Double.parseDouble(value)) : Double.NaN;
          if (!(number <= INT_MAX && number >= Integer.MIN_VALUE)) {
            return invalid("integer", name, value);
          }
          return number >= min && number <= max
              ? null
              : outside(name, value, Integer.toString(min), Integer.toString(max));
        });
  }

  private void upToHundred(String name) {
    kinds.put(
        name,
        (_, value) -> {
          if (!NUMBER.matcher(value).matches()) {
            return invalid("floating point", name, value);
          }
          double number = Double.parseDouble(value);
          return number >= 0 && number <= 100
              ? null
              : outside(name, value, "0.000000", "100.000000");
        });
  }

  private static @Nullable ShardForgeException notBoolean(String name, String value) {
    return isTruth(value) ? null : invalid("boolean", name, value);
  }

  private static @Nullable ShardForgeException notCleanup(String name, String value) {
    List<String> words = List.of("auto", "on", "off", "true", "false", "yes", "no", "1", "0");
    return words.contains(value.toLowerCase(Locale.ROOT))
        ? null
        : invalid("enum", name, value)
            .withDetail("Valid values are \"on\", \"off\", and \"auto\".");
  }

  /** Whether it is on or off in one of its forms, of which the first letters are enough. */
  private static boolean isTruth(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    return Stream.of("true", "false", "yes", "no")
            .anyMatch(word -> !lower.isEmpty() && word.startsWith(lower))
        || List.of("on", "of", "off", "1", "0").contains(lower);
  }

  private static ShardForgeException invalid(String kind, String name, String value) {
    return DdlErrors.of(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "invalid value for %s option \"%s\": %s".formatted(kind, name, value));
  }

  private static ShardForgeException outside(String name, String value, String min, String max) {
    return DdlErrors.of(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "value %s out of bounds for option \"%s\"".formatted(value, name))
        .withDetail("Valid values are between \"%s\" and \"%s\".".formatted(min, max));
  }
}
