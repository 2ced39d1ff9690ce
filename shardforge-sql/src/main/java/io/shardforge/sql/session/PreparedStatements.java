package io.shardforge.sql.session;

import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.Executor;
import io.shardforge.sql.exec.Operator;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.proto.ExecuteStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.PrepareStmt;
import io.shardforge.sql.parse.proto.ResTarget;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.TypeCast;
import io.shardforge.sql.parse.proto.TypeName;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.plan.Plan;
import io.shardforge.sql.type.TypeScope;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PREPARE and EXECUTE: the same prepared statements as the protocol's, reached by SQL. */
final class PreparedStatements {
  private final Session session;

  PreparedStatements(Session session) {
    this.session = session;
  }

  void prepare(PrepareStmt stmt, ParsedStatement whole) {
    if (session.statements().containsKey(stmt.getName())) {
      throw new ShardForgeException(
          ErrorCode.DUPLICATE_PREPARED_STATEMENT,
          "prepared statement \"%s\" already exists".formatted(stmt.getName()));
    }
    List<Integer> types = new ArrayList<>();
    for (Node type : stmt.getArgtypesList()) {
      types.add(typeOf(type.getTypeName()));
    }
    ParsedStatement query =
        new ParsedStatement(
            stmt.getQuery(), whole.source(), whole.text(), whole.location(), whole.depth());
    PreparedStatement prepared = new PreparedStatement(stmt.getName(), query, types);
    var _ = session.plan(prepared);
    session.keep(prepared.made(session.transaction().nowMicros(), true));
  }

  /** The OID of a type that PREPARE declares. */
  private int typeOf(TypeName name) {
    return session.services().planner().type(name, session.planContext()).oid();
  }

  List<OutputColumn> columns(ExecuteStmt stmt) {
    PreparedStatement prepared = session.statement(stmt.getName());
    return prepared.statement() == null ? List.of() : session.planned(prepared).columns();
  }

  void execute(
      ExecuteStmt stmt,
      ParsedStatement whole,
      Portal portal,
      long maxRows,
      boolean commitAfter,
      boolean inString,
      ResultSink sink) {
    PreparedStatement prepared = session.statement(stmt.getName());
    ParsedStatement statement = prepared.statement();
    if (statement == null) {
      sink.emptyQuery();
      return;
    }
    Plan plan = session.plan(prepared);
    @Nullable Object[] parameters = parameters(stmt, whole, prepared);
    Portal inner = portal.innerOr(() -> new Portal(prepared, parameters, prepared.columns()));
    session.runPlan(plan, statement, inner, maxRows, commitAfter, inString, sink);
  }

  /** A query to be run, and the values for its parameters. */
  record Query(Plan.QueryPlan plan, @Nullable Object[] parameters) {}

  /** What EXECUTE runs where a query is wanted. */
  Query query(ExecuteStmt stmt, ParsedStatement whole) {
    PreparedStatement prepared = session.statement(stmt.getName());
    if (prepared.statement() == null
        || !(session.plan(prepared) instanceof Plan.QueryPlan query)
        || query.tag() != Plan.CommandTag.SELECT) {
      throw new ShardForgeException(
          ErrorCode.WRONG_OBJECT_TYPE, "prepared statement is not a SELECT");
    }
    return new Query(query, parameters(stmt, whole, prepared));
  }

  /** Evaluates the arguments as one row, each cast to its parameter's type. */
  private @Nullable Object[] parameters(
      ExecuteStmt stmt, ParsedStatement whole, PreparedStatement prepared) {
    int[] types = prepared.parameterTypes();
    if (stmt.getParamsCount() != types.length) {
      throw new ShardForgeException(
              ErrorCode.SYNTAX_ERROR,
              "wrong number of parameters for prepared statement \"%s\"".formatted(stmt.getName()))
          .withDetail(
              "Expected %d parameters but got %d.".formatted(types.length, stmt.getParamsCount()));
    }
    @Nullable Object[] values = new @Nullable Object[types.length];
    if (types.length == 0) {
      return values;
    }
    SelectStmt.Builder select = SelectStmt.newBuilder();
    for (int i = 0; i < types.length; i++) {
      select.addTargetList(
          Node.newBuilder()
              .setResTarget(ResTarget.newBuilder().setVal(cast(stmt.getParams(i), types[i]))));
    }
    ParsedStatement query =
        new ParsedStatement(
            Node.newBuilder().setSelectStmt(select).build(),
            whole.source(),
            whole.text(),
            whole.location(),
            whole.depth() + 2);
    session.beginStatementOnce();
    Plan plan = session.services().planner().plan(query, session.planContext());
    try (Execution execution = session.newExecution(new Object[0]);
        Operator operator = Executor.open((Plan.QueryPlan) plan, execution)) {
      RowBatch batch = operator.next();
      if (batch == null) {
        throw new IllegalStateException("a SELECT without FROM gave no row");
      }
      for (int i = 0; i < values.length; i++) {
        values[i] = batch.get(0, i);
      }
      return values;
    }
  }

  private static Node cast(Node value, int typeOid) {
    TypeName.Builder type =
        TypeName.newBuilder()
            .addNames(string(TypeScope.BY_OID))
            .addNames(string(Integer.toString(typeOid)))
            .setTypemod(-1)
            .setLocation(-1);
    return Node.newBuilder()
        .setTypeCast(TypeCast.newBuilder().setArg(value).setTypeName(type).setLocation(-1))
        .build();
  }

  private static Node string(String value) {
    return Node.newBuilder()
        .setString(io.shardforge.sql.parse.proto.String.newBuilder().setSval(value))
        .build();
  }

  void clear() {
    session.statements().clear();
  }
}
