package io.shardforge.sql.session;

import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.raft.txn.TxnClient;
import io.shardforge.sql.backup.BackupServices;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.Catalog;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.Memberships;
import io.shardforge.sql.catalog.RelationUse.Count;
import io.shardforge.sql.catalog.RelationUses;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.Sequences;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TemplateDatabases;
import io.shardforge.sql.ddl.DdlExecutor;
import io.shardforge.sql.ddl.ExpressionBinder;
import io.shardforge.sql.exec.MemoryPool;
import io.shardforge.sql.exec.SpillSpace;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.plan.Planner;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all sessions of a node share, and the door through which a client gets one. Any thread. */
public final class SessionFactory {
  /**
   * A client that wants in; it has proved who it is.
   *
   * @param encryption null without TLS
   */
  public record Client(
      int processId,
      String user,
      String database,
      Map<String, String> parameters,
      @Nullable String remoteHost,
      int remotePort,
      @Nullable String serverHost,
      int serverPort,
      @Nullable Encryption encryption) {}

  /**
   * A connection's TLS.
   *
   * @param clientName the subject of the client's certificate; null, as what follows, without one
   */
  public record Encryption(
      String protocol,
      String cipher,
      @Nullable String clientName,
      @Nullable BigInteger clientSerial,
      @Nullable String issuerName) {}

  /** Runs a task once after a delay; the result cancels it. */
  public interface Timer {
    Runnable schedule(long delayMillis, Runnable task);
  }

  /** The sessions of this node by process id. */
  public interface Directory {
    Iterable<Session> sessions();

    @Nullable Session session(int processId);

    /** Cancels what a session runs, if the secret is that of its client. */
    void cancel(int processId, byte[] secret);
  }

  /** What the server gives: the layers below and its own services. */
  public record Services(
      int nodeId,
      TxnClient transactions,
      ClusterControl cluster,
      Catalog catalog,
      Sequences sequences,
      SqlParser parser,
      Planner planner,
      DdlExecutor ddl,
      ExpressionBinder expressions,
      MemoryPool memory,
      SpillSpace spillSpace,
      Executor scanWorkers,
      Clock clock,
      Randomness randomness,
      Timer timer,
      SessionMonitor monitor,
      Directory directory,
      ClusterSessions sessions,
      ClusterMetrics metrics,
      NodeAlerts alerts,
      ClusterLog log,
      ChangedRows changedRows,
      RelationUses uses,
      Channels channels,
      JobSteps jobSteps,
      BackupServices backups,
      StatementStatistics statements,
      NodeConfiguration configuration,
      int connectionsMax,
      long startMicros) {
    /** What counts for a database what its sessions do. */
    SessionMonitor monitorOf(int databaseId) {
      return new DatabaseMonitor(() -> uses.database(databaseId), monitor);
    }
  }

  private final Services services;

  public SessionFactory(Services services) {
    this.services = services;
  }

  Services services() {
    return services;
  }

  /** A session of the system's own, which no client sees: that of the first superuser. */
  Session openOwn(DatabaseDescriptor database) {
    RoleDescriptor role = clusterCatalog().role(SystemOids.ROLE_POSTGRES);
    if (role == null) {
      throw new IllegalStateException("the first superuser is not there");
    }
    Client client = new Client(0, role.name(), database.name(), Map.of(), null, 0, null, 0, null);
    Session session = new Session(services, client, role, database, NoResult.INSTANCE);
    new SessionStart(services, session.settings()).apply(role, client);
    return session;
  }

  /**
   * Cancels what a session of any node runs, if the secret is that of its client; completes when
   * that is done, or cannot be. Does not block.
   */
  public CompletableFuture<Void> cancel(int processId, byte[] secret) {
    return services.sessions.cancel(processId, secret);
  }

  /** The SCRAM verifier of a role that may log in, or null. */
  public @Nullable String passwordVerifier(String user) {
    RoleDescriptor role = clusterCatalog().role(user);
    return role == null || isExpired(role) ? null : role.verifier();
  }

  /** That of the first superuser, whatever its name is and whether or not it may log in. */
  public @Nullable String firstSuperuserVerifier() {
    RoleDescriptor role = clusterCatalog().role(SystemOids.ROLE_POSTGRES);
    return role == null ? null : role.verifier();
  }

  /** Whether a user is a member of a role, directly or through others, or the role itself. */
  public boolean isMember(String user, String role) {
    CatalogSnapshot catalog = clusterCatalog();
    RoleDescriptor member = catalog.role(user);
    RoleDescriptor group = catalog.role(role);
    return member != null && group != null && Memberships.reaches(catalog, member.id(), group.id());
  }

  private boolean isExpired(RoleDescriptor role) {
    Long until = role.validUntil();
    return until != null && until < services.clock.wallMicros() - TransactionBlock.EPOCH_MICROS;
  }

  private CatalogSnapshot clusterCatalog() {
    try {
      return services.catalog.newest(SystemOids.DATABASE_POSTGRES);
    } catch (KvException e) {
      throw new ErrorMapper(_ -> "the catalog").map(e.error());
    }
  }

  /**
   * Opens a session: 28000 for a role that may not log in, 3D000 for a database that is not there,
   * 55000 for one that takes no connections, 42501 without the privilege to connect, 53300 for a
   * role or database that has as many connections as it may have.
   */
  public Session open(Client client, SessionListener listener) {
    CatalogSnapshot catalog = clusterCatalog();
    RoleDescriptor role = catalog.role(client.user());
    if (role == null) {
      throw new ShardForgeException(
          ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION,
          "role \"%s\" does not exist".formatted(client.user()));
    }
    if (!role.login()) {
      throw new ShardForgeException(
          ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION,
          "role \"%s\" is not permitted to log in".formatted(client.user()));
    }
    DatabaseDescriptor database = catalog.database(client.database());
    if (database == null) {
      database = TemplateDatabases.named(client.database());
    }
    if (database == null) {
      throw new ShardForgeException(
          ErrorCode.INVALID_CATALOG_NAME,
          "database \"%s\" does not exist".formatted(client.database()));
    }
    requireMayConnect(catalog, role, database);
    Session session = new Session(services, client, role, database, listener);
    new SessionStart(services, session.settings()).apply(catalog, database, role, client);
    services.uses.database(database.id()).add(Count.SESSIONS, 1);
    return session;
  }

  private void requireMayConnect(
      CatalogSnapshot catalog, RoleDescriptor role, DatabaseDescriptor database) {
    if (!database.allowConnections()) {
      throw new ShardForgeException(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "database \"%s\" is not currently accepting connections".formatted(database.name()));
    }
    if (role.superuser()) {
      return;
    }
    if (!AccessCheck.of(catalog, role.id()).mayDatabase(database, Privilege.CONNECT)) {
      throw new ShardForgeException(
              ErrorCode.INSUFFICIENT_PRIVILEGE,
              "permission denied for database \"%s\"".formatted(database.name()))
          .withDetail("User does not have CONNECT privilege.");
    }
    requireRoom(
        role.connectionLimit(),
        new ClusterSessions.Selection(0, 0, role.id()),
        () -> "role \"%s\"".formatted(role.name()));
    requireRoom(
        database.connectionLimit(),
        new ClusterSessions.Selection(0, database.id(), 0),
        () -> "database \"%s\"".formatted(database.name()));
  }

  /**
   * Counts sessions of all nodes that answer. Of two that come for the last place at once both may
   * get in.
   */
  private void requireRoom(int limit, ClusterSessions.Selection counted, Supplier<String> whose) {
    if (limit < 0) {
      return;
    }
    int open;
    try {
      open = services.sessions.find(counted).sessions().size();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Cancellation.termination();
    }
    if (open >= limit) {
      throw new ShardForgeException(
          ErrorCode.TOO_MANY_CONNECTIONS, "too many connections for " + whose.get());
    }
  }
}
