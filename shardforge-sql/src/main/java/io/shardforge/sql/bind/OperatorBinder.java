package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.A_Expr;
import io.shardforge.sql.parse.proto.A_Expr_Kind;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.SubLinkType;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Binds operators: arithmetic and comparison, of rows too, IN, BETWEEN, LIKE, DISTINCT FROM,
 * NULLIF.
 */
final class OperatorBinder {
  private final ExpressionBinder expressions;
  private final BindContext context;
  private final Coercion coercion;
  private final Functions functions;

  OperatorBinder(Binder binder, ExpressionBinder expressions) {
    this.expressions = expressions;
    this.context = binder.context();
    this.coercion = binder.coercion();
    this.functions = binder.functions();
  }

  Bound bind(Node node) {
    A_Expr expr = node.getAExpr();
    if (expr.getKind() == A_Expr_Kind.AEXPR_OP && expr.hasLexpr() && expr.getLexpr().hasAExpr()) {
      return leftDeep(node);
    }
    return oneExpr(expr, expr.hasLexpr() ? expressions.bind(expr.getLexpr()) : null);
  }

  /**
   * Chains such as 1+1+1… nest to the left: bound in a loop, as deep as the nesting limit allows.
   */
  private Bound leftDeep(Node node) {
    Deque<A_Expr> spine = new ArrayDeque<>();
    Node current = node;
    while (current.hasAExpr()
        && current.getAExpr().getKind() == A_Expr_Kind.AEXPR_OP
        && current.getAExpr().hasLexpr()) {
      spine.push(current.getAExpr());
      current = current.getAExpr().getLexpr();
    }
    if (spine.size() > BindContext.NESTING_MAX) {
      throw context.error(ErrorCode.STATEMENT_TOO_COMPLEX, -1, "stack depth limit exceeded");
    }
    Bound left = expressions.bind(current);
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
        if (left instanceof Bound.RowOf row
            && expr.getLexpr().hasRowExpr()
            && expr.getRexpr().hasSubLink()
            && expr.getRexpr().getSubLink().getSubLinkType() == SubLinkType.EXPR_SUBLINK) {
          yield expressions.compared(name, row.fields(), expr.getRexpr().getSubLink(), location);
        }
        Bound right = expressions.bind(expr.getRexpr());
        yield left == null
            ? functions.prefix(name, right, location)
            : compareOrOperate(name, left, right, location);
      }
      case AEXPR_OP_ANY, AEXPR_OP_ALL -> {
        boolean any = expr.getKind() == A_Expr_Kind.AEXPR_OP_ANY;
        yield functions.arrayOperator(
            name, any, required(left), expressions.bind(expr.getRexpr()), location);
      }
      case AEXPR_DISTINCT, AEXPR_NOT_DISTINCT -> {
        boolean negated = expr.getKind() == A_Expr_Kind.AEXPR_NOT_DISTINCT;
        yield distinct(required(left), expressions.bind(expr.getRexpr()), negated, location);
      }
      case AEXPR_NULLIF -> {
        Bound.Call equal =
            (Bound.Call)
                functions.operator(
                    "=", required(left), expressions.bind(expr.getRexpr()), location);
        if (equal.type().oid() != PgOid.BOOL) {
          throw context.error(
              ErrorCode.DATATYPE_MISMATCH, location, "NULLIF requires = operator to yield boolean");
        }
        yield new Bound.NullIf(
            equal.function(), equal.args().get(0), equal.args().get(0), equal.args().get(1));
      }
      case AEXPR_IN -> in(name, required(left), expr, location);
      case AEXPR_LIKE, AEXPR_ILIKE, AEXPR_SIMILAR ->
          functions.operator(name, required(left), expressions.bind(expr.getRexpr()), location);
      case AEXPR_BETWEEN, AEXPR_NOT_BETWEEN, AEXPR_BETWEEN_SYM, AEXPR_NOT_BETWEEN_SYM ->
          between(expr, required(left), location);
      case A_EXPR_KIND_UNDEFINED, UNRECOGNIZED ->
          throw context.unsupported(location, "this operator expression");
    };
  }

  private static Bound required(@Nullable Bound left) {
    return Objects.requireNonNull(left);
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
      Bound value = expressions.bind(item);
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
      if (arrayType != 0 && arrayType != common) {
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
                expressions.arrayOf(elements, arrayType, false, location),
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

  static boolean hasColumn(Bound value) {
    return Bound.any(value, e -> e instanceof Bound.Column);
  }

  private Bound between(A_Expr expr, Bound value, int location) {
    List<Node> ends = expr.getRexpr().getList().getItemsList();
    Bound low = expressions.bind(ends.get(0));
    Bound high = expressions.bind(ends.get(1));
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
}
