package io.shardforge.sql.exec;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.sql.expr.And;
import io.shardforge.sql.expr.ArrayExpression;
import io.shardforge.sql.expr.BooleanTest;
import io.shardforge.sql.expr.Case;
import io.shardforge.sql.expr.Coalesce;
import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.Constant;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.FunctionCall;
import io.shardforge.sql.expr.IsNull;
import io.shardforge.sql.expr.MinMax;
import io.shardforge.sql.expr.Not;
import io.shardforge.sql.expr.Or;
import io.shardforge.sql.expr.OuterRef;
import io.shardforge.sql.expr.ParameterRef;
import io.shardforge.sql.expr.Relabel;
import io.shardforge.sql.expr.ScalarArrayOp;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.row.RowBytes;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Expressions as bytes, for another node to compute them: of columns, constants and immutable
 * functions, which come to the same everywhere. What does not depend on the row goes as the value
 * that it has here.
 */
final class ExpressionCodec {
  private static final List<BooleanTest.Kind> TESTS = List.of(BooleanTest.Kind.values());

  private static final int COLUMN = 1;
  private static final int CONSTANT = 2;
  private static final int CALL = 3;
  private static final int AND = 4;
  private static final int OR = 5;
  private static final int NOT = 6;
  private static final int IS_NULL = 7;
  private static final int BOOLEAN_TEST = 8;
  private static final int CASE = 9;
  private static final int COALESCE = 10;
  private static final int MIN_MAX = 11;
  private static final int RELABEL = 12;
  private static final int ARRAY_OP = 13;

  /** It cannot be told to another node: the rows have to come here. */
  static final class NotPortable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotPortable() {
      super(null, null, false, false);
    }
  }

  private ExpressionCodec() {}

  // Writing.

  static void putAll(WireWriter out, List<Expression> expressions, EvalContext context) {
    out.putVarint(expressions.size());
    expressions.forEach(expression -> put(out, expression, context));
  }

  /** Writes an expression, with the values of parameters and outer rows that the context has. */
  static void put(WireWriter out, Expression expression, EvalContext context) {
    boolean isPlain = expression instanceof Constant || expression instanceof Relabel;
    if (!isPlain && isFixed(expression)) {
      putConstant(out, expression.type(), expression.eval(NoRow.INSTANCE, context));
      return;
    }
    switch (expression) {
      case ColumnRef column ->
          putType(out.putByte(COLUMN), column.type()).putVarint(column.column());
      case Constant constant -> putConstant(out, constant.type(), constant.value());
      case FunctionCall call -> putCall(out, call, context);
      case And and ->
          putAll(out.putByte(AND).putBoolean(and.isCondition()), and.children(), context);
      case Or or -> putAll(out.putByte(OR), or.children(), context);
      case Not not -> put(out.putByte(NOT), not.children().getFirst(), context);
      case IsNull test ->
          put(out.putByte(IS_NULL).putBoolean(test.negated()), test.children().getFirst(), context);
      case BooleanTest test ->
          put(
              out.putByte(BOOLEAN_TEST).putByte(TESTS.indexOf(test.kind())),
              test.children().getFirst(),
              context);
      case Case choice -> {
        putType(out.putByte(CASE), choice.type()).putBoolean(choice.otherwise() != null);
        putAll(out, choice.children(), context);
      }
      case Coalesce coalesce ->
          putAll(putType(out.putByte(COALESCE), coalesce.type()), coalesce.children(), context);
      case MinMax most ->
          putAll(
              putType(out.putByte(MIN_MAX), most.type()).putBoolean(most.greatest()),
              most.children(),
              context);
      case Relabel relabel ->
          put(putType(out.putByte(RELABEL), relabel.type()), relabel.operand(), context);
      case ScalarArrayOp any -> {
        checkImmutable(any.functionOid());
        out.putByte(ARRAY_OP).putVarint(any.functionOid()).putBoolean(any.any());
        put(out, any.operand(), context);
        put(out, any.array(), context);
      }
      default -> throw new NotPortable();
    }
  }

  /** Whether it has one value for all rows of the statement, which may be computed at any time. */
  private static boolean isFixed(Expression expression) {
    return switch (expression) {
      case Constant _, ParameterRef _, OuterRef _ -> true;
      case FunctionCall call -> volatility(call) != 'v' && areFixed(call);
      case Relabel _, ArrayExpression _ -> areFixed(expression);
      default -> false;
    };
  }

  private static boolean areFixed(Expression expression) {
    return expression.children().stream().allMatch(ExpressionCodec::isFixed);
  }

  private static char volatility(FunctionCall call) {
    PgFunction function = FunctionRegistry.function(call.functionOid());
    return function == null ? 'v' : function.volatility();
  }

  private static void checkImmutable(int functionOid) {
    PgFunction function = FunctionRegistry.function(functionOid);
    if (function == null || function.volatility() != 'i' || function.isVariadic()) {
      throw new NotPortable();
    }
  }

  private static void putCall(WireWriter out, FunctionCall call, EvalContext context) {
    checkImmutable(call.functionOid());
    putType(out.putByte(CALL).putVarint(call.functionOid()), call.type());
    putAll(out, call.children(), context);
  }

  private static void putConstant(WireWriter out, SqlType type, @Nullable Object value) {
    putType(out.putByte(CONSTANT), type);
    if (!RowBytes.canHold(List.of(type))) {
      throw new NotPortable();
    }
    ByteWriter bytes = new ByteWriter();
    new RowBytes(List.of(type)).write(new @Nullable Object[] {value}, bytes, new ByteWriter());
    out.putVarint(bytes.size()).putRaw(bytes.array(), 0, bytes.size());
  }

  static void putTypes(WireWriter out, List<SqlType> types) {
    out.putVarint(types.size());
    types.forEach(type -> putType(out, type));
  }

  static WireWriter putType(WireWriter out, SqlType type) {
    if (!PgTypes.isBuiltIn(type.oid()) || type.collation() != null) {
      throw new NotPortable();
    }
    return out.putVarint(type.oid()).putVarint(type.typmod() + 1L);
  }

  // Reading.

  static List<Expression> readAll(WireReader in) {
    int count = in.readCount();
    List<Expression> expressions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      expressions.add(read(in));
    }
    return expressions;
  }

  static Expression read(WireReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case COLUMN -> new ColumnRef(readType(in), in.readInt());
      case CONSTANT -> {
        SqlType type = readType(in);
        byte[] bytes = in.readRaw(in.readCount());
        yield new Constant(type, new RowBytes(List.of(type)).read(bytes, 0)[0]);
      }
      case CALL -> {
        int function = in.readInt();
        SqlType type = readType(in);
        yield FunctionRegistry.call(function, readAll(in), type);
      }
      case AND -> {
        boolean condition = in.readBoolean();
        yield new And(readAll(in), condition);
      }
      case OR -> new Or(readAll(in));
      case NOT -> new Not(read(in));
      case IS_NULL -> {
        boolean negated = in.readBoolean();
        yield new IsNull(read(in), negated);
      }
      case BOOLEAN_TEST -> {
        BooleanTest.Kind test = TESTS.get(in.readByte());
        yield new BooleanTest(read(in), test);
      }
      case CASE -> readCase(in);
      case COALESCE -> new Coalesce(readType(in), readAll(in));
      case MIN_MAX -> {
        SqlType type = readType(in);
        boolean greatest = in.readBoolean();
        yield new MinMax(type, greatest, readAll(in));
      }
      case RELABEL -> new Relabel(readType(in), read(in));
      case ARRAY_OP -> {
        int function = in.readInt();
        boolean any = in.readBoolean();
        Expression operand = read(in);
        Expression array = read(in);
        SqlType element = SqlType.of(PgTypes.byOid(array.type().oid()).elementOid());
        yield FunctionRegistry.arrayOp(function, operand, array, element, any);
      }
      default -> throw WireReader.corrupt("expression kind " + kind);
    };
  }

  private static Case readCase(WireReader in) {
    SqlType type = readType(in);
    boolean hasElse = in.readBoolean();
    List<Expression> parts = readAll(in);
    List<Case.When> branches = new ArrayList<>();
    for (int i = 0; i + 1 < parts.size(); i += 2) {
      branches.add(new Case.When(parts.get(i), parts.get(i + 1)));
    }
    return new Case(type, branches, hasElse ? parts.getLast() : null);
  }

  static List<SqlType> readTypes(WireReader in) {
    int count = in.readCount();
    List<SqlType> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(readType(in));
    }
    return types;
  }

  static SqlType readType(WireReader in) {
    int oid = in.readInt();
    return new SqlType(oid, (int) (in.readVarint() - 1));
  }
}
