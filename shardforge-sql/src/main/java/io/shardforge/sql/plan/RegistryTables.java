package io.shardforge.sql.plan;

import io.shardforge.sql.bind.FunctionTables;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgCast;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.function.PgOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The function registry as overload resolution reads it. Any thread. */
final class RegistryTables implements FunctionTables {
  private final Map<String, List<Proc>> functions = new ConcurrentHashMap<>();
  private final Map<String, List<Op>> operators = new ConcurrentHashMap<>();

  @Override
  public List<Proc> functions(String name) {
    List<Proc> known = functions.get(name);
    if (known != null) {
      return known;
    }
    List<PgFunction> rows = FunctionRegistry.functions(name);
    if (rows.isEmpty()) {
      // Names that users make up are not remembered: there is no bound to them.
      return List.of();
    }
    return functions.computeIfAbsent(name, _ -> rows.stream().map(RegistryTables::proc).toList());
  }

  @Override
  public @Nullable Proc function(int oid) {
    PgFunction row = FunctionRegistry.function(oid);
    return row == null ? null : proc(row);
  }

  private static Proc proc(PgFunction f) {
    return new Proc(
        f.oid(),
        f.name(),
        f.argumentTypes(),
        f.returnType(),
        f.returnsSet(),
        f.kind(),
        f.strict(),
        f.volatility(),
        f.variadicElement(),
        literals(f),
        inputNames(f),
        true);
  }

  /** The names of those arguments that a call gives. */
  private static List<String> inputNames(PgFunction f) {
    if (f.argumentModes().isEmpty() || f.argumentNames().isEmpty()) {
      return f.argumentNames();
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < f.argumentModes().length(); i++) {
      char mode = f.argumentModes().charAt(i);
      if (mode != 'o' && mode != 't') {
        names.add(f.argumentNames().get(i));
      }
    }
    return names;
  }

  /** The defaults without quotes and casts: their types are those of the arguments. */
  private static List<String> literals(PgFunction f) {
    if (f.defaultCount() == 0) {
      return List.of();
    }
    return Arrays.stream(f.defaults().split(", ", -1))
        .map(text -> text.replaceFirst("::[a-z]+$", "").replace("'", ""))
        .toList();
  }

  @Override
  public List<Op> operators(String name) {
    List<Op> known = operators.get(name);
    if (known != null) {
      return known;
    }
    List<PgOperator> rows = FunctionRegistry.operators(name);
    if (rows.isEmpty()) {
      return List.of();
    }
    return operators.computeIfAbsent(name, _ -> rows.stream().map(RegistryTables::op).toList());
  }

  private static Op op(PgOperator o) {
    return new Op(
        o.oid(),
        o.name(),
        o.leftType(),
        o.rightType(),
        o.resultType(),
        o.functionOid(),
        o.commutatorOid(),
        o.negatorOid());
  }

  @Override
  public @Nullable CastRow cast(int source, int target) {
    PgCast cast = FunctionRegistry.cast(source, target);
    return cast == null
        ? null
        : new CastRow(source, target, cast.functionOid(), cast.context(), cast.method());
  }

  @Override
  public @Nullable String outName(int oid) {
    PgFunction f = FunctionRegistry.function(oid);
    String name = null;
    for (int i = 0; f != null && i < f.argumentModes().length(); i++) {
      char mode = f.argumentModes().charAt(i);
      if (mode == 'o' || mode == 'b') {
        if (name != null || i >= f.argumentNames().size()) {
          return null;
        }
        name = f.argumentNames().get(i);
      }
    }
    return name == null || name.isEmpty() ? null : name;
  }

  @Override
  public List<OutColumn> outColumns(int oid) {
    PgFunction f = FunctionRegistry.function(oid);
    List<OutColumn> columns = new ArrayList<>();
    if (f != null) {
      for (int i = 0; i < f.argumentModes().length(); i++) {
        char mode = f.argumentModes().charAt(i);
        if (mode == 'o' || mode == 'b' || mode == 't') {
          String name = i < f.argumentNames().size() ? f.argumentNames().get(i) : "";
          columns.add(
              new OutColumn(
                  name.isEmpty() ? "column" + (columns.size() + 1) : name,
                  f.allArgumentTypes().get(i)));
        }
      }
    }
    // A single OUT column is just the result's name.
    return columns.size() == 1 ? List.of() : columns;
  }
}
