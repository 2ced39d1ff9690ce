package io.shardforge.sql.bind;

import io.shardforge.sql.bind.FunctionTables.Proc;
import io.shardforge.sql.bind.Resolver.Context;
import io.shardforge.sql.parse.proto.A_Const;
import io.shardforge.sql.parse.proto.A_Expr;
import io.shardforge.sql.parse.proto.A_Indices;
import io.shardforge.sql.parse.proto.A_Indirection;
import io.shardforge.sql.parse.proto.BoolExprType;
import io.shardforge.sql.parse.proto.BooleanTest;
import io.shardforge.sql.parse.proto.CaseExpr;
import io.shardforge.sql.parse.proto.CaseWhen;
import io.shardforge.sql.parse.proto.CollateClause;
import io.shardforge.sql.parse.proto.ColumnRef;
import io.shardforge.sql.parse.proto.FuncCall;
import io.shardforge.sql.parse.proto.MinMaxOp;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.NullTestType;
import io.shardforge.sql.parse.proto.ParamRef;
import io.shardforge.sql.parse.proto.SQLValueFunction;
import io.shardforge.sql.parse.proto.TypeCast;
import io.shardforge.sql.type.Numeric;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binds expressions of one clause of one query level. */
final class ExpressionBinder {
  private static final Set<String> COLLATIONS = Set.of("C", "POSIX", "default", "ucs_basic");

  private final Binder binder;
  private final BindContext context;
  private final Coercion coercion;
  private final Functions functions;
  private final Scope scope;
  private final Clause clause;
  private final CteScope ctes;
  private boolean inAggregate;

  ExpressionBinder(Binder binder, Scope scope, Clause clause, CteScope ctes) {
    this.binder = binder;
    this.context = binder.context();
    this.coercion = binder.coercion();
    this.functions = binder.functions();
    this.scope = scope;
    this.clause = clause;
    this.ctes = ctes;
  }

  Bound bind(Node node) {
    context.enter();
    try {
      return bindNode(node);
    } finally {
      context.leave();
    }
  }

  /** Binds a condition: boolean or 42804. */
  Bound condition(Node node) {
    return coercion.condition(bind(node), clause.text(), Location.of(node));
  }

  private Bound bindNode(Node node) {
    return switch (node.getNodeCase()) {
      case A_CONST -> constant(node.getAConst());
      case COLUMN_REF -> columnRef(node.getColumnRef());
      case PARAM_REF -> paramRef(node.getParamRef());
      case A_EXPR -> aExpr(node);
      case BOOL_EXPR -> boolExpr(node);
      case FUNC_CALL -> call(node.getFuncCall());
      case TYPE_CAST -> typeCast(node.getTypeCast());
      case CASE_EXPR -> caseExpr(node.getCaseExpr());
      case COALESCE_EXPR ->
          alternatives(node.getCoalesceExpr().getArgsList(), "COALESCE", Form.COALESCE);
      case MIN_MAX_EXPR -> {
        boolean greatest = node.getMinMaxExpr().getOp() == MinMaxOp.IS_GREATEST;
        yield alternatives(
            node.getMinMaxExpr().getArgsList(),
            greatest ? "GREATEST" : "LEAST",
            greatest ? Form.GREATEST : Form.LEAST);
      }
      case NULL_TEST -> {
        Bound arg = bind(node.getNullTest().getArg());
        boolean row = arg instanceof Bound.RowOf || arg.type().oid() == PgOid.RECORD;
        yield new Bound.NullTest(
            coercion.settle(arg),
            node.getNullTest().getNulltesttype() == NullTestType.IS_NULL,
            row);
      }
      case BOOLEAN_TEST -> booleanTest(node.getBooleanTest());
      case SUB_LINK -> new SubLinkBinder(binder, scope, this, ctes).bind(node.getSubLink());
      case A_ARRAY_EXPR ->
          array(node.getAArrayExpr().getElementsList(), 0, node.getAArrayExpr().getLocation());
      case ROW_EXPR -> row(node);
      case A_INDIRECTION -> indirection(node.getAIndirection());
      case COLLATE_CLAUSE -> collate(node.getCollateClause());
      case SQLVALUE_FUNCTION -> valueFunction(node.getSqlvalueFunction());
      case SET_TO_DEFAULT ->
          throw context.error(
              ErrorCode.SYNTAX_ERROR,
              node.getSetToDefault().getLocation(),
              "DEFAULT is not allowed in this context");
      case NAMED_ARG_EXPR ->
          throw context.unsupported(node.getNamedArgExpr().getLocation(), "a named argument");
      case GROUPING_FUNC ->
          throw context.unsupported(node.getGroupingFunc().getLocation(), "GROUPING");
      case XML_EXPR -> throw context.unsupported(node.getXmlExpr().getLocation(), "XML");
      case MULTI_ASSIGN_REF ->
          throw context.unsupported(-1, "a multiple-column assignment from this source");
      default ->
          throw context.unsupported(
              Location.of(node), "an expression of kind " + Location.kind(node));
    };
  }

  // Leaves.

  private Bound constant(A_Const constant) {
    int location = constant.getLocation();
    if (constant.getIsnull()) {
      return new Bound.Const(null, Types.UNKNOWN, location);
    }
    return switch (constant.getValCase()) {
      case IVAL -> new Bound.Const((long) constant.getIval().getIval(), Types.INT4, location);
      case FVAL -> number(constant.getFval().getFval(), location);
      case BOOLVAL -> new Bound.Const(constant.getBoolval().getBoolval(), Types.BOOL, location);
      case SVAL -> new Bound.Const(constant.getSval().getSval(), Types.UNKNOWN, location);
      case BSVAL -> throw context.unsupported(location, "a bit-string literal");
      case VAL_NOT_SET -> new Bound.Const(null, Types.UNKNOWN, location);
    };
  }

  private Bound number(String digits, int location) {
    if (digits.length() <= 19 && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        return new Bound.Const(Long.parseLong(digits), Types.INT8, location);
      } catch (NumberFormatException e) {
        // Beyond bigint: numeric, as below.
        return numeric(digits, location);
      }
    }
    if (digits.startsWith("0x")
        || digits.startsWith("0X")
        || digits.startsWith("0o")
        || digits.startsWith("0O")
        || digits.startsWith("0b")
        || digits.startsWith("0B")) {
      int radix =
          switch (digits.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            default -> 2;
          };
      java.math.BigInteger value =
          new java.math.BigInteger(digits.substring(2).replace("_", ""), radix);
      return value.bitLength() < 64
          ? new Bound.Const(value.longValue(), Types.INT8, location)
          : numeric(value.toString(), location);
    }
    return numeric(digits, location);
  }

  private static Bound numeric(String digits, int location) {
    Object value = PgTypes.byOid(PgOid.NUMERIC).parse(digits.replace("_", ""), -1, TypeContext.UTC);
    return new Bound.Const((Numeric) value, SqlType.of(PgOid.NUMERIC), location);
  }

  private Bound paramRef(ParamRef ref) {
    return new Bound.Param(
        ref.getNumber(),
        context.parameterType(ref.getNumber(), ref.getLocation()),
        ref.getLocation());
  }

  private Bound columnRef(ColumnRef ref) {
    Scope.Resolved resolved = resolveColumn(ref);
    return resolved.expression();
  }

  /** A column reference and its table column; whole rows resolve to a row value. */
  Scope.Resolved resolveColumn(ColumnRef ref) {
    int location = ref.getLocation();
    List<Node> fields = ref.getFieldsList();
    if (fields.getLast().hasAStar()) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          location,
          "row expansion via \"*\" is not supported here");
    }
    List<String> names = Names.strings(fields);
    String column = names.getLast();
    return switch (names.size()) {
      case 1 -> {
        Scope.Resolved found = scope.column(column, location);
        if (found != null) {
          yield found;
        }
        Scope.Found item = scope.source(null, column, location);
        if (item == null) {
          throw scope.missingColumn(null, column, location);
        }
        yield new Scope.Resolved(scope.wholeRow(item, location), 0, 0);
      }
      case 2, 3 -> {
        String schema = names.size() == 3 ? names.get(0) : null;
        String table = names.get(names.size() - 2);
        Scope.Found item = scope.source(schema, table, location);
        if (item == null) {
          throw scope.missingSource(table, location);
        }
        Scope.Resolved found = scope.column(item, column, location);
        if (found == null) {
          throw scope.missingColumn(table, column, location);
        }
        yield found;
      }
      case 4 -> throw context.unsupported(location, "a column named with its database");
      default ->
          throw context.error(
              ErrorCode.SYNTAX_ERROR,
              location,
              "improper qualified name (too many dotted names): " + Names.dotted(names));
    };
  }

  // Operators.

  private Bound aExpr(Node node) {
    A_Expr expr = node.getAExpr();
    if (expr.getKind() == io.shardforge.sql.parse.proto.A_Expr_Kind.AEXPR_OP
        && expr.hasLexpr()
        && expr.getLexpr().hasAExpr()) {
      return leftDeep(node);
    }
    return oneExpr(expr, expr.hasLexpr() ? bind(expr.getLexpr()) : null);
  }

  /**
   * Chains such as 1+1+1… nest to the left: bound in a loop, as deep as the nesting limit allows.
   */
  private Bound leftDeep(Node node) {
    Deque<A_Expr> spine = new ArrayDeque<>();
    Node current = node;
    while (current.hasAExpr()
        && current.getAExpr().getKind() == io.shardforge.sql.parse.proto.A_Expr_Kind.AEXPR_OP
        && current.getAExpr().hasLexpr()) {
      spine.push(current.getAExpr());
      current = current.getAExpr().getLexpr();
    }
    if (spine.size() > BindContext.NESTING_MAX) {
      throw context.error(ErrorCode.STATEMENT_TOO_COMPLEX, -1, "stack depth limit exceeded");
    }
    Bound left = bind(current);
    while (!spine.isEmpty()) {
      left = oneExpr(spine.pop(), left);
    }
    return left;
  }

  private Bound oneExpr(A_Expr expr, @Nullable Bound left) {
    int location = expr.getLocation();
    String name = expr.getNameCount() == 0 ? "" : Names.last(expr.getNameList());
    return switch (expr.getKind()) {
      case AEXPR_OP -> {
        Bound right = bind(expr.getRexpr());
        yield left == null
            ? functions.prefix(name, right, location)
            : compareOrOperate(name, left, right, location);
      }
      case AEXPR_OP_ANY, AEXPR_OP_ALL -> {
        boolean any = expr.getKind() == io.shardforge.sql.parse.proto.A_Expr_Kind.AEXPR_OP_ANY;
        yield functions.arrayOperator(name, any, required(left), bind(expr.getRexpr()), location);
      }
      case AEXPR_DISTINCT, AEXPR_NOT_DISTINCT -> {
        boolean negated =
            expr.getKind() == io.shardforge.sql.parse.proto.A_Expr_Kind.AEXPR_NOT_DISTINCT;
        yield distinct(required(left), bind(expr.getRexpr()), negated, location);
      }
      case AEXPR_NULLIF -> {
        Bound.Call equal =
            (Bound.Call) functions.operator("=", required(left), bind(expr.getRexpr()), location);
        if (equal.type().oid() != PgOid.BOOL) {
          throw context.error(
              ErrorCode.DATATYPE_MISMATCH, location, "NULLIF requires = operator to yield boolean");
        }
        yield new Bound.NullIf(
            equal.function(), equal.args().get(0), equal.args().get(0), equal.args().get(1));
      }
      case AEXPR_IN -> in(name, required(left), expr, location);
      case AEXPR_LIKE, AEXPR_ILIKE, AEXPR_SIMILAR ->
          functions.operator(name, required(left), bind(expr.getRexpr()), location);
      case AEXPR_BETWEEN, AEXPR_NOT_BETWEEN, AEXPR_BETWEEN_SYM, AEXPR_NOT_BETWEEN_SYM ->
          between(expr, required(left), location);
      case A_EXPR_KIND_UNDEFINED, UNRECOGNIZED ->
          throw context.unsupported(location, "this operator expression");
    };
  }

  private static Bound required(@Nullable Bound left) {
    return java.util.Objects.requireNonNull(left);
  }

  private Bound compareOrOperate(String name, Bound left, Bound right, int location) {
    if (left instanceof Bound.RowOf l && right instanceof Bound.RowOf r) {
      return rowCompare(name, l.fields(), r.fields(), location);
    }
    return functions.operator(name, left, right, location);
  }

  /** Comparison of row values, field by field as PostgreSQL defines it. */
  Bound rowCompare(String name, List<Bound> left, List<Bound> right, int location) {
    if (left.size() != right.size()) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR, location, "unequal number of entries in row expressions");
    }
    if (left.isEmpty()) {
      throw context.unsupported(location, "comparison of rows of zero length");
    }
    return switch (name) {
      case "=", "<>" -> {
        List<Bound> parts = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
          parts.add(compareOrOperate(name, left.get(i), right.get(i), location));
        }
        yield parts.size() == 1 ? parts.getFirst() : new Bound.Logic(name.equals("="), parts);
      }
      case "<", "<=", ">", ">=" -> {
        String strict = name.substring(0, 1);
        int last = left.size() - 1;
        Bound result = compareOrOperate(name, left.get(last), right.get(last), location);
        for (int i = last - 1; i >= 0; i--) {
          Bound before = compareOrOperate(strict, left.get(i), right.get(i), location);
          Bound equal = compareOrOperate("=", left.get(i), right.get(i), location);
          result =
              new Bound.Logic(
                  false, List.of(before, new Bound.Logic(true, List.of(equal, result))));
        }
        yield result;
      }
      default ->
          throw context.error(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              location,
              "could not determine interpretation of row comparison operator " + name);
    };
  }

  private Bound distinct(Bound left, Bound right, boolean negated, int location) {
    if (left instanceof Bound.RowOf l && right instanceof Bound.RowOf r) {
      if (l.fields().size() != r.fields().size()) {
        throw context.error(
            ErrorCode.SYNTAX_ERROR, location, "unequal number of entries in row expressions");
      }
      List<Bound> parts = new ArrayList<>();
      for (int i = 0; i < l.fields().size(); i++) {
        parts.add(distinct(l.fields().get(i), r.fields().get(i), negated, location));
      }
      return parts.size() == 1 ? parts.getFirst() : new Bound.Logic(negated, parts);
    }
    if (left instanceof Bound.Const c && c.value() == null && c.type().oid() == PgOid.UNKNOWN) {
      return new Bound.NullTest(coercion.settle(right), negated, false);
    }
    if (right instanceof Bound.Const c && c.value() == null && c.type().oid() == PgOid.UNKNOWN) {
      return new Bound.NullTest(coercion.settle(left), negated, false);
    }
    Bound.Call equal = (Bound.Call) functions.operator("=", left, right, location);
    return new Bound.Distinct(equal.function(), equal.args().get(0), equal.args().get(1), negated);
  }

  private Bound in(String name, Bound left, A_Expr expr, int location) {
    boolean any = name.equals("=");
    List<Node> items = expr.getRexpr().getList().getItemsList();
    List<Bound> bound = new ArrayList<>(items.size());
    List<Bound> scalars = new ArrayList<>();
    boolean simple = !(left instanceof Bound.RowOf);
    for (Node item : items) {
      Bound value = bind(item);
      bound.add(value);
      simple &= !(value instanceof Bound.RowOf);
    }
    if (simple && bound.size() > 1) {
      List<Bound> all = new ArrayList<>();
      all.add(left);
      for (Bound value : bound) {
        if (!hasColumn(value)) {
          scalars.add(value);
          all.add(value);
        }
      }
      int common = scalars.size() > 1 ? context.resolver().commonType(Functions.typesOf(all)) : 0;
      int arrayType = common == 0 || common == PgOid.RECORD ? 0 : Resolver.arrayOf(common);
      if (arrayType != 0) {
        List<Bound> elements = new ArrayList<>();
        for (Bound value : scalars) {
          elements.add(coercion.toCommon(value, SqlType.of(common), "IN", location));
        }
        List<Bound> parts = new ArrayList<>();
        parts.add(
            functions.arrayOperator(
                name,
                any,
                left,
                new Bound.ArrayOf(elements, SqlType.of(arrayType), false, location),
                location));
        for (Bound value : bound) {
          if (hasColumn(value)) {
            parts.add(functions.operator(name, left, value, location));
          }
        }
        return parts.size() == 1 ? parts.getFirst() : new Bound.Logic(!any, parts);
      }
    }
    List<Bound> parts = new ArrayList<>();
    for (Bound value : bound) {
      parts.add(compareOrOperate(name, left, value, location));
    }
    return parts.size() == 1 ? parts.getFirst() : new Bound.Logic(!any, parts);
  }

  private static boolean hasColumn(Bound value) {
    return Bound.any(value, e -> e instanceof Bound.Column);
  }

  private Bound between(A_Expr expr, Bound value, int location) {
    List<Node> ends = expr.getRexpr().getList().getItemsList();
    Bound low = bind(ends.get(0));
    Bound high = bind(ends.get(1));
    return switch (expr.getKind()) {
      case AEXPR_BETWEEN -> range(value, low, high, location);
      case AEXPR_NOT_BETWEEN -> outside(value, low, high, location);
      case AEXPR_BETWEEN_SYM ->
          new Bound.Logic(
              false, List.of(range(value, low, high, location), range(value, high, low, location)));
      default ->
          new Bound.Logic(
              true,
              List.of(outside(value, low, high, location), outside(value, high, low, location)));
    };
  }

  private Bound range(Bound value, Bound low, Bound high, int location) {
    return new Bound.Logic(
        true,
        List.of(
            compareOrOperate(">=", value, low, location),
            compareOrOperate("<=", value, high, location)));
  }

  private Bound outside(Bound value, Bound low, Bound high, int location) {
    return new Bound.Logic(
        false,
        List.of(
            compareOrOperate("<", value, low, location),
            compareOrOperate(">", value, high, location)));
  }

  private Bound boolExpr(Node node) {
    var expr = node.getBoolExpr();
    String name =
        switch (expr.getBoolop()) {
          case AND_EXPR -> "AND";
          case OR_EXPR -> "OR";
          case NOT_EXPR, BOOL_EXPR_TYPE_UNDEFINED, UNRECOGNIZED -> "NOT";
        };
    List<Bound> args = new ArrayList<>(expr.getArgsCount());
    for (Node arg : expr.getArgsList()) {
      args.add(coercion.condition(bind(arg), name, Location.of(arg)));
    }
    return expr.getBoolop() == BoolExprType.NOT_EXPR
        ? new Bound.Not(args.getFirst())
        : new Bound.Logic(expr.getBoolop() == BoolExprType.AND_EXPR, args);
  }

  private Bound booleanTest(BooleanTest test) {
    String name =
        switch (test.getBooltesttype()) {
          case IS_TRUE -> "IS TRUE";
          case IS_NOT_TRUE -> "IS NOT TRUE";
          case IS_FALSE -> "IS FALSE";
          case IS_NOT_FALSE -> "IS NOT FALSE";
          case IS_UNKNOWN -> "IS UNKNOWN";
          case IS_NOT_UNKNOWN -> "IS NOT UNKNOWN";
          case BOOL_TEST_TYPE_UNDEFINED, UNRECOGNIZED -> "IS";
        };
    Bound arg = coercion.condition(bind(test.getArg()), name, Location.of(test.getArg()));
    boolean negated = name.startsWith("IS NOT");
    Boolean value = name.endsWith("TRUE") ? Boolean.TRUE : name.endsWith("FALSE") ? false : null;
    return new Bound.TruthTest(arg, value, negated);
  }

  // Conditional forms.

  private enum Form {
    COALESCE,
    GREATEST,
    LEAST
  }

  private Bound alternatives(List<Node> nodes, String construct, Form form) {
    List<Bound> args = new ArrayList<>();
    List<Integer> locations = new ArrayList<>();
    for (Node node : nodes) {
      args.add(bind(node));
      locations.add(Location.of(node));
    }
    SqlType common = coercion.commonType(args, construct, locations);
    List<Bound> typed = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      typed.add(coercion.toCommon(args.get(i), common, construct, locations.get(i)));
    }
    return switch (form) {
      case COALESCE -> new Bound.Coalesce(typed, common);
      case GREATEST -> new Bound.MinMax(true, typed, common);
      case LEAST -> new Bound.MinMax(false, typed, common);
    };
  }

  private Bound caseExpr(CaseExpr expr) {
    Bound subject = null;
    if (expr.hasArg()) {
      subject = coercion.settle(bind(expr.getArg()));
      if (expr.getArgsCount() > 1 && functions.isVolatile(subject)) {
        throw context.unsupported(expr.getLocation(), "CASE over a volatile expression");
      }
    }
    List<Bound> conditions = new ArrayList<>();
    List<Bound> results = new ArrayList<>();
    List<Integer> locations = new ArrayList<>();
    for (Node node : expr.getArgsList()) {
      CaseWhen when = node.getCaseWhen();
      Bound condition = bind(when.getExpr());
      if (subject != null) {
        condition = functions.operator("=", subject, condition, Location.of(when.getExpr()));
      }
      conditions.add(coercion.condition(condition, "CASE/WHEN", Location.of(when.getExpr())));
      results.add(bind(when.getResult()));
      locations.add(Location.of(when.getResult()));
    }
    // PostgreSQL looks at the default first when it chooses the type.
    Bound last =
        expr.hasDefresult() ? bind(expr.getDefresult()) : new Bound.Const(null, Types.UNKNOWN, -1);
    results.addFirst(last);
    locations.addFirst(expr.hasDefresult() ? Location.of(expr.getDefresult()) : -1);
    SqlType common = coercion.commonType(results, "CASE", locations);
    List<Bound> branches = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      branches.add(conditions.get(i));
      branches.add(
          coercion.toCommon(results.get(i + 1), common, "CASE/WHEN", locations.get(i + 1)));
    }
    branches.add(coercion.toCommon(results.get(0), common, "CASE/ELSE", locations.get(0)));
    return new Bound.Case(branches, common);
  }

  // Casts, arrays, rows.

  private Bound typeCast(TypeCast cast) {
    SqlType target = TypeNameBinder.bind(context, cast.getTypeName());
    Node arg = cast.getArg();
    PgType type = PgTypes.byOid(target.oid());
    int location = cast.getLocation() < 0 ? Location.of(arg) : cast.getLocation();
    Bound value =
        arg.hasAArrayExpr() && type.isArray()
            ? array(
                arg.getAArrayExpr().getElementsList(),
                type.elementOid(),
                arg.getAArrayExpr().getLocation())
            : bind(arg);
    return cast(value, target, location);
  }

  Bound cast(Bound value, SqlType target, int location) {
    Bound result = coercion.coerce(value, target, Context.EXPLICIT, location);
    if (result == null) {
      throw context.error(
          ErrorCode.CANNOT_COERCE,
          location,
          "cannot cast type " + Names.type(value.type()) + " to " + Names.type(target));
    }
    return result;
  }

  private Bound array(List<Node> nodes, int element, int location) {
    List<Bound> values = new ArrayList<>();
    List<Integer> locations = new ArrayList<>();
    boolean multi = false;
    for (Node node : nodes) {
      Bound value =
          node.hasAArrayExpr()
              ? array(node.getAArrayExpr().getElementsList(), element, location)
              : bind(node);
      multi |= node.hasAArrayExpr();
      values.add(value);
      locations.add(Location.of(node));
    }
    SqlType elementType;
    if (element != 0) {
      elementType = SqlType.of(element);
    } else if (values.isEmpty()) {
      throw context
          .error(ErrorCode.INDETERMINATE_DATATYPE, location, "cannot determine type of empty array")
          .withHint("Explicitly cast to the desired type, for example ARRAY[]::integer[].");
    } else {
      elementType = SqlType.of(coercion.commonType(values, "ARRAY", locations).oid());
    }
    if (multi
        || (!values.isEmpty() && element == 0 && PgTypes.byOid(elementType.oid()).isArray())) {
      int arrayType = element != 0 ? Resolver.arrayOf(element) : elementType.oid();
      List<Bound> typed = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        typed.add(
            coercion.toCommon(values.get(i), SqlType.of(arrayType), "ARRAY", locations.get(i)));
      }
      return new Bound.ArrayOf(typed, SqlType.of(arrayType), true, location);
    }
    List<Bound> typed = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      typed.add(
          element != 0
              ? cast(values.get(i), elementType, locations.get(i))
              : coercion.toCommon(values.get(i), elementType, "ARRAY", locations.get(i)));
    }
    int arrayType = Resolver.arrayOf(elementType.oid());
    if (arrayType == 0) {
      throw context.error(
          ErrorCode.UNDEFINED_OBJECT,
          location,
          "could not find array type for data type " + Names.type(elementType));
    }
    return new Bound.ArrayOf(typed, SqlType.of(arrayType), false, location);
  }

  private Bound row(Node node) {
    List<Bound> fields = new ArrayList<>();
    for (Node arg : node.getRowExpr().getArgsList()) {
      fields.add(bind(arg));
    }
    return new Bound.RowOf(fields, List.of(), Types.RECORD, node.getRowExpr().getLocation());
  }

  private Bound indirection(A_Indirection node) {
    Bound base = bind(node.getArg());
    List<A_Indices> subscripts = new ArrayList<>();
    for (Node step : node.getIndirectionList()) {
      if (step.hasAIndices()) {
        subscripts.add(step.getAIndices());
        continue;
      }
      if (!subscripts.isEmpty()) {
        base = subscript(base, subscripts, Location.of(node.getArg()));
        subscripts.clear();
      }
      if (!step.hasString()) {
        throw context.unsupported(Location.of(node.getArg()), "expansion of a row value by \"*\"");
      }
      base = field(base, step.getString().getSval(), Location.of(node.getArg()));
    }
    return subscripts.isEmpty() ? base : subscript(base, subscripts, Location.of(node.getArg()));
  }

  private Bound subscript(Bound base, List<A_Indices> subscripts, int location) {
    PgType type = PgTypes.find(base.type().oid());
    if (type == null || type.elementOid() == 0 || type.oid() == PgOid.NAME) {
      if (base.type().oid() == PgOid.JSONB) {
        throw context.unsupported(location, "subscripting of jsonb");
      }
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          location,
          "cannot subscript type "
              + Names.type(base.type())
              + " because it does not support subscripting");
    }
    boolean slice = subscripts.stream().anyMatch(A_Indices::getIsSlice);
    List<Bound> lower = new ArrayList<>();
    List<Bound> upper = new ArrayList<>();
    List<Boolean> present = new ArrayList<>();
    for (A_Indices index : subscripts) {
      // Without a colon only the upper index is given; in a slice it then counts from 1.
      boolean hasLower = index.hasLidx();
      boolean hasUpper = index.hasUidx();
      if (slice && !index.getIsSlice()) {
        lower.add(new Bound.Const(1L, Types.INT4, -1));
        hasLower = true;
      } else {
        lower.add(hasLower ? index(index.getLidx()) : new Bound.Const(null, Types.INT4, -1));
      }
      upper.add(hasUpper ? index(index.getUidx()) : new Bound.Const(null, Types.INT4, -1));
      present.add(hasLower);
      present.add(hasUpper);
    }
    SqlType result = slice ? base.type() : new SqlType(type.elementOid(), base.type().typmod());
    return new Bound.Subscript(base, lower, upper, slice, present, result);
  }

  private Bound index(Node node) {
    Bound value = bind(node);
    Bound typed = coercion.toType(value, PgOid.INT4, -1, Context.ASSIGNMENT, Location.of(node));
    if (typed == null) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH, Location.of(node), "array subscript must have type integer");
    }
    return typed;
  }

  private Bound field(Bound row, String name, int location) {
    if (row instanceof Bound.RowOf r) {
      int i = r.names().indexOf(name);
      if (i >= 0) {
        return r.fields().get(i);
      }
    }
    if (row instanceof Bound.Call call && call.type().oid() == PgOid.RECORD) {
      List<FunctionTables.OutColumn> columns =
          context.resolver().tables().outColumns(call.function());
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).name().equals(name)) {
          return new Bound.Field(row, i, SqlType.of(columns.get(i).type()));
        }
      }
    }
    if (row.type().oid() == PgOid.RECORD) {
      throw context.error(
          ErrorCode.UNDEFINED_COLUMN,
          location,
          "could not identify column \"" + name + "\" in record data type");
    }
    throw context.error(
        ErrorCode.WRONG_OBJECT_TYPE,
        location,
        "column notation ."
            + name
            + " applied to type "
            + Names.type(row.type())
            + ", which is not a composite type");
  }

  private Bound collate(CollateClause clause) {
    Bound arg = coercion.settle(bind(clause.getArg()));
    String name = Names.last(clause.getCollnameList());
    if (!COLLATIONS.contains(name)) {
      throw context.error(
          ErrorCode.UNDEFINED_OBJECT,
          clause.getLocation(),
          "collation \"" + name + "\" for encoding \"UTF8\" does not exist");
    }
    char category = Resolver.categoryOf(arg.type().oid());
    if (category != 'S' && !PgTypes.byOid(arg.type().oid()).isArray()) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          clause.getLocation(),
          "collations are not supported by type " + Names.type(arg.type()));
    }
    // Every collation that there is orders by code point, as the data do anyway.
    return arg;
  }

  private Bound valueFunction(SQLValueFunction node) {
    int location = node.getLocation();
    return switch (node.getOp()) {
      case SVFOP_CURRENT_TIMESTAMP -> named("now", location);
      case SVFOP_CURRENT_TIMESTAMP_N ->
          cast(named("now", location), new SqlType(PgOid.TIMESTAMPTZ, node.getTypmod()), location);
      case SVFOP_CURRENT_DATE -> cast(named("now", location), SqlType.of(PgOid.DATE), location);
      case SVFOP_CURRENT_TIME -> cast(named("now", location), SqlType.of(PgOid.TIMETZ), location);
      case SVFOP_CURRENT_TIME_N ->
          cast(named("now", location), new SqlType(PgOid.TIMETZ, node.getTypmod()), location);
      case SVFOP_LOCALTIME -> cast(named("now", location), SqlType.of(PgOid.TIME), location);
      case SVFOP_LOCALTIME_N ->
          cast(named("now", location), new SqlType(PgOid.TIME, node.getTypmod()), location);
      case SVFOP_LOCALTIMESTAMP ->
          cast(named("now", location), SqlType.of(PgOid.TIMESTAMP), location);
      case SVFOP_LOCALTIMESTAMP_N ->
          cast(named("now", location), new SqlType(PgOid.TIMESTAMP, node.getTypmod()), location);
      case SVFOP_CURRENT_ROLE, SVFOP_CURRENT_USER, SVFOP_USER -> named("current_user", location);
      case SVFOP_SESSION_USER -> named("session_user", location);
      case SVFOP_CURRENT_CATALOG -> named("current_database", location);
      case SVFOP_CURRENT_SCHEMA -> named("current_schema", location);
      case SQLVALUE_FUNCTION_OP_UNDEFINED, UNRECOGNIZED ->
          throw context.unsupported(location, "this value function");
    };
  }

  private Bound named(String function, int location) {
    Functions.Resolved found =
        functions.function("pg_catalog", function, List.of(), false, location);
    return new Bound.Call(
        java.util.Objects.requireNonNull(found.proc()).oid(),
        null,
        found.args(),
        found.type(),
        false,
        false,
        location);
  }

  // Function calls.

  private Bound call(FuncCall node) {
    int location = node.getLocation();
    List<String> names = Names.strings(node.getFuncnameList());
    String name = names.getLast();
    String schema = names.size() > 1 ? names.get(names.size() - 2) : null;
    if (node.hasOver()) {
      throw context.unsupported(location, "the window function call " + name + "() OVER");
    }
    if (node.getAggWithinGroup()) {
      throw context.unsupported(location, "WITHIN GROUP");
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
    List<Bound.Order> order = List.of();
    Bound filter = null;
    try {
      for (Node arg : node.getArgsList()) {
        args.add(bind(arg));
      }
      if (aggregate) {
        order = aggregateOrder(node);
        filter = aggregateFilter(node);
      }
    } finally {
      if (outside) {
        inAggregate = false;
      }
    }
    Functions.Resolved found =
        functions.function(schema, name, args, node.getFuncVariadic(), location);
    Bound cast = found.cast();
    if (cast != null) {
      return cast;
    }
    Proc proc = java.util.Objects.requireNonNull(found.proc());
    return switch (proc.kind()) {
      case 'a' -> aggregate(node, name, proc, found, filter, order, location);
      case 'w' ->
          throw context.error(
              ErrorCode.WINDOWING_ERROR,
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
              coercion.settle(bind(sort.getNode())),
              direction.descending(),
              direction.nullsFirst()));
    }
    return order;
  }

  private @Nullable Bound aggregateFilter(FuncCall node) {
    if (!node.hasAggFilter()) {
      return null;
    }
    return coercion.condition(
        bind(node.getAggFilter()), "FILTER", Location.of(node.getAggFilter()));
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
        found.type(),
        proc.returnsSet(),
        node.getFuncVariadic(),
        location);
  }

  private Bound aggregate(
      FuncCall node,
      String name,
      Proc proc,
      Functions.Resolved found,
      @Nullable Bound filter,
      List<Bound.Order> order,
      int location) {
    if (!clause.allowsAggregates()) {
      throw context.error(
          ErrorCode.GROUPING_ERROR,
          location,
          "aggregate functions are not allowed in " + clause.text());
    }
    if (found.args().isEmpty() && !node.getAggStar()) {
      throw context.error(
          ErrorCode.WRONG_OBJECT_TYPE,
          location,
          name + "(*) must be used to call a parameterless aggregate function");
    }
    boolean outer =
        found.args().stream().anyMatch(a -> Bound.any(a, e -> e instanceof Bound.Outer));
    boolean own = found.args().stream().anyMatch(ExpressionBinder::hasColumn);
    if (outer && !own) {
      throw context.unsupported(location, "an aggregate of an outer query");
    }
    if (node.getAggDistinct()) {
      for (Bound.Order key : order) {
        if (found.args().stream().noneMatch(a -> Normal.same(a, key.expression()))) {
          throw context.error(
              ErrorCode.INVALID_COLUMN_REFERENCE,
              location,
              "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list");
        }
      }
    }
    return new Bound.Aggregate(
        proc.oid(),
        found.args().isEmpty() ? Collections.emptyList() : found.args(),
        node.getAggStar(),
        node.getAggDistinct(),
        filter,
        order,
        found.type(),
        location);
  }
}
