package io.shardforge.sql.session;

import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.Memberships;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.ddl.DdlContext;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.parse.proto.A_Const;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.TypeCast;
import io.shardforge.sql.parse.proto.VariableSetStmt;
import io.shardforge.sql.parse.proto.VariableShowStmt;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.type.Interval;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TimeZones;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** SET, RESET and SHOW, and the transaction modes that BEGIN and SET TRANSACTION share. */
final class SettingStatements {
  private static final SqlType TEXT = SqlType.of(PgOid.TEXT);

  /** Settings of a session or transaction that is under way. */
  private static final Set<String> OF_ONE_SESSION =
      Set.of(
          "role",
          "session_authorization",
          "transaction_isolation",
          "transaction_read_only",
          "transaction_deferrable",
          "seed");

  private final Session session;
  private final TransactionBlock transaction;

  SettingStatements(Session session, TransactionBlock transaction) {
    this.session = session;
    this.transaction = transaction;
  }

  void set(VariableSetStmt stmt, boolean inString) {
    String name = stmt.getName();
    boolean local = stmt.getIsLocal();
    switch (stmt.getKind()) {
      case VAR_SET_VALUE -> {
        requireSupported(name);
        set(name, value(name, stmt.getArgsList()), local, inString);
      }
      case VAR_SET_DEFAULT, VAR_RESET -> {
        requireSupported(name);
        set(name, null, local, inString);
      }
      case VAR_RESET_ALL -> session.settings().resetAll();
      case VAR_SET_MULTI -> setModes(stmt, inString);
      case VAR_SET_CURRENT -> throw unsupported("SET " + name + " FROM CURRENT");
      case VARIABLE_SET_KIND_UNDEFINED, UNRECOGNIZED ->
          throw new ShardForgeException(ErrorCode.SYNTAX_ERROR, "unrecognized SET statement");
    }
  }

  /** Changes a setting of the cluster, at once and for all nodes. */
  void alterSystem(VariableSetStmt stmt, boolean inString) {
    if (transaction.isBlock() || inString) {
      throw new ShardForgeException(
          ErrorCode.ACTIVE_SQL_TRANSACTION, "ALTER SYSTEM cannot run inside a transaction block");
    }
    if (!session.role().superuser()) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "permission denied to set parameter \"" + stmt.getName() + "\"");
    }
    String name = stmt.getName();
    ClusterSetting setting =
        ClusterSetting.find(name)
            .orElseThrow(() -> unsupported("ALTER SYSTEM for the parameter \"" + name + "\""));
    switch (stmt.getKind()) {
      case VAR_SET_VALUE ->
          session.services().cluster().set(setting, value(name, stmt.getArgsList()));
      case VAR_SET_DEFAULT, VAR_RESET -> session.services().cluster().set(setting, null);
      case VAR_RESET_ALL,
          VAR_SET_MULTI,
          VAR_SET_CURRENT,
          VARIABLE_SET_KIND_UNDEFINED,
          UNRECOGNIZED ->
          throw unsupported("this form of ALTER SYSTEM");
    }
  }

  /** What ALTER ROLE … SET keeps for sessions to come, once it is known that they can have it. */
  DdlContext.StoredSetting toStore(VariableSetStmt stmt) {
    String name = stmt.getName();
    Setting setting = Setting.find(name);
    String value =
        switch (stmt.getKind()) {
          case VAR_SET_VALUE -> value(name, stmt.getArgsList());
          case VAR_SET_CURRENT -> session.scope().settingValue(name);
          case VAR_SET_DEFAULT, VAR_RESET -> null;
          case VAR_SET_MULTI, VAR_RESET_ALL, VARIABLE_SET_KIND_UNDEFINED, UNRECOGNIZED ->
              throw unsupported("SET " + name + " for sessions to come");
        };
    if (OF_ONE_SESSION.contains(name.toLowerCase(Locale.ROOT))) {
      throw unsupported("SET " + name + " for sessions to come");
    }
    if (value != null) {
      session.settings().requireChangeable(name);
      check(name, value);
    }
    LogSettings.requireMaySet(name, session.role().superuser());
    if (setting == null && value != null && !session.role().superuser()) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "permission denied to set parameter \"%s\"".formatted(name));
    }
    return new DdlContext.StoredSetting(setting == null ? name : setting.name(), value);
  }

  private static void requireSupported(String name) {
    if (name.equals("seed")) {
      throw unsupported("SET SEED");
    }
  }

  private void set(String name, @Nullable String value, boolean local, boolean inString) {
    LogSettings.requireNotOfStart(name);
    LogSettings.requireMaySet(name, session.role().superuser());
    if (local && !inString && !transaction.isBlock()) {
      session.notice(
          Notice.warning(
              ErrorCode.NO_ACTIVE_SQL_TRANSACTION,
              "SET LOCAL can only be used in transaction blocks"));
      // As in PostgreSQL, it has no effect beyond its own statement; a bad value is still an error.
      check(name, value);
      return;
    }
    switch (name.toLowerCase(Locale.ROOT)) {
      case "role" -> setRole(value, local);
      case "session_authorization" -> setSessionRole(value, local);
      case "transaction_isolation" ->
          transaction.setIsolation(
              value == null
                  ? session.settings().isolation("default_transaction_isolation")
                  : isolation(value));
      case "transaction_read_only" -> transaction.setReadOnly("on".equals(check(name, value)));
      case "transaction_deferrable" -> transaction.setDeferrable("on".equals(check(name, value)));
      case ReadAt.NAME -> {
        transaction.readAtChanges();
        session.settings().set(name, value, local);
      }
      default -> session.settings().set(name, value, local);
    }
  }

  /** SET ROLE to one that the session's role is a member of, NONE or RESET ROLE. */
  private void setRole(@Nullable String value, boolean local) {
    // Also to go back to a role: what is told of it needs roles as they are now.
    CatalogSnapshot catalog = catalog();
    if (value != null) {
      requireRole(catalog, session.sessionRole(), value);
    }
    session.settings().setRole("role", value, local);
    session.listener().settingChanged("is_superuser", session.scope().settingValue("is_superuser"));
  }

  private void setSessionRole(@Nullable String value, boolean local) {
    CatalogSnapshot catalog = catalog();
    if (value != null) {
      requireSessionRole(catalog, session.loginRole(), value);
    }
    session.settings().setRole("session_authorization", value, local);
    session.settings().setRole("role", null, local);
    session.listener().settingChanged("is_superuser", session.scope().settingValue("is_superuser"));
  }

  /** 42501 if a session may not set its role so. */
  static void requireRole(CatalogSnapshot catalog, RoleDescriptor session, String value) {
    if (!value.equals("none")
        && !Memberships.isMember(catalog, session.id(), named(catalog, value).id())) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "permission denied to set role \"%s\"".formatted(value));
    }
  }

  /** 42501 if who logged in may not become the session's role. */
  static void requireSessionRole(CatalogSnapshot catalog, RoleDescriptor login, String value) {
    RoleDescriptor target = named(catalog, value);
    if (!login.superuser() && target.id() != login.id()) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "permission denied to set session authorization \"%s\"".formatted(value));
    }
  }

  private CatalogSnapshot catalog() {
    session.beginStatementOnce();
    return session.transaction().catalog().snapshot();
  }

  private static RoleDescriptor named(CatalogSnapshot catalog, String name) {
    RoleDescriptor role = catalog.role(name);
    if (role == null) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE, "role \"%s\" does not exist".formatted(name));
    }
    return role;
  }

  /** What DISCARD ALL does about roles. */
  void resetRoles() {
    session.settings().setRole("session_authorization", null, false);
    session.settings().setRole("role", null, false);
  }

  private static @Nullable String check(String name, @Nullable String value) {
    Setting setting = Setting.find(name);
    if (setting == null && !Setting.isCustomName(name)) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_OBJECT,
          "unrecognized configuration parameter \"%s\"".formatted(name));
    }
    return setting == null || value == null ? value : setting.canonical().apply(value);
  }

  private static IsolationLevel isolation(String value) {
    Setting setting = Setting.find("transaction_isolation");
    return IsolationLevel.named(setting == null ? value : setting.canonical().apply(value));
  }

  private void setModes(VariableSetStmt stmt, boolean inString) {
    switch (stmt.getName()) {
      case "TRANSACTION" -> {
        if (!inString && !transaction.isBlock()) {
          session.notice(
              Notice.warning(
                  ErrorCode.NO_ACTIVE_SQL_TRANSACTION,
                  "SET TRANSACTION can only be used in transaction blocks"));
          return;
        }
        transactionModes(stmt.getArgsList(), false);
      }
      case "SESSION CHARACTERISTICS" -> transactionModes(stmt.getArgsList(), true);
      default -> throw unsupported("SET " + stmt.getName());
    }
  }

  /** Applies isolation level and access mode to the transaction, or as the session's defaults. */
  void transactionModes(List<Node> modes, boolean asDefault) {
    for (Node mode : modes) {
      DefElem element = mode.getDefElem();
      String value = constant(element.getArg());
      switch (element.getDefname()) {
        case "transaction_isolation" -> {
          if (asDefault) {
            session.settings().set("default_transaction_isolation", value, false);
          } else {
            transaction.setIsolation(isolation(value));
          }
        }
        case "transaction_read_only" -> {
          String on = value.equals("0") ? "off" : "on";
          if (asDefault) {
            session.settings().set("default_transaction_read_only", on, false);
          } else {
            transaction.setReadOnly(on.equals("on"));
          }
        }
        case "transaction_deferrable" -> {
          boolean on = !value.equals("0");
          if (asDefault) {
            session.settings().set("default_transaction_deferrable", on ? "on" : "off", false);
          } else {
            transaction.setDeferrable(on);
          }
        }
        default -> throw unsupported("transaction mode " + element.getDefname());
      }
    }
  }

  private String value(String name, List<Node> arguments) {
    boolean identifiers = name.equalsIgnoreCase("search_path");
    List<String> parts = new ArrayList<>();
    for (Node argument : arguments) {
      String part = constant(argument);
      parts.add(identifiers ? quoteIdentifier(part) : part);
    }
    return String.join(", ", parts);
  }

  private static String quoteIdentifier(String name) {
    return name.matches("[a-z_][a-z0-9_$]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String constant(Node node) {
    return switch (node.getNodeCase()) {
      case A_CONST -> constant(node.getAConst());
      case STRING -> node.getString().getSval();
      case INTEGER -> Integer.toString(node.getInteger().getIval());
      case TYPE_CAST -> zoneOffset(node.getTypeCast());
      default -> throw unsupported("this form of value in SET");
    };
  }

  /** SET TIME ZONE INTERVAL '...': the only typed value that the grammar lets through. */
  private static String zoneOffset(TypeCast cast) {
    List<Node> modifiers = cast.getTypeName().getTypmodsList();
    long[] range = modifiers.stream().mapToLong(m -> m.getAConst().getIval().getIval()).toArray();
    PgType type = PgTypes.byOid(PgOid.INTERVAL);
    Integer modifier = range.length == 0 ? Integer.valueOf(-1) : type.typmodOf(range);
    Interval offset =
        (Interval)
            type.parse(constant(cast.getArg()), modifier == null ? -1 : modifier, TypeContext.UTC);
    if (offset.months() != 0 || offset.days() != 0) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "cannot specify %s in time zone interval"
              .formatted(offset.months() != 0 ? "months" : "days"));
    }
    return TimeZones.offsetName((int) (offset.micros() / 1_000_000));
  }

  private static String constant(A_Const value) {
    return switch (value.getValCase()) {
      case IVAL -> Integer.toString(value.getIval().getIval());
      case FVAL -> value.getFval().getFval();
      case BOOLVAL -> value.getBoolval().getBoolval() ? "on" : "off";
      case SVAL -> value.getSval().getSval();
      case BSVAL -> value.getBsval().getBsval();
      case VAL_NOT_SET -> throw unsupported("this form of value in SET");
    };
  }

  // ---- SHOW ----

  List<OutputColumn> columns(VariableShowStmt stmt) {
    if (stmt.getName().equals("all")) {
      return List.of(column("name"), column("setting"), column("description"));
    }
    Setting setting = Setting.find(stmt.getName());
    return List.of(column(setting == null ? stmt.getName() : setting.name()));
  }

  private static OutputColumn column(String name) {
    return new OutputColumn(name, TEXT, 0, 0);
  }

  void show(VariableShowStmt stmt, ResultSink sink) {
    List<OutputColumn> columns = columns(stmt);
    if (stmt.getName().equals("all")) {
      sink.columns(columns);
      for (Setting setting : Setting.all()) {
        send(sink, setting.name(), shown(setting.name()), setting.description());
      }
      return;
    }
    String value = shown(stmt.getName());
    sink.columns(columns);
    send(sink, value);
  }

  private static void send(ResultSink sink, String... values) {
    Row row = column -> values[column];
    sink.row(row);
  }

  private String shown(String name) {
    return session.scope().settingValue(name);
  }

  private static ShardForgeException unsupported(String what) {
    return new ShardForgeException(ErrorCode.FEATURE_NOT_SUPPORTED, what + " is not supported");
  }
}
