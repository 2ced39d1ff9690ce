package io.shardforge.sql.session;

import io.shardforge.sql.session.SettingValues.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * PostgreSQL's settings of its planner, its memory, its storage and its vacuum. They are hints,
 * which change no result: values are checked and shown, and plans are chosen by cost alone.
 */
final class PlannerSettings {
  private static final String PLAN_TYPE = "Enables the planner's use of this kind of plan.";
  private static final String COST = "Sets an estimate of the planner.";
  private static final String WORKERS = "Sets a limit of parallel workers.";
  private static final String MEMORY = "Sets an amount of memory.";
  private static final String VACUUM = "Sets the pace of vacuum.";
  private static final String STORAGE = "Sets what storage here does by itself.";
  private static final String LIMIT = "Sets a limit of the planner.";

  private static final int BLOCKS_MAX = Integer.MAX_VALUE / 2;
  private static final int TABLE_BLOCKS_MAX = Integer.MAX_VALUE / 3;

  /** What else says on and off, where there are other words beside these. */
  private static final Map<String, String> SWITCH_WORDS =
      Map.of("true", "on", "yes", "on", "1", "on", "false", "off", "no", "off", "0", "off");

  /** Those that have nothing to do with queries. */
  private static final Pattern OF_MAINTENANCE =
      Pattern.compile(
          "default_(statistics_target|toast_.*)|gin_.*|logical_.*|maintenance_work_mem"
              + "|max_parallel_maintenance_.*|synchron.*|vacuum_.*|xmloption");

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
    bool("jit", "off");
    bool("jit_expressions", "on");
    bool("jit_tuple_deforming", "on");
    for (String cost :
        List.of(
            "seq_page_cost=1",
            "random_page_cost=4",
            "cpu_tuple_cost=0.01",
            "cpu_index_tuple_cost=0.005",
            "cpu_operator_cost=0.0025",
            "parallel_setup_cost=1000",
            "parallel_tuple_cost=0.1")) {
      int end = cost.indexOf('=');
      real(cost.substring(0, end), cost.substring(end + 1), 0, Double.MAX_VALUE, COST);
    }
    real("cursor_tuple_fraction", "0.1", 0, 1, COST);
    real("recursive_worktable_factor", "10", 0.001, 1_000_000, COST);
    real("hash_mem_multiplier", "2", 1, 1000, MEMORY);
    real("jit_above_cost", "100000", -1, Double.MAX_VALUE, COST);
    real("jit_inline_above_cost", "500000", -1, Double.MAX_VALUE, COST);
    real("jit_optimize_above_cost", "500000", -1, Double.MAX_VALUE, COST);
    integer("max_parallel_workers", "8", 0, 1024, WORKERS);
    integer("max_parallel_workers_per_gather", "2", 0, 1024, WORKERS);
    integer("max_parallel_maintenance_workers", "2", 0, 1024, WORKERS);
    integer("from_collapse_limit", "8", 1, Integer.MAX_VALUE, LIMIT);
    integer("join_collapse_limit", "8", 1, Integer.MAX_VALUE, LIMIT);
    integer("geqo_threshold", "12", 2, Integer.MAX_VALUE, LIMIT);
    integer("geqo_effort", "5", 1, 10, LIMIT);
    integer("geqo_generations", "0", 0, Integer.MAX_VALUE, LIMIT);
    integer("geqo_pool_size", "0", 0, Integer.MAX_VALUE, LIMIT);
    real("geqo_seed", "0", 0, 1, LIMIT);
    real("geqo_selection_bias", "2", 1.5, 2, LIMIT);
    integer("default_statistics_target", "100", 1, 10_000, LIMIT);
    integer("effective_io_concurrency", "1", 0, 1000, LIMIT);
    integer("maintenance_io_concurrency", "10", 0, 1000, LIMIT);
    amount("work_mem", "4MB", Unit.KILOBYTES, 64, Integer.MAX_VALUE, MEMORY);
    amount("maintenance_work_mem", "64MB", Unit.KILOBYTES, 1024, Integer.MAX_VALUE, MEMORY);
    amount("logical_decoding_work_mem", "64MB", Unit.KILOBYTES, 64, Integer.MAX_VALUE, MEMORY);
    amount("gin_pending_list_limit", "4MB", Unit.KILOBYTES, 64, Integer.MAX_VALUE, MEMORY);
    amount("temp_buffers", "8MB", Unit.BLOCKS, 100, BLOCKS_MAX, MEMORY);
    amount("effective_cache_size", "4GB", Unit.BLOCKS, 1, Integer.MAX_VALUE, MEMORY);
    amount("min_parallel_table_scan_size", "8MB", Unit.BLOCKS, 0, TABLE_BLOCKS_MAX, MEMORY);
    amount("min_parallel_index_scan_size", "512kB", Unit.BLOCKS, 0, TABLE_BLOCKS_MAX, MEMORY);
    amount("backend_flush_after", "0", Unit.BLOCKS, 0, 256, MEMORY);
    oneOf("debug_parallel_query", "off", WORKERS, List.of("off", "on", "regress"), SWITCH_WORDS);
    oneOf(
        "constraint_exclusion",
        "partition",
        PLAN_TYPE,
        List.of("partition", "on", "off"),
        SWITCH_WORDS);
    oneOf(
        "plan_cache_mode",
        "auto",
        PLAN_TYPE,
        List.of("auto", "force_generic_plan", "force_custom_plan"),
        Map.of());
    add(
        "vacuum_cost_delay",
        "0",
        VACUUM,
        SettingValues.real("vacuum_cost_delay", Unit.MILLIS, 0, 100));
    integer("vacuum_cost_limit", "200", 1, 10_000, VACUUM);
    integer("vacuum_cost_page_hit", "1", 0, 10_000, VACUUM);
    integer("vacuum_cost_page_miss", "2", 0, 10_000, VACUUM);
    integer("vacuum_cost_page_dirty", "20", 0, 10_000, VACUUM);
    integer("vacuum_failsafe_age", "1600000000", 0, 2_100_000_000, VACUUM);
    integer("vacuum_freeze_min_age", "50000000", 0, 1_000_000_000, VACUUM);
    integer("vacuum_freeze_table_age", "150000000", 0, 2_000_000_000, VACUUM);
    integer("vacuum_multixact_failsafe_age", "1600000000", 0, 2_100_000_000, VACUUM);
    integer("vacuum_multixact_freeze_min_age", "5000000", 0, 1_000_000_000, VACUUM);
    integer("vacuum_multixact_freeze_table_age", "150000000", 0, 2_000_000_000, VACUUM);
    oneOf(
        "synchronous_commit",
        "on",
        STORAGE,
        List.of("local", "remote_write", "remote_apply", "on", "off"),
        SWITCH_WORDS);
    add("synchronize_seqscans", "off", STORAGE, SettingValues.bool("synchronize_seqscans"));
    oneOf("xmloption", "content", STORAGE, List.of("content", "document"), Map.of());
    oneOf("default_toast_compression", "pglz", STORAGE, List.of("pglz", "lz4"), Map.of());
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
    add(name, value, PLAN_TYPE, SettingValues.bool(name));
  }

  private void real(String name, String value, double min, double max, String description) {
    add(name, value, description, SettingValues.real(name, Unit.NONE, min, max));
  }

  private void integer(String name, String value, int min, int max, String description) {
    add(name, value, description, SettingValues.integer(name, Unit.NONE, min, max));
  }

  private void oneOf(
      String name, String value, String description, List<String> words, Map<String, String> more) {
    add(name, value, description, SettingValues.oneOf(name, words, more));
  }

  private void amount(String name, String value, Unit unit, int min, int max, String description) {
    add(name, value, description, SettingValues.integer(name, unit, min, max));
  }
}
