package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.Node;
import java.util.Locale;

/** Where a node of the parse tree begins, as exprLocation of PostgreSQL finds it. */
final class Location {
  private Location() {}

  static int of(Node node) {
    return switch (node.getNodeCase()) {
      case A_CONST -> node.getAConst().getLocation();
      case COLUMN_REF -> node.getColumnRef().getLocation();
      case PARAM_REF -> node.getParamRef().getLocation();
      case A_EXPR ->
          node.getAExpr().hasLexpr()
              ? leftmost(node.getAExpr().getLocation(), of(node.getAExpr().getLexpr()))
              : node.getAExpr().getLocation();
      case BOOL_EXPR ->
          leftmost(node.getBoolExpr().getLocation(), of(node.getBoolExpr().getArgs(0)));
      case FUNC_CALL -> node.getFuncCall().getLocation();
      case TYPE_CAST -> {
        int location = leftmost(of(node.getTypeCast().getArg()), node.getTypeCast().getLocation());
        yield leftmost(location, node.getTypeCast().getTypeName().getLocation());
      }
      case CASE_EXPR -> node.getCaseExpr().getLocation();
      case COALESCE_EXPR -> node.getCoalesceExpr().getLocation();
      case MIN_MAX_EXPR -> node.getMinMaxExpr().getLocation();
      case NULL_TEST -> leftmost(node.getNullTest().getLocation(), of(node.getNullTest().getArg()));
      case BOOLEAN_TEST ->
          leftmost(node.getBooleanTest().getLocation(), of(node.getBooleanTest().getArg()));
      case SUB_LINK ->
          node.getSubLink().hasTestexpr()
              ? leftmost(of(node.getSubLink().getTestexpr()), node.getSubLink().getLocation())
              : node.getSubLink().getLocation();
      case A_ARRAY_EXPR -> node.getAArrayExpr().getLocation();
      case ROW_EXPR -> node.getRowExpr().getLocation();
      case A_INDIRECTION -> of(node.getAIndirection().getArg());
      case COLLATE_CLAUSE -> of(node.getCollateClause().getArg());
      case SQLVALUE_FUNCTION -> node.getSqlvalueFunction().getLocation();
      case SET_TO_DEFAULT -> node.getSetToDefault().getLocation();
      case NAMED_ARG_EXPR -> node.getNamedArgExpr().getLocation();
      case RES_TARGET ->
          node.getResTarget().getLocation() >= 0
              ? node.getResTarget().getLocation()
              : of(node.getResTarget().getVal());
      case RANGE_VAR -> node.getRangeVar().getLocation();
      case SORT_BY -> of(node.getSortBy().getNode());
      case GROUPING_SET -> node.getGroupingSet().getLocation();
      case GROUPING_FUNC -> node.getGroupingFunc().getLocation();
      default -> -1;
    };
  }

  private static int leftmost(int a, int b) {
    if (a < 0) {
      return b;
    }
    return b < 0 ? a : Math.min(a, b);
  }

  /** A word for a kind of node that nothing else names. */
  static String kind(Node node) {
    return node.getNodeCase().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
