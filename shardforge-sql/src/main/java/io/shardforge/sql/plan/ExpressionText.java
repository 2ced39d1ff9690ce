package io.shardforge.sql.plan;

import io.shardforge.sql.expr.And;
import io.shardforge.sql.expr.ArrayExpression;
import io.shardforge.sql.expr.Cast;
import io.shardforge.sql.expr.Coalesce;
import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.Constant;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.FunctionCall;
import io.shardforge.sql.expr.IsNull;
import io.shardforge.sql.expr.Not;
import io.shardforge.sql.expr.Or;
import io.shardforge.sql.expr.OuterRef;
import io.shardforge.sql.expr.ParameterRef;
import io.shardforge.sql.expr.Relabel;
import io.shardforge.sql.expr.ScalarArrayOp;
import io.shardforge.sql.expr.SubPlan;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.JsonSearch;
import io.shardforge.sql.function.PgOperator;
import io.shardforge.sql.type.Collations;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.sql.type.TypeNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Executable expressions as SQL-like text for EXPLAIN. */
final class ExpressionText {
  private static final Map<Integer, PgOperator> BY_FUNCTION = new HashMap<>();

  static {
    for (PgOperator operator : FunctionRegistry.allOperators()) {
      BY_FUNCTION.putIfAbsent(operator.functionOid(), operator);
    }
  }

  private ExpressionText() {}

  /** The text over columns of the given names. */
  static String of(Expression e, List<String> names) {
    return switch (e) {
      case ColumnRef c ->
          c.column() < names.size() ? names.get(c.column()) : "column" + (c.column() + 1);
      case ParameterRef p -> "$" + p.number();
      case OuterRef o -> "outer." + (o.column() + 1);
      case Constant c -> constant(c);
      case FunctionCall f -> call(f, names);
      case And a -> list(a.children(), " AND ", names);
      case Or o -> list(o.children(), " OR ", names);
      case Not n -> "(NOT " + of(n.children().getFirst(), names) + ")";
      case IsNull n ->
          "(" + of(n.children().getFirst(), names) + (n.negated() ? " IS NOT NULL)" : " IS NULL)");
      case Relabel r when r.type().oid() == r.operand().type().oid() ->
          "(" + of(r.operand(), names) + " COLLATE " + collation(r.type()) + ")";
      case Relabel r -> "(" + of(r.operand(), names) + ")::" + type(r);
      case Cast c -> "(" + of(c.operand(), names) + ")::" + type(c);
      case Coalesce c ->
          "COALESCE("
              + c.children().stream().map(x -> of(x, names)).collect(Collectors.joining(", "))
              + ")";
      case ArrayExpression a ->
          "ARRAY["
              + a.children().stream().map(x -> of(x, names)).collect(Collectors.joining(", "))
              + "]";
      case ScalarArrayOp s ->
          "("
              + of(s.operand(), names)
              + " op "
              + (s.any() ? "ANY (" : "ALL (")
              + of(s.array(), names)
              + "))";
      case JsonSearch j ->
          j.request().form()
              + j.children().stream()
                  .limit(2)
                  .map(x -> of(x, names))
                  .collect(Collectors.joining(", ", "(", " RETURNING " + type(j) + ")"));
      case SubPlan s -> "(" + s.kind().name() + " SubPlan)";
      default ->
          e.getClass().getSimpleName()
              + e.children().stream()
                  .map(x -> of(x, names))
                  .collect(Collectors.joining(", ", "(", ")"));
    };
  }

  private static String collation(SqlType type) {
    Collations.BuiltIn builtIn = Collations.byOid(type.collationOid());
    return builtIn == null
        ? Integer.toString(type.collationOid())
        : Text.quoteIdentifier(builtIn.name());
  }

  private static String list(List<Expression> parts, String between, List<String> names) {
    return parts.stream().map(p -> of(p, names)).collect(Collectors.joining(between, "(", ")"));
  }

  private static String type(Expression e) {
    return TypeNames.format(e.type());
  }

  private static String constant(Constant c) {
    Object value = c.value();
    if (value == null) {
      return "NULL::" + type(c);
    }
    PgType type = PgTypes.byOid(c.type().oid());
    String text = type.format(value, TypeContext.UTC);
    return switch (c.type().oid()) {
      case PgOid.INT4, PgOid.NUMERIC -> text.startsWith("-") ? "'" + text + "'::" + type(c) : text;
      case PgOid.BOOL -> (Boolean) value ? "true" : "false";
      default -> "'" + text.replace("'", "''") + "'::" + type(c);
    };
  }

  private static String call(FunctionCall f, List<String> names) {
    PgOperator operator = BY_FUNCTION.get(f.functionOid());
    List<Expression> args = f.children();
    if (operator != null && args.size() == 2 && operator.leftType() != 0) {
      return "("
          + of(args.get(0), names)
          + " "
          + operator.name()
          + " "
          + of(args.get(1), names)
          + ")";
    }
    if (operator != null && args.size() == 1 && operator.leftType() == 0) {
      return "(" + operator.name() + " " + of(args.getFirst(), names) + ")";
    }
    return f.name()
        + args.stream().map(a -> of(a, names)).collect(Collectors.joining(", ", "(", ")"));
  }
}
