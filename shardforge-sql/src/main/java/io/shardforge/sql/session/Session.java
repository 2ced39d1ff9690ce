package io.shardforge.sql.session;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.RestrictedSnapshot;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SessionSequences;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.system.SessionCatalog;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.MemoryBudget;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.plan.Plan;
import io.shardforge.sql.plan.PlanContext;
import io.shardforge.sql.plan.TableStatistics;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.sql.type.TypeScope;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection's conversation with the database: a method a verb of the wire protocol, in the
 * order in which a client may use them. Everything but {@link #cancel}, {@link #terminate} and the
 * read-only views runs on the session's thread.
 */
public final class Session implements AutoCloseable {
  /** Prepared statements a session may keep. */
  static final int PREPARED_STATEMENTS_MAX = 10_000;

  private final SessionFactory.Services services;
  private final SessionFactory.Client client;
  private final DatabaseDescriptor database;
  private final SessionListener listener;
  private final SessionSettings settings;
  private final TransactionBlock transaction;
  private final StatementRunner runner;
  private final UtilityRunner utilities;
  private final OwnStatements ownStatements = new OwnStatements(this);
  private final ForeignKeyActions foreignKeys;
  private final Cancellation cancellation = new Cancellation();
  private final TimeLimits limits = new TimeLimits(this, cancellation);
  private final Failures failures;
  private final SessionEnvironment scope;
  private final SessionSequences sequences;
  private final SessionCatalog names;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private final Portals portals = new Portals();
  private final TypeScope types;
  private final TemporaryObjects temporaries = new TemporaryObjects(this);
  private final RoleDescriptor role;
  private RoleDescriptor current;
  private volatile SessionActivity activity;
  private volatile boolean endWhenIdle;
  private volatile boolean idle = true;
  private long statementMicros;
  private boolean statementBegun;
  private boolean implicitFailed;

  Session(
      SessionFactory.Services services,
      SessionFactory.Client client,
      RoleDescriptor role,
      DatabaseDescriptor database,
      SessionListener listener) {
    this.services = services;
    this.client = client;
    this.role = role;
    this.current = role;
    this.database = database;
    this.listener = listener;
    this.scope = new SessionEnvironment(this);
    this.names =
        new SessionCatalog(
            () -> transaction().snapshot(),
            () -> settings().searchPath(),
            this::roleId,
            services.sequences(),
            services.parser());
    this.settings = new SessionSettings(listener, names);
    this.types = new TypeScope(settings::searchPath);
    this.transaction =
        new TransactionBlock(
            services,
            database.id(),
            settings,
            new Notifications(this, services.channels()),
            temporaries::beforeCommit);
    this.foreignKeys = new ForeignKeyActions(this, transaction);
    this.runner = new StatementRunner(this, transaction, services.monitor());
    this.utilities = new UtilityRunner(this, transaction, services);
    this.failures =
        new Failures(
            new ErrorMapper(scope::relationOf),
            cancellation,
            services.monitorOf(database.id()),
            client.processId());
    this.sequences =
        new SessionSequences(
            services.sequences(), transaction::snapshot, this::roleId, transaction::isReadOnly);
    this.activity = SessionActivity.started(clock().wallMillis());
  }

  // ---- simple protocol ----

  /**
   * Runs a query string: each statement's outcome goes to the sink; one transaction around all that
   * open none.
   */
  public void query(String sql, ResultSink sink) {
    statements.remove("");
    closePortal("");
    // An error of an earlier query string ended with that string.
    implicitFailed = false;
    guarded(
        sql,
        () -> {
          List<ParsedStatement> parsed = QueryStrings.parse(sql, this);
          if (parsed.isEmpty()) {
            sink.emptyQuery();
          }
          for (int i = 0; i < parsed.size(); i++) {
            boolean last = i == parsed.size() - 1;
            runSimple(parsed.get(i), parsed.size() == 1, last, sink);
          }
          if (!transaction.isBlock()) {
            endImplicit();
          }
        });
  }

  private void runSimple(ParsedStatement statement, boolean only, boolean last, ResultSink sink) {
    requireNotFailed(statement);
    if (!only) {
      transaction.beginString();
    }
    PreparedStatement prepared = PreparedStatement.unparameterized(statement);
    try (Portal portal = new Portal(prepared, new Object[0], List.of())) {
      runPortal(portal, 0, only && !transaction.isBlock(), !only, sink);
    }
    if (!last) {
      endStatement();
    }
  }

  // ---- extended protocol ----

  /** Parse. */
  public void parse(String name, String sql, int[] parameterTypes) {
    guarded(
        sql,
        () -> {
          if (!name.isEmpty() && statements.containsKey(name)) {
            throw new ShardForgeException(
                ErrorCode.DUPLICATE_PREPARED_STATEMENT,
                "prepared statement \"%s\" already exists".formatted(name));
          }
          List<ParsedStatement> parsed = QueryStrings.parse(sql, this);
          if (parsed.size() > 1) {
            throw new ShardForgeException(
                ErrorCode.SYNTAX_ERROR,
                "cannot insert multiple commands into a prepared statement");
          }
          ParsedStatement statement = parsed.isEmpty() ? null : parsed.getFirst();
          PreparedStatement prepared =
              new PreparedStatement(
                  name, statement, Arrays.stream(parameterTypes).boxed().toList());
          if (statement != null) {
            requireNotFailed(statement);
            if (!transaction.isFailed()) {
              plan(prepared);
            }
          }
          keep(prepared.made(transaction.nowMicros(), false));
        });
  }

  void keep(PreparedStatement prepared) {
    if (statements.size() >= PREPARED_STATEMENTS_MAX && !statements.containsKey(prepared.name())) {
      throw new ShardForgeException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "a session can have %d prepared statements".formatted(PREPARED_STATEMENTS_MAX));
    }
    statements.put(prepared.name(), prepared);
  }

  /** Bind; a parameter that is null is SQL NULL. */
  public void bind(
      String portalName, String statementName, short[] formats, byte[] @Nullable [] parameters) {
    guarded(
        "",
        () -> {
          PreparedStatement prepared = statement(statementName);
          if (prepared.statement() != null) {
            requireNotFailed(prepared.statement());
          }
          if (transaction.cursors().find(portalName) != null) {
            throw Cursors.exists(portalName);
          }
          portals.prepare(portalName);
          List<OutputColumn> columns = List.of();
          if (prepared.statement() != null) {
            columns = transaction.isFailed() ? List.of() : planned(prepared).columns();
          }
          @Nullable Object[] values =
              BoundParameters.read(prepared, formats, parameters, typeContext());
          portals.add(portalName, new Portal(prepared, values, columns), transaction.nowMicros());
        });
  }

  /** Describe of a statement. */
  public StatementDescription describeStatement(String name) {
    PreparedStatement prepared = statement(name);
    StatementDescription[] result = {
      new StatementDescription(prepared.parameterTypes(), List.of(), false)
    };
    if (prepared.statement() != null) {
      guarded(
          "",
          () ->
              result[0] =
                  new StatementDescription(
                      prepared.parameterTypes(),
                      transaction.isFailed() ? List.of() : planned(prepared).columns(),
                      !transaction.isFailed() && prepared.returnsRows()));
    }
    return result[0];
  }

  /** The columns of a portal's rows, or of a cursor's; none for a statement without rows. */
  public List<OutputColumn> portalColumns(String name) {
    Cursor cursor = transaction.cursors().find(name);
    return cursor == null ? portal(name).columns() : cursor.columns();
  }

  public boolean portalReturnsRows(String name) {
    return transaction.cursors().find(name) != null || portal(name).prepared().returnsRows();
  }

  /**
   * Execute.
   *
   * @param maxRows 0 for all
   * @param syncFollows whether Sync is known to be next, so that the transaction may end with the
   *     statement
   */
  public void execute(String portalName, int maxRows, boolean syncFollows, ResultSink sink) {
    Portal portal = portal(portalName);
    ParsedStatement statement = portal.prepared().statement();
    if (statement == null) {
      sink.emptyQuery();
      return;
    }
    guarded(
        statement.text(),
        () -> {
          requireNotFailed(statement);
          if (portal.isFinished()) {
            throw Cursor.cannotRun(portalName);
          }
          runPortal(portal, maxRows, syncFollows && !transaction.isBlock(), false, sink);
        });
  }

  /** Close of a statement; one that is not there is no error. */
  public void closeStatement(String name) {
    statements.remove(name);
  }

  /** Close of a portal; one that is not there is no error. */
  public void closePortal(String name) {
    transaction.cursors().closeIfThere(name);
    portals.close(name);
  }

  /** Sync: the implicit transaction ends. */
  public void sync() {
    guarded(
        "",
        () -> {
          if (!transaction.isBlock()) {
            endImplicit();
          }
        });
    implicitFailed = false;
  }

  /** An error was reported: what the transaction did so far is void. */
  public void fail() {
    if (transaction.isBlock()) {
      transaction.fail();
    } else {
      transaction.rollback();
      implicitFailed = true;
    }
    closePortals();
    statementBegun = false;
  }

  /** The status byte of ReadyForQuery; also marks the session idle. */
  public char transactionStatus() {
    char status = transaction.status();
    activity = activity.ended(clock().wallMillis(), status);
    idle = true;
    return status;
  }

  // ---- running ----

  private void runPortal(
      Portal portal, long maxRows, boolean commitAfter, boolean inString, ResultSink sink) {
    ParsedStatement statement = portal.prepared().statement();
    if (statement == null) {
      sink.emptyQuery();
      return;
    }
    long started = clock().monotonicNanos();
    runner.log().begins(statement);
    Plan plan = portal.isSuspended() ? portal.prepared().anyPlan() : planOrNull(portal.prepared());
    long planned = clock().monotonicNanos();
    boolean commits = commitAfter && !temporaries.actOnCommit();
    runPlan(plan, statement, portal, maxRows, commits, inString, sink);
    if (!portal.isSuspended()) {
      endStatement();
      runner.ended(plan, statement, portal, started, planned);
    }
  }

  /** Runs a plan without ending the statement: also what EXECUTE names. */
  void runPlan(
      @Nullable Plan plan,
      ParsedStatement statement,
      Portal portal,
      long maxRows,
      boolean commitAfter,
      boolean inString,
      ResultSink sink) {
    switch (plan) {
      case Plan.QueryPlan _ -> runner.run(portal, maxRows, commitAfter, sink);
      case Plan.ExplainPlan explain -> utilities.explain(explain, portal, sink);
      case Plan.CopyFromPlan copy -> utilities.copyFrom(copy, commitAfter, sink);
      case Plan.CopyToPlan copy -> utilities.copyTo(copy, sink);
      case Plan.DeclarePlan declare -> utilities.declare(declare, portal, inString, sink);
      case Plan.UtilityPlan utility ->
          utilities.run(utility, portal, maxRows, commitAfter, inString, sink);
      case null -> utilities.runUnplanned(statement, sink);
    }
  }

  /** In a failed block nothing is planned: only what ends it is let through. */
  private @Nullable Plan planOrNull(PreparedStatement prepared) {
    return transaction.isFailed() ? null : plan(prepared);
  }

  /** The statement with a plan for the catalog of the moment. */
  PreparedStatement planned(PreparedStatement prepared) {
    plan(prepared);
    return prepared;
  }

  /** The plan of a statement for the catalog of the moment. */
  Plan plan(PreparedStatement prepared) {
    ParsedStatement statement = prepared.statement();
    if (statement == null) {
      throw new IllegalStateException("an empty statement has no plan");
    }
    if (UtilityRunner.needsNoCatalog(statement)) {
      Plan plan = new Plan.UtilityPlan(statement);
      prepared.keep(plan, utilities.columnsOf(statement), 0, List.of(), 0);
      return plan;
    }
    beginStatementOnce();
    CatalogSnapshot catalog = transaction.catalog().snapshot();
    List<String> searchPath = settings.searchPath();
    int roleId = roleId();
    Plan known = prepared.planFor(catalog.version(), searchPath, roleId);
    if (known != null) {
      return known;
    }
    long started = clock().monotonicNanos();
    Plan plan =
        services
            .planner()
            .plan(
                statement,
                planContext(catalog, prepared.declaredTypes(), prepared.infersParameters()));
    prepared.planned(clock().monotonicNanos() - started);
    prepared.keep(plan, plan.columns(), catalog.version(), searchPath, roleId);
    return plan;
  }

  private PlanContext planContext(
      CatalogSnapshot catalog, List<Integer> parameterTypes, boolean infersParameters) {
    return new PlanContext(
        RestrictedSnapshot.of(catalog, roleId()),
        settings.searchPath(),
        parameterTypes,
        typeContext(),
        TableStatistics.of(catalog),
        infersParameters);
  }

  /** What the system's own expressions are planned in: no privileges apply. */
  PlanContext ownPlanContext(CatalogSnapshot catalog) {
    return new PlanContext(
        catalog, List.of(), List.of(), typeContext(), TableStatistics.of(catalog), false);
  }

  /** What a statement without parameters is planned in. */
  PlanContext planContext() {
    beginStatementOnce();
    return planContext(transaction.catalog().snapshot(), List.of(), false);
  }

  /** Starts the statement on the key-value transaction unless Parse or Bind has done so already. */
  void beginStatementOnce() {
    if (!statementBegun) {
      beginStatement();
    }
  }

  /** Starts the statement on the key-value transaction, with a fresh snapshot at READ COMMITTED. */
  void beginStatement() {
    transaction.txn().beginStatement(limits.deadline(), settings.lockTimeout());
    statementMicros = transaction.statementMicros();
    statementBegun = true;
  }

  /** The next statement begins anew on the key-value transaction. */
  void endStatement() {
    statementBegun = false;
  }

  /** Commits what no BEGIN opened. */
  void endImplicit() {
    closePortals();
    statementBegun = false;
    if (transaction.isOpen()) {
      if (implicitFailed) {
        transaction.rollback();
      } else {
        transaction.commit();
      }
    }
  }

  /** Makes sure that there is memory for a large value before it is made, or fails with 53200. */
  public void admitLarge(long bytes) {
    try (MemoryBudget budget =
        new MemoryBudget(services.memory(), services.memory().limitBytes())) {
      budget.admitLarge(bytes);
    }
  }

  Execution newExecution(@Nullable Object[] parameters) {
    return newExecution(transaction.txn(), transaction.catalog().snapshot(), parameters);
  }

  /** For work in a transaction that is not the session's. */
  Execution newExecution(Txn txn, CatalogSnapshot catalog) {
    return newExecution(txn, catalog, new Object[0]);
  }

  private Execution newExecution(Txn txn, CatalogSnapshot catalog, @Nullable Object[] parameters) {
    return new Execution(
        txn,
        catalog,
        parameters,
        scope,
        new MemoryBudget(services.memory(), services.memory().limitBytes()),
        services.spillSpace(),
        services.scanWorkers());
  }

  /**
   * A write was refused because its table's version is too old: makes sure that a newer one comes.
   */
  void schemaChanged(KvError.SchemaChanged changed) {
    services.catalog().republish(database.id(), changed.tableId(), changed.floor());
  }

  private void requireNotFailed(ParsedStatement statement) {
    if (transaction.isFailed() && !UtilityRunner.endsFailedBlock(statement)) {
      throw transactionAborted();
    }
  }

  private static ShardForgeException transactionAborted() {
    return new ShardForgeException(
        ErrorCode.IN_FAILED_SQL_TRANSACTION,
        "current transaction is aborted, commands ignored until end of transaction block");
  }

  /**
   * Runs a verb with cancellation and timeout armed, and turns every failure into what the client
   * is told.
   */
  private void guarded(String sql, Runnable verb) {
    idle = false;
    activity = activity.running(clock().wallMillis(), sql, settings.get("application_name"));
    cancellation.begin();
    try {
      limits.begin();
      types.run(verb);
    } catch (ClientGoneException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      ShardForgeException told = failures.told(e, activity.query());
      if (told.code() == ErrorCode.INSUFFICIENT_PRIVILEGE) {
        AuditLog.forbidden(this, activity.query(), told);
      }
      throw told;
    } finally {
      limits.end();
      cancellation.end();
    }
  }

  // ---- what others ask ----

  /** Runs something that needs to know the types of the session's values. */
  public void withTypes(Runnable work) {
    types.run(work);
  }

  /** Stops what runs, if anything does. */
  public void cancel() {
    cancellation.request(Cancellation.Reason.USER_REQUEST);
  }

  /** Stops what runs and ends the connection. */
  public void terminate() {
    end(Cancellation.Reason.TERMINATION);
  }

  /** The same for a reason of which the client is told. Any thread. */
  void end(Cancellation.Reason why) {
    cancellation.request(why);
    listener.wake();
  }

  /** The error of a statement that was told to stop. */
  ShardForgeException stopped() {
    return cancellation.error();
  }

  /** Ends the connection once it runs nothing and no transaction is open. */
  public void terminateWhenIdle() {
    endWhenIdle = true;
    listener.wake();
  }

  public boolean isTerminated() {
    return cancellation.isTerminated();
  }

  /** Whether a connection that waits for its client should end instead. */
  public boolean shouldEndWhenIdle() {
    return cancellation.isTerminated() || (endWhenIdle && idle && transaction.status() == 'I');
  }

  /** Whether notifications have arrived of which the client can be told now. */
  public boolean hasNotifications() {
    return idle && transaction.status() == 'I' && transaction.notifications().hasArrived();
  }

  /** Tells the client of notifications that have arrived, unless it is in a transaction. */
  public void tellNotifications() {
    if (transaction.status() == 'I') {
      transaction.notifications().tell(listener);
    }
  }

  /** Until when the client may say nothing. */
  public Deadline idleDeadline() {
    return idle ? limits.idleDeadline() : Deadline.never();
  }

  /** The reason for ending a connection whose wait ended without a message. */
  public ShardForgeException idleEnd() {
    if (shouldEndWhenIdle()) {
      return isTerminated() ? cancellation.error() : Cancellation.termination();
    }
    return limits.idleEnd();
  }

  /** What its current role may do. */
  AccessCheck access() {
    return AccessCheck.of(transaction.catalog().snapshot(), roleId());
  }

  public boolean isSuperuser() {
    return role.superuser();
  }

  /** Settings that the client is told at the start, by name. */
  public Map<String, String> reportedSettings() {
    return settings.reported();
  }

  /** What reading and writing values depends on now. */
  public TypeContext typeContext() {
    return settings.typeContext(transaction.startMicros());
  }

  public SessionActivity activity() {
    return activity;
  }

  public SessionFactory.Client client() {
    return client;
  }

  public int databaseId() {
    return database.id();
  }

  /** The OID of the role whose privileges count now. */
  int roleId() {
    return role().id();
  }

  /** The same as far as it was looked at last. */
  int lastRoleId() {
    return current.id();
  }

  /** The OID of the role that the client logged in as. Any thread. */
  public int loginRoleId() {
    return role.id();
  }

  @Override
  public void close() {
    closePortals();
    transaction.rollback();
    transaction.cursors().closeAll();
    utilities.close();
    temporaries.close();
  }

  TemporaryObjects temporaries() {
    return temporaries;
  }

  /** The schema of the session's temporary objects, null if it has none. Any thread. */
  public @Nullable String temporarySchema() {
    return temporaries.schemaOrNull();
  }

  // ---- parts of the session for its own package ----

  SessionFactory.Services services() {
    return services;
  }

  /** Notes that rows of a table were changed. */
  void changed(TableDescriptor table, long rows) {
    services.changedRows().add(databaseId(), table.id(), rows);
  }

  SessionSettings settings() {
    return settings;
  }

  TransactionBlock transaction() {
    return transaction;
  }

  SessionListener listener() {
    return listener;
  }

  /** Tells the client something, unless it does not want to hear of so little. */
  void notice(Notice notice) {
    if (notice.severity().reaches(settings.get("client_min_messages"))) {
      listener.notice(notice);
    }
  }

  SessionEnvironment scope() {
    return scope;
  }

  OwnStatements ownStatements() {
    return ownStatements;
  }

  /** Ends a statement's work on its rows, with what foreign keys make of it. */
  void finish(Execution execution) {
    execution.finish();
    foreignKeys.run(execution);
  }

  StatementRunner runner() {
    return runner;
  }

  DatabaseDescriptor database() {
    return database;
  }

  /** The role whose privileges count: that of SET ROLE, else the session's. */
  RoleDescriptor role() {
    RoleDescriptor known = current;
    if (!known.name().equals(settings.roleName())) {
      known = roleNamed(settings.roleName());
      current = known;
    }
    return known;
  }

  /** The session's role: that of SET SESSION AUTHORIZATION, else of the login. */
  RoleDescriptor sessionRole() {
    String name = settings.get("session_authorization");
    return name.equals(role.name()) ? role : roleNamed(name);
  }

  /** The role that the client logged in as. */
  RoleDescriptor loginRole() {
    return role;
  }

  private RoleDescriptor roleNamed(String name) {
    RoleDescriptor found = transaction.snapshot().role(name);
    if (found == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_OBJECT, "role \"%s\" does not exist".formatted(name));
    }
    return found;
  }

  Clock clock() {
    return services.clock();
  }

  /** statement_timestamp() in microseconds since 2000-01-01 UTC. */
  long statementMicros() {
    return statementMicros;
  }

  Deadline statementDeadline() {
    return limits.deadline();
  }

  ShardForgeException cancellationError() {
    return cancellation.error();
  }

  SessionCatalog names() {
    return names;
  }

  SessionSequences sequences() {
    return sequences;
  }

  Map<String, PreparedStatement> statements() {
    return statements;
  }

  PreparedStatement statement(String name) {
    PreparedStatement prepared = statements.get(name);
    if (prepared == null) {
      throw new ShardForgeException(
          ErrorCode.INVALID_SQL_STATEMENT_NAME,
          name.isEmpty()
              ? "unnamed prepared statement does not exist"
              : "prepared statement \"%s\" does not exist".formatted(name));
    }
    return prepared;
  }

  /** A portal; those of a failed transaction are gone, but what is told is that it has failed. */
  private Portal portal(String name) {
    if (transaction.isFailed() && portals.find(name) == null) {
      throw transactionAborted();
    }
    return portals.require(name);
  }

  Portals portals() {
    return portals;
  }

  void closePortals() {
    portals.closeAll();
  }
}
