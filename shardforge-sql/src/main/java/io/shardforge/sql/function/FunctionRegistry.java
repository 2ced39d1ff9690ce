package io.shardforge.sql.function;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.FunctionCall;
import io.shardforge.sql.expr.ScalarArrayOp;
import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of functions, operators and casts that are implemented, by OID and by name. */
public final class FunctionRegistry {
  private static final FunctionTable TABLE = new FunctionTable();
  private static final Map<Integer, PgFunction> FUNCTIONS = new LinkedHashMap<>();
  private static final Map<String, List<PgFunction>> FUNCTIONS_BY_NAME = new LinkedHashMap<>();
  private static final Map<Integer, PgOperator> OPERATORS = new LinkedHashMap<>();
  private static final Map<String, List<PgOperator>> OPERATORS_BY_NAME = new LinkedHashMap<>();
  private static final Map<Long, PgCast> CASTS = new LinkedHashMap<>();

  static {
    BuiltinFunctions.register(TABLE);
    for (String[] f : PgTypes.resourceRows(FunctionRegistry.class, "pg_proc.tsv")) {
      PgFunction function =
          new PgFunction(
              Integer.parseInt(f[0]),
              f[1],
              f[2].charAt(0),
              f[3].equals("t"),
              f[4].charAt(0),
              f[5].equals("t"),
              Integer.parseInt(f[6]),
              numbers(f[7]),
              Integer.parseInt(f[8]),
              numbers(f[9]),
              f[10],
              f[11].isEmpty() ? List.of() : List.of(f[11].split(",", -1)),
              Integer.parseInt(f[12]),
              f[13],
              f[14]);
      FUNCTIONS.put(function.oid(), function);
      FUNCTIONS_BY_NAME.computeIfAbsent(function.name(), _ -> new ArrayList<>()).add(function);
    }
    for (String[] f : PgTypes.resourceRows(FunctionRegistry.class, "pg_operator.tsv")) {
      PgOperator operator =
          new PgOperator(
              Integer.parseInt(f[0]),
              f[1],
              Integer.parseInt(f[2]),
              Integer.parseInt(f[3]),
              Integer.parseInt(f[4]),
              Integer.parseInt(f[5]),
              Integer.parseInt(f[6]),
              Integer.parseInt(f[7]),
              f[8].equals("t"),
              f[9].equals("t"));
      OPERATORS.put(operator.oid(), operator);
      OPERATORS_BY_NAME.computeIfAbsent(operator.name(), _ -> new ArrayList<>()).add(operator);
    }
    for (String[] f : PgTypes.resourceRows(FunctionRegistry.class, "pg_cast.tsv")) {
      PgCast cast =
          new PgCast(
              Integer.parseInt(f[0]),
              Integer.parseInt(f[1]),
              Integer.parseInt(f[2]),
              Integer.parseInt(f[3]),
              f[4].charAt(0),
              f[5].charAt(0));
      CASTS.put(castKey(cast.sourceType(), cast.targetType()), cast);
    }
  }

  private FunctionRegistry() {}

  private static List<Integer> numbers(String field) {
    List<Integer> numbers = new ArrayList<>();
    for (String word : field.split(" ", -1)) {
      if (!word.isEmpty()) {
        numbers.add(Integer.parseInt(word));
      }
    }
    return List.copyOf(numbers);
  }

  private static long castKey(int source, int target) {
    return (long) source << 32 | target;
  }

  /** All overloads of a function or aggregate; empty if there is none of that name. */
  public static List<PgFunction> functions(String name) {
    return FUNCTIONS_BY_NAME.getOrDefault(name, List.of());
  }

  public static @Nullable PgFunction function(int oid) {
    return FUNCTIONS.get(oid);
  }

  public static Collection<PgFunction> allFunctions() {
    return FUNCTIONS.values();
  }

  /** All operators of a name such as "+" or "-&gt;&gt;"; prefix operators have left type 0. */
  public static List<PgOperator> operators(String name) {
    return OPERATORS_BY_NAME.getOrDefault(name, List.of());
  }

  public static @Nullable PgOperator operator(int oid) {
    return OPERATORS.get(oid);
  }

  public static Collection<PgOperator> allOperators() {
    return OPERATORS.values();
  }

  /** The pg_cast row from one type to another, or null. */
  public static @Nullable PgCast cast(int source, int target) {
    return CASTS.get(castKey(source, target));
  }

  public static Collection<PgCast> allCasts() {
    return CASTS.values();
  }

  private static PgFunction require(int oid) {
    PgFunction function = FUNCTIONS.get(oid);
    if (function == null) {
      throw new IllegalArgumentException("function " + oid + " is not implemented");
    }
    return function;
  }

  /** The implementation of a plain function for the types of a call. */
  public static ScalarFunction scalar(int oid, CallTypes types) {
    FunctionTable.ScalarFactory factory = TABLE.scalar(require(oid).source());
    if (factory == null) {
      throw new IllegalArgumentException("function " + oid + " returns no scalar");
    }
    return factory.create(types);
  }

  /** The implementation of a function that returns a set. */
  public static SetFunction set(int oid, CallTypes types) {
    FunctionTable.SetFactory factory = TABLE.set(require(oid).source());
    if (factory == null) {
      throw new IllegalArgumentException("function " + oid + " returns no set");
    }
    return factory.create(types);
  }

  /** The implementation of an aggregate. */
  public static AggregateFunction aggregate(int oid, CallTypes types) {
    FunctionTable.AggregateFactory factory = TABLE.aggregate(require(oid).source());
    if (factory == null) {
      throw new IllegalArgumentException("function " + oid + " is no aggregate");
    }
    return factory.create(types);
  }

  /** The implementation of a window function. */
  public static WindowFunction window(int oid) {
    WindowFunction function = TABLE.window(require(oid).source());
    if (function == null) {
      throw new IllegalArgumentException("function " + oid + " is no window function");
    }
    return function;
  }

  /** A call of a plain function; the arguments already have the types it takes. */
  public static FunctionCall call(int oid, List<Expression> arguments, SqlType result) {
    return call(oid, arguments, result, false);
  }

  public static FunctionCall call(
      int oid, List<Expression> arguments, SqlType result, boolean variadicArray) {
    PgFunction function = require(oid);
    List<SqlType> types = arguments.stream().map(Expression::type).toList();
    return new FunctionCall(
        result,
        oid,
        function.name(),
        scalar(oid, new CallTypes(types, result, variadicArray)),
        function.strict(),
        arguments);
  }

  /** A comparison of a value with the elements of an array by an operator's function. */
  public static ScalarArrayOp arrayOp(
      int oid, Expression operand, Expression array, SqlType element, boolean any) {
    CallTypes types =
        new CallTypes(List.of(operand.type(), element), SqlType.of(PgOid.BOOL), false);
    return new ScalarArrayOp(operand, array, oid, scalar(oid, types), require(oid).strict(), any);
  }

  /** Everything registered under a name that pg_proc.tsv should have rows for. */
  static java.util.Set<String> registeredSources() {
    return TABLE.sources();
  }
}
