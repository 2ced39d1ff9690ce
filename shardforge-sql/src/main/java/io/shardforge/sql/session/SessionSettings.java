package io.shardforge.sql.session;

import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TemporarySchema;
import io.shardforge.sql.parse.StringConstants;
import io.shardforge.sql.type.ObjectNames;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A session's run-time settings, transactional as in PostgreSQL: SET goes with a rolled-back
 * transaction or savepoint, SET LOCAL ends with its transaction. For the session's thread.
 */
public final class SessionSettings {
  /** Values by lower-case name: what RESET gives back, what SET gave, what SET LOCAL gave. */
  private record Values(Map<String, String> session, Map<String, String> local) {
    @Nullable String get(String key) {
      String value = local.get(key);
      return value != null ? value : session.get(key);
    }
  }

  /** Settings that RESET ALL leaves alone. */
  private static final Set<String> ROLE_SETTINGS = Set.of("role", "session_authorization");

  private final Map<String, String> resetValues = new HashMap<>();
  private final SessionListener listener;
  private final ObjectNames names;
  private final Deque<Values> saved = new ArrayDeque<>();
  private Values values = new Values(Map.of(), Map.of());
  private @Nullable TypeContext typeContext;
  private StringConstants.@Nullable Rules stringRules;
  private @Nullable List<String> searchPath;
  private @Nullable String temporarySchema;
  private long transactionTimeoutMillis;
  private long lockTimeoutMillis;
  private long statementTimeoutMillis;
  private long idleTimeoutMillis;
  private long idleInTransactionTimeoutMillis;
  private String readAt = "";
  private LogSettings log = new LogSettings(StatementClass.NONE, -1, false);
  private boolean cached;

  SessionSettings(SessionListener listener, ObjectNames names) {
    this.listener = listener;
    this.names = names;
    for (Setting setting : Setting.all()) {
      resetValues.put(setting.key(), setting.defaultValue());
    }
  }

  /** Sets what the connection itself decides: startup options and internal settings. */
  void initialize(String name, String value) {
    Setting setting = Setting.find(name);
    if (setting == null) {
      if (!Setting.isCustomName(name)) {
        throw unknown(name);
      }
      resetValues.put(name.toLowerCase(Locale.ROOT), value);
      return;
    }
    resetValues.put(setting.key(), setting.canonical().apply(value));
    forgetDerived();
  }

  /** The value of a setting, or null when there is none of this name. */
  public @Nullable String find(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    String value = values.get(key);
    return value != null ? value : resetValues.get(key);
  }

  /** The value of a setting; 42704 when there is none of this name. */
  public String get(String name) {
    String value = find(name);
    if (value == null) {
      throw unknown(name);
    }
    return value;
  }

  boolean isOn(String name) {
    return get(name).equals("on");
  }

  /** Settings of which the client is told at the start. */
  Map<String, String> reported() {
    Map<String, String> reported = new LinkedHashMap<>();
    for (Setting setting : Setting.all()) {
      if (setting.reported()) {
        reported.put(setting.name(), get(setting.name()));
      }
    }
    return reported;
  }

  /** Settings that plans may depend on and that have other values than at first, by name. */
  Map<String, String> changedOfPlanner() {
    Map<String, String> changed = new TreeMap<>();
    List<String> names = new ArrayList<>(PlannerSettings.ofQueries());
    names.add("search_path");
    for (String name : names) {
      Setting setting = Objects.requireNonNull(Setting.find(name));
      String value = get(name);
      if (!value.equals(setting.defaultValue())) {
        changed.put(setting.name(), value);
      }
    }
    return changed;
  }

  /** SET or SET LOCAL; a null value resets. Returns the canonical value. */
  public String set(String name, @Nullable String value, boolean local) {
    requireChangeable(name);
    return put(Setting.find(name), name.toLowerCase(Locale.ROOT), value, local);
  }

  /** Refuses a name that no session can give a value. */
  void requireChangeable(String name) {
    Setting setting = Setting.find(name);
    if (ClusterSetting.find(name).isPresent()) {
      throw new ShardForgeException(
              ErrorCode.CANT_CHANGE_RUNTIME_PARAM,
              "parameter \"%s\" cannot be changed now".formatted(name.toLowerCase(Locale.ROOT)))
          .withHint("It is the same for the whole cluster: use ALTER SYSTEM.");
    }
    if (setting == null && !Setting.isCustomName(name)) {
      throw unknown(name);
    }
    if (setting != null && setting.internal()) {
      throw new ShardForgeException(
          ErrorCode.CANT_CHANGE_RUNTIME_PARAM,
          "parameter \"%s\" cannot be changed".formatted(setting.name()));
    }
  }

  /** SET ROLE and SET SESSION AUTHORIZATION, once it is known that they may be; null resets. */
  void setRole(String key, @Nullable String value, boolean local) {
    put(Setting.find(key), key, value, local);
  }

  /** The name of the role whose privileges count. */
  String roleName() {
    String role = get("role");
    return role.equals("none") ? get("session_authorization") : role;
  }

  private String put(@Nullable Setting setting, String key, @Nullable String value, boolean local) {
    String canonical =
        value == null
            ? resetValues.getOrDefault(key, "")
            : setting == null ? value : setting.canonical().apply(value);
    String before = find(key);
    Map<String, String> session = values.session;
    Map<String, String> localValues = new HashMap<>(values.local);
    if (local) {
      localValues.put(key, canonical);
    } else {
      session = new HashMap<>(session);
      session.put(key, canonical);
      localValues.remove(key);
    }
    values = new Values(session, localValues);
    changed(setting, before, canonical);
    return canonical;
  }

  /** RESET ALL. */
  void resetAll() {
    Map<String, String> roles = new HashMap<>(values.session);
    roles.keySet().retainAll(ROLE_SETTINGS);
    replace(new Values(roles, Map.of()));
  }

  private void changed(@Nullable Setting setting, @Nullable String before, String now) {
    forgetDerived();
    if (setting != null && setting.reported() && !Objects.equals(before, now)) {
      listener.settingChanged(setting.name(), now);
    }
  }

  private void replace(Values newValues) {
    Values old = values;
    if (old.equals(newValues)) {
      return;
    }
    values = newValues;
    forgetDerived();
    for (Setting setting : Setting.all()) {
      if (setting.reported()) {
        String reset = resetValues.getOrDefault(setting.key(), "");
        String before = Objects.requireNonNullElse(old.get(setting.key()), reset);
        String now = get(setting.name());
        if (!before.equals(now)) {
          listener.settingChanged(setting.name(), now);
        }
      }
    }
  }

  private void forgetDerived() {
    typeContext = null;
    stringRules = null;
    searchPath = null;
    cached = false;
  }

  /** A transaction or savepoint begins: remembers the values for {@link #rollBack}. */
  void mark() {
    saved.push(values);
  }

  /** Back to the values of the innermost mark, which is removed. */
  void rollBack() {
    replace(saved.pop());
  }

  /** Back to the values of the innermost mark, which stays. */
  void rollBackKeepingMark() {
    replace(Objects.requireNonNull(saved.peek()));
  }

  /** Removes the innermost mark and keeps the values. */
  void release() {
    saved.pop();
  }

  /** The outermost transaction committed: what was LOCAL ends. */
  void commit() {
    saved.clear();
    endLocal();
  }

  /** The outermost transaction rolled back. */
  void rollBackAll() {
    if (!saved.isEmpty()) {
      Values first = saved.getLast();
      saved.clear();
      replace(first);
    }
    endLocal();
  }

  private void endLocal() {
    if (!values.local.isEmpty()) {
      replace(new Values(values.session, Map.of()));
    }
  }

  /** What string constants of the session's statements mean. */
  StringConstants.Rules stringRules() {
    StringConstants.Rules rules = stringRules;
    if (rules == null) {
      boolean quoteAllowed =
          switch (get("backslash_quote")) {
            case "on" -> true;
            case "off" -> false;
            default -> !Setting.encoding(get(Setting.CLIENT_ENCODING)).isForClientsOnly();
          };
      rules = new StringConstants.Rules(isOn("standard_conforming_strings"), quoteAllowed);
      stringRules = rules;
    }
    return rules;
  }

  /** What reading and writing values depends on. */
  public TypeContext typeContext(long transactionMicros) {
    TypeContext context = typeContext;
    if (context == null) {
      context =
          new TypeContext(
              Setting.zoneId(get("TimeZone")),
              Setting.dateStyle(get("DateStyle")),
              Setting.intervalStyle(get("IntervalStyle")),
              get("bytea_output").equals("escape"),
              Integer.parseInt(get("extra_float_digits")),
              Setting.encoding(get(Setting.CLIENT_ENCODING)),
              transactionMicros,
              names);
      typeContext = context;
    } else if (context.transactionMicros() != transactionMicros) {
      context = context.at(transactionMicros);
      typeContext = context;
    }
    return context;
  }

  private void derive() {
    if (!cached) {
      statementTimeoutMillis = SettingValues.millis("statement_timeout", get("statement_timeout"));
      transactionTimeoutMillis =
          SettingValues.millis("transaction_timeout", get("transaction_timeout"));
      lockTimeoutMillis = SettingValues.millis("lock_timeout", get("lock_timeout"));
      idleTimeoutMillis = SettingValues.millis("idle_session_timeout", get("idle_session_timeout"));
      idleInTransactionTimeoutMillis =
          SettingValues.millis(
              "idle_in_transaction_session_timeout", get("idle_in_transaction_session_timeout"));
      readAt = get(ReadAt.NAME);
      log = LogSettings.of(this);
      cached = true;
    }
  }

  /** What is written to the log. */
  LogSettings log() {
    derive();
    return log;
  }

  /** The time in the past that transactions read, empty for none. */
  String readAt() {
    derive();
    return readAt;
  }

  /** Zero for none. */
  Duration lockTimeout() {
    derive();
    return lockTimeoutMillis == 0 ? Duration.ZERO : Duration.ofMillis(lockTimeoutMillis);
  }

  /** Zero for none. */
  long transactionTimeoutMillis() {
    derive();
    return transactionTimeoutMillis;
  }

  /** Zero for none. */
  long statementTimeoutMillis() {
    derive();
    return statementTimeoutMillis;
  }

  /** Zero for none. */
  long idleTimeoutMillis(boolean inTransaction) {
    derive();
    return inTransaction ? idleInTransactionTimeoutMillis : idleTimeoutMillis;
  }

  IsolationLevel isolation(String settingName) {
    return IsolationLevel.named(get(settingName));
  }

  /** Schema names in search order, with "$user" replaced. */
  public List<String> searchPath() {
    List<String> path = searchPath;
    if (path == null) {
      path = withTemporary(parsePath(get("search_path"), roleName()));
      searchPath = path;
    }
    return path;
  }

  /** The session's temporary schema is searched first unless it is named. */
  private List<String> withTemporary(List<String> path) {
    String own = temporarySchema;
    if (own == null) {
      return path;
    }
    List<String> all = new ArrayList<>(path);
    all.replaceAll(name -> name.equals(TemporarySchema.ALIAS) ? own : name);
    if (!all.contains(own)) {
      all.addFirst(own);
    }
    return List.copyOf(all);
  }

  /** Names the schema with the session's temporary objects. */
  void useTemporarySchema(String name) {
    temporarySchema = name;
    searchPath = null;
  }

  private static List<String> parsePath(String value, String user) {
    List<String> path = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    for (int i = 0; i <= value.length(); i++) {
      char c = i < value.length() ? value.charAt(i) : ',';
      if (quoted) {
        if (c == '"' && i + 1 < value.length() && value.charAt(i + 1) == '"') {
          name.append('"');
          i++;
        } else if (c == '"') {
          quoted = false;
        } else {
          name.append(c);
        }
      } else if (c == '"') {
        quoted = true;
        wasQuoted = true;
      } else if (c == ',') {
        String one = wasQuoted ? name.toString() : name.toString().strip().toLowerCase(Locale.ROOT);
        if (one.equals("$user")) {
          // The superuser has the name of the system's own schema, which is nobody's home.
          if (!user.equals(SystemOids.SHARDFORGE)) {
            path.add(user);
          }
        } else if (!one.isEmpty()) {
          path.add(one);
        }
        name.setLength(0);
        wasQuoted = false;
      } else if (!(wasQuoted && Character.isWhitespace(c))) {
        if (!(name.isEmpty() && Character.isWhitespace(c))) {
          name.append(c);
        }
      }
    }
    return List.copyOf(path);
  }

  private static ShardForgeException unknown(String name) {
    return new ShardForgeException(
        ErrorCode.UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"".formatted(name));
  }
}
