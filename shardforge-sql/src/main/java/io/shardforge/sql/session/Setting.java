package io.shardforge.sql.session;

import io.shardforge.sql.session.SettingValues.Unit;
import io.shardforge.sql.type.DateStyle;
import io.shardforge.sql.type.Encoding;
import io.shardforge.sql.type.IntervalStyle;
import io.shardforge.sql.type.TimeZones;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A run-time setting: its name as PostgreSQL spells it, its default, and how a new value is checked
 * and brought into its canonical form. A setting whose other values would change behaviour that is
 * not built accepts only the values that describe what the server does.
 *
 * @param reported whether clients are told of changes (ParameterStatus)
 * @param internal whether nobody may set it
 * @param canonical gives the stored form of a value or throws
 */
public record Setting(
    String name,
    String defaultValue,
    boolean reported,
    boolean internal,
    String description,
    UnaryOperator<String> canonical) {
  /** Of the encoding in which the client sends and gets text. */
  public static final String CLIENT_ENCODING = "client_encoding";

  private static final String PRODUCT = " (ShardForge 0.1.0)";

  /** The PostgreSQL version whose behaviour is followed, with the product behind it. */
  private static final String SERVER_VERSION = "17.0" + PRODUCT;

  /** What programs of {@link SessionStart#DUMP_PROGRAMS} are told instead. */
  static final String DUMP_SERVER_VERSION = "15.0" + PRODUCT;

  static final String DUMP_SERVER_VERSION_NUM = "150000";

  private static final Map<String, Setting> ALL = new TreeMap<>();
  private static final Pattern CUSTOM_NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*(\\.[A-Za-z_][A-Za-z0-9_$]*)+");

  /** Of the server's own settings: nobody else may make up names that begin with it. */
  private static final String OWN_PREFIX = "shardforge.";

  static {
    internal("server_version", SERVER_VERSION, true, "Shows the server version.");
    internal("server_version_num", "170000", false, "Shows the server version as an integer.");
    internal(
        "server_encoding", "UTF8", true, "Shows the server (database) character set encoding.");
    internal("integer_datetimes", "on", true, "Shows whether datetimes are integer based.");
    internal("in_hot_standby", "off", true, "Shows whether hot standby is currently active.");
    internal("is_superuser", "on", true, "Shows whether the current user is a superuser.");
    internal("session_authorization", "", true, "Shows the session user name.");
    internal("role", "none", false, "Shows the current role.");
    internal("scram_iterations", "4096", true, "Shows the iteration count for SCRAM secrets.");
    internal("block_size", "8192", false, "Shows the size of a disk block.");
    internal("max_identifier_length", "63", false, "Shows the maximum identifier length.");
    internal("max_index_keys", "32", false, "Shows the maximum number of index keys.");
    internal("lc_collate", "C", false, "Shows the collation order locale.");
    internal(
        "lc_ctype", "C", false, "Shows the character classification and case conversion locale.");
    internal("ssl", "off", false, "Enables SSL connections.");
    internal("max_connections", "100", false, "Sets the maximum number of concurrent connections.");
    internal(
        "superuser_reserved_connections",
        "3",
        false,
        "Sets the number of connection slots reserved for superusers.");

    internal(
        "authentication_timeout",
        "1min",
        false,
        "Sets the maximum allowed time to complete client authentication.");

    text(
        "application_name",
        "",
        true,
        "Sets the application name to be reported in statistics and logs.");
    define(
        CLIENT_ENCODING,
        "UTF8",
        true,
        "Sets the client's character set encoding.",
        Setting::canonicalEncoding);
    define(
        "DateStyle",
        "ISO, MDY",
        true,
        "Sets the display format for date and time values.",
        v -> dateStyle(v).toString());
    define(
        "IntervalStyle",
        "postgres",
        true,
        "Sets the display format for interval values.",
        SettingValues.oneOf(
            "intervalstyle",
            List.of("postgres", "postgres_verbose", "sql_standard", "iso_8601"),
            Map.of()));
    define(
        "TimeZone",
        "UTC",
        true,
        "Sets the time zone for displaying and interpreting time stamps.",
        Setting::zone);
    define(
        "search_path",
        "\"$user\", public",
        false,
        "Sets the schema search order for names that are not schema-qualified.",
        v -> v);
    define(
        ReadAt.NAME,
        "",
        false,
        "Sets the time in the past that is read, as a negative interval or a time.",
        ReadAt::check);
    duration("statement_timeout", "Sets the maximum allowed duration of any statement.");
    duration(
        "transaction_timeout",
        "Sets the maximum allowed duration of any transaction within a session.");
    duration("lock_timeout", "Sets the maximum allowed duration of any wait for a lock.");
    duration(
        "idle_in_transaction_session_timeout",
        "Sets the maximum allowed idle time between queries, when in a transaction.");
    duration(
        "idle_session_timeout",
        "Sets the maximum allowed idle time between queries, when not in a transaction.");
    oneOf(
        "password_encryption",
        "scram-sha-256",
        "Chooses the algorithm for encrypting passwords.",
        "scram-sha-256");
    define(
        "default_transaction_isolation",
        "read committed",
        false,
        "Sets the transaction isolation level of each new transaction.",
        isolation("default_transaction_isolation"));
    define(
        "transaction_isolation",
        "read committed",
        false,
        "Sets the current transaction's isolation level.",
        isolation("transaction_isolation"));
    bool(
        "default_transaction_read_only",
        "off",
        true,
        "Sets the default read-only status of new transactions.");
    bool("transaction_read_only", "off", false, "Sets the current transaction's read-only status.");
    bool(
        "default_transaction_deferrable",
        "off",
        false,
        "Sets the default deferrable status of new transactions.");
    bool(
        "transaction_deferrable",
        "off",
        false,
        "Whether to defer a read-only serializable transaction until it can be executed with no"
            + " possible serialization failures.");
    integer(
        "extra_float_digits",
        "1",
        -15,
        3,
        "Sets the number of digits displayed for floating-point values.");
    oneOf("bytea_output", "hex", "Sets the output format for bytea.", "escape", "hex");
    define(
        "client_min_messages",
        "notice",
        false,
        "Sets the message levels that are sent to the client.",
        SettingValues.oneOf(
            "client_min_messages",
            List.of(
                "debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning",
                "error"),
            Map.of("debug", "debug2", "info", "info")));

    bool(
        "standard_conforming_strings",
        "on",
        true,
        "Causes '...' strings to treat backslashes literally.");
    bool(
        "escape_string_warning",
        "on",
        false,
        "Warn about backslash escapes in ordinary string literals.");
    define(
        "backslash_quote",
        "safe_encoding",
        false,
        "Sets whether \"\\'\" is allowed in string literals.",
        SettingValues.oneOf(
            "backslash_quote",
            List.of("safe_encoding", "on", "off"),
            Map.of("true", "on", "yes", "on", "1", "on", "false", "off", "no", "off", "0", "off")));
    only("row_security", "on", false, "Enable row security.", "off");
    only(
        "check_function_bodies",
        "on",
        false,
        "Check routine bodies during CREATE FUNCTION and CREATE PROCEDURE.",
        "off");
    only(
        "default_tablespace",
        "",
        false,
        "Sets the default tablespace to create tables and indexes in.");
    only(
        "default_table_access_method",
        "heap",
        false,
        "Sets the default table access method for new tables.");
    only("array_nulls", "on", false, "Enable input of NULL elements in arrays.");
    only("transform_null_equals", "off", false, "Treats \"expr=NULL\" as \"expr IS NULL\".");
    only(
        "quote_all_identifiers",
        "off",
        false,
        "When generating SQL fragments, quote all identifiers.");
    only("lc_messages", "C", false, "Sets the language in which messages are displayed.");
    only("lc_monetary", "C", false, "Sets the locale for formatting monetary amounts.");
    only("lc_numeric", "C", false, "Sets the locale for formatting numbers.");
    only("lc_time", "C", false, "Sets the locale for formatting date and time values.");
    only(
        "max_prepared_transactions",
        "0",
        false,
        "Sets the maximum number of simultaneously prepared transactions.");
    only(
        "allow_system_table_mods",
        "off",
        false,
        "Allows modifications of the structure of system tables.");
    only(
        "default_with_oids",
        "off",
        false,
        "WITH OIDS is no longer supported; this can only be false.");
    only("timezone_abbreviations", "Default", false, "Selects a file of time zone abbreviations.");
    onlyOf(
        "session_replication_role",
        "Sets the session's behavior for triggers and rewrite rules.",
        "origin",
        "replica",
        "local");
    PlannerSettings.all().forEach(Setting::add);
    LogSettings.all().forEach(Setting::add);
  }

  /** The setting of this name in any case, or null when there is none. */
  public static @Nullable Setting find(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return ALL.get(lower.equals("force_parallel_mode") ? "debug_parallel_query" : lower);
  }

  /** All settings by lower-case name. */
  public static Iterable<Setting> all() {
    return ALL.values();
  }

  /**
   * Whether a name is one that an extension or application may make up: two or more parts with
   * dots.
   */
  public static boolean isCustomName(String name) {
    return CUSTOM_NAME.matcher(name).matches()
        && !name.regionMatches(true, 0, OWN_PREFIX, 0, OWN_PREFIX.length());
  }

  /** PostgreSQL's word for the kind of value. */
  String type() {
    return switch (defaultValue) {
      case "on", "off" -> "bool";
      default ->
          defaultValue.matches("-?\\d+")
              ? "integer"
              : defaultValue.matches("-?\\d+\\.\\d+") ? "real" : "string";
    };
  }

  String key() {
    return name.toLowerCase(Locale.ROOT);
  }

  private static void add(Setting setting) {
    ALL.put(setting.key(), setting);
  }

  private static void define(
      String name,
      String value,
      boolean reported,
      String description,
      UnaryOperator<String> canonical) {
    add(checked(name, value, reported, description, canonical));
  }

  /** A setting that says so in PostgreSQL's words when its value cannot be read. */
  static Setting checked(
      String name,
      String value,
      boolean reported,
      String description,
      UnaryOperator<String> canonical) {
    return new Setting(
        name,
        value,
        reported,
        false,
        description,
        input -> {
          try {
            return canonical.apply(input);
          } catch (ShardForgeException e) {
            boolean clear =
                e.code() == ErrorCode.FEATURE_NOT_SUPPORTED
                    || e.code() == ErrorCode.INVALID_PARAMETER_VALUE;
            throw clear ? e : invalid(name, input);
          } catch (DateTimeException | IllegalArgumentException e) {
            throw invalid(name, input);
          }
        });
  }

  private static void internal(String name, String value, boolean reported, String description) {
    add(new Setting(name, value, reported, true, description, v -> v));
  }

  private static void text(String name, String value, boolean reported, String description) {
    define(name, value, reported, description, v -> v);
  }

  private static void bool(String name, String value, boolean reported, String description) {
    define(name, value, reported, description, SettingValues.bool(name));
  }

  private static void integer(String name, String value, int min, int max, String description) {
    define(name, value, false, description, SettingValues.integer(name, Unit.NONE, min, max));
  }

  private static void oneOf(String name, String value, String description, String... values) {
    define(name, value, false, description, SettingValues.oneOf(name, List.of(values), Map.of()));
  }

  /** A setting that can only say what the server does anyway. */
  private static void only(
      String name, String value, boolean reported, String description, String... harmless) {
    List<String> allowed = new ArrayList<>(List.of(harmless));
    allowed.add(value);
    boolean onOrOff = value.equals("on") || value.equals("off");
    define(
        name,
        value,
        reported,
        description,
        v -> {
          String wanted = onOrOff ? SettingValues.bool(name).apply(v) : v;
          for (String one : allowed) {
            if (one.equalsIgnoreCase(wanted)) {
              return one;
            }
          }
          throw notSupported(name, v, value);
        });
  }

  /** The same of one that takes some words, of which the server does what the first says. */
  private static void onlyOf(String name, String description, String... words) {
    UnaryOperator<String> word = SettingValues.oneOf(name, List.of(words), Map.of());
    define(
        name,
        words[0],
        false,
        description,
        v -> {
          if (!word.apply(v).equals(words[0])) {
            throw notSupported(name, v, words[0]);
          }
          return words[0];
        });
  }

  private static ShardForgeException notSupported(String name, String value, String only) {
    return new ShardForgeException(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "parameter \"%s\" cannot be set to \"%s\": only \"%s\" is supported"
            .formatted(name, value, only));
  }

  private static void duration(String name, String description) {
    define(
        name,
        "0",
        false,
        description,
        SettingValues.integer(name, Unit.MILLIS, 0, Integer.MAX_VALUE));
  }

  /** The style that a DateStyle setting asks for. */
  static DateStyle dateStyle(String value) {
    DateStyle style = DateStyle.ISO_MDY.with(value);
    if (style == null) {
      throw new IllegalArgumentException(value);
    }
    return style;
  }

  /** The style that an IntervalStyle setting names. */
  static IntervalStyle intervalStyle(String value) {
    return IntervalStyle.valueOf(value.strip().toUpperCase(Locale.ROOT));
  }

  private static String canonicalEncoding(String value) {
    Encoding encoding = Encoding.find(value);
    if (encoding == null) {
      throw invalid(CLIENT_ENCODING, value);
    }
    if (!encoding.isConvertible()) {
      throw new ShardForgeException(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "invalid value for parameter \"client_encoding\": \"%s\"".formatted(value))
          .withDetail(
              "Conversion between %s and UTF8 is not supported.".formatted(encoding.name()));
    }
    // Old drivers look for this word.
    return value.equals("UNICODE") ? value : encoding.name();
  }

  /** The encoding of a client_encoding setting that has passed. */
  public static Encoding encoding(String value) {
    Encoding encoding = Encoding.find(value);
    if (encoding == null) {
      throw invalid(CLIENT_ENCODING, value);
    }
    return encoding;
  }

  /** java.time knows no offsets beyond; PostgreSQL allows a week. */
  private static final int ZONE_SECONDS_MAX = 18 * 3600;

  private static String zone(String value) {
    String name = value.strip();
    if (name.equalsIgnoreCase("default") || name.equalsIgnoreCase("local")) {
      return "UTC";
    }
    if (name.matches("[+-]?\\d+(\\.\\d+)?")) {
      // A bare number is hours east of UTC.
      double seconds = Double.parseDouble(name) * 3600;
      if (Math.abs(seconds) <= ZONE_SECONDS_MAX) {
        return TimeZones.offsetName((int) Math.round(seconds));
      }
    }
    ZoneId zone = TimeZones.ofSetting(name);
    if (zone == null) {
      throw invalid("TimeZone", value);
    }
    return zone instanceof ZoneOffset ? name.toUpperCase(Locale.ROOT) : zone.getId();
  }

  /** The zone of a TimeZone setting that {@link #zone} has passed. */
  static ZoneId zoneId(String name) {
    ZoneId zone = TimeZones.ofSetting(name);
    if (zone == null) {
      throw invalid("TimeZone", name);
    }
    return zone;
  }

  private static UnaryOperator<String> isolation(String name) {
    return SettingValues.oneOf(
        name,
        List.of("serializable", "repeatable read", "read committed", "read uncommitted"),
        Map.of());
  }

  static ShardForgeException invalid(String name, String value) {
    return new ShardForgeException(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "invalid value for parameter \"%s\": \"%s\"".formatted(name, value));
  }
}
