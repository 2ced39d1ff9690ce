package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.AggregateFunction.Accumulator;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.RowValue;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call written as text: {@code name(type,...)}, then the arguments, all separated by tabs. An
 * argument is a literal of the declared type, {@code value::type} where that is polymorphic, or
 * {@code \N}. An aggregate's arguments are its rows, whose values are separated by {@code ~}.
 */
record FunctionCase(String signature, List<String> arguments) {
  static FunctionCase of(List<String> fields) {
    return new FunctionCase(fields.getFirst(), fields.subList(1, fields.size()));
  }

  /** The result as text, an error as SQLSTATE and message. */
  String run(EvalContext context) {
    try {
      return evaluate(context);
    } catch (ShardForgeException e) {
      return "ERR " + e.code().sqlState() + " " + e.message();
    }
  }

  private PgFunction function() {
    int open = signature.indexOf('(');
    List<Integer> types = new ArrayList<>();
    String list = signature.substring(open + 1, signature.length() - 1);
    if (!list.isEmpty()) {
      for (String name : list.split(",", -1)) {
        types.add(typeNamed(name).oid());
      }
    }
    for (PgFunction candidate : FunctionRegistry.functions(signature.substring(0, open))) {
      if (candidate.argumentTypes().equals(types)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("no function " + signature);
  }

  private static PgType typeNamed(String name) {
    PgType type = PgTypes.byName(name);
    if (type == null) {
      throw new IllegalArgumentException("no type " + name);
    }
    return type;
  }

  private record Value(int oid, @Nullable Object value) {}

  private static Value read(String text, int declared, EvalContext context) {
    if (text.equals("\\N")) {
      return new Value(PgTypes.byOid(declared).isPseudo() ? PgOid.TEXT : declared, null);
    }
    PgType type = PgTypes.byOid(declared);
    String literal = text;
    int cast = text.lastIndexOf("::");
    if (type.isPseudo() && cast >= 0) {
      type = typeNamed(text.substring(cast + 2));
      literal = text.substring(0, cast);
    } else if (type.isPseudo()) {
      type = PgTypes.byOid(PgOid.TEXT);
    }
    if (literal.equals("\\N")) {
      return new Value(type.oid(), null);
    }
    return new Value(type.oid(), type.parse(literal, -1, context.typeContext()));
  }

  private String evaluate(EvalContext context) {
    PgFunction function = function();
    if (function.isAggregate()) {
      return aggregate(function, context);
    }
    List<Integer> declared = function.argumentTypes();
    @Nullable Object[] values = new @Nullable Object[arguments.size()];
    List<SqlType> types = new ArrayList<>();
    boolean anyNull = false;
    for (int i = 0; i < values.length; i++) {
      int oid = declared.get(Math.min(i, declared.size() - 1));
      Value value = read(arguments.get(i), oid, context);
      values[i] = value.value;
      anyNull |= value.value == null;
      types.add(SqlType.of(value.oid));
    }
    int result = resultType(function, types);
    if (anyNull && function.strict()) {
      return function.returnsSet() ? "" : "NULL";
    }
    CallTypes call = new CallTypes(types, SqlType.of(result));
    if (function.returnsSet()) {
      StringBuilder out = new StringBuilder();
      Iterator<@Nullable Object[]> rows =
          FunctionRegistry.set(function.oid(), call).rows(context, values);
      while (rows.hasNext()) {
        out.append(out.isEmpty() ? "" : "|")
            .append(rowText(rows.next(), function, result, context));
      }
      return out.toString();
    }
    Object value = FunctionRegistry.scalar(function.oid(), call).apply(context, values);
    return text(value, result, context);
  }

  private static String rowText(
      @Nullable Object[] row, PgFunction function, int result, EvalContext context) {
    if (row.length == 1) {
      return row[0] == null ? "" : text(row[0], result, context);
    }
    List<SqlType> types = new ArrayList<>();
    for (int i = 0; i < function.allArgumentTypes().size(); i++) {
      if ("ot".indexOf(function.argumentModes().charAt(i)) >= 0) {
        int oid = function.allArgumentTypes().get(i);
        types.add(SqlType.of(oid == PgOid.ANYELEMENT ? PgOid.TEXT : oid));
      }
    }
    return PgTypes.byOid(PgOid.RECORD).format(new RowValue(types, row), context.typeContext());
  }

  private static int resultType(PgFunction function, List<SqlType> types) {
    int declared = function.returnType();
    if (!PgTypes.byOid(declared).isPseudo() || declared == PgOid.RECORD || declared == PgOid.VOID) {
      return declared;
    }
    for (int i = 0; i < types.size(); i++) {
      int formal = function.argumentTypes().get(Math.min(i, function.argumentTypes().size() - 1));
      PgType actual = PgTypes.byOid(types.get(i).oid());
      boolean formalArray = formal == PgOid.ANYARRAY || formal == PgOid.ANYCOMPATIBLEARRAY;
      boolean resultArray = declared == PgOid.ANYARRAY || declared == PgOid.ANYCOMPATIBLEARRAY;
      if (!PgTypes.byOid(formal).isPseudo()) {
        continue;
      }
      if (formalArray == resultArray) {
        return actual.oid();
      }
      return resultArray ? actual.arrayOid() : actual.elementOid();
    }
    return PgOid.TEXT;
  }

  private String aggregate(PgFunction function, EvalContext context) {
    List<Integer> declared = function.argumentTypes();
    List<@Nullable Object[]> rows = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    for (int i = 0; i < declared.size(); i++) {
      types.add(SqlType.of(declared.get(i)));
    }
    for (String line : arguments) {
      String[] fields = line.split("~", -1);
      @Nullable Object[] row = new @Nullable Object[declared.size()];
      for (int i = 0; i < row.length; i++) {
        Value value = read(fields[i], declared.get(i), context);
        row[i] = value.value;
        types.set(i, SqlType.of(value.oid));
      }
      rows.add(row);
    }
    int result = resultType(function, types);
    CallTypes call = new CallTypes(types, SqlType.of(result));
    AggregateFunction aggregate = FunctionRegistry.aggregate(function.oid(), call);
    Accumulator whole = aggregate.create();
    Accumulator first = aggregate.create();
    Accumulator second = aggregate.create();
    for (int i = 0; i < rows.size(); i++) {
      whole.add(context, rows.get(i));
      (i < rows.size() / 2 ? first : second).add(context, rows.get(i));
    }
    first.merge(second);
    String text = text(whole.result(context), result, context);
    String merged = text(first.result(context), result, context);
    boolean rounded = result == PgOid.FLOAT8 || result == PgOid.FLOAT4;
    return rounded || text.equals(merged) ? text : text + " but merged " + merged;
  }

  private static String text(@Nullable Object value, int oid, EvalContext context) {
    if (value == null) {
      return "NULL";
    }

    return PgTypes.byOid(oid).format(value, context.typeContext());
  }
}
