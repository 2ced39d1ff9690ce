package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.parse.proto.A_Const;
import io.shardforge.sql.parse.proto.A_Expr;
import io.shardforge.sql.parse.proto.A_Indices;
import io.shardforge.sql.parse.proto.A_Indirection;
import io.shardforge.sql.parse.proto.BoolExprType;
import io.shardforge.sql.parse.proto.CaseExpr;
import io.shardforge.sql.parse.proto.FuncCall;
import io.shardforge.sql.parse.proto.JsonIsPredicate;
import io.shardforge.sql.parse.proto.MinMaxOp;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.NullTestType;
import io.shardforge.sql.parse.proto.SQLValueFunction;
import io.shardforge.sql.parse.proto.TypeCast;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Writes an expression of the parse tree as text that means the same without a search path, with
 * the parentheses that PostgreSQL puts into stored expressions. Sequences named by nextval and its
 * kin become OIDs, so that renaming one does not break a default.
 */
final class ExpressionText {
  private static final Set<String> SEQUENCE_FUNCTIONS = Set.of("nextval", "currval", "setval");

  private final DdlContext context;
  private final String place;
  private final Function<String, Integer> relationOid;
  private final UnaryOperator<String> columnName;
  private final Map<Integer, String> literals;
  private final Set<String> columns = new LinkedHashSet<>();
  private final Set<Integer> sequences = new LinkedHashSet<>();

  /**
   * @param place as error messages call it, such as "check constraint"
   * @param relationOid finds the OID of a relation by its written name
   */
  ExpressionText(DdlContext context, String place, Function<String, Integer> relationOid) {
    this(context, place, relationOid, UnaryOperator.identity());
  }

  /** A writer that gives columns other names on the way. */
  ExpressionText(
      DdlContext context,
      String place,
      Function<String, Integer> relationOid,
      UnaryOperator<String> columnName) {
    this(context, place, relationOid, columnName, Map.of());
  }

  /**
   * A writer that gives columns and literals other texts on the way.
   *
   * @param literals what to write for those at these places
   */
  ExpressionText(
      DdlContext context,
      String place,
      Function<String, Integer> relationOid,
      UnaryOperator<String> columnName,
      Map<Integer, String> literals) {
    this.context = context;
    this.place = place;
    this.relationOid = relationOid;
    this.columnName = columnName;
    this.literals = literals;
  }

  /** The columns that what was written so far refers to. */
  Set<String> columns() {
    return columns;
  }

  /** The sequences that what was written so far refers to. */
  Set<Integer> sequences() {
    return sequences;
  }

  String write(Node node) {
    return switch (node.getNodeCase()) {
      case A_CONST -> constant(node.getAConst());
      case COLUMN_REF -> column(node);
      case FUNC_CALL -> call(node.getFuncCall());
      case TYPE_CAST -> cast(node.getTypeCast());
      case A_EXPR -> operator(node.getAExpr());
      case BOOL_EXPR -> {
        List<String> args = all(node.getBoolExpr().getArgsList());
        BoolExprType op = node.getBoolExpr().getBoolop();
        yield op == BoolExprType.NOT_EXPR
            ? "(NOT " + args.getFirst() + ")"
            : "(" + String.join(op == BoolExprType.AND_EXPR ? " AND " : " OR ", args) + ")";
      }
      case NULL_TEST ->
          "("
              + write(node.getNullTest().getArg())
              + (node.getNullTest().getNulltesttype() == NullTestType.IS_NULL
                  ? " IS NULL)"
                  : " IS NOT NULL)");
      case BOOLEAN_TEST ->
          "("
              + write(node.getBooleanTest().getArg())
              + " "
              + node.getBooleanTest().getBooltesttype().name().replace('_', ' ')
              + ")";
      case CASE_EXPR -> caseExpression(node.getCaseExpr());
      case COALESCE_EXPR ->
          "COALESCE(" + String.join(", ", all(node.getCoalesceExpr().getArgsList())) + ")";
      case MIN_MAX_EXPR ->
          (node.getMinMaxExpr().getOp() == MinMaxOp.IS_GREATEST ? "GREATEST(" : "LEAST(")
              + String.join(", ", all(node.getMinMaxExpr().getArgsList()))
              + ")";
      case SQLVALUE_FUNCTION -> valueFunction(node.getSqlvalueFunction());
      case A_ARRAY_EXPR ->
          "ARRAY[" + String.join(", ", all(node.getAArrayExpr().getElementsList())) + "]";
      case ROW_EXPR -> "ROW(" + String.join(", ", all(node.getRowExpr().getArgsList())) + ")";
      case COLLATE_CLAUSE ->
          "("
              + write(node.getCollateClause().getArg())
              + " COLLATE "
              + collation(node.getCollateClause().getCollnameList())
              + ")";
      case A_INDIRECTION -> indirection(node.getAIndirection());
      case JSON_FUNC_EXPR ->
          new JsonSearchText(this::write, type -> TypeUses.text(ColumnTypes.resolve(type, context)))
              .write(node.getJsonFuncExpr());
      case JSON_IS_PREDICATE -> isJson(node.getJsonIsPredicate());
      case NAMED_ARG_EXPR ->
          Text.quoteIdentifier(node.getNamedArgExpr().getName())
              + " => "
              + write(node.getNamedArgExpr().getArg());
      case SUB_LINK ->
          throw DdlErrors.of(ErrorCode.FEATURE_NOT_SUPPORTED, "cannot use subquery in " + place)
              .withPosition(context.position(node.getSubLink().getLocation()));
      case PARAM_REF ->
          throw DdlErrors.of(
              ErrorCode.UNDEFINED_PARAMETER,
              "there is no parameter $" + node.getParamRef().getNumber());
      default -> throw DdlErrors.unsupported(node.getNodeCase().name() + " in " + place);
    };
  }

  private String isJson(JsonIsPredicate test) {
    String kind =
        switch (test.getItemType()) {
          case JS_TYPE_OBJECT -> " OBJECT";
          case JS_TYPE_ARRAY -> " ARRAY";
          case JS_TYPE_SCALAR -> " SCALAR";
          default -> "";
        };
    String unique = test.getUniqueKeys() ? " WITH UNIQUE KEYS" : "";
    return "(" + write(test.getExpr()) + " IS JSON" + kind + unique + ")";
  }

  private List<String> all(List<Node> nodes) {
    List<String> texts = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      texts.add(write(node));
    }
    return texts;
  }

  private String constant(A_Const constant) {
    if (constant.getIsnull()) {
      return "NULL";
    }
    return switch (constant.getValCase()) {
      case IVAL ->
          constant.getIval().getIval() < 0
              ? "'" + constant.getIval().getIval() + "'::integer"
              : Integer.toString(constant.getIval().getIval());
      case FVAL -> {
        String digits = constant.getFval().getFval();
        yield digits.startsWith("-") ? "(" + digits + ")" : digits;
      }
      case BOOLVAL -> Boolean.toString(constant.getBoolval().getBoolval());
      case SVAL ->
          Text.quoteLiteral(
              literals.getOrDefault(constant.getLocation(), constant.getSval().getSval()));
      case BSVAL -> bits(constant.getBsval().getBsval()) + "::\"bit\"";
      case VAL_NOT_SET -> "NULL";
    };
  }

  private static String bits(String digits) {
    PgType type = PgTypes.byOid(PgOid.BIT);
    return Text.quoteLiteral(type.format(type.parse(digits, -1, TypeContext.UTC), TypeContext.UTC));
  }

  private String column(Node node) {
    List<Node> fields = node.getColumnRef().getFieldsList();
    Node last = fields.getLast();
    if (last.getNodeCase() != Node.NodeCase.STRING) {
      throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "row expansion via \"*\" is not supported here");
    }
    if (place.equals("DEFAULT expression")) {
      throw DdlErrors.of(
              ErrorCode.FEATURE_NOT_SUPPORTED, "cannot use column reference in DEFAULT expression")
          .withPosition(context.position(node.getColumnRef().getLocation()));
    }
    String name = last.getString().getSval();
    columns.add(name);
    if (place.equals(DomainStatements.CONSTRAINT) && name.equals(DomainDescriptor.VALUE)) {
      return "VALUE";
    }
    return Text.quoteIdentifier(columnName.apply(name));
  }

  private String call(FuncCall call) {
    if (call.getAggOrderCount() > 0
        || call.hasAggFilter()
        || call.hasOver()
        || call.getAggDistinct()
        || call.getAggStar()) {
      throw DdlErrors.of(
          ErrorCode.GROUPING_ERROR,
          (call.hasOver() ? "window" : "aggregate")
              + " functions are not allowed in "
              + (place.equals("check constraint") ? "check constraints" : place + "s"));
    }
    String name = call.getFuncname(call.getFuncnameCount() - 1).getString().getSval();
    List<String> args = new ArrayList<>(call.getArgsCount());
    for (int i = 0; i < call.getArgsCount(); i++) {
      Node arg = call.getArgs(i);
      String relation = i == 0 && SEQUENCE_FUNCTIONS.contains(name) ? relationName(arg) : "";
      if (!relation.isEmpty()) {
        int oid = relationOid.apply(relation);
        sequences.add(oid);
        args.add("'" + oid + "'::regclass");
      } else {
        args.add(
            (call.getFuncVariadic() && i == call.getArgsCount() - 1 ? "VARIADIC " : "")
                + write(arg));
      }
    }
    return names(call.getFuncnameList()) + "(" + String.join(", ", args) + ")";
  }

  /** The constant text of {@code 'x'} or {@code 'x'::regclass}, else empty. */
  private static String relationName(Node node) {
    if (node.getNodeCase() == Node.NodeCase.A_CONST && node.getAConst().hasSval()) {
      return node.getAConst().getSval().getSval();
    }
    if (node.getNodeCase() == Node.NodeCase.TYPE_CAST) {
      TypeCast cast = node.getTypeCast();
      String type = ColumnTypes.lastName(cast.getTypeName());
      return type.equals("regclass") || type.equals("text") ? relationName(cast.getArg()) : "";
    }
    return "";
  }

  private String cast(TypeCast cast) {
    SqlType type = ColumnTypes.resolve(cast.getTypeName(), context);
    Node arg = cast.getArg();
    String name = TypeUses.text(type);
    if (arg.getNodeCase() == Node.NodeCase.A_CONST) {
      A_Const constant = arg.getAConst();
      if (constant.hasSval() || constant.hasBoolval() || constant.getIsnull()) {
        return constant(constant) + "::" + name;
      }
    }
    return "(" + write(arg) + ")::" + name;
  }

  private String operator(A_Expr e) {
    String op = operatorName(e);
    return switch (e.getKind()) {
      case AEXPR_OP, AEXPR_LIKE, AEXPR_ILIKE, AEXPR_SIMILAR ->
          e.hasLexpr()
              ? "(" + write(e.getLexpr()) + " " + op + " " + write(e.getRexpr()) + ")"
              : "(" + op + " " + write(e.getRexpr()) + ")";
      case AEXPR_OP_ANY ->
          "(" + write(e.getLexpr()) + " " + op + " ANY (" + write(e.getRexpr()) + "))";
      case AEXPR_OP_ALL ->
          "(" + write(e.getLexpr()) + " " + op + " ALL (" + write(e.getRexpr()) + "))";
      case AEXPR_DISTINCT ->
          "(" + write(e.getLexpr()) + " IS DISTINCT FROM " + write(e.getRexpr()) + ")";
      case AEXPR_NOT_DISTINCT ->
          "(" + write(e.getLexpr()) + " IS NOT DISTINCT FROM " + write(e.getRexpr()) + ")";
      case AEXPR_NULLIF -> "NULLIF(" + write(e.getLexpr()) + ", " + write(e.getRexpr()) + ")";
      case AEXPR_IN ->
          "("
              + write(e.getLexpr())
              + (op.equals("<>") ? " <> ALL (ARRAY[" : " = ANY (ARRAY[")
              + String.join(", ", all(e.getRexpr().getList().getItemsList()))
              + "]))";
      case AEXPR_BETWEEN -> range(e, ">=", " AND ", "<=");
      case AEXPR_NOT_BETWEEN -> range(e, "<", " OR ", ">");
      case AEXPR_BETWEEN_SYM, AEXPR_NOT_BETWEEN_SYM -> symmetricRange(e);
      case A_EXPR_KIND_UNDEFINED, UNRECOGNIZED ->
          throw DdlErrors.unsupported("operator in " + place);
    };
  }

  private String range(A_Expr e, String low, String and, String high) {
    List<String> bounds = all(e.getRexpr().getList().getItemsList());
    String value = write(e.getLexpr());
    return "(("
        + value
        + " "
        + low
        + " "
        + bounds.get(0)
        + ")"
        + and
        + "("
        + value
        + " "
        + high
        + " "
        + bounds.get(1)
        + "))";
  }

  private String symmetricRange(A_Expr e) {
    List<String> bounds = all(e.getRexpr().getList().getItemsList());
    boolean not = e.getKind().name().contains("NOT");
    return "("
        + write(e.getLexpr())
        + (not ? " NOT" : "")
        + " BETWEEN SYMMETRIC "
        + bounds.get(0)
        + " AND "
        + bounds.get(1)
        + ")";
  }

  private static String operatorName(A_Expr e) {
    List<Node> parts = e.getNameList();
    String op = parts.getLast().getString().getSval();
    if (parts.size() == 1) {
      return op;
    }
    return "OPERATOR(" + names(parts.subList(0, parts.size() - 1)) + "." + op + ")";
  }

  private String caseExpression(CaseExpr e) {
    StringBuilder text = new StringBuilder("CASE");
    if (e.hasArg()) {
      text.append(' ').append(write(e.getArg()));
    }
    for (Node when : e.getArgsList()) {
      text.append(" WHEN ")
          .append(write(when.getCaseWhen().getExpr()))
          .append(" THEN ")
          .append(write(when.getCaseWhen().getResult()));
    }
    if (e.hasDefresult()) {
      text.append(" ELSE ").append(write(e.getDefresult()));
    }
    return text.append(" END").toString();
  }

  private String valueFunction(SQLValueFunction f) {
    String precision = f.getTypmod() >= 0 ? "(" + f.getTypmod() + ")" : "";
    return switch (f.getOp()) {
      case SVFOP_CURRENT_DATE -> "CURRENT_DATE";
      case SVFOP_CURRENT_TIME, SVFOP_CURRENT_TIME_N -> "CURRENT_TIME" + precision;
      case SVFOP_CURRENT_TIMESTAMP, SVFOP_CURRENT_TIMESTAMP_N -> "CURRENT_TIMESTAMP" + precision;
      case SVFOP_LOCALTIME, SVFOP_LOCALTIME_N -> "LOCALTIME" + precision;
      case SVFOP_LOCALTIMESTAMP, SVFOP_LOCALTIMESTAMP_N -> "LOCALTIMESTAMP" + precision;
      case SVFOP_CURRENT_ROLE -> "CURRENT_ROLE";
      case SVFOP_CURRENT_USER -> "CURRENT_USER";
      case SVFOP_USER -> "USER";
      case SVFOP_SESSION_USER -> "SESSION_USER";
      case SVFOP_CURRENT_CATALOG -> "CURRENT_CATALOG";
      case SVFOP_CURRENT_SCHEMA -> "CURRENT_SCHEMA";
      case SQLVALUE_FUNCTION_OP_UNDEFINED, UNRECOGNIZED ->
          throw DdlErrors.unsupported("SQL value function in " + place);
    };
  }

  private String indirection(A_Indirection e) {
    StringBuilder text = new StringBuilder("(").append(write(e.getArg())).append(')');
    for (Node step : e.getIndirectionList()) {
      if (step.getNodeCase() == Node.NodeCase.A_INDICES) {
        A_Indices indices = step.getAIndices();
        text.append('[');
        if (indices.getIsSlice()) {
          text.append(indices.hasLidx() ? write(indices.getLidx()) : "")
              .append(':')
              .append(indices.hasUidx() ? write(indices.getUidx()) : "");
        } else {
          text.append(write(indices.getUidx()));
        }
        text.append(']');
      } else {
        text.append('.').append(Text.quoteIdentifier(step.getString().getSval()));
      }
    }
    return text.toString();
  }

  private String collation(List<Node> parts) {
    String made = CollationStatements.text(context, parts);
    return made == null ? names(parts) : made;
  }

  private static String names(List<Node> parts) {
    StringBuilder name = new StringBuilder();
    for (Node part : parts) {
      if (!name.isEmpty()) {
        name.append('.');
      }
      name.append(Text.quoteIdentifier(part.getString().getSval()));
    }
    return name.toString();
  }
}
