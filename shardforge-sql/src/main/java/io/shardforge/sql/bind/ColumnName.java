package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.MinMaxOp;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ResTarget;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SetOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The name that PostgreSQL gives an output column without AS. */
final class ColumnName {
  private static final String NONE = "?column?";

  private ColumnName() {}

  /** A name and whether a cast around it keeps it. */
  private record Figured(@Nullable String name, boolean strong) {}

  private static final Figured NOTHING = new Figured(null, false);

  static String of(Node node) {
    String name = figure(node).name;
    return name == null ? NONE : name;
  }

  /** The name of an index column that is computed so. */
  static String ofIndexed(Node node) {
    String name = figure(node).name;
    return name == null ? "expr" : name;
  }

  private static Figured figure(Node node) {
    return switch (node.getNodeCase()) {
      case COLUMN_REF -> strong(lastString(node.getColumnRef().getFieldsList()));
      case A_INDIRECTION -> {
        String field = lastString(node.getAIndirection().getIndirectionList());
        yield field != null ? strong(field) : figure(node.getAIndirection().getArg());
      }
      case FUNC_CALL -> strong(Names.last(node.getFuncCall().getFuncnameList()));
      case A_EXPR ->
          node.getAExpr().getKind() == io.shardforge.sql.parse.proto.A_Expr_Kind.AEXPR_NULLIF
              ? strong("nullif")
              : NOTHING;
      case TYPE_CAST -> {
        Figured arg = figure(node.getTypeCast().getArg());
        yield arg.strong
            ? arg
            : new Figured(Names.last(node.getTypeCast().getTypeName().getNamesList()), false);
      }
      case COLLATE_CLAUSE -> figure(node.getCollateClause().getArg());
      case GROUPING_FUNC -> strong("grouping");
      case JSON_OBJECT_CONSTRUCTOR -> strong("json_object");
      case JSON_ARRAY_CONSTRUCTOR, JSON_ARRAY_QUERY_CONSTRUCTOR -> strong("json_array");
      case JSON_OBJECT_AGG -> strong("json_objectagg");
      case JSON_ARRAY_AGG -> strong("json_arrayagg");
      case JSON_PARSE_EXPR -> strong("json");
      case JSON_SCALAR_EXPR -> strong("json_scalar");
      case JSON_SERIALIZE_EXPR -> strong("json_serialize");
      case JSON_FUNC_EXPR ->
          strong(
              switch (node.getJsonFuncExpr().getOp()) {
                case JSON_EXISTS_OP -> "json_exists";
                case JSON_QUERY_OP -> "json_query";
                case JSON_VALUE_OP -> "json_value";
                default -> null;
              });
      case MERGE_SUPPORT_FUNC -> strong("merge_action");
      case SUB_LINK ->
          switch (node.getSubLink().getSubLinkType()) {
            case EXISTS_SUBLINK -> strong("exists");
            case ARRAY_SUBLINK -> strong("array");
            case EXPR_SUBLINK -> firstColumn(node.getSubLink().getSubselect().getSelectStmt());
            default -> NOTHING;
          };
      case CASE_EXPR -> {
        Figured last =
            node.getCaseExpr().hasDefresult() ? figure(node.getCaseExpr().getDefresult()) : NOTHING;
        yield last.strong ? last : new Figured("case", false);
      }
      case A_ARRAY_EXPR -> strong("array");
      case ROW_EXPR -> strong("row");
      case COALESCE_EXPR -> strong("coalesce");
      case MIN_MAX_EXPR ->
          strong(node.getMinMaxExpr().getOp() == MinMaxOp.IS_GREATEST ? "greatest" : "least");
      case SQLVALUE_FUNCTION ->
          strong(
              switch (node.getSqlvalueFunction().getOp()) {
                case SVFOP_CURRENT_DATE -> "current_date";
                case SVFOP_CURRENT_TIME, SVFOP_CURRENT_TIME_N -> "current_time";
                case SVFOP_CURRENT_TIMESTAMP, SVFOP_CURRENT_TIMESTAMP_N -> "current_timestamp";
                case SVFOP_LOCALTIME, SVFOP_LOCALTIME_N -> "localtime";
                case SVFOP_LOCALTIMESTAMP, SVFOP_LOCALTIMESTAMP_N -> "localtimestamp";
                case SVFOP_CURRENT_ROLE -> "current_role";
                case SVFOP_CURRENT_USER -> "current_user";
                case SVFOP_USER -> "user";
                case SVFOP_SESSION_USER -> "session_user";
                case SVFOP_CURRENT_CATALOG -> "current_catalog";
                case SVFOP_CURRENT_SCHEMA -> "current_schema";
                case SQLVALUE_FUNCTION_OP_UNDEFINED, UNRECOGNIZED -> NONE;
              });
      default -> NOTHING;
    };
  }

  private static Figured strong(@Nullable String name) {
    return name == null ? NOTHING : new Figured(name, true);
  }

  private static @Nullable String lastString(List<Node> nodes) {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (nodes.get(i).hasString()) {
        return nodes.get(i).getString().getSval();
      }
    }
    return null;
  }

  private static Figured firstColumn(SelectStmt select) {
    SelectStmt leaf = select;
    while (leaf.getOp() != SetOperation.SETOP_NONE && leaf.hasLarg()) {
      leaf = leaf.getLarg();
    }
    if (leaf.getTargetListCount() == 0) {
      return leaf.getValuesListsCount() > 0 ? strong("column1") : NOTHING;
    }
    ResTarget target = leaf.getTargetList(0).getResTarget();
    return target.getName().isEmpty() ? figure(target.getVal()) : strong(target.getName());
  }
}
