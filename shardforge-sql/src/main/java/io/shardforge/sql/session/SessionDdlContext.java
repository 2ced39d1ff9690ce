package io.shardforge.sql.session;

import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.TableJobs;
import io.shardforge.sql.catalog.TransactionCatalog;
import io.shardforge.sql.ddl.DdlContext;
import io.shardforge.sql.ddl.ExpressionBinder;
import io.shardforge.sql.ddl.OnCommit;
import io.shardforge.sql.ddl.QuerySource;
import io.shardforge.sql.ddl.ViewQueries;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.Executor;
import io.shardforge.sql.exec.Operator;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.VariableSetStmt;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.plan.Plan;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a schema change sees of the session that runs it; one object a statement. */
final class SessionDdlContext implements DdlContext {
  /** How long the end of a session is waited for. */
  private static final Duration END_TIME = Duration.ofSeconds(5);

  private final Session session;
  private final ParsedStatement statement;
  private final boolean inString;
  private final boolean beginsTransaction;
  private final boolean endsTransaction;
  private final List<TableJob> jobs = new ArrayList<>();

  /**
   * What a statement sees.
   *
   * @param beginsTransaction whether the transaction has run no other statement
   * @param endsTransaction whether the transaction is this statement alone
   */
  SessionDdlContext(
      Session session,
      ParsedStatement statement,
      boolean inString,
      boolean beginsTransaction,
      boolean endsTransaction) {
    this.session = session;
    this.statement = statement;
    this.inString = inString;
    this.beginsTransaction = beginsTransaction;
    this.endsTransaction = endsTransaction;
  }

  /** What a statement within others sees. */
  SessionDdlContext(Session session, ParsedStatement statement, boolean inString) {
    this(session, statement, inString, false, false);
  }

  @Override
  public long setting(ClusterSetting setting) {
    return setting.number(session.services().cluster().setting(setting));
  }

  /** What is to be done with rows after the commit. */
  List<TableJob> jobs() {
    return jobs;
  }

  @Override
  public boolean beginsTransaction() {
    return beginsTransaction;
  }

  @Override
  public boolean isReadOnly() {
    return session.transaction().isReadOnly();
  }

  @Override
  public boolean endsTransaction() {
    return endsTransaction;
  }

  @Override
  public void workLater(TableJob job) {
    TableJob taken =
        TableJobAttempt.take(session.services(), job, session.client().processId(), txn());
    TableJobs.put(txn(), taken);
    jobs.add(taken);
  }

  @Override
  public Txn txn() {
    return session.transaction().txn();
  }

  @Override
  public TransactionCatalog catalog() {
    return session.transaction().catalog();
  }

  @Override
  public List<String> searchPath() {
    CatalogSnapshot snapshot = catalog().snapshot();
    return session.settings().searchPath().stream()
        .filter(name -> snapshot.schema(name) != null)
        .toList();
  }

  @Override
  public void within(String schema, String role, Runnable work) {
    SessionSettings settings = session.settings();
    settings.mark();
    try {
      String path = settings.get("search_path");
      String first = '"' + schema.replace("\"", "\"\"") + '"';
      settings.set("search_path", path.isEmpty() ? first : first + ", " + path, true);
      if (!role.equals(settings.roleName())) {
        settings.setRole("role", role, true);
      }
      work.run();
    } finally {
      settings.rollBack();
    }
  }

  @Override
  public String temporarySchema() {
    return session.temporaries().schema();
  }

  @Override
  public void onCommit(int tableId, OnCommit action) {
    session.temporaries().add(tableId, action);
  }

  @Override
  public int currentRole() {
    return session.roleId();
  }

  @Override
  public StoredSetting storedSetting(VariableSetStmt set) {
    return new SettingStatements(session, session.transaction()).toStore(set);
  }

  @Override
  public int sessionRole() {
    return session.roleId();
  }

  @Override
  public boolean inTransactionBlock() {
    return inString || session.transaction().isBlock();
  }

  @Override
  public SourceText source() {
    return statement.source();
  }

  @Override
  public EvalContext evaluation() {
    return session.newExecution(new Object[0]);
  }

  @Override
  public ExpressionBinder expressions() {
    return session.services().expressions();
  }

  @Override
  public QuerySource queries() {
    return this::open;
  }

  @Override
  public ViewQueries views() {
    return new ViewDefinitions(
        session.services().planner(),
        session.services().parser(),
        statement.source(),
        session::planContext);
  }

  @Override
  public QuerySource.Rows ownQuery(String sql) {
    return open(session.ownStatements().plan(sql, List.of()));
  }

  private QuerySource.Rows open(Node query) {
    if (query.hasExecuteStmt()) {
      PreparedStatements.Query prepared =
          new PreparedStatements(session).query(query.getExecuteStmt(), statement);
      return open(prepared.plan(), prepared.parameters());
    }
    ParsedStatement parsed =
        new ParsedStatement(
            query, statement.source(), statement.text(), statement.location(), statement.depth());
    Plan plan = session.services().planner().plan(parsed, session.planContext());
    return open((Plan.QueryPlan) plan);
  }

  private QuerySource.Rows open(Plan.QueryPlan plan) {
    return open(plan, new Object[0]);
  }

  private QuerySource.Rows open(Plan.QueryPlan plan, @Nullable Object[] parameters) {
    Execution execution = session.newExecution(parameters);
    return new PlannedRows(plan, execution, Executor.open(plan, execution));
  }

  /** A running query. */
  private record PlannedRows(Plan.QueryPlan plan, Execution execution, Operator operator)
      implements QuerySource.Rows {
    @Override
    public List<String> names() {
      return plan.columns().stream().map(OutputColumn::name).toList();
    }

    @Override
    public List<SqlType> types() {
      return plan.columns().stream().map(OutputColumn::type).toList();
    }

    @Override
    public @Nullable RowBatch next() {
      return operator.next();
    }

    @Override
    public void close() {
      try {
        operator.close();
      } finally {
        execution.close();
      }
    }
  }

  @Override
  public boolean awaitsChecks(int tableId) {
    return session.transaction().constraints().concern(tableId);
  }

  @Override
  public Deadline deadline() {
    return session.statementDeadline();
  }

  @Override
  public Deadline deadlineWithin(Duration duration) {
    return deadline().earlier(Deadline.after(session.clock(), duration));
  }

  @Override
  public Duration lockTimeout() {
    return session.settings().lockTimeout();
  }

  @Override
  public Randomness randomness() {
    return session.services().randomness();
  }

  @Override
  public int position(int byteOffset) {
    return statement.source().position(byteOffset);
  }

  @Override
  public void checkCanceled() {
    if (Thread.currentThread().isInterrupted()) {
      throw session.cancellationError();
    }
  }

  @Override
  public void notice(ErrorCode code, String message, @Nullable String detail) {
    session.notice(new Notice(Notice.Severity.NOTICE, code, message, detail, null));
  }

  @Override
  public void warning(ErrorCode code, String message) {
    session.notice(Notice.warning(code, message));
  }

  @Override
  public void analyzed(TableDescriptor table, long rows) {
    session
        .scope()
        .use(table.id())
        .analyzed(rows, session.client().processId() != 0, session.transaction().nowMicros());
    session
        .services()
        .changedRows()
        .forget(new ChangedRows.Table(session.databaseId(), table.id()));
  }

  @Override
  public int nodes() {
    Map<Integer, NodeState> states = session.services().cluster().nodeStates();
    return (int)
        session.services().cluster().nodes().stream()
            .filter(node -> !states.getOrDefault(node.nodeId(), NodeState.ACTIVE).losesReplicas())
            .count();
  }

  @Override
  public void endSessions(int databaseId) {
    for (SessionReport other : others(databaseId).sessions()) {
      var _ = session.scope().terminateBackend(other.processId(), END_TIME.toMillis());
    }
  }

  @Override
  public DatabaseUse useOf(int databaseId) {
    ClusterSessions.Found others = others(databaseId);
    return new DatabaseUse(others.sessions().size(), others.silent());
  }

  /** The sessions of a database, which is not this one's. */
  private ClusterSessions.Found others(int databaseId) {
    return new OtherSessions(session).find(new ClusterSessions.Selection(0, databaseId, 0));
  }
}
