package io.shardforge.sql.session;

import io.shardforge.sql.session.SettingValues.Unit;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What sessions write to the log, as their settings say. Only superusers change these, so that
 * nobody hides what he does.
 *
 * @param statements the class of statements that log_statement wants, and those above it
 * @param slowMillis how long a statement takes at least to be written, -1 for none
 * @param audited whether every statement is written to the audit log
 */
record LogSettings(StatementClass statements, long slowMillis, boolean audited) {
  static final String CONNECTIONS = "log_connections";
  static final String DISCONNECTIONS = "log_disconnections";
  private static final String STATEMENTS = "log_statement";
  private static final String SLOW = "log_min_duration_statement";
  private static final String AUDITED = "shardforge.audit_statements";

  private static final Set<String> AT_START = Set.of(CONNECTIONS, DISCONNECTIONS);
  private static final Set<String> NAMES =
      Set.of(CONNECTIONS, DISCONNECTIONS, STATEMENTS, SLOW, AUDITED);

  static List<Setting> all() {
    UnaryOperator<String> classes =
        SettingValues.oneOf(STATEMENTS, List.of("none", "ddl", "mod", "all"), Map.of());
    return List.of(
        bool(CONNECTIONS, "Logs each successful connection."),
        bool(DISCONNECTIONS, "Logs end of a session, including duration."),
        bool(AUDITED, "Logs every statement to the audit log."),
        Setting.checked(STATEMENTS, "none", false, "Sets the type of statements logged.", classes),
        Setting.checked(
            SLOW,
            "-1",
            false,
            "Sets the minimum execution time above which all statements will be logged.",
            SettingValues.integer(SLOW, Unit.MILLIS, -1, Integer.MAX_VALUE)));
  }

  private static Setting bool(String name, String description) {
    return Setting.checked(name, "off", false, description, SettingValues.bool(name));
  }

  /** What the settings of a session want. */
  static LogSettings of(SessionSettings settings) {
    String slow = settings.get(SLOW);
    return new LogSettings(
        StatementClass.valueOf(settings.get(STATEMENTS).toUpperCase(Locale.ROOT)),
        slow.equals("-1") ? -1 : SettingValues.millis(SLOW, slow),
        settings.isOn(AUDITED));
  }

  /** PostgreSQL's word for who may change a setting, and when. */
  static String contextOf(String name) {
    if (AT_START.contains(name)) {
      return "superuser-backend";
    }
    return NAMES.contains(name) ? "superuser" : "user";
  }

  /** 42501 if a setting is one of these and whoever sets it is no superuser. */
  static void requireMaySet(String name, boolean superuser) {
    if (!superuser && NAMES.contains(name.toLowerCase(Locale.ROOT))) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "permission denied to set parameter \"%s\"".formatted(name));
    }
  }

  /** 55P02 if a setting counts only at the beginning of a session. */
  static void requireNotOfStart(String name) {
    if (AT_START.contains(name.toLowerCase(Locale.ROOT))) {
      throw new ShardForgeException(
          ErrorCode.CANT_CHANGE_RUNTIME_PARAM,
          "parameter \"%s\" cannot be set after connection start".formatted(name));
    }
  }
}
