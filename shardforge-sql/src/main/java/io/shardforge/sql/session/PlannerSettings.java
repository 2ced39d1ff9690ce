package io.shardforge.sql.session;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's settings of its planner, its memory, its parallel workers and its vacuum. They are
 * hints, which change no result: values are checked and shown, and plans are chosen by cost alone.
 */
final class PlannerSettings {
  private static final String PLAN_TYPE = "Enables the planner's use of this kind of plan.";
  private static final String COST = "Sets an estimate of the planner.";
  private static final String WORKERS = "Sets a limit of parallel workers.";
  private static final String MEMORY = "Sets an amount of memory.";
  private static final String VACUUM = "Sets the pace of vacuum.";
  private static final String LIMIT = "Sets a limit of the planner.";

  private static final Pattern AMOUNT =
      Pattern.compile("\\s*(-?\\d+(?:\\.\\d+)?)\\s*(B|kB|MB|GB|TB)?\\s*");
  private static final Pattern TIME = Pattern.compile("\\s*(-?\\d+(?:\\.\\d+)?)\\s*(?:ms)?\\s*");

  /** Those that have nothing to do with queries. */
  private static final Pattern OF_MAINTENANCE =
      Pattern.compile(
          "default_statistics_target|logical_.*|maintenance_work_mem|max_parallel_maintenance_.*"
              + "|vacuum_.*");

  private final List<Setting> settings = new ArrayList<>();

  private PlannerSettings() {
    for (String kind :
        List.of(
            "async_append",
            "bitmapscan",
            "gathermerge",
            "group_by_reordering",
            "hashagg",
            "hashjoin",
            "incremental_sort",
            "indexonlyscan",
            "indexscan",
            "material",
            "memoize",
            "mergejoin",
            "nestloop",
            "parallel_append",
            "parallel_hash",
            "partition_pruning",
            "presorted_aggregate",
            "seqscan",
            "sort",
            "tidscan")) {
      bool("enable_" + kind, "on");
    }
    bool("enable_partitionwise_aggregate", "off");
    bool("enable_partitionwise_join", "off");
    bool("geqo", "on");
    bool("parallel_leader_participation", "on");
    bool("jit_expressions", "on");
    bool("jit_tuple_deforming", "on");
    real("seq_page_cost", "1", COST);
    real("random_page_cost", "4", COST);
    real("cpu_tuple_cost", "0.01", COST);
    real("cpu_index_tuple_cost", "0.005", COST);
    real("cpu_operator_cost", "0.0025", COST);
    real("parallel_setup_cost", "1000", COST);
    real("parallel_tuple_cost", "0.1", COST);
    real("cursor_tuple_fraction", "0.1", COST);
    real("hash_mem_multiplier", "2", MEMORY);
    real("jit_above_cost", "100000", COST);
    real("jit_inline_above_cost", "500000", COST);
    real("jit_optimize_above_cost", "500000", COST);
    integer("max_parallel_workers", "8", 0, 1024, WORKERS);
    integer("max_parallel_workers_per_gather", "2", 0, 1024, WORKERS);
    integer("max_parallel_maintenance_workers", "2", 0, 1024, WORKERS);
    integer("from_collapse_limit", "8", 1, Integer.MAX_VALUE, LIMIT);
    integer("join_collapse_limit", "8", 1, Integer.MAX_VALUE, LIMIT);
    integer("geqo_threshold", "12", 2, Integer.MAX_VALUE, LIMIT);
    integer("geqo_effort", "5", 1, 10, LIMIT);
    integer("default_statistics_target", "100", 1, 10_000, LIMIT);
    integer("effective_io_concurrency", "1", 0, 1000, LIMIT);
    integer("maintenance_io_concurrency", "10", 0, 1000, LIMIT);
    memory("work_mem", "4MB", 1);
    memory("maintenance_work_mem", "64MB", 1);
    memory("logical_decoding_work_mem", "64MB", 1);
    memory("temp_buffers", "8MB", 8);
    memory("effective_cache_size", "4GB", 8);
    memory("min_parallel_table_scan_size", "8MB", 8);
    memory("min_parallel_index_scan_size", "512kB", 8);
    add(
        "debug_parallel_query",
        "off",
        WORKERS,
        v -> v.equalsIgnoreCase("regress") ? "regress" : Setting.bool(v) ? "on" : "off");
    oneOf("constraint_exclusion", "partition", "on", "off");
    oneOf("plan_cache_mode", "auto", "force_generic_plan", "force_custom_plan");
    add("vacuum_cost_delay", "0", VACUUM, v -> delay(v));
    integer("vacuum_cost_limit", "200", 1, 10_000, VACUUM);
    integer("vacuum_cost_page_hit", "1", 0, 10_000, VACUUM);
    integer("vacuum_cost_page_miss", "2", 0, 10_000, VACUUM);
    integer("vacuum_cost_page_dirty", "20", 0, 10_000, VACUUM);
  }

  static List<Setting> all() {
    return new PlannerSettings().settings;
  }

  /** Names of those that EXPLAIN tells of. */
  static List<String> ofQueries() {
    return all().stream()
        .map(Setting::name)
        .filter(name -> !OF_MAINTENANCE.matcher(name).matches())
        .toList();
  }

  private void add(String name, String value, String description, UnaryOperator<String> canonical) {
    settings.add(Setting.checked(name, value, false, description, canonical));
  }

  private void bool(String name, String value) {
    add(name, value, PLAN_TYPE, v -> Setting.bool(v) ? "on" : "off");
  }

  private void real(String name, String value, String description) {
    add(
        name,
        value,
        description,
        v -> {
          BigDecimal number = new BigDecimal(v.strip());
          if (number.signum() < 0) {
            throw new IllegalArgumentException(v);
          }
          return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        });
  }

  private void integer(String name, String value, int min, int max, String description) {
    add(name, value, description, Setting.within(name, min, max));
  }

  private void oneOf(String name, String value, String... others) {
    add(
        name,
        value,
        LIMIT,
        v -> {
          String lower = v.toLowerCase(Locale.ROOT);
          if (!lower.equals(value) && !List.of(others).contains(lower)) {
            throw Setting.invalid(name, v)
                .withHint("Available values: " + value + ", " + String.join(", ", others) + ".");
          }
          return lower;
        });
  }

  /** An amount of memory, of which a number without a unit counts blocks of so many kB. */
  private void memory(String name, String value, int unit) {
    add(
        name,
        value,
        MEMORY,
        v -> {
          Matcher matcher = AMOUNT.matcher(v);
          if (!matcher.matches()) {
            throw Setting.unreadable(name, v, "\"B\", \"kB\", \"MB\", \"GB\", and \"TB\"");
          }
          double number = Double.parseDouble(matcher.group(1));
          double kilobytes =
              matcher.group(2) == null
                  ? number * unit
                  : switch (matcher.group(2)) {
                    case "B" -> number / 1024;
                    case "kB" -> number;
                    case "MB" -> number * (1 << 10);
                    case "GB" -> number * (1 << 20);
                    default -> number * (1 << 30);
                  };
          if (kilobytes < 0) {
            throw new IllegalArgumentException(v);
          }
          return amount(Math.round(kilobytes / unit) * unit);
        });
  }

  private static String amount(long kilobytes) {
    if (kilobytes == 0) {
      return "0";
    }
    String[] units = {"TB", "GB", "MB"};
    for (int i = 0; i < units.length; i++) {
      long size = 1L << (30 - 10 * i);
      if (kilobytes % size == 0) {
        return kilobytes / size + units[i];
      }
    }
    return kilobytes + "kB";
  }

  private static String delay(String value) {
    Matcher matcher = TIME.matcher(value);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(value);
    }
    BigDecimal millis = new BigDecimal(matcher.group(1));
    if (millis.signum() < 0 || millis.compareTo(BigDecimal.valueOf(100)) > 0) {
      throw new IllegalArgumentException(value);
    }
    return millis.signum() == 0 ? "0" : millis.stripTrailingZeros().toPlainString() + "ms";
  }
}
