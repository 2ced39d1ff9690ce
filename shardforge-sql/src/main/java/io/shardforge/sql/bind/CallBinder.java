package io.shardforge.sql.bind;

import io.shardforge.sql.bind.FunctionTables.Proc;
import io.shardforge.sql.function.HypotheticalSetAggregates;
import io.shardforge.sql.parse.proto.FuncCall;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binds calls of functions and aggregates. */
final class CallBinder {
  private static final Set<String> ORDERED_SETS =
      Set.of("percentile_cont", "percentile_disc", "mode");
  private static final Set<String> HYPOTHETICAL_SETS =
      Set.of("rank", "dense_rank", "percent_rank", "cume_dist");

  private final ExpressionBinder expressions;
  private final BindContext context;
  private final Coercion coercion;
  private final Functions functions;
  private final Clause clause;
  private final @Nullable WindowBinder windows;
  private boolean inAggregate;
  private boolean inWindowCall;

  CallBinder(
      Binder binder, ExpressionBinder expressions, Clause clause, @Nullable WindowBinder windows) {
    this.expressions = expressions;
    this.context = binder.context();
    this.coercion = binder.coercion();
    this.functions = binder.functions();
    this.clause = clause;
    this.windows = windows;
  }

  Bound bind(FuncCall node) {
    int location = node.getLocation();
    List<String> path = Names.strings(node.getFuncnameList());
    String name = path.getLast();
    String schema = path.size() > 1 ? path.get(path.size() - 2) : null;
    if (node.hasOver()) {
      return windowCall(node, schema, name);
    }
    boolean aggregate = isAggregate(name);
    if (aggregate && inAggregate) {
      throw context.error(
          ErrorCode.GROUPING_ERROR, location, "aggregate function calls cannot be nested");
    }
    boolean outside = !inAggregate;
    if (aggregate) {
      inAggregate = true;
    }
    List<Bound> args = new ArrayList<>();
    List<String> names;
    List<Bound.Order> order = List.of();
    Bound filter = null;
    int uses = context.uses();
    List<Integer> taken = expressions.scope().taken();
    try {
      names = arguments(node, args);
      if (aggregate || node.getAggWithinGroup()) {
        order = aggregateOrder(node);
        if (node.getAggWithinGroup()) {
          // What is ordered is an argument too, after those in parentheses.
          order.forEach(key -> args.add(key.expression()));
        }
        filter = aggregateFilter(node);
      }
    } finally {
      if (outside) {
        inAggregate = false;
      }
    }
    boolean hypothetical = node.getAggWithinGroup() && HYPOTHETICAL_SETS.contains(name);
    if (hypothetical && args.size() == 2 * order.size()) {
      unify(args, node.getArgsList());
    }
    Functions.Resolved found =
        functions.function(schema, name, args, names, node.getFuncVariadic(), location);
    Proc called = found.proc();
    requireVariadicArray(node, called, args);
    if (node.getAggWithinGroup() != isOrderedSet(called)) {
      throw wrongWithinGroup(node, name, aggregate);
    }
    if (hypothetical) {
      return hypothetical(node, name, Objects.requireNonNull(called), found, filter, order);
    }
    Bound cast = found.cast();
    if (cast != null) {
      return cast;
    }
    Proc proc = Objects.requireNonNull(found.proc());
    return switch (proc.kind()) {
      case 'a' -> {
        Scope level = level(uses);
        Bound.Aggregate call =
            aggregate(
                node,
                name,
                proc,
                found,
                filter,
                ordered(node, order, found.args()),
                level == expressions.scope() ? clause : Clause.SELECT,
                location);
        yield level == expressions.scope() ? call : outer(level, call, taken);
      }
      case 'w' ->
          throw context.error(
              ErrorCode.WRONG_OBJECT_TYPE,
              location,
              "window function " + name + " requires an OVER clause");
      case 'p' ->
          throw context
              .error(
                  ErrorCode.WRONG_OBJECT_TYPE,
                  location,
                  Functions.signature(name, proc.argTypes()) + " is a procedure")
              .withHint("To call a procedure, use CALL.");
      default -> plain(node, name, proc, found, location);
    };
  }

  /** Binds the arguments and returns the names of the last ones, which are those with names. */
  private List<String> arguments(FuncCall node, List<Bound> args) {
    List<String> names = new ArrayList<>();
    for (Node arg : node.getArgsList()) {
      if (!arg.hasNamedArgExpr()) {
        if (!names.isEmpty()) {
          throw context.error(
              ErrorCode.SYNTAX_ERROR,
              Location.of(arg),
              "positional argument cannot follow named argument");
        }
        args.add(expressions.bind(arg));
        continue;
      }
      String name = arg.getNamedArgExpr().getName();
      if (names.contains(name)) {
        throw context.error(
            ErrorCode.SYNTAX_ERROR,
            Location.of(arg),
            "argument name \"" + name + "\" used more than once");
      }
      names.add(name);
      args.add(expressions.bind(arg.getNamedArgExpr().getArg()));
    }
    return names;
  }

  private static boolean isOrderedSet(@Nullable Proc proc) {
    return proc != null
        && proc.kind() == 'a'
        && (ORDERED_SETS.contains(proc.name()) || HYPOTHETICAL_SETS.contains(proc.name()));
  }

  private RuntimeException wrongWithinGroup(FuncCall node, String name, boolean aggregate) {
    int location = node.getLocation();
    if (!node.getAggWithinGroup()) {
      return context.error(
          ErrorCode.WRONG_OBJECT_TYPE,
          location,
          "WITHIN GROUP is required for ordered-set aggregate " + name);
    }
    return context.error(
        ErrorCode.WRONG_OBJECT_TYPE,
        location,
        aggregate
            ? name + " is not an ordered-set aggregate, so it cannot have WITHIN GROUP"
            : "WITHIN GROUP specified, but " + name + " is not an aggregate function");
  }

  /** Gives each value of a row that is not there and the key it is compared with one type. */
  private void unify(List<Bound> args, List<Node> nodes) {
    int keys = nodes.size();
    for (int i = 0; i < keys; i++) {
      List<Bound> pair = List.of(args.get(keys + i), args.get(i));
      int location = Location.of(nodes.get(i));
      SqlType common = coercion.commonType(pair, "WITHIN GROUP", List.of(location, location));
      for (int at : List.of(i, keys + i)) {
        args.set(at, coercion.toCommon(args.get(at), common, "WITHIN GROUP", location));
      }
    }
  }

  /** A call whose last argument says how its keys are ordered. */
  private Bound hypothetical(
      FuncCall node,
      String name,
      Proc proc,
      Functions.Resolved found,
      @Nullable Bound filter,
      List<Bound.Order> order) {
    int given = found.args().size() - order.size();
    if (given != order.size()) {
      throw context
          .error(
              ErrorCode.UNDEFINED_FUNCTION,
              node.getLocation(),
              "function "
                  + Functions.signature(name, Functions.typesOf(found.args()))
                  + " does not exist")
          .withHint(
              "To use the hypothetical-set aggregate "
                  + name
                  + ", the number of hypothetical direct arguments (here "
                  + given
                  + ") must match the number of ordering columns (here "
                  + order.size()
                  + ").");
    }
    long directions = 0;
    for (int i = 0; i < order.size(); i++) {
      directions =
          HypotheticalSetAggregates.directions(
              directions, i, order.get(i).descending(), order.get(i).nullsFirst());
    }
    List<Bound> args = new ArrayList<>(found.args());
    args.add(new Bound.Const(directions, Types.INT8, -1));
    boolean needsOrder = name.equals("dense_rank");
    return aggregate(
        node,
        name,
        proc,
        new Functions.Resolved(proc, args, found.type(), null),
        filter,
        needsOrder ? ordered(node, order, found.args()) : List.of(),
        clause,
        node.getLocation());
  }

  /** The order of an ordered set is that of its argument as the aggregate takes it. */
  private static List<Bound.Order> ordered(
      FuncCall node, List<Bound.Order> order, List<Bound> args) {
    if (!node.getAggWithinGroup()) {
      return order;
    }
    List<Bound.Order> typed = new ArrayList<>();
    int first = args.size() - order.size();
    for (int i = 0; i < order.size(); i++) {
      Bound.Order key = order.get(i);
      typed.add(new Bound.Order(args.get(first + i), key.descending(), key.nullsFirst()));
    }
    return typed;
  }

  /** A call with OVER. */
  private Bound windowCall(FuncCall node, @Nullable String schema, String name) {
    int location = node.getLocation();
    if (inAggregate) {
      throw context.error(
          ErrorCode.GROUPING_ERROR,
          location,
          "aggregate function calls cannot contain window function calls");
    }
    if (inWindowCall) {
      throw context.error(
          ErrorCode.WINDOWING_ERROR, location, "window function calls cannot be nested");
    }
    List<Bound> args = new ArrayList<>();
    List<String> names;
    Bound filter = null;
    inWindowCall = true;
    try {
      names = arguments(node, args);
      if (node.getAggWithinGroup()) {
        aggregateOrder(node).forEach(key -> args.add(key.expression()));
      }
      filter = aggregateFilter(node);
    } finally {
      inWindowCall = false;
    }
    Functions.Resolved found =
        functions.function(schema, name, args, names, node.getFuncVariadic(), location);
    Proc proc = found.proc();
    if (proc == null || (proc.kind() != 'a' && proc.kind() != 'w')) {
      throw context.error(
          ErrorCode.WRONG_OBJECT_TYPE,
          location,
          "OVER specified, but " + name + " is not a window function nor an aggregate function");
    }
    WindowBinder definitions = windows;
    if (definitions == null) {
      throw context.error(
          ErrorCode.WINDOWING_ERROR,
          location,
          "window functions are not allowed in " + clause.text());
    }
    checkWindowCall(node, name, proc, found);
    return new Bound.WindowCall(
        proc.oid(),
        proc.kind() == 'a',
        found.args(),
        filter,
        definitions.over(node.getOver()),
        found.type(),
        location);
  }

  private void checkWindowCall(FuncCall node, String name, Proc proc, Functions.Resolved found) {
    int location = node.getLocation();
    boolean aggregate = proc.kind() == 'a';
    if (node.getAggWithinGroup()) {
      throw context.error(
          aggregate ? ErrorCode.FEATURE_NOT_SUPPORTED : ErrorCode.WRONG_OBJECT_TYPE,
          location,
          aggregate
              ? "OVER is not supported for ordered-set aggregate " + name
              : "window function " + name + " cannot have WITHIN GROUP");
    }
    if (isOrderedSet(proc)) {
      throw wrongWithinGroup(node, name, true);
    }
    if (node.getAggDistinct()) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          location,
          "DISTINCT is not implemented for window functions");
    }
    if (aggregate && found.args().isEmpty() && !node.getAggStar()) {
      throw context.error(
          ErrorCode.WRONG_OBJECT_TYPE,
          location,
          name + "(*) must be used to call a parameterless aggregate function");
    }
    if (node.getAggOrderCount() > 0) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          location,
          "aggregate ORDER BY is not implemented for window functions");
    }
    if (!aggregate && node.hasAggFilter()) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          location,
          "FILTER is not implemented for non-aggregate window functions");
    }
    if (found.args().stream().anyMatch(Contains::hasSet)) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          location,
          "window function calls cannot contain set-returning function calls");
    }
  }

  private boolean isAggregate(String name) {
    for (Proc proc : context.resolver().tables().functions(name)) {
      if (proc.kind() == 'a') {
        return true;
      }
    }
    return false;
  }

  private List<Bound.Order> aggregateOrder(FuncCall node) {
    List<Bound.Order> order = new ArrayList<>();
    for (Node item : node.getAggOrderList()) {
      var sort = item.getSortBy();
      SortDirection direction = SortDirection.of(context, sort);
      order.add(
          new Bound.Order(
              coercion.settle(expressions.bind(sort.getNode())),
              direction.descending(),
              direction.nullsFirst()));
    }
    return order;
  }

  /** Whether an argument is the expression as the type that the function takes. */
  private static boolean isOf(Bound argument, Bound expression) {
    return argument instanceof Bound.Cast cast
        && cast.kind() == Bound.CastKind.RELABEL
        && Normal.same(cast.arg(), expression);
  }

  private @Nullable Bound aggregateFilter(FuncCall node) {
    if (!node.hasAggFilter()) {
      return null;
    }
    return coercion.condition(
        expressions.bind(node.getAggFilter()), "FILTER", Location.of(node.getAggFilter()));
  }

  /** What takes arguments of any types, any number of them, takes an array of them too. */
  private void requireVariadicArray(FuncCall node, @Nullable Proc proc, List<Bound> args) {
    if (node.getFuncVariadic() && proc != null && proc.variadic() == PgOid.ANY) {
      PgType type = PgTypes.find(PgTypes.baseOid(args.getLast().type().oid()));
      if (type == null || !type.isArray()) {
        throw context.error(
            ErrorCode.DATATYPE_MISMATCH,
            Location.of(node.getArgs(node.getArgsCount() - 1)),
            "VARIADIC argument must be an array");
      }
    }
  }

  private Bound plain(
      FuncCall node, String name, Proc proc, Functions.Resolved found, int location) {
    if (node.getAggStar()) {
      throw context.error(
          ErrorCode.WRONG_OBJECT_TYPE,
          location,
          name + "(*) specified, but " + name + " is not an aggregate function");
    }
    if (node.getAggDistinct()) {
      throw context.error(
          ErrorCode.WRONG_OBJECT_TYPE,
          location,
          "DISTINCT specified, but " + name + " is not an aggregate function");
    }
    if (node.getAggOrderCount() > 0) {
      throw context.error(
          ErrorCode.WRONG_OBJECT_TYPE,
          location,
          "ORDER BY specified, but " + name + " is not an aggregate function");
    }
    if (node.hasAggFilter()) {
      throw context.error(
          ErrorCode.WRONG_OBJECT_TYPE,
          location,
          "FILTER specified, but " + name + " is not an aggregate function");
    }
    if (proc.returnsSet() && !clause.allowsSets()) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          location,
          "set-returning functions are not allowed in " + clause.text());
    }
    if (proc.returnsSet() && inAggregate) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          location,
          "aggregate function calls cannot contain set-returning function calls");
    }
    return new Bound.Call(
        proc.oid(),
        null,
        found.args(),
        rowType(proc, found),
        proc.returnsSet(),
        node.getFuncVariadic(),
        location);
  }

  /** A record that keeps in its modifier what columns it has. */
  private SqlType rowType(Proc proc, Functions.Resolved found) {
    if (found.type().oid() != PgOid.RECORD) {
      return found.type();
    }
    List<FunctionTables.OutColumn> columns = context.resolver().tables().outColumns(proc.oid());
    int[] elements =
        context.resolver().polymorphicElement(proc.argTypes(), Functions.typesOf(found.args()));
    List<FunctionTables.OutColumn> concrete = new ArrayList<>();
    for (FunctionTables.OutColumn column : columns) {
      int type = elements == null ? column.type() : Resolver.concrete(column.type(), elements);
      concrete.add(new FunctionTables.OutColumn(column.name(), type));
    }
    return columns.isEmpty() ? found.type() : context.recordOf(concrete);
  }

  /** An aggregate belongs to the innermost query whose columns it names since then. */
  private Scope level(int uses) {
    Scope scope = expressions.scope();
    List<Scope> levels = context.usedSince(uses);
    if (levels.contains(scope)) {
      return scope;
    }
    Scope innermost = scope;
    for (Scope level : levels) {
      if (level.encloses(scope) && (innermost == scope || innermost.encloses(level))) {
        innermost = level;
      }
    }
    return innermost;
  }

  private Bound outer(Scope level, Bound.Aggregate call, List<Integer> taken) {
    if (Bound.any(call, e -> e instanceof Bound.SubQuery)) {
      throw context.unsupported(
          call.location(), "an aggregate of an outer query with a subquery in its arguments");
    }
    return expressions.scope().aggregateOf(level, call, taken);
  }

  private Bound.Aggregate aggregate(
      FuncCall node,
      String name,
      Proc proc,
      Functions.Resolved found,
      @Nullable Bound filter,
      List<Bound.Order> order,
      Clause place,
      int location) {
    if (!place.allowsAggregates()) {
      throw context.error(
          ErrorCode.GROUPING_ERROR,
          location,
          "aggregate functions are not allowed in " + place.text());
    }
    for (Bound arg : found.args()) {
      Bound.Aggregate nested = Contains.aggregate(arg);
      if (nested != null) {
        throw context.error(
            ErrorCode.GROUPING_ERROR,
            nested.location(),
            "aggregate function calls cannot be nested");
      }
    }
    if (found.args().isEmpty() && !node.getAggStar()) {
      throw context.error(
          ErrorCode.WRONG_OBJECT_TYPE,
          location,
          name + "(*) must be used to call a parameterless aggregate function");
    }
    if (node.getAggDistinct()) {
      for (int i = 0; i < order.size(); i++) {
        Bound key = order.get(i).expression();
        if (found.args().stream().noneMatch(a -> Normal.same(a, key) || isOf(a, key))) {
          throw context.error(
              ErrorCode.INVALID_COLUMN_REFERENCE,
              Location.of(node.getAggOrder(i)),
              "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list");
        }
      }
    }
    return new Bound.Aggregate(
        proc.oid(),
        found.args().isEmpty() ? Collections.emptyList() : found.args(),
        node.getAggWithinGroup() ? node.getArgsCount() : 0,
        node.getAggStar(),
        node.getAggDistinct(),
        filter,
        order,
        found.type(),
        location);
  }
}
