package io.shardforge.sql.session;

import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.BackupJobs;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.PredefinedRole;
import io.shardforge.sql.catalog.RelationUse;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableJobs;
import io.shardforge.sql.catalog.TemporarySchema;
import io.shardforge.sql.catalog.system.AccessRulesView;
import io.shardforge.sql.catalog.system.ActivityView;
import io.shardforge.sql.catalog.system.AlertsView;
import io.shardforge.sql.catalog.system.BackupJobsView;
import io.shardforge.sql.catalog.system.CursorsView;
import io.shardforge.sql.catalog.system.EncryptionView;
import io.shardforge.sql.catalog.system.KeyValues;
import io.shardforge.sql.catalog.system.LocksView;
import io.shardforge.sql.catalog.system.PreparedStatementsView;
import io.shardforge.sql.catalog.system.SettingsView;
import io.shardforge.sql.catalog.system.ShardsView;
import io.shardforge.sql.catalog.system.StatementsView;
import io.shardforge.sql.catalog.system.TableJobsView;
import io.shardforge.sql.catalog.system.UsesView;
import io.shardforge.sql.exec.RowConversion;
import io.shardforge.sql.exec.SessionScope;
import io.shardforge.sql.expr.EvalContext.FunctionServices;
import io.shardforge.sql.function.AdvisoryLockFunctions;
import io.shardforge.sql.function.AlertFunctions;
import io.shardforge.sql.function.BackupFunctions;
import io.shardforge.sql.function.BlockingFunctions;
import io.shardforge.sql.function.CatalogFunctions;
import io.shardforge.sql.function.ConfigurationFunctions;
import io.shardforge.sql.function.JobFunctions;
import io.shardforge.sql.function.LogFunctions;
import io.shardforge.sql.function.MetricFunctions;
import io.shardforge.sql.function.NodeFunctions;
import io.shardforge.sql.function.NotificationFunctions;
import io.shardforge.sql.function.ScheduleFunctions;
import io.shardforge.sql.function.SequenceFunctions;
import io.shardforge.sql.function.SessionFunctions;
import io.shardforge.sql.function.ShardFunctions;
import io.shardforge.sql.function.SizeFunctions;
import io.shardforge.sql.function.StatementFunctions;
import io.shardforge.sql.function.UseFunctions;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpace;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What expressions and functions reach of their session: its settings, names, clock and neighbours.
 */
final class SessionEnvironment implements SessionScope, FunctionServices, SessionFunctions {
  /** The first part of version(): the PostgreSQL version that is followed. */
  private static final String VERSION_TEXT =
      "PostgreSQL 17.0 (ShardForge 0.1.0), distributed, on Java " + Runtime.version().feature();

  /** How often pg_terminate_backend looks whether the connection has ended. */
  private static final double END_CHECK_SECONDS = 0.02;

  private final Session session;
  private @Nullable SplittableRandom seeded;

  SessionEnvironment(Session session) {
    this.session = session;
  }

  // ---- SessionScope ----

  @Override
  public long transactionMicros() {
    return session.transaction().startMicros();
  }

  @Override
  public long statementMicros() {
    return session.statementMicros();
  }

  @Override
  public ZoneId timeZone() {
    return typeContext().zone();
  }

  @Override
  public TypeContext typeContext() {
    return session.typeContext();
  }

  @Override
  public FunctionServices services() {
    return this;
  }

  @Override
  public ShardForgeException cancellation() {
    return session.cancellationError();
  }

  @Override
  public @Nullable String setting(String name) {
    return Setting.find(name) == null
            && session.settings().find(name) == null
            && ClusterSetting.find(name).isEmpty()
        ? null
        : settingValue(name);
  }

  /** The value of a setting as SHOW gives it: those of the transaction are what it really has. */
  String settingValue(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "transaction_isolation" -> {
        IsolationLevel level =
            session.transaction().isOpen()
                ? session.transaction().isolation()
                : session.settings().isolation("default_transaction_isolation");
        yield level.toString();
      }
      case "transaction_read_only" ->
          session.transaction().isOpen()
              ? session.transaction().isReadOnly() ? "on" : "off"
              : session.settings().get("default_transaction_read_only");
      case "transaction_deferrable" ->
          session.transaction().isOpen()
              ? session.transaction().isDeferrable() ? "on" : "off"
              : session.settings().get("default_transaction_deferrable");
      case "is_superuser" -> session.role().superuser() ? "on" : "off";
      default -> {
        ClusterSetting setting = ClusterSetting.find(name).orElse(null);
        yield setting == null
            ? session.settings().get(name)
            : session.services().cluster().setting(setting);
      }
    };
  }

  @Override
  public RelationUse use(int relationOid) {
    return session.services().uses().relation(session.databaseId(), relationOid);
  }

  // ---- FunctionServices ----

  @Override
  public int roleId() {
    return session.roleId();
  }

  @Override
  public <T> T get(Class<T> service) {
    if (service == SessionFunctions.class) {
      return service.cast(this);
    }
    if (service == CatalogFunctions.class) {
      return service.cast(session.names());
    }
    if (service == SequenceFunctions.class) {
      return service.cast(session.sequences());
    }
    if (service == ActivityView.class
        || service == SettingsView.class
        || service == CursorsView.class
        || service == PreparedStatementsView.class
        || service == StatementsView.class
        || service == StatementFunctions.class) {
      return service.cast(new SessionViews(session));
    }
    if (service == LocksView.class || service == BlockingFunctions.class) {
      return service.cast(new ClusterLocks(session));
    }
    if (service == KeyValues.class) {
      return service.cast(StoredValues.INSTANCE);
    }
    if (service == UsesView.class || service == UseFunctions.class) {
      return service.cast(new SessionUses(session));
    }
    if (service == AccessRulesView.class
        || service == EncryptionView.class
        || service == ConfigurationFunctions.class) {
      return service.cast(new SessionConfiguration(session));
    }
    if (service == MetricFunctions.class) {
      return service.cast(session.services().metrics());
    }
    if (service == AlertsView.class || service == AlertFunctions.class) {
      return service.cast(new SessionAlerts(session));
    }
    if (service == LogFunctions.class) {
      return service.cast(new SessionLog(session));
    }
    if (service == SizeFunctions.class) {
      return service.cast(new SessionSizes(session));
    }
    if (service == RowConversion.Source.class) {
      return service.cast(new RowConversions(session));
    }
    if (service == TableJobsView.class) {
      TableJobsView view = () -> TableJobs.all(session.transaction().txn());
      return service.cast(view);
    }
    if (service == AdvisoryLockFunctions.class) {
      return service.cast(new SessionLocks(session));
    }
    if (service == NotificationFunctions.class) {
      return service.cast(session.transaction().notifications());
    }
    if (service == ShardFunctions.class || service == ShardsView.class) {
      return service.cast(new SessionShards(session));
    }
    if (service == NodeFunctions.class) {
      return service.cast(new SessionNodes(session));
    }
    if (service == BackupFunctions.class) {
      return service.cast(new SessionBackups(session));
    }
    if (service == ScheduleFunctions.class) {
      return service.cast(new SessionSchedules(session));
    }
    if (service == JobFunctions.class) {
      return service.cast(new SessionJobs(session));
    }
    if (service == BackupJobsView.class) {
      BackupJobsView view = () -> BackupJobs.all(session.transaction().txn());
      return service.cast(view);
    }
    throw new IllegalArgumentException("no service " + service.getName());
  }

  /** The relation that a key belongs to, in words for an error. */
  String relationOf(byte[] key) {
    if (!KeySpace.dataSpan().contains(key)) {
      return "the catalog";
    }
    int dataId = KeySpace.tableIdOf(key);
    for (TableDescriptor table : session.transaction().catalog().snapshot().tables()) {
      if (table.dataId() == dataId) {
        return "relation \"" + table.name() + "\"";
      }
    }
    return "a relation that is gone";
  }

  // ---- SessionFunctions ----

  @Override
  public String databaseName() {
    return session.database().name();
  }

  @Override
  public String userName() {
    return session.role().name();
  }

  @Override
  public String sessionUserName() {
    return session.sessionRole().name();
  }

  @Override
  public List<String> searchPath(boolean implicit) {
    CatalogSnapshot catalog = session.transaction().catalog().snapshot();
    List<String> path = new ArrayList<>();
    List<String> configured = session.settings().searchPath();
    if (implicit && !configured.contains("pg_catalog")) {
      path.add("pg_catalog");
    }
    for (String name : configured) {
      if (catalog.schema(name) != null && (implicit || !TemporarySchema.is(name))) {
        path.add(name);
      }
    }
    return path;
  }

  @Override
  public long temporarySchemaId() {
    String name = session.temporarySchema();
    SchemaDescriptor schema =
        name == null ? null : session.transaction().catalog().snapshot().schema(name);
    return schema == null ? 0 : schema.id();
  }

  @Override
  public boolean isTemporarySchema(long oid) {
    SchemaDescriptor schema = session.transaction().catalog().snapshot().schema((int) oid);
    return schema != null && TemporarySchema.is(schema.name());
  }

  @Override
  public long backendPid() {
    return session.client().processId();
  }

  @Override
  public String currentQuery() {
    return session.activity().query();
  }

  @Override
  public String setSetting(String name, @Nullable String value, boolean local) {
    return session.settings().set(name, value, local);
  }

  @Override
  public boolean cancelBackend(long pid) {
    SessionReport other = other(pid, "cancel", "query", "queries", "canceled");
    return other != null && others().signal(other, false);
  }

  @Override
  public boolean terminateBackend(long pid, long timeoutMillis) {
    if (timeoutMillis < 0) {
      throw new ShardForgeException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "\"timeout\" must not be negative");
    }
    SessionReport other = other(pid, "terminate", "process", "processes", "terminated");
    return other != null
        && others().signal(other, true)
        && (timeoutMillis == 0 || awaitEnd(other.processId(), timeoutMillis));
  }

  private OtherSessions others() {
    return new OtherSessions(session);
  }

  private boolean awaitEnd(int pid, long timeoutMillis) {
    Deadline deadline = Deadline.after(session.clock(), Duration.ofMillis(timeoutMillis));
    for (ClusterSessions.Found found = others().find(pid);
        !found.sessions().isEmpty() || !found.silent().isEmpty();
        found = others().find(pid)) {
      if (deadline.isExpired(session.clock())) {
        session.notice(
            Notice.warning(
                ErrorCode.WARNING,
                "backend with PID %d did not terminate within %d milliseconds"
                    .formatted(pid, timeoutMillis)));
        return false;
      }
      sleep(END_CHECK_SECONDS);
    }
    return true;
  }

  /**
   * The session of a process id, if this one may signal it: a superuser any, others those of roles
   * whose privileges they have, and members of pg_signal_backend all but superusers'.
   */
  private @Nullable SessionReport other(
      long pid, String verb, String one, String many, String done) {
    ClusterSessions.Found found = others().find((int) pid);
    if (found.sessions().isEmpty()) {
      session.notice(
          Notice.warning(
              ErrorCode.WARNING,
              found.silent().isEmpty()
                  ? "PID %d is not a PostgreSQL server process".formatted(pid)
                  : "node %d of PID %d does not answer".formatted(found.silent().getFirst(), pid)));
      return null;
    }
    SessionReport other = found.sessions().getFirst();
    AccessCheck access = session.access();
    if (other.isSuperuser() && !access.isSuperuser()) {
      throw denied(
          verb + " " + one,
          ("Only roles with the SUPERUSER attribute may %s %s of roles with the SUPERUSER"
                  + " attribute.")
              .formatted(verb, many));
    }
    if (!access.actsAs(other.roleId()) && !access.actsAs(PredefinedRole.SIGNAL_BACKEND)) {
      throw denied(
          verb + " " + one,
          ("Only roles with privileges of the role whose %s is being %s or with privileges of the"
                  + " \"pg_signal_backend\" role may %s this %s.")
              .formatted(one, done, verb, one));
    }
    return other;
  }

  private static ShardForgeException denied(String what, String detail) {
    return new ShardForgeException(ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied to " + what)
        .withDetail(detail);
  }

  @Override
  public void sleep(double seconds) {
    if (!(seconds > 0)) {
      return;
    }
    try {
      session.clock().sleep(Duration.ofNanos((long) Math.min(seconds * 1e9, 9e18)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw session.cancellationError();
    }
  }

  @Override
  public long clockMicros() {
    return session.transaction().nowMicros();
  }

  @Override
  public long transactionId() {
    // The start timestamp names the transaction in the order in which transactions began.
    return session.transaction().txn().startTimestamp();
  }

  @Override
  public @Nullable Object cursorKey(String cursor, long table, int column) {
    Object changed = session.transaction().catalog().snapshot().relation((int) table);
    String name = changed instanceof TableDescriptor known ? known.name() : "";
    return session
        .transaction()
        .cursors()
        .requireOfTransaction(cursor)
        .currentKey(table, name, column);
  }

  @Override
  public double random() {
    return randomness().nextDouble();
  }

  @Override
  public long random(long low, long high) {
    if (high < Long.MAX_VALUE) {
      return randomness().nextLong(low, high + 1);
    }
    return low > Long.MIN_VALUE
        ? randomness().nextLong(low - 1, high) + 1
        : randomness().nextLong();
  }

  @Override
  public double randomNormal(double mean, double deviation) {
    return deviation * randomness().nextGaussian() + mean;
  }

  private RandomGenerator randomness() {
    SplittableRandom own = seeded;
    return own == null ? session.services().randomness()::nextLong : own;
  }

  @Override
  public void seed(double seed) {
    seeded = new SplittableRandom(Double.doubleToLongBits(seed));
  }

  @Override
  public long randomBits() {
    return session.services().randomness().nextLong();
  }

  @Override
  public long serverStartMicros() {
    return session.services().startMicros();
  }

  @Override
  public @Nullable String clientAddress() {
    return session.client().remoteHost();
  }

  @Override
  public long clientPort() {
    return session.client().remotePort();
  }

  @Override
  public @Nullable String serverAddress() {
    return session.client().serverHost();
  }

  @Override
  public long serverPort() {
    return session.client().serverPort();
  }

  @Override
  public String versionText() {
    return VERSION_TEXT;
  }
}
