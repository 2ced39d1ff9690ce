package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.ColumnRef;
import io.shardforge.sql.parse.proto.GroupingFunc;
import io.shardforge.sql.parse.proto.MergeSupportFunc;
import io.shardforge.sql.parse.proto.MinMaxOp;
import io.shardforge.sql.parse.proto.MultiAssignRef;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.NullTestType;
import io.shardforge.sql.parse.proto.ParamRef;
import io.shardforge.sql.parse.proto.ResTarget;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SubLink;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Binds expressions of one clause of one query level. */
final class ExpressionBinder {
  /** An integer holds a bit for each argument. */
  private static final int GROUPING_ARGUMENTS_END = 32;

  private final Binder binder;
  private final BindContext context;
  private final Coercion coercion;
  private final Scope scope;
  private final Clause clause;
  private final CteScope ctes;
  private final LiteralBinder literals;
  private final OperatorBinder operators;
  private final ConditionalBinder conditionals;
  private final ContainerBinder containers;
  private final CallBinder calls;
  private final JsonBinder json;

  Clause clause() {
    return clause;
  }

  ExpressionBinder(Binder binder, Scope scope, Clause clause, CteScope ctes) {
    this(binder, scope, clause, ctes, null);
  }

  /** {@code windows} is null where window functions are not allowed. */
  ExpressionBinder(
      Binder binder, Scope scope, Clause clause, CteScope ctes, @Nullable WindowBinder windows) {
    this.binder = binder;
    this.context = binder.context();
    this.coercion = binder.coercion();
    this.scope = scope;
    this.clause = clause;
    this.ctes = ctes;
    this.containers = new ContainerBinder(binder, this);
    this.literals = new LiteralBinder(binder, containers);
    this.operators = new OperatorBinder(binder, this);
    this.conditionals = new ConditionalBinder(binder, this);
    this.calls = new CallBinder(binder, this, clause, windows);
    this.json = new JsonBinder(binder, this);
  }

  Bound bind(Node node) {
    context.enter();
    try {
      return bindNode(node);
    } finally {
      context.leave();
    }
  }

  Scope scope() {
    return scope;
  }

  /** Binds a condition: boolean or 42804. */
  Bound condition(Node node) {
    return coercion.condition(bind(node), clause.conditionText(), Location.of(node));
  }

  /** The value of one of several columns that are assigned from a subquery. */
  Bound column(SubLink source, MultiAssignRef assigned) {
    return new SubLinkBinder(binder, scope, this, ctes)
        .column(source, assigned.getColno(), assigned.getNcolumns());
  }

  /** What the items of a list stand for, rows taken apart. */
  RowExpansion expansion() {
    return new RowExpansion(this, context);
  }

  /** A comparison of rows with what a subquery gives. */
  Bound compared(String operator, List<Bound> left, SubLink subquery, int location) {
    return new SubLinkBinder(binder, scope, this, ctes)
        .compared(operator, left, subquery, location);
  }

  Bound rowCompare(String operator, List<Bound> left, List<Bound> right, int location) {
    return operators.rowCompare(operator, left, right, location);
  }

  /** Fails for a query of several columns. */
  void requireOneColumn(SelectStmt query, int location) {
    new SubLinkBinder(binder, scope, this, ctes).requireOneColumn(query, location);
  }

  /** A column with another value in the part that an assignment names. */
  Bound assigned(Bound column, ResTarget part, Bound value, int location) {
    return containers.assigned(column, part, value, location);
  }

  private Bound bindNode(Node node) {
    return switch (node.getNodeCase()) {
      case A_CONST -> literals.constant(node.getAConst());
      case COLUMN_REF -> columnRef(node.getColumnRef());
      case PARAM_REF -> paramRef(node.getParamRef());
      case A_EXPR -> operators.bind(node);
      case BOOL_EXPR -> conditionals.logic(node);
      case FUNC_CALL -> calls.bind(node.getFuncCall());
      case TYPE_CAST -> containers.typeCast(node.getTypeCast());
      case CASE_EXPR -> conditionals.caseExpr(node.getCaseExpr());
      case COALESCE_EXPR ->
          conditionals.alternatives(
              node.getCoalesceExpr().getArgsList(), "COALESCE", ConditionalBinder.Form.COALESCE);
      case MIN_MAX_EXPR -> {
        boolean greatest = node.getMinMaxExpr().getOp() == MinMaxOp.IS_GREATEST;
        yield conditionals.alternatives(
            node.getMinMaxExpr().getArgsList(),
            greatest ? "GREATEST" : "LEAST",
            greatest ? ConditionalBinder.Form.GREATEST : ConditionalBinder.Form.LEAST);
      }
      case NULL_TEST -> {
        Bound arg = bind(node.getNullTest().getArg());
        boolean row = arg instanceof Bound.RowOf || arg.type().oid() == PgOid.RECORD;
        yield new Bound.NullTest(
            coercion.settle(arg),
            node.getNullTest().getNulltesttype() == NullTestType.IS_NULL,
            row);
      }
      case BOOLEAN_TEST -> conditionals.booleanTest(node.getBooleanTest());
      case SUB_LINK -> new SubLinkBinder(binder, scope, this, ctes).bind(node.getSubLink());
      case A_ARRAY_EXPR ->
          containers.array(
              node.getAArrayExpr().getElementsList(), 0, node.getAArrayExpr().getLocation());
      case ROW_EXPR -> containers.row(node);
      case A_INDIRECTION -> containers.indirection(node.getAIndirection());
      case COLLATE_CLAUSE ->
          binder
              .collations()
              .collate(
                  coercion.settle(bind(node.getCollateClause().getArg())), node.getCollateClause());
      case SQLVALUE_FUNCTION -> literals.valueFunction(node.getSqlvalueFunction());
      case SET_TO_DEFAULT ->
          throw context.error(
              ErrorCode.SYNTAX_ERROR,
              node.getSetToDefault().getLocation(),
              "DEFAULT is not allowed in this context");
      case MERGE_SUPPORT_FUNC -> mergeAction(node.getMergeSupportFunc());
      case GROUPING_FUNC -> grouping(node.getGroupingFunc());
      case JSON_OBJECT_CONSTRUCTOR -> json.object(node.getJsonObjectConstructor());
      case JSON_ARRAY_CONSTRUCTOR -> json.array(node.getJsonArrayConstructor());
      case JSON_ARRAY_QUERY_CONSTRUCTOR -> json.array(node.getJsonArrayQueryConstructor());
      case JSON_OBJECT_AGG -> json.gathered(node.getJsonObjectAgg());
      case JSON_ARRAY_AGG -> json.gathered(node.getJsonArrayAgg());
      case JSON_PARSE_EXPR -> json.parsed(node.getJsonParseExpr());
      case JSON_SCALAR_EXPR -> json.scalar(node.getJsonScalarExpr());
      case JSON_SERIALIZE_EXPR -> json.serialized(node.getJsonSerializeExpr());
      case JSON_FUNC_EXPR -> new JsonSearchBinder(binder, this).search(node.getJsonFuncExpr());
      case JSON_IS_PREDICATE -> json.isJson(node.getJsonIsPredicate());
      case XML_EXPR -> throw context.unsupported(node.getXmlExpr().getLocation(), "XML");
      case MULTI_ASSIGN_REF ->
          throw context.unsupported(-1, "a multiple-column assignment from this source");
      default ->
          throw context.unsupported(
              Location.of(node), "an expression of kind " + Location.kind(node));
    };
  }

  /** An array of elements that are of its type, or arrays of it themselves. */
  Bound arrayOf(List<Bound> elements, int arrayOid, boolean multi, int location) {
    List<Bound> agreed = binder.collations().agreed(elements);
    SqlType type = CollationRules.result(SqlType.of(arrayOid), agreed);
    return new Bound.ArrayOf(agreed, type, multi, location);
  }

  private Bound mergeAction(MergeSupportFunc node) {
    Bound action = scope.mergeAction();
    if (action == null) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          node.getLocation(),
          "MERGE_ACTION() can only be used in the RETURNING list of a MERGE command");
    }
    return action;
  }

  private Bound grouping(GroupingFunc node) {
    if (!clause.allowsAggregates()) {
      throw context.error(
          ErrorCode.GROUPING_ERROR,
          node.getLocation(),
          "grouping operations are not allowed in " + clause.text());
    }
    if (node.getArgsCount() >= GROUPING_ARGUMENTS_END) {
      throw context.error(
          ErrorCode.TOO_MANY_ARGUMENTS,
          node.getLocation(),
          "GROUPING must have fewer than " + GROUPING_ARGUMENTS_END + " arguments");
    }
    List<Bound> args = new ArrayList<>();
    for (Node arg : node.getArgsList()) {
      args.add(coercion.settle(bind(arg)));
    }
    return new Bound.Aggregate(
        Bound.Aggregate.GROUPING,
        args,
        0,
        false,
        false,
        null,
        List.of(),
        Types.INT4,
        node.getLocation());
  }

  private Bound paramRef(ParamRef ref) {
    context.requireNoJunkAfter(ref);
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
      return new Scope.Resolved(wholeRow(ref), 0, 0);
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
          Scope.Resolved system = scope.systemColumn(column, location);
          if (system != null) {
            yield system;
          }
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
          found = scope.systemColumn(item, column, location);
        }
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

  /** {@code t.*} as one value. */
  Bound wholeRow(ColumnRef ref) {
    int location = ref.getLocation();
    List<Node> fields = ref.getFieldsList();
    if (fields.size() < 2 || fields.size() > 3) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          location,
          "row expansion via \"*\" is not supported here");
    }
    String schema = fields.size() == 3 ? fields.get(0).getString().getSval() : null;
    String table = fields.get(fields.size() - 2).getString().getSval();
    Scope.Found item = scope.source(schema, table, location);
    if (item == null) {
      throw scope.missingSource(table, location);
    }
    return scope.wholeRow(item, location);
  }
}
