package io.shardforge.sql.function;

import io.shardforge.raft.meta.NodeState;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.Encoding;
import io.shardforge.sql.type.NetworkAddress;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TextOrder;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ErrorCode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Functions about the session, the server, settings and sequences. */
final class SystemFunctions {
  private SystemFunctions() {}

  static SessionFunctions session(EvalContext context) {
    return context.services().get(SessionFunctions.class);
  }

  static void register(FunctionTable t) {
    registerSession(t);
    registerSettings(t);
    registerAdvisoryLocks(t);
    registerNotifications(t);
    registerSequences(t);
    registerSizes(t);
    registerTypes(t);
    registerShards(t);
    BackupCalls.register(t);
  }

  private static void registerShards(FunctionTable t) {
    t.set(
        "shardforge_verify_table",
        (c, in) ->
            c.services().get(ShardFunctions.class).verifyTable((Long) NullArguments.at(in, 0)));
    t.set("shardforge_metrics", (c, in) -> c.services().get(MetricFunctions.class).metrics());
    t.set(
        "shardforge_metric_history",
        (c, in) ->
            c.services()
                .get(MetricFunctions.class)
                .metricHistory((String) NullArguments.at(in, 0)));
    t.set("shardforge_test_alert", (c, in) -> c.services().get(AlertFunctions.class).testAlert());
    t.set(
        "shardforge_log_tail",
        (c, in) ->
            c.services()
                .get(LogFunctions.class)
                .logTail((Long) in[0], (String) in[1], in[2] instanceof Long n ? n : 0));
    t.of(
        "shardforge_move_replica",
        Long.class,
        Long.class,
        Long.class,
        (c, shard, from, to) ->
            c.services().get(ShardFunctions.class).moveReplica(shard, from, to));
    registerState(t, "drain_node", NodeState.DRAINING);
    registerState(t, "decommission_node", NodeState.DECOMMISSIONING);
    registerState(t, "recommission_node", NodeState.ACTIVE);
    t.of("shardforge_pause_job", Long.class, (c, id) -> jobs(c).pause(id));
    t.of("shardforge_resume_job", Long.class, (c, id) -> jobs(c).resume(id));
    t.of("shardforge_cancel_job", Long.class, (c, id) -> jobs(c).cancel(id));
    registerBorder(t, "split_at", ShardFunctions::splitAt);
    registerBorder(t, "merge_at", ShardFunctions::mergeAt);
  }

  private static JobFunctions jobs(EvalContext context) {
    return context.services().get(JobFunctions.class);
  }

  private static void registerState(FunctionTable t, String name, NodeState state) {
    t.of(
        "shardforge_" + name,
        Long.class,
        (c, node) -> c.services().get(NodeFunctions.class).setState(node, state));
  }

  /** What is done at the first key of a shard. */
  private interface BorderChange {
    long apply(
        ShardFunctions shards, long table, List<@Nullable Object> values, List<SqlType> types);
  }

  private static void registerBorder(FunctionTable t, String name, BorderChange change) {
    t.typed(
        "shardforge_" + name,
        types ->
            (c, in) -> {
              if (types.variadicArray()) {
                throw TypeErrors.of(
                    ErrorCode.FEATURE_NOT_SUPPORTED, "VARIADIC in a call of " + name);
              }
              if (!(in[0] instanceof Long table)) {
                throw TypeErrors.of(ErrorCode.NULL_VALUE_NOT_ALLOWED, "a table must be given");
              }
              int all = types.arguments().size();
              List<@Nullable Object> values = java.util.Arrays.asList(in);
              return change.apply(
                  c.services().get(ShardFunctions.class),
                  table,
                  values.subList(1, all),
                  types.arguments().subList(1, all));
            });
  }

  private static void registerSession(FunctionTable t) {
    t.of("pgsql_version", c -> session(c).versionText());
    t.of("current_database", c -> session(c).databaseName());
    t.of("current_user", c -> session(c).userName());
    t.of("session_user", c -> session(c).sessionUserName());
    t.of("current_schema", c -> session(c).searchPath(false).stream().findFirst().orElse(null));
    t.of(
        "current_schemas",
        Boolean.class,
        (c, implicit) -> ArrayValue.of(PgOid.NAME, session(c).searchPath(implicit)));
    t.of("current_query", c -> session(c).currentQuery());
    t.of("pg_backend_pid", c -> session(c).backendPid());
    t.any(
        "shardforge_cursor_key",
        (c, in) -> {
          long column = (Long) NullArguments.at(in, 2);
          return session(c)
              .cursorKey(
                  (String) NullArguments.at(in, 0), (Long) NullArguments.at(in, 1), (int) column);
        });
    t.of("pg_cancel_backend", Long.class, (c, pid) -> session(c).cancelBackend(pid));
    t.of(
        "pg_terminate_backend",
        Long.class,
        Long.class,
        (c, pid, timeoutMillis) -> session(c).terminateBackend(pid, timeoutMillis));
    t.of(
        "pg_sleep",
        Double.class,
        (c, seconds) -> {
          session(c).sleep(seconds);
          return "";
        });
    t.of(
        "pg_sleep_for(interval)",
        io.shardforge.sql.type.Interval.class,
        (c, span) -> {
          session(c)
              .sleep((span.months() * 30.0 + span.days()) * 86400 + span.micros() / 1_000_000.0);
          return "";
        });
    t.of("pg_current_xact_id", c -> session(c).transactionId());
    t.of("pg_is_in_recovery", _ -> false);
    t.of("pg_postmaster_start_time", c -> session(c).serverStartMicros());
    t.of("pg_conf_load_time", c -> c.services().get(ConfigurationFunctions.class).loadedMicros());
    t.of(
        "pg_reload_conf",
        c -> {
          c.services().get(ConfigurationFunctions.class).reload();
          return true;
        });
    t.of(
        "inet_client_addr",
        c -> {
          String host = session(c).clientAddress();
          return host == null ? null : NetworkAddress.ofHost(host);
        });
    t.of("inet_client_port", c -> session(c).clientPort());
    t.of(
        "inet_server_addr",
        c -> {
          String host = session(c).serverAddress();
          return host == null ? null : NetworkAddress.ofHost(host);
        });
    t.of("inet_server_port", c -> session(c).serverPort());
    t.of("pg_client_encoding", c -> c.typeContext().encoding().name());
    t.of("getdatabaseencoding", _ -> Encoding.UTF8.name());
    t.of("pg_jit_available", _ -> false);
    t.of("pg_my_temp_schema", c -> session(c).temporarySchemaId());
    t.of(
        "pg_is_other_temp_schema",
        Long.class,
        (c, oid) -> session(c).isTemporarySchema(oid) && oid != session(c).temporarySchemaId());
    t.of(
        "PG_encoding_to_char",
        Long.class,
        (_, number) -> {
          Encoding encoding = Encoding.numbered(number);
          return encoding == null ? "" : encoding.name();
        });
    t.of(
        "PG_char_to_encoding",
        String.class,
        (_, name) -> {
          Encoding encoding = Encoding.find(name);
          return encoding == null ? -1L : (long) encoding.number();
        });
    t.of(
        "pg_encoding_max_length_sql",
        Long.class,
        (_, number) -> {
          Encoding encoding = Encoding.numbered(number);
          return encoding == null ? null : (long) encoding.bytesMax();
        });
  }

  private static void registerSettings(FunctionTable t) {
    t.of(
        "show_config_by_name",
        String.class,
        (c, name) -> {
          String value = session(c).setting(name);
          if (value == null) {
            throw unknownSetting(name);
          }
          return value;
        });
    t.of(
        "show_config_by_name_missing_ok",
        String.class,
        Boolean.class,
        (c, name, missingOk) -> {
          String value = session(c).setting(name);
          if (value == null && !missingOk) {
            throw unknownSetting(name);
          }
          return value;
        });
    t.any(
        "set_config_by_name",
        (c, in) -> {
          if (!(in[0] instanceof String name)) {
            throw TypeErrors.of(ErrorCode.NULL_VALUE_NOT_ALLOWED, "SET requires parameter name");
          }
          return session(c).setSetting(name, (String) in[1], Boolean.TRUE.equals(in[2]));
        });
  }

  private static RuntimeException unknownSetting(String name) {
    return TypeErrors.of(
        ErrorCode.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + name + "\"");
  }

  private static AdvisoryLockFunctions locks(EvalContext context) {
    return context.services().get(AdvisoryLockFunctions.class);
  }

  private static void registerAdvisoryLocks(FunctionTable t) {
    for (boolean shared : List.of(false, true)) {
      String mode = shared ? "_shared" : "";
      for (boolean ofTransaction : List.of(false, true)) {
        String name = "advisory" + (ofTransaction ? "_xact" : "") + "_lock" + mode;
        registerLock(
            t,
            "pg_" + name,
            (locks, key) -> {
              locks.lock(key, shared, ofTransaction);
              return "";
            });
        registerLock(
            t, "pg_try_" + name, (locks, key) -> locks.tryLock(key, shared, ofTransaction));
      }
      registerLock(t, "pg_advisory_unlock" + mode, (locks, key) -> locks.unlock(key, shared));
    }
    t.of(
        "pg_advisory_unlock_all",
        c -> {
          locks(c).unlockAll();
          return "";
        });
  }

  private static void registerLock(
      FunctionTable t,
      String name,
      BiFunction<AdvisoryLockFunctions, AdvisoryLockFunctions.Key, Object> work) {
    t.of(
        name + "_int8",
        Long.class,
        (c, value) -> work.apply(locks(c), AdvisoryLockFunctions.Key.of(value)));
    t.of(
        name + "_int4",
        Long.class,
        Long.class,
        (c, first, second) -> work.apply(locks(c), AdvisoryLockFunctions.Key.of(first, second)));
  }

  private static void registerNotifications(FunctionTable t) {
    t.typed(
        "pg_notify",
        _ ->
            (c, in) -> {
              notifications(c)
                  .send(
                      in[0] instanceof String channel ? channel : "",
                      in[1] instanceof String payload ? payload : "");
              return "";
            });
    t.typed(
        "pg_stat_statements_reset",
        _ ->
            (c, in) ->
                c.services()
                    .get(StatementFunctions.class)
                    .reset(
                        (Long) NullArguments.at(in, 0),
                        (Long) NullArguments.at(in, 1),
                        (Long) NullArguments.at(in, 2)));
    t.of(
        "pg_stat_reset",
        c -> {
          c.services().get(UseFunctions.class).reset();
          return "";
        });
    t.of(
        "pg_stat_reset_single_table_counters",
        Long.class,
        (c, oid) -> {
          c.services().get(UseFunctions.class).resetRelation(oid);
          return "";
        });
    // What is counted is there at once, and read when it is asked for.
    t.of("pg_stat_clear_snapshot", _ -> "");
    t.of("pg_stat_force_next_flush", _ -> "");
    t.of(
        "pg_blocking_pids",
        Long.class,
        (c, pid) ->
            ArrayValue.of(
                PgOid.INT4, c.services().get(BlockingFunctions.class).blockingPids(pid).toArray()));
    t.of("pg_notification_queue_usage", c -> notifications(c).queueUsage());
  }

  static NotificationFunctions notifications(EvalContext context) {
    return context.services().get(NotificationFunctions.class);
  }

  private static SequenceFunctions sequences(EvalContext context) {
    return context.services().get(SequenceFunctions.class);
  }

  private static void registerSequences(FunctionTable t) {
    t.of("nextval_oid", Long.class, (c, oid) -> sequences(c).nextValue(oid));
    t.of("currval_oid", Long.class, (c, oid) -> sequences(c).currentValue(oid));
    t.of(
        "setval_oid",
        Long.class,
        Long.class,
        (c, oid, value) -> sequences(c).setValue(oid, value, true));
    t.of(
        "setval3_oid",
        Long.class,
        Long.class,
        Boolean.class,
        (c, oid, value, called) -> sequences(c).setValue(oid, value, called));
    t.of("lastval", c -> sequences(c).lastValue());
  }

  private static void registerSizes(FunctionTable t) {
    t.of("pg_size_pretty", Long.class, (_, bytes) -> sizeText(BigDecimal.valueOf(bytes)));
    t.of("pg_size_pretty_numeric", Numeric.class, (_, bytes) -> sizeText(bytes.decimal()));
    t.of("pg_size_bytes", String.class, (_, text) -> sizeBytes(text));
    t.typed(
        "pg_column_size",
        types -> {
          io.shardforge.sql.type.PgType type =
              PgTypes.byOid(JsonConversion.argumentType(types.arguments(), 0));
          return (c, in) -> {
            io.shardforge.sql.type.ByteWriter out = new io.shardforge.sql.type.ByteWriter();
            type.writeBinary(NullArguments.at(in, 0), out, c.typeContext());
            return type.row().length() > 0 ? (long) type.row().length() : out.size() + 4L;
          };
        });
  }

  private static String sizeText(BigDecimal bytes) {
    String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    BigDecimal limit = BigDecimal.valueOf(10 * 1024);
    BigDecimal value = bytes;
    int unit = 0;
    // Halves are kept until the last step so that rounding happens once.
    BigDecimal two = BigDecimal.TWO;
    if (value.abs().compareTo(limit) < 0) {
      return value.toPlainString() + " bytes";
    }
    value = value.divide(BigDecimal.valueOf(512), 0, java.math.RoundingMode.DOWN);
    unit++;
    BigDecimal halfLimit = BigDecimal.valueOf(20 * 1024 - 1);
    while (unit < units.length - 1 && value.abs().compareTo(halfLimit) >= 0) {
      value = value.divide(BigDecimal.valueOf(1024), 0, java.math.RoundingMode.DOWN);
      unit++;
    }
    BigDecimal rounded =
        value.add(BigDecimal.valueOf(value.signum())).divide(two, 0, java.math.RoundingMode.DOWN);
    return rounded.toPlainString() + " " + units[unit];
  }

  private static long sizeBytes(String text) {
    String stripped = text.strip();
    int end = 0;
    while (end < stripped.length() && "+-.0123456789eE".indexOf(stripped.charAt(end)) >= 0) {
      end++;
    }
    String unit = stripped.substring(end).strip().toLowerCase(Locale.ROOT);
    int power =
        switch (unit) {
          case "", "b", "bytes" -> 0;
          case "kb" -> 1;
          case "mb" -> 2;
          case "gb" -> 3;
          case "tb" -> 4;
          case "pb" -> 5;
          default ->
              throw TypeErrors.invalidParameter("invalid size: \"" + text + "\"")
                  .withDetail("Invalid size unit: \"" + stripped.substring(end).strip() + "\".")
                  .withHint(
                      "Valid units are \"bytes\", \"B\", \"kB\", \"MB\", \"GB\", \"TB\", and"
                          + " \"PB\".");
        };
    try {
      BigDecimal number = new BigDecimal(stripped.substring(0, end));
      return Numeric.of(number.multiply(BigDecimal.valueOf(1024).pow(power)))
          .toLong(Long.MIN_VALUE, Long.MAX_VALUE, "bigint");
    } catch (NumberFormatException e) {
      throw TypeErrors.invalidParameter("invalid size: \"" + text + "\"");
    }
  }

  private static void registerTypes(FunctionTable t) {
    t.typed("pg_typeof", types -> (_, _) -> (long) types.arguments().getFirst().oid());
    t.any(
        "format_type",
        (_, in) -> {
          Object oid = in[0];
          if (oid == null) {
            return null;
          }
          long typmod = in[1] == null ? -1 : (Long) in[1];
          if ((Long) oid == PgOid.BPCHAR && in[1] != null && typmod < 0) {
            return "bpchar"; // CHARACTER alone would be read as character(1)
          }
          return (Long) oid == 0 ? "-" : TypeNames.format((int) (long) (Long) oid, (int) typmod);
        });
    t.of(
        "oidvectortypes",
        ArrayValue.class,
        (_, oids) -> {
          StringJoiner names = new StringJoiner(", ");
          for (int i = 0; i < oids.size(); i++) {
            names.add(
                TypeNames.format((int) (long) (Long) Objects.requireNonNull(oids.get(i)), -1));
          }
          return names.toString();
        });
    t.typed("pg_num_nulls", types -> (_, in) -> countNulls(types, in, true));
    t.typed("pg_num_nonnulls", types -> (_, in) -> countNulls(types, in, false));
    t.typed(
        "pg_collation_for",
        types ->
            (c, _) -> {
              SqlType type = types.arguments().getFirst();
              if (!type.isCollatable()) {
                throw TypeErrors.of(
                    ErrorCode.DATATYPE_MISMATCH,
                    "collations are not supported by type " + TypeNames.format(type.oid(), -1));
              }
              return CatalogLookups.catalog(c).collationName(type.collationOid());
            });
    t.of(
        "pg_collation_actual_version",
        Long.class,
        (c, oid) -> {
          String locale = CatalogLookups.catalog(c).collationLocale(oid);
          return locale == null ? null : TextOrder.version(locale);
        });
  }

  private static @Nullable Long countNulls(CallTypes types, @Nullable Object[] in, boolean nulls) {
    List<@Nullable Object> values = java.util.Arrays.asList(in);
    if (types.variadicArray()) {
      if (!(in[0] instanceof ArrayValue array)) {
        return null;
      }
      values = java.util.Arrays.asList(array.toArray());
    }
    long count = 0;
    for (Object value : values) {
      count += (value == null) == nulls ? 1 : 0;
    }
    return count;
  }
}
