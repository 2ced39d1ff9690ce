package io.shardforge.sql.ddl;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.bind.Binder;
import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.RelationUse;
import io.shardforge.sql.catalog.RestrictedSnapshot;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SessionSequences;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.TemporarySchema;
import io.shardforge.sql.catalog.TransactionCatalog;
import io.shardforge.sql.catalog.system.ActivityView;
import io.shardforge.sql.catalog.system.SessionCatalog;
import io.shardforge.sql.catalog.system.SettingsView;
import io.shardforge.sql.catalog.system.TableJobsView;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.Executor;
import io.shardforge.sql.exec.MemoryBudget;
import io.shardforge.sql.exec.MemoryPool;
import io.shardforge.sql.exec.Operator;
import io.shardforge.sql.exec.SessionScope;
import io.shardforge.sql.exec.SpillSpace;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.function.CatalogFunctions;
import io.shardforge.sql.function.SequenceFunctions;
import io.shardforge.sql.function.SessionFunctions;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.VariableSetStmt;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.plan.Plan;
import io.shardforge.sql.plan.PlanContext;
import io.shardforge.sql.plan.Planner;
import io.shardforge.sql.plan.TableStatistics;
import io.shardforge.sql.session.ViewDefinitions;
import io.shardforge.sql.type.DateStyle;
import io.shardforge.sql.type.Encoding;
import io.shardforge.sql.type.IntervalStyle;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session with everything real but the network: for tests of schema changes and system tables.
 */
final class TestSession implements AutoCloseable {
  private static final long MEMORY_BYTES = 64L << 20;

  /** What is said of the cluster to who asks how many nodes it has. */
  private static final int NODES = 3;

  private final TestDatabase database;
  private final SessionCatalog sessionCatalog;
  private final SessionSequences sequences;
  private final EvalContext.FunctionServices services;
  private final Settings scope = new Settings();
  private final List<String> notices = new ArrayList<>();
  private int roleId = SystemOids.ROLE_SHARDFORGE;
  private @Nullable Txn txn;
  private @Nullable TransactionCatalog catalog;
  private boolean inBlock;
  private Isolation isolation = Isolation.READ_COMMITTED;

  TestSession(TestDatabase database) {
    this.database = database;
    this.sessionCatalog =
        new SessionCatalog(
            this::snapshot,
            () -> List.of("public"),
            () -> roleId,
            database.sequences(),
            database.parser());
    this.sequences =
        new SessionSequences(database.sequences(), this::snapshot, () -> roleId, () -> false);
    Map<Class<?>, Object> known =
        Map.of(
            CatalogFunctions.class,
            sessionCatalog,
            SequenceFunctions.class,
            sequences,
            SessionFunctions.class,
            new Self(),
            ActivityView.class,
            (ActivityView) List::of,
            TableJobsView.class,
            (TableJobsView) List::of,
            SettingsView.class,
            (SettingsView)
                () ->
                    List.of(
                        new SettingsView.Entry(
                            "server_version", "17.0", "17.0", "internal", "string", "version")));
    this.services =
        new EvalContext.FunctionServices() {
          @Override
          public <T> T get(Class<T> service) {
            return service.cast(Objects.requireNonNull(known.get(service)));
          }
        };
  }

  List<String> notices() {
    return notices;
  }

  void become(String role) {
    RoleDescriptor found = database.catalog().newest(SystemOids.DATABASE_SHARDFORGE).role(role);
    if (found == null) {
      throw new IllegalArgumentException(role);
    }
    roleId = found.id();
  }

  void begin(Isolation level) {
    isolation = level;
    inBlock = true;
    start();
  }

  void commit() {
    Txn running = txn();
    running.finishStatement(true);
    running.commit();
    forget();
  }

  void rollback() {
    if (txn != null) {
      txn.rollback();
    }
    forget();
  }

  private void forget() {
    inBlock = false;
    txn = null;
    catalog = null;
    isolation = Isolation.READ_COMMITTED;
  }

  @Override
  public void close() {
    rollback();
  }

  private void start() {
    Txn started = database.transactions().begin(isolation, false);
    started.beginStatement(Deadline.never(), Duration.ofSeconds(10));
    txn = started;
    catalog = database.catalog().open(SystemOids.DATABASE_SHARDFORGE, started);
  }

  private Txn txn() {
    Txn running = txn;
    if (running == null) {
      throw new IllegalStateException("no transaction");
    }
    return running;
  }

  private TransactionCatalog catalog() {
    TransactionCatalog running = catalog;
    if (running == null) {
      throw new IllegalStateException("no transaction");
    }
    return running;
  }

  CatalogSnapshot snapshot() {
    return catalog == null
        ? database.catalog().newest(SystemOids.DATABASE_SHARDFORGE)
        : catalog.snapshot();
  }

  /** Runs statements; returns the last one's rows as text, or its command tag. */
  List<String> run(String sql) {
    List<String> result = List.of();
    for (ParsedStatement statement : database.parser().parse(sql)) {
      result = runOne(statement);
    }
    return result;
  }

  private List<String> runOne(ParsedStatement statement) {
    boolean alone = !inBlock;
    if (alone) {
      start();
    } else {
      txn().beginStatement(Deadline.never(), Duration.ofSeconds(10));
    }
    boolean done = false;
    try {
      List<String> result = execute(statement);
      txn().finishStatement(alone);
      if (alone) {
        txn().commit();
        forget();
      }
      done = true;
      return result;
    } finally {
      if (!done && alone) {
        rollback();
      }
    }
  }

  private List<String> execute(ParsedStatement statement) {
    if (database.ddl().handles(statement.node())) {
      return List.of(database.ddl().execute(statement.node(), new Context(statement)));
    }
    Plan plan = database.planner().plan(statement, planContext());
    if (!(plan instanceof Plan.QueryPlan query)) {
      throw new IllegalArgumentException("not a query: " + statement.text());
    }
    List<String> rows = new ArrayList<>();
    try (Execution execution = execution();
        Operator operator = Executor.open(query, execution)) {
      for (RowBatch batch = operator.next(); batch != null; batch = operator.next()) {
        for (int i = 0; i < batch.size(); i++) {
          rows.add(rowText(query, batch, i));
        }
      }
      execution.finish();
    }
    return rows;
  }

  private String rowText(Plan.QueryPlan query, RowBatch batch, int row) {
    StringBuilder text = new StringBuilder();
    for (int column = 0; column < batch.width(); column++) {
      SqlType type = query.columns().get(column).type();
      Object value = batch.get(row, column);
      text.append(column == 0 ? "" : "|")
          .append(value == null ? "" : PgTypes.byOid(type.oid()).format(value, types()));
    }
    return text.toString();
  }

  private TypeContext types() {
    return new TypeContext(
        ZoneOffset.UTC,
        DateStyle.ISO_MDY,
        IntervalStyle.POSTGRES,
        false,
        1,
        Encoding.UTF8,
        0,
        sessionCatalog);
  }

  private PlanContext planContext() {
    return new PlanContext(
        RestrictedSnapshot.of(snapshot(), roleId),
        List.of("public"),
        List.of(),
        types(),
        TableStatistics.NONE);
  }

  private Execution execution() {
    return new Execution(
        txn(),
        snapshot(),
        new Object[0],
        scope,
        new MemoryBudget(new MemoryPool(MEMORY_BYTES), MEMORY_BYTES),
        new SpillSpace(database.directory(), MEMORY_BYTES, () -> false),
        Runnable::run);
  }

  /** The session's side of a schema change. */
  private final class Context implements DdlContext {
    private final ParsedStatement statement;

    Context(ParsedStatement statement) {
      this.statement = statement;
    }

    @Override
    public Txn txn() {
      return TestSession.this.txn();
    }

    @Override
    public TransactionCatalog catalog() {
      return TestSession.this.catalog();
    }

    @Override
    public List<String> searchPath() {
      return List.of("public");
    }

    @Override
    public void within(String schema, String role, Runnable work) {
      throw new UnsupportedOperationException("elements of a schema");
    }

    @Override
    public String temporarySchema() {
      return TemporarySchema.nameOf(1, 1);
    }

    @Override
    public void onCommit(int tableId, OnCommit action) {
      throw new UnsupportedOperationException("ON COMMIT");
    }

    @Override
    public void analyzed(TableDescriptor table, long rows) {
      // Nobody counts here.
    }

    @Override
    public boolean awaitsChecks(int tableId) {
      return false;
    }

    @Override
    public int currentRole() {
      return roleId;
    }

    @Override
    public StoredSetting storedSetting(VariableSetStmt statement) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int sessionRole() {
      return roleId;
    }

    @Override
    public boolean inTransactionBlock() {
      return inBlock;
    }

    @Override
    public boolean beginsTransaction() {
      return false;
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public boolean endsTransaction() {
      return false;
    }

    @Override
    public void workLater(TableJob build) {
      throw new UnsupportedOperationException("an index built after the transaction");
    }

    @Override
    public SourceText source() {
      return statement.source();
    }

    @Override
    public EvalContext evaluation() {
      return execution();
    }

    @Override
    public ExpressionBinder expressions() {
      return new Expressions();
    }

    @Override
    public int nodes() {
      return NODES;
    }

    @Override
    public QuerySource queries() {
      return this::open;
    }

    @Override
    public ViewQueries views() {
      return new ViewDefinitions(
          database.planner(), database.parser(), statement.source(), TestSession.this::planContext);
    }

    @Override
    public QuerySource.Rows ownQuery(String sql) {
      ParsedStatement own = database.parser().parse(sql).getFirst();
      return open((Plan.QueryPlan) database.planner().plan(own, planContext()));
    }

    private QuerySource.Rows open(Node node) {
      return open(database.planner().query(node, statement.source(), planContext()));
    }

    private QuerySource.Rows open(Plan.QueryPlan query) {
      Execution execution = execution();
      Operator operator = Executor.open(query, execution);
      return new QuerySource.Rows() {
        @Override
        public List<String> names() {
          return query.columns().stream().map(OutputColumn::name).toList();
        }

        @Override
        public List<SqlType> types() {
          return query.columns().stream().map(OutputColumn::type).toList();
        }

        @Override
        public @Nullable RowBatch next() {
          return operator.next();
        }

        @Override
        public void close() {
          operator.close();
          execution.close();
        }
      };
    }

    @Override
    public Deadline deadline() {
      return Deadline.never();
    }

    @Override
    public Deadline deadlineWithin(Duration duration) {
      return Deadline.never();
    }

    @Override
    public Duration lockTimeout() {
      return Duration.ofSeconds(10);
    }

    @Override
    public Randomness randomness() {
      return Randomness.seeded(1);
    }

    @Override
    public int position(int byteOffset) {
      return statement.source().position(byteOffset);
    }

    @Override
    public void checkCanceled() {}

    @Override
    public void notice(ErrorCode code, String message, @Nullable String detail) {
      notices.add(message);
    }

    @Override
    public void warning(ErrorCode code, String message) {
      notices.add(message);
    }

    @Override
    public void endSessions(int databaseId) {
      throw new UnsupportedOperationException("other sessions");
    }

    @Override
    public DatabaseUse useOf(int databaseId) {
      return new DatabaseUse(0, List.of());
    }
  }

  /** Definitions through the real planner. */
  private final class Expressions implements ExpressionBinder {
    @Override
    public Expression bind(
        Node expression,
        Place place,
        CatalogSnapshot snapshot,
        List<String> searchPath,
        List<ColumnDescriptor> columns,
        @Nullable SqlType target,
        @Nullable SourceText source) {
      return database
          .planner()
          .definition(
              expression,
              Planner.Definition.valueOf(place.name()),
              columns,
              target,
              source,
              new PlanContext(snapshot, searchPath, List.of(), types(), TableStatistics.NONE));
    }

    @Override
    public IndexTerm indexTerm(
        Node expression,
        Place place,
        CatalogSnapshot snapshot,
        List<String> searchPath,
        List<ColumnDescriptor> columns,
        TypeContext settings,
        @Nullable SourceText source) {
      Bound term =
          database
              .planner()
              .bindDefinition(
                  expression,
                  Planner.Definition.valueOf(place.name()),
                  columns,
                  null,
                  source,
                  new PlanContext(snapshot, searchPath, List.of(), types(), TableStatistics.NONE));
      return new IndexTerm(
          term.type(), Binder.indexColumnName(expression), Binder.settledLiterals(term));
    }

    @Override
    public boolean isVolatile(String defaultSql, CatalogSnapshot snapshot, SqlType target) {
      return Planner.isVolatile(
          database
              .planner()
              .bindDefinition(
                  parse(defaultSql),
                  Planner.Definition.DEFAULT,
                  List.of(),
                  target,
                  null,
                  new PlanContext(
                      snapshot, List.of("public"), List.of(), types(), TableStatistics.NONE)));
    }

    @Override
    public Node parse(String sql) {
      return database
          .parser()
          .parse("select " + sql)
          .getFirst()
          .node()
          .getSelectStmt()
          .getTargetList(0)
          .getResTarget()
          .getVal();
    }

    @Override
    public Expression bindText(
        String sql,
        Place place,
        CatalogSnapshot snapshot,
        List<ColumnDescriptor> columns,
        @Nullable SqlType target) {
      return bind(parse(sql), place, snapshot, List.of("public"), columns, target, null);
    }
  }

  /** What executions ask of the session. */
  private final class Settings implements SessionScope {
    @Override
    public TypeContext typeContext() {
      return types();
    }

    @Override
    public long transactionMicros() {
      return 0;
    }

    @Override
    public long statementMicros() {
      return 0;
    }

    @Override
    public ZoneId timeZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public @Nullable String setting(String name) {
      return null;
    }

    @Override
    public EvalContext.FunctionServices services() {
      return services;
    }

    @Override
    public int roleId() {
      return roleId;
    }

    @Override
    public RelationUse use(int relationOid) {
      return new RelationUse(null);
    }

    @Override
    public ShardForgeException cancellation() {
      return new ShardForgeException(ErrorCode.QUERY_CANCELED, "canceled");
    }
  }

  /** What functions ask of the session. */
  private final class Self implements SessionFunctions {
    @Override
    public long temporarySchemaId() {
      return 0;
    }

    @Override
    public boolean isTemporarySchema(long oid) {
      return false;
    }

    @Override
    public String databaseName() {
      DatabaseDescriptor here = snapshot().database(SystemOids.DATABASE_SHARDFORGE);
      return here == null ? "" : here.name();
    }

    @Override
    public String userName() {
      RoleDescriptor role = snapshot().role(roleId);
      return role == null ? "" : role.name();
    }

    @Override
    public String sessionUserName() {
      return userName();
    }

    @Override
    public List<String> searchPath(boolean implicit) {
      return implicit ? List.of("pg_catalog", "public") : List.of("public");
    }

    @Override
    public long backendPid() {
      return 1;
    }

    @Override
    public String currentQuery() {
      return "";
    }

    @Override
    public @Nullable String setting(String name) {
      return null;
    }

    @Override
    public String setSetting(String name, @Nullable String value, boolean local) {
      return "";
    }

    @Override
    public boolean cancelBackend(long pid) {
      return false;
    }

    @Override
    public boolean terminateBackend(long pid, long timeoutMillis) {
      return false;
    }

    @Override
    public void sleep(double seconds) {}

    @Override
    public long clockMicros() {
      return 0;
    }

    @Override
    public long transactionId() {
      return PgOid.XID;
    }

    @Override
    public double random() {
      return 0.5;
    }

    @Override
    public long random(long low, long high) {
      return low;
    }

    @Override
    public double randomNormal(double mean, double deviation) {
      return mean;
    }

    @Override
    public @Nullable Object cursorKey(String cursor, long table, int column) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void seed(double seed) {}

    @Override
    public long randomBits() {
      return 4;
    }

    @Override
    public long serverStartMicros() {
      return 0;
    }

    @Override
    public @Nullable String clientAddress() {
      return null;
    }

    @Override
    public long clientPort() {
      return 0;
    }

    @Override
    public @Nullable String serverAddress() {
      return null;
    }

    @Override
    public long serverPort() {
      return 0;
    }

    @Override
    public String versionText() {
      return "17.0";
    }
  }
}
