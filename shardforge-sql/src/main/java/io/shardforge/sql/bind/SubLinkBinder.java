package io.shardforge.sql.bind;

import io.shardforge.sql.bind.FunctionTables.Op;
import io.shardforge.sql.bind.Resolver.Context;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SubLink;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Binds subqueries inside expressions. */
final class SubLinkBinder {
  private final Binder binder;
  private final BindContext context;
  private final Scope scope;
  private final ExpressionBinder expressions;
  private final CteScope ctes;

  SubLinkBinder(Binder binder, Scope scope, ExpressionBinder expressions, CteScope ctes) {
    this.binder = binder;
    this.context = binder.context();
    this.scope = scope;
    this.expressions = expressions;
    this.ctes = ctes;
  }

  Bound bind(SubLink link) {
    int location = link.getLocation();
    Scope.Boundary boundary =
        new Scope.Boundary(context.newCorrelation(), scope, expressions.clause());
    SelectBinder select = new SelectBinder(binder, boundary, ctes);
    return switch (link.getSubLinkType()) {
      case EXISTS_SUBLINK -> {
        Query query = select.bind(link.getSubselect().getSelectStmt(), true);
        yield plain(Bound.SubQueryKind.EXISTS, query, boundary, Types.BOOL, location);
      }
      case EXPR_SUBLINK -> {
        Query query = oneColumn(select, link);
        yield plain(
            Bound.SubQueryKind.SCALAR,
            query,
            boundary,
            query.columns().getFirst().type(),
            location);
      }
      case ARRAY_SUBLINK -> {
        Query query = oneColumn(select, link);
        int array = Resolver.arrayOf(query.columns().getFirst().type().oid());
        if (array == 0) {
          throw context.error(
              ErrorCode.UNDEFINED_OBJECT,
              location,
              "could not find array type for data type "
                  + Names.type(query.columns().getFirst().type()));
        }
        SqlType type =
            SqlType.of(array).withCollation(query.columns().getFirst().type().collation());
        yield plain(Bound.SubQueryKind.ARRAY, query, boundary, type, location);
      }
      case ANY_SUBLINK -> compare(link, select, boundary, Bound.SubQueryKind.ANY);
      case ALL_SUBLINK -> compare(link, select, boundary, Bound.SubQueryKind.ALL);
      default -> throw context.unsupported(location, "this kind of subquery");
    };
  }

  /** One of so many columns of a query that gives a row or none. */
  Bound column(SubLink link, int number, int count) {
    Scope.Boundary boundary =
        new Scope.Boundary(context.newCorrelation(), scope, expressions.clause());
    Query query =
        new SelectBinder(binder, boundary, ctes).bind(link.getSubselect().getSelectStmt(), true);
    if (query.columns().size() != count) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          link.getLocation(),
          "number of columns does not match number of values");
    }
    // The query is bound, and so computed, for each of its columns.
    if (binder.isVolatile(query.rel())) {
      throw context.unsupported(
          link.getLocation(), "assignment of several columns from a volatile subquery");
    }
    List<Bound> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(new Bound.Column(i, query.columns().get(i).type(), "", -1));
    }
    Bound row = new Bound.RowOf(fields, List.of(), Types.RECORD, -1);
    Query rows = new Query(Rel.Project.of(query.rel(), List.of(row)), query.columns());
    return new Bound.Field(
        plain(Bound.SubQueryKind.SCALAR, rows, boundary, Types.RECORD, link.getLocation()),
        number - 1,
        query.columns().get(number - 1).type());
  }

  private Query oneColumn(SelectBinder select, SubLink link) {
    return oneColumn(select, link.getSubselect().getSelectStmt(), link.getLocation());
  }

  private Query oneColumn(SelectBinder select, SelectStmt query, int location) {
    Query bound = select.bind(query, true);
    if (bound.columns().size() != 1) {
      throw context.error(ErrorCode.SYNTAX_ERROR, location, "subquery must return only one column");
    }
    return bound;
  }

  /** Fails for a query of several columns. */
  void requireOneColumn(SelectStmt query, int location) {
    Scope.Boundary boundary =
        new Scope.Boundary(context.newCorrelation(), scope, expressions.clause());
    var _ = oneColumn(new SelectBinder(binder, boundary, ctes), query, location);
  }

  private static Bound plain(
      Bound.SubQueryKind kind, Query query, Scope.Boundary boundary, SqlType type, int location) {
    return new Bound.SubQuery(
        kind,
        query.rel(),
        boundary.correlation(),
        boundary.args(),
        List.of(),
        List.of(),
        "",
        type,
        location);
  }

  private Bound compare(
      SubLink link, SelectBinder select, Scope.Boundary boundary, Bound.SubQueryKind kind) {
    int location = link.getLocation();
    Bound test = expressions.bind(link.getTestexpr());
    // A whole row is one value.
    List<Bound> left =
        link.getTestexpr().hasRowExpr() && test instanceof Bound.RowOf row
            ? row.fields()
            : List.of(test);
    Query query = select.bind(link.getSubselect().getSelectStmt(), true);
    String operator = link.getOperNameCount() == 0 ? "=" : Names.last(link.getOperNameList());
    requireWidth(query, left.size(), location);
    if (left.size() > 1 && !operator.equals("=") && !operator.equals("<>")) {
      Query judged = judged(operator, left, query, boundary, location);
      Bound yes = new Bound.Const(true, Types.BOOL, -1);
      return compare(kind, List.of(yes), "=", judged, select, boundary, location);
    }
    return compare(kind, left, operator, query, select, boundary, location);
  }

  private void requireWidth(Query query, int width, int location) {
    if (width < query.columns().size()) {
      throw context.error(ErrorCode.SYNTAX_ERROR, location, "subquery has too many columns");
    }
    if (width > query.columns().size()) {
      throw context.error(ErrorCode.SYNTAX_ERROR, location, "subquery has too few columns");
    }
  }

  /** A row compared with the one row of a subquery; null if there is none. */
  Bound compared(String operator, List<Bound> left, SubLink link, int location) {
    Scope.Boundary boundary =
        new Scope.Boundary(context.newCorrelation(), scope, expressions.clause());
    Query query =
        new SelectBinder(binder, boundary, ctes).bind(link.getSubselect().getSelectStmt(), true);
    requireWidth(query, left.size(), location);
    Query judged = judged(operator, left, query, boundary, location);
    return plain(Bound.SubQueryKind.SCALAR, judged, boundary, Types.BOOL, location);
  }

  /** For each row of a query, how a row outside compares with it. */
  private Query judged(
      String operator, List<Bound> left, Query query, Scope.Boundary boundary, int location) {
    List<Bound> inside = new ArrayList<>();
    List<Bound> columns = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      Bound value = left.get(i);
      boolean same = value instanceof Bound.Const || value instanceof Bound.Param;
      inside.add(same ? value : boundary.take(value));
      columns.add(new Bound.Column(i, query.columns().get(i).type(), "", -1));
    }
    Bound result = expressions.rowCompare(operator, inside, columns, location);
    return new Query(
        Rel.Project.of(query.rel(), List.of(result)),
        List.of(new Query.Column("", Types.BOOL, 0, 0)));
  }

  private Bound compare(
      Bound.SubQueryKind kind,
      List<Bound> left,
      String operator,
      Query query,
      SelectBinder select,
      Scope.Boundary boundary,
      int location) {
    List<Bound> typedLeft = new ArrayList<>();
    List<Integer> functions = new ArrayList<>();
    List<SqlType> rightTypes = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      SqlType column = query.columns().get(i).type();
      Op op =
          binder
              .functions()
              .findOperator(operator, left.get(i).type().oid(), column.oid(), location);
      int[] elements =
          context
              .resolver()
              .polymorphicElement(
                  List.of(op.left(), op.right()), List.of(left.get(i).type().oid(), column.oid()));
      int[] known = elements == null ? new int[2] : elements;
      binder.functions().requireImplemented(op.function(), "operator " + operator, location);
      Bound typed =
          binder
              .coercion()
              .toType(
                  left.get(i), Resolver.concrete(op.left(), known), -1, Context.IMPLICIT, location);
      int rightOid = Resolver.concrete(op.right(), known);
      SqlType rightType = rightOid == column.oid() ? column : SqlType.of(rightOid);
      List<Bound> agreed =
          binder
              .collations()
              .agreed(List.of(typed == null ? left.get(i) : typed, SelectBinder.output(query, i)));
      typedLeft.add(agreed.getFirst());
      functions.add(op.function());
      rightTypes.add(CollationRules.result(rightType, agreed));
    }
    Query typedQuery = select.convert(query, rightTypes, "subquery");
    return new Bound.SubQuery(
        kind,
        typedQuery.rel(),
        boundary.correlation(),
        boundary.args(),
        typedLeft,
        functions,
        operator,
        Types.BOOL,
        location);
  }
}
