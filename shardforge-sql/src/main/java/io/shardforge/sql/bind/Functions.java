package io.shardforge.sql.bind;

import io.shardforge.sql.bind.FunctionTables.Op;
import io.shardforge.sql.bind.FunctionTables.Proc;
import io.shardforge.sql.bind.Resolver.Candidate;
import io.shardforge.sql.bind.Resolver.Context;
import io.shardforge.sql.bind.Resolver.Found;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds calls of operators and functions from bound arguments: resolution, casts, errors. */
final class Functions {
  /** The default of an argument that need not be given. */
  private static final String NULL_DEFAULT = "NULL";

  /** What the names of functions begin with in the tables that PostgreSQL does not have. */
  private static final String OWN_SCHEMA = "shardforge.";

  private final BindContext context;
  private final Coercion coercion;
  private final CollationRules collations;

  Functions(BindContext context, Coercion coercion, CollationRules collations) {
    this.context = context;
    this.coercion = coercion;
    this.collations = collations;
  }

  // Operators.

  /** A binary operator. */
  Bound operator(String name, Bound left, Bound right, int location) {
    Op op = findOperator(name, left.type().oid(), right.type().oid(), location);
    List<Bound> args =
        arguments(List.of(op.left(), op.right()), List.of(left, right), Context.IMPLICIT, location);
    return call(op, args, List.of(op.left(), op.right()), location);
  }

  /** A prefix operator. */
  Bound prefix(String name, Bound arg, int location) {
    Op op = findOperator(name, 0, arg.type().oid(), location);
    List<Bound> args = arguments(List.of(op.right()), List.of(arg), Context.IMPLICIT, location);
    return call(op, args, List.of(op.right()), location);
  }

  private Bound call(Op op, List<Bound> args, List<Integer> declared, int location) {
    requireImplemented(op.function(), "operator " + op.name(), location);
    int[] elements = context.resolver().polymorphicElement(declared, typesOf(args));
    int result = elements == null ? op.result() : Resolver.concrete(op.result(), elements);
    List<Bound> agreed = collations.agreed(args);
    return new Bound.Call(
        op.function(),
        op.name(),
        agreed,
        CollationRules.result(SqlType.of(result), agreed),
        false,
        false,
        location);
  }

  /** The operator, or 42883 / 42725. */
  Op findOperator(String name, int declaredLeft, int declaredRight, int location) {
    int left = PgTypes.baseOid(declaredLeft);
    int right = PgTypes.baseOid(declaredRight);
    Found<Op> found = context.resolver().operator(name, left, right);
    Op op = found.match();
    if (op != null) {
      return op;
    }
    String signature =
        left == 0
            ? name + " " + Names.type(right)
            : Names.type(left) + " " + name + " " + Names.type(right);
    if (found.ambiguous()) {
      throw context
          .error(ErrorCode.AMBIGUOUS_FUNCTION, location, "operator is not unique: " + signature)
          .withHint(
              "Could not choose a best candidate operator. You might need to add explicit type"
                  + " casts.");
    }
    throw context
        .error(ErrorCode.UNDEFINED_FUNCTION, location, "operator does not exist: " + signature)
        .withHint(
            left == 0
                ? "No operator matches the given name and argument type. You might need to add an"
                    + " explicit type cast."
                : "No operator matches the given name and argument types. You might need to add"
                    + " explicit type casts.");
  }

  /** {@code left op ANY/ALL (array)}. */
  Bound arrayOperator(String name, boolean any, Bound left, Bound array, int location) {
    int arrayType = PgTypes.baseOid(array.type().oid());
    int element = PgOid.UNKNOWN;
    if (arrayType != PgOid.UNKNOWN) {
      PgType type = PgTypes.find(arrayType);
      if (type == null || !type.isArray()) {
        throw context.error(
            ErrorCode.WRONG_OBJECT_TYPE,
            location,
            "op ANY/ALL (array) requires array on right side");
      }
      element = type.elementOid();
    }
    Op op = findOperator(name, left.type().oid(), element, location);
    if (op.result() != PgOid.BOOL) {
      throw context.error(
          ErrorCode.WRONG_OBJECT_TYPE,
          location,
          "op ANY/ALL (array) requires operator to yield boolean");
    }
    requireImplemented(op.function(), "operator " + name, location);
    int[] elements =
        context
            .resolver()
            .polymorphicElement(
                List.of(op.left(), op.right()), List.of(left.type().oid(), element));
    int[] known = elements == null ? new int[2] : elements;
    Bound typedLeft = required(left, Resolver.concrete(op.left(), known), location);
    int right = Resolver.arrayOf(Resolver.concrete(op.right(), known));
    Bound typedArray = required(array, right, location);
    List<Bound> agreed = collations.agreed(List.of(typedLeft, typedArray));
    return new Bound.ArrayCompare(
        op.function(), name, any, agreed.getFirst(), agreed.getLast(), location);
  }

  private Bound required(Bound value, int type, int location) {
    Bound result = coercion.toType(value, type, -1, Context.IMPLICIT, location);
    if (result == null) {
      throw context.error(
          ErrorCode.CANNOT_COERCE,
          location,
          "cannot cast type " + Names.type(value.type()) + " to " + Names.type(type));
    }
    return result;
  }

  // Functions.

  /** What a function name with arguments means: a call's parts, or a cast. */
  record Resolved(@Nullable Proc proc, List<Bound> args, SqlType type, @Nullable Bound cast) {}

  /** A call of a function that is known to be there, by the system itself. */
  Bound.Call call(String schema, String name, List<Bound> args, int location) {
    Resolved found = function(schema, name, args, List.of(), false, location);
    int oid = Objects.requireNonNull(found.proc).oid();
    return new Bound.Call(oid, null, found.args, found.type, false, false, location);
  }

  /** The meaning of a call whose last arguments have these names. */
  Resolved function(
      @Nullable String schema,
      String name,
      List<Bound> args,
      List<String> argNames,
      boolean variadicArray,
      int location) {
    List<Integer> types = typesOf(args);
    Found<Candidate> found =
        schema == null || schema.equals("pg_catalog") || schema.equals("information_schema")
            ? context.resolver().function(name, types, argNames, variadicArray)
            : schema.equals("shardforge")
                ? context.resolver().function(OWN_SCHEMA + name, types, argNames, variadicArray)
                : new Found<>(null, false);
    Candidate match = found.match();
    boolean exact = match != null && match.argTypes().equals(types);
    if (!exact && args.size() == 1 && argNames.isEmpty() && !variadicArray) {
      Bound cast = castCall(name, args.getFirst(), location);
      if (cast != null) {
        return new Resolved(null, args, cast.type(), cast);
      }
    }
    if (match == null) {
      throw missing(schema, signature(name, types, argNames), found.ambiguous(), location);
    }
    Proc proc = match.proc();
    requireImplemented(proc.oid(), "function " + signature(name, types, argNames), location);
    List<Bound> typed = arguments(match.argTypes(), args, Context.IMPLICIT, location);
    int[] elements = context.resolver().polymorphicElement(match.argTypes(), typesOf(typed));
    int result =
        elements == null ? proc.resultType() : Resolver.concrete(proc.resultType(), elements);
    if (Resolver.isPolymorphic(proc.resultType())
        && elements != null
        && elements[0] == 0
        && elements[1] == 0) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          location,
          "could not determine polymorphic type because input has type unknown");
    }
    typed = collations.agreed(typed);
    if (match.expandedVariadic()) {
      int fixed = proc.argTypes().size() - 1;
      List<Bound> collapsed = new ArrayList<>(typed.subList(0, fixed));
      List<Bound> rest = List.copyOf(typed.subList(fixed, typed.size()));
      int element = rest.getFirst().type().oid();
      collapsed.add(
          new Bound.ArrayOf(
              rest,
              CollationRules.result(SqlType.of(Resolver.arrayOf(element)), rest),
              false,
              location));
      typed = collapsed;
    } else if (!match.positions().equals(Resolver.indices(proc.argTypes().size()))) {
      typed = inOrder(match, typed, location);
    }
    SqlType type = CollationRules.result(SqlType.of(result), typed);
    return new Resolved(proc, List.copyOf(typed), type, null);
  }

  /** The arguments in the function's order, with the defaults of those that were left out. */
  private List<Bound> inOrder(Candidate match, List<Bound> given, int location) {
    Proc proc = match.proc();
    int declared = proc.argTypes().size();
    if (match.argTypes().size() > declared) {
      return given;
    }
    List<Bound> all = new ArrayList<>();
    for (int i = 0; i < declared; i++) {
      int at = match.positions().indexOf(i);
      if (at >= 0) {
        all.add(given.get(at));
        continue;
      }
      String text = proc.defaults().get(proc.defaults().size() - declared + i);
      Bound literal =
          new Bound.Const(
              text.equals(NULL_DEFAULT) ? null : text, SqlType.of(PgOid.UNKNOWN), location);
      all.add(required(literal, proc.argTypes().get(i), location));
    }
    return all;
  }

  /** {@code typename(value)} as a cast, null when it is not one. */
  private @Nullable Bound castCall(String name, Bound arg, int location) {
    PgType type = PgTypes.byName(name);
    if (type == null || type.isPseudo() || type.row().name().startsWith("_")) {
      return null;
    }
    int source = arg.type().oid();
    if (source != PgOid.UNKNOWN && source != type.oid()) {
      Resolver.Path path = context.resolver().castPath(source, type.oid(), Context.EXPLICIT);
      if (path == null
          || path.kind() == Bound.CastKind.FUNCTION
          || path.kind() == Bound.CastKind.ARRAY) {
        return null;
      }
    }
    return coercion.toType(arg, type.oid(), -1, Context.EXPLICIT, location);
  }

  private ShardForgeException missing(
      @Nullable String schema, String signature, boolean ambiguous, int location) {
    String full = (schema == null ? "" : schema + ".") + signature;
    if (schema != null
        && !schema.equals("pg_catalog")
        && !schema.equals("information_schema")
        && context.catalog().schema(schema) == null) {
      return context.error(
          ErrorCode.INVALID_SCHEMA_NAME, location, "schema \"" + schema + "\" does not exist");
    }
    if (ambiguous) {
      return context
          .error(ErrorCode.AMBIGUOUS_FUNCTION, location, "function " + full + " is not unique")
          .withHint(
              "Could not choose a best candidate function. You might need to add explicit type"
                  + " casts.");
    }
    return context
        .error(ErrorCode.UNDEFINED_FUNCTION, location, "function " + full + " does not exist")
        .withHint(
            "No function matches the given name and argument types. You might need to add explicit"
                + " type casts.");
  }

  static String signature(String name, List<Integer> types) {
    return signature(name, types, List.of());
  }

  private static String signature(String name, List<Integer> types, List<String> argNames) {
    StringBuilder text = new StringBuilder(name).append('(');
    int unnamed = types.size() - argNames.size();
    for (int i = 0; i < types.size(); i++) {
      text.append(i == 0 ? "" : ", ")
          .append(i < unnamed ? "" : argNames.get(i - unnamed) + " => ")
          .append(types.get(i) == PgOid.UNKNOWN ? "unknown" : Names.type(types.get(i)));
    }
    return text.append(')').toString();
  }

  void requireImplemented(int oid, String what, int location) {
    Proc proc = context.resolver().tables().function(oid);
    if (proc == null || !proc.implemented()) {
      throw context.unsupported(location, what);
    }
  }

  /** Arguments cast to declared types, the any* ones to what they stand for. */
  private List<Bound> arguments(
      List<Integer> declared, List<Bound> args, Context how, int location) {
    int[] elements = context.resolver().polymorphicElement(declared, typesOf(args));
    List<Bound> result = new ArrayList<>(args.size());
    for (int i = 0; i < args.size(); i++) {
      Bound arg = args.get(i);
      int target = declared.get(i);
      if (target == PgOid.ANY) {
        result.add(arg.type().oid() == PgOid.UNKNOWN ? coercion.settle(arg) : arg);
        continue;
      }
      if (Resolver.isPolymorphic(target) && elements != null) {
        boolean known =
            switch (target) {
              case PgOid.ANYCOMPATIBLE, PgOid.ANYCOMPATIBLEARRAY, PgOid.ANYCOMPATIBLENONARRAY ->
                  elements[1] != 0;
              default -> elements[0] != 0;
            };
        if (!known) {
          result.add(arg);
          continue;
        }
        target = Resolver.concrete(target, elements);
      }
      Bound typed = coercion.toType(arg, target, -1, how, location);
      if (typed == null) {
        throw context.error(
            ErrorCode.CANNOT_COERCE,
            location,
            "cannot cast type " + Names.type(arg.type()) + " to " + Names.type(target));
      }
      result.add(typed);
    }
    return result;
  }

  static List<Integer> typesOf(List<Bound> values) {
    List<Integer> types = new ArrayList<>(values.size());
    for (Bound value : values) {
      types.add(PgTypes.baseOid(value.type().oid()));
    }
    return types;
  }

  /** True if evaluating the expression twice may give two results. */
  boolean isVolatile(Bound expression) {
    return Bound.any(
        expression,
        e ->
            e instanceof Bound.SubQuery
                || (e instanceof Bound.Call call && volatility(call.function()) == 'v'));
  }

  private char volatility(int function) {
    Proc proc = context.resolver().tables().function(function);
    return proc == null ? 'v' : proc.volatility();
  }
}
