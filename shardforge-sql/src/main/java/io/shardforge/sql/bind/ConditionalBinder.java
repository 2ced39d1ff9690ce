package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.BoolExprType;
import io.shardforge.sql.parse.proto.BooleanTest;
import io.shardforge.sql.parse.proto.CaseExpr;
import io.shardforge.sql.parse.proto.CaseWhen;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Binds AND, OR, NOT, truth tests, CASE, COALESCE, GREATEST and LEAST. */
final class ConditionalBinder {
  private final ExpressionBinder expressions;
  private final BindContext context;
  private final Coercion coercion;
  private final Functions functions;
  private final CollationRules collations;

  ConditionalBinder(Binder binder, ExpressionBinder expressions) {
    this.expressions = expressions;
    this.context = binder.context();
    this.coercion = binder.coercion();
    this.functions = binder.functions();
    this.collations = binder.collations();
  }

  Bound logic(Node node) {
    var expr = node.getBoolExpr();
    String name =
        switch (expr.getBoolop()) {
          case AND_EXPR -> "AND";
          case OR_EXPR -> "OR";
          case NOT_EXPR, BOOL_EXPR_TYPE_UNDEFINED, UNRECOGNIZED -> "NOT";
        };
    List<Bound> args = new ArrayList<>(expr.getArgsCount());
    for (Node arg : expr.getArgsList()) {
      args.add(coercion.condition(expressions.bind(arg), name, Location.of(arg)));
    }
    return expr.getBoolop() == BoolExprType.NOT_EXPR
        ? new Bound.Not(args.getFirst())
        : new Bound.Logic(expr.getBoolop() == BoolExprType.AND_EXPR, args);
  }

  Bound booleanTest(BooleanTest test) {
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
    Bound arg =
        coercion.condition(expressions.bind(test.getArg()), name, Location.of(test.getArg()));
    boolean negated = name.startsWith("IS NOT");
    Boolean value = name.endsWith("TRUE") ? Boolean.TRUE : name.endsWith("FALSE") ? false : null;
    return new Bound.TruthTest(arg, value, negated);
  }

  /** Which of the forms that choose among values. */
  enum Form {
    COALESCE,
    GREATEST,
    LEAST
  }

  Bound alternatives(List<Node> nodes, String construct, Form form) {
    List<Bound> args = new ArrayList<>();
    List<Integer> locations = new ArrayList<>();
    for (Node node : nodes) {
      args.add(expressions.bind(node));
      locations.add(Location.of(node));
    }
    if (form == Form.COALESCE) {
      args.forEach(arg -> requireNoSet(arg, "COALESCE"));
    }
    SqlType common = coercion.commonType(args, construct, locations);
    List<Bound> typed = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      typed.add(coercion.toCommon(args.get(i), common, construct, locations.get(i)));
    }
    List<Bound> agreed = collations.agreed(typed);
    SqlType type = CollationRules.result(common, agreed);
    return switch (form) {
      case COALESCE -> new Bound.Coalesce(agreed, type);
      case GREATEST -> new Bound.MinMax(true, agreed, type);
      case LEAST -> new Bound.MinMax(false, agreed, type);
    };
  }

  /** A set that is wanted only under a condition has no number of rows. */
  private void requireNoSet(Bound value, String construct) {
    Integer location = Contains.setAt(value);
    if (location != null) {
      throw context
          .error(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              location,
              "set-returning functions are not allowed in " + construct)
          .withHint(
              "You might be able to move the set-returning function into a LATERAL FROM item.");
    }
  }

  Bound caseExpr(CaseExpr expr) {
    if (!expr.hasArg()) {
      return searched(expr, null);
    }
    Bound subject = coercion.settle(expressions.bind(expr.getArg()));
    if (expr.getArgsCount() == 1 || !functions.isVolatile(subject)) {
      return searched(expr, subject);
    }
    int number = context.newCorrelation();
    return new Bound.Once(
        subject, number, searched(expr, new Bound.OnceValue(number, subject.type())));
  }

  /** A CASE whose conditions, if there is a subject, are what it is equal to. */
  private Bound searched(CaseExpr expr, @Nullable Bound subject) {
    List<Bound> conditions = new ArrayList<>();
    List<Bound> results = new ArrayList<>();
    List<Integer> locations = new ArrayList<>();
    for (Node node : expr.getArgsList()) {
      CaseWhen when = node.getCaseWhen();
      Bound condition = expressions.bind(when.getExpr());
      if (subject != null) {
        condition = functions.operator("=", subject, condition, Location.of(when.getExpr()));
      }
      conditions.add(coercion.condition(condition, "CASE/WHEN", Location.of(when.getExpr())));
      results.add(expressions.bind(when.getResult()));
      locations.add(Location.of(when.getResult()));
    }
    // PostgreSQL looks at the default first when it chooses the type.
    Bound last =
        expr.hasDefresult()
            ? expressions.bind(expr.getDefresult())
            : new Bound.Const(null, Types.UNKNOWN, -1);
    results.addFirst(last);
    conditions.forEach(condition -> requireNoSet(condition, "CASE"));
    results.forEach(result -> requireNoSet(result, "CASE"));
    locations.addFirst(expr.hasDefresult() ? Location.of(expr.getDefresult()) : -1);
    SqlType common = coercion.commonType(results, "CASE", locations);
    List<Bound> typed = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      String construct = i == 0 ? "CASE/ELSE" : "CASE/WHEN";
      typed.add(coercion.toCommon(results.get(i), common, construct, locations.get(i)));
    }
    List<Bound> agreed = collations.agreed(typed);
    List<Bound> branches = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      branches.add(conditions.get(i));
      branches.add(agreed.get(i + 1));
    }
    branches.add(agreed.getFirst());
    return new Bound.Case(branches, CollationRules.result(common, agreed));
  }
}
