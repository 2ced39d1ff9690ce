package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Scope.Source;
import io.shardforge.sql.parse.RecursiveReferences;
import io.shardforge.sql.parse.proto.CTEMaterialize;
import io.shardforge.sql.parse.proto.CommonTableExpr;
import io.shardforge.sql.parse.proto.LimitOption;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SetOperation;
import io.shardforge.sql.parse.proto.SortBy;
import io.shardforge.sql.parse.proto.WithClause;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Binds a query: WITH, set operations, VALUES, and the frame around a plain SELECT. */
final class SelectBinder {
  private final Binder binder;
  private final BindContext context;
  private final Scope.@Nullable Boundary boundary;
  private final CteScope outerCtes;
  private final List<Source> inaccessible = new ArrayList<>();

  /** {@code boundary} is the way to the enclosing query, null if there is none. */
  SelectBinder(Binder binder, Scope.@Nullable Boundary boundary, CteScope ctes) {
    this.binder = binder;
    this.context = binder.context();
    this.boundary = boundary;
    this.outerCtes = ctes;
  }

  void addInaccessible(List<Source> sources) {
    inaccessible.addAll(sources);
  }

  /** Binds; {@code settle} makes untyped literals text (not done for an arm of a set operation). */
  Query bind(SelectStmt select, boolean settle) {
    context.enter();
    try {
      if (!select.hasWithClause()) {
        return body(select, outerCtes, settle);
      }
      CteScope ctes = new CteScope(outerCtes);
      WithBinder with = new WithBinder(ctes);
      with.bind(select.getWithClause());
      Query query = body(select, ctes, settle);
      return new Query(with.wrap(query.rel()), query.columns());
    } finally {
      context.leave();
    }
  }

  private Query body(SelectStmt select, CteScope ctes, boolean settle) {
    if (select.getOp() != SetOperation.SETOP_NONE
        && select.getOp() != SetOperation.SET_OPERATION_UNDEFINED) {
      return setOperation(select, ctes);
    }
    if (select.getValuesListsCount() > 0) {
      return values(select, ctes, settle);
    }
    if (select.hasIntoClause()) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          select.getIntoClause().getRel().getLocation(),
          "SELECT ... INTO is not allowed here");
    }
    PlainSelect plain = new PlainSelect(binder, boundary, ctes, inaccessible);
    return plain.bind(select, settle);
  }

  // WITH.

  /**
   * Makes the WITH queries of one statement known, then puts those that were used around its body.
   */
  final class WithBinder {
    private final CteScope ctes;
    private final List<Rel.Cte> bound = new ArrayList<>();
    private final List<CteScope.Entry> entries = new ArrayList<>();

    WithBinder(CteScope ctes) {
      this.ctes = ctes;
    }

    void bind(WithClause with) {
      for (Node node : with.getCtesList()) {
        CommonTableExpr cte = node.getCommonTableExpr();
        for (CteScope.Entry known : entries) {
          if (known.name().equals(cte.getCtename())) {
            throw context.error(
                ErrorCode.DUPLICATE_ALIAS,
                cte.getLocation(),
                "WITH query name \"" + cte.getCtename() + "\" specified more than once");
          }
        }
        one(cte, with);
      }
    }

    private void one(CommonTableExpr cte, WithClause with) {
      Node node = cte.getCtequery();
      String name = cte.getCtename();
      int id = context.newCte();
      if (!node.hasSelectStmt()) {
        if (with.getRecursive() && RecursiveReferences.mentions(name, node)) {
          throw context.error(
              ErrorCode.INVALID_RECURSION,
              cte.getLocation(),
              "recursive query \"" + name + "\" must not contain data-modifying statements");
        }
        if (!binder.isTopWith(with)) {
          throw context.error(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              cte.getLocation(),
              "WITH clause containing a data-modifying statement must be at the top level");
        }
        Query query = binder.dataModifying(node, ctes);
        add(id, cte, query.columns(), new Rel.Cte(id, name, query.rel(), null, false, false));
        return;
      }
      SelectStmt select = node.getSelectStmt();
      if (with.getRecursive()) {
        RecursiveReferences.checkForm(this::recursion, cte, select);
      }
      if (with.getRecursive()
          && select.getOp() == SetOperation.SETOP_UNION
          && recursiveCte(cte, id, select)) {
        return;
      }
      if (cte.hasSearchClause() || cte.hasCycleClause()) {
        throw context.error(
            ErrorCode.SYNTAX_ERROR, cte.getLocation(), "WITH query is not recursive");
      }
      Query query = new SelectBinder(binder, boundary, ctes).bind(select, true);
      boolean inline =
          cte.getCtematerialized() != CTEMaterialize.CTEMaterializeAlways
              && !binder.isVolatile(query.rel());
      add(id, cte, query.columns(), new Rel.Cte(id, name, query.rel(), null, false, inline));
    }

    /** Binds the two terms of a recursive query; false if the query does not name itself. */
    private ShardForgeException recursion(int location, String message) {
      return context.error(ErrorCode.INVALID_RECURSION, location, message);
    }

    private boolean recursiveCte(CommonTableExpr cte, int id, SelectStmt select) {
      String name = cte.getCtename();
      Query base = new SelectBinder(binder, boundary, ctes).bind(select.getLarg(), true);
      Recursion tracked =
          cte.hasSearchClause() || cte.hasCycleClause()
              ? new Recursion(binder, cte, named(cte, base.columns()))
              : null;
      List<Query.Column> columns = new ArrayList<>(base.columns());
      if (tracked != null) {
        columns.addAll(tracked.added());
      }
      CteScope.Entry self =
          new CteScope.Entry(
              id, name, tracked == null ? named(cte, columns) : tracked.ownColumns(), false);
      ctes.add(name, self);
      Query step;
      try {
        SelectStmt term =
            tracked == null ? select.getRarg() : tracked.withOrigins(select.getRarg());
        step = new SelectBinder(binder, boundary, ctes).bind(term, false);
      } finally {
        ctes.remove(name);
      }
      if (self.references() == 0) {
        return false;
      }
      RecursiveReferences.check(this::recursion, name, select.getRarg());
      requireNoAggregates(step.rel(), id);
      if (select.getLockingClauseCount() > 0) {
        throw context.error(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            -1,
            "FOR UPDATE/SHARE in a recursive query is not implemented");
      }
      if (select.getSortClauseCount() > 0) {
        throw context.error(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            Location.of(select.getSortClause(0)),
            "ORDER BY in a recursive query is not implemented");
      }
      if (select.hasLimitCount() || select.hasLimitOffset()) {
        throw context.error(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            Location.of(select.hasLimitCount() ? select.getLimitCount() : select.getLimitOffset()),
            "LIMIT in a recursive query is not implemented");
      }
      if (step.columns().size() != columns.size()) {
        throw context.error(
            ErrorCode.SYNTAX_ERROR, -1, "each UNION query must have the same number of columns");
      }
      List<SqlType> types = new ArrayList<>();
      for (int i = 0; i < base.columns().size(); i++) {
        SqlType left = base.columns().get(i).type();
        SqlType right = step.columns().get(i).type();
        int common = context.resolver().commonType(List.of(left.oid(), right.oid()));
        if (common != left.oid()) {
          throw context
              .error(
                  ErrorCode.DATATYPE_MISMATCH,
                  targetLocation(select.getLarg(), i),
                  "recursive query \""
                      + name
                      + "\" column "
                      + (i + 1)
                      + " has type "
                      + Names.type(left)
                      + " in non-recursive term but type "
                      + (common == 0 ? Names.type(right) : Names.type(common))
                      + " overall")
              .withHint("Cast the output of the non-recursive term to the correct type.");
        }
        types.add(left);
      }
      columns.stream().skip(types.size()).forEach(c -> types.add(c.type()));
      Rel typedStep = convert(step, types, "UNION").rel();
      add(
          id,
          cte,
          columns,
          new Rel.Cte(
              id,
              name,
              tracked == null ? base.rel() : tracked.base(base.rel()),
              tracked == null ? typedStep : tracked.step(typedStep),
              select.getAll(),
              false));
      return true;
    }

    /** Rows that a recursive query has found so far are not aggregated. */
    private void requireNoAggregates(Rel rel, int id) {
      if (rel instanceof Rel.Group group
          && !group.calls().isEmpty()
          && Rels.any(rel, r -> r instanceof Rel.CteScan scan && scan.id() == id, _ -> false)) {
        throw recursion(
            group.calls().getFirst().location(),
            "aggregate functions are not allowed in a recursive query's recursive term");
      }
      Rels.inputs(rel).forEach(input -> requireNoAggregates(input, id));
    }

    private List<Query.Column> named(CommonTableExpr cte, List<Query.Column> columns) {
      List<String> names = Names.strings(cte.getAliascolnamesList());
      if (names.size() > columns.size()) {
        throw context.error(
            ErrorCode.INVALID_COLUMN_REFERENCE,
            cte.getLocation(),
            "WITH query \""
                + cte.getCtename()
                + "\" has "
                + columns.size()
                + " columns available but "
                + names.size()
                + " columns specified");
      }
      List<Query.Column> result = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        Query.Column c = columns.get(i);
        result.add(
            i < names.size()
                ? new Query.Column(names.get(i), c.type(), c.tableId(), c.columnNumber())
                : c);
      }
      return result;
    }

    private void add(int id, CommonTableExpr cte, List<Query.Column> columns, Rel.Cte rel) {
      boolean withoutRows = columns.isEmpty() && Binder.modifies(rel.query());
      CteScope.Entry entry =
          new CteScope.Entry(id, cte.getCtename(), named(cte, columns), withoutRows);
      ctes.add(cte.getCtename(), entry);
      entries.add(entry);
      bound.add(
          cte.getCtematerialized() == CTEMaterialize.CTEMaterializeNever && rel.inline()
              ? rel.forced()
              : rel);
    }

    /** The body with the queries that it needs around it. */
    Rel wrap(Rel body) {
      List<Rel.Cte> kept = new ArrayList<>();
      for (int i = 0; i < bound.size(); i++) {
        Rel.Cte cte = bound.get(i);
        int references = entries.get(i).references();
        boolean modifies = Binder.modifies(cte.query());
        if (references == 0 && !modifies) {
          continue;
        }
        boolean inline = cte.inline() && !modifies && (references == 1 || cte.always());
        kept.add(
            new Rel.Cte(
                cte.id(), cte.name(), cte.query(), cte.step(), cte.unionAll(), inline, false));
      }
      return kept.isEmpty() ? body : new Rel.With(kept, body);
    }
  }

  WithBinder with(CteScope ctes) {
    return new WithBinder(ctes);
  }

  // Set operations.

  private Query setOperation(SelectStmt select, CteScope ctes) {
    if (select.getLockingClauseCount() > 0) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          -1,
          "FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT");
    }
    Query combined = combine(select, ctes);
    List<Query.Column> columns = combined.columns();
    Rel rel = combined.rel();
    List<Rel.Key> keys = new ArrayList<>();
    if (select.getSortClauseCount() > 0) {
      for (Node node : select.getSortClauseList()) {
        SortBy sort = node.getSortBy();
        SortDirection direction = SortDirection.of(context, sort);
        int column = outputColumn(sort.getNode(), columns);
        requireOrder(columns.get(column).type(), Location.of(sort.getNode()));
        keys.add(new Rel.Key(column, direction.descending(), direction.nullsFirst()));
      }
      rel = new Rel.Sort(rel, keys);
    }
    return new Query(limited(rel, keys, select, ctes), columns);
  }

  private int outputColumn(Node node, List<Query.Column> columns) {
    if (node.hasAConst() && node.getAConst().hasIval()) {
      int position = node.getAConst().getIval().getIval();
      if (position < 1 || position > columns.size()) {
        throw context.error(
            ErrorCode.INVALID_COLUMN_REFERENCE,
            Location.of(node),
            "ORDER BY position " + position + " is not in select list");
      }
      return position - 1;
    }
    if (node.hasColumnRef()
        && node.getColumnRef().getFieldsCount() == 1
        && node.getColumnRef().getFields(0).hasString()) {
      String name = node.getColumnRef().getFields(0).getString().getSval();
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).name().equals(name)) {
          return i;
        }
      }
      throw context.error(
          ErrorCode.UNDEFINED_COLUMN, Location.of(node), "column \"" + name + "\" does not exist");
    }
    throw context
        .error(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            Location.of(node),
            "invalid UNION/INTERSECT/EXCEPT ORDER BY clause")
        .withDetail("Only result column names can be used, not expressions or functions.")
        .withHint(
            "Add the expression/function to every SELECT, or move the UNION into a FROM clause.");
  }

  /** The operation itself; a chain that nests to the left is walked in a loop. */
  private Query combine(SelectStmt select, CteScope ctes) {
    List<SelectStmt> spine = new ArrayList<>();
    SelectStmt current = select;
    while (true) {
      spine.add(current);
      SelectStmt left = current.getLarg();
      if (left.getOp() == SetOperation.SETOP_NONE
          || left.hasWithClause()
          || left.getSortClauseCount() > 0
          || left.hasLimitCount()
          || left.hasLimitOffset()
          || left.getLockingClauseCount() > 0) {
        break;
      }
      current = left;
    }
    if (spine.size() > BindContext.NESTING_MAX) {
      throw context.error(ErrorCode.STATEMENT_TOO_COMPLEX, -1, "stack depth limit exceeded");
    }
    Query result = new SelectBinder(binder, boundary, ctes).bind(spine.getLast().getLarg(), false);
    for (int i = spine.size() - 1; i >= 0; i--) {
      SelectStmt operation = spine.get(i);
      Query right = new SelectBinder(binder, boundary, ctes).bind(operation.getRarg(), false);
      result = combine(operation, result, right);
    }
    return result;
  }

  private Query combine(SelectStmt operation, Query left, Query right) {
    Rel.SetOperation.Kind kind =
        switch (operation.getOp()) {
          case SETOP_UNION -> Rel.SetOperation.Kind.UNION;
          case SETOP_INTERSECT -> Rel.SetOperation.Kind.INTERSECT;
          default -> Rel.SetOperation.Kind.EXCEPT;
        };
    String name = kind.name().toUpperCase(Locale.ROOT);
    if (left.columns().size() != right.columns().size()) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          firstLocation(operation.getRarg()),
          "each " + name + " query must have the same number of columns");
    }
    List<SqlType> types = new ArrayList<>();
    for (int i = 0; i < left.columns().size(); i++) {
      Bound l = new Bound.Column(i, left.columns().get(i).type(), "", -1);
      Bound r = new Bound.Column(i, right.columns().get(i).type(), "", -1);
      SqlType common =
          binder
              .coercion()
              .commonType(List.of(l, r), name, List.of(-1, targetLocation(operation.getRarg(), i)));
      if (!operation.getAll()) {
        requireEquality(common, targetLocation(operation.getRarg(), i));
      }
      boolean compared = kind != Rel.SetOperation.Kind.UNION || !operation.getAll();
      Collation collation =
          binder
              .collations()
              .ofBoth(
                  output(left, i),
                  output(right, i),
                  targetLocation(operation.getRarg(), i),
                  compared);
      types.add(common.isCollatable() ? common.withCollation(collation) : common);
    }
    Query typedLeft = convert(left, types, name);
    Query typedRight = convert(right, types, name);
    List<Query.Column> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add(new Query.Column(left.columns().get(i).name(), types.get(i), 0, 0));
    }
    return new Query(
        new Rel.SetOperation(kind, operation.getAll(), typedLeft.rel(), typedRight.rel(), types),
        columns);
  }

  /** A column of a query, as the expression that it is where that is known. */
  static Bound output(Query query, int i) {
    return query.rel() instanceof Rel.Project project
        ? project.expressions().get(i)
        : new Bound.Column(i, query.columns().get(i).type(), "", -1);
  }

  private static int firstLocation(SelectStmt select) {
    return targetLocation(select, 0);
  }

  private static int targetLocation(SelectStmt select, int i) {
    SelectStmt leaf = select;
    while (leaf.getOp() != SetOperation.SETOP_NONE && leaf.hasLarg()) {
      leaf = leaf.getLarg();
    }
    if (i < leaf.getTargetListCount()) {
      return Location.of(leaf.getTargetList(i).getResTarget().getVal());
    }
    if (leaf.getValuesListsCount() > 0 && i < leaf.getValuesLists(0).getList().getItemsCount()) {
      return Location.of(leaf.getValuesLists(0).getList().getItems(i));
    }
    return -1;
  }

  /** A query with its columns cast to types; untyped literals take the type directly. */
  Query convert(Query query, List<SqlType> types, String construct) {
    boolean same = true;
    for (int i = 0; i < types.size(); i++) {
      same &= query.columns().get(i).type().equals(types.get(i));
    }
    if (same) {
      return query;
    }
    List<Query.Column> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add(query.columns().get(i).withType(types.get(i)));
    }
    if (query.rel() instanceof Rel.Project project) {
      List<Bound> cast = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        cast.add(convert(project.expressions().get(i), types.get(i), construct));
      }
      return new Query(Rel.Project.of(project.input(), cast), columns);
    }
    if (query.rel() instanceof Rel.Values values) {
      List<List<Bound>> rows = new ArrayList<>();
      for (List<Bound> row : values.rows()) {
        List<Bound> cast = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
          cast.add(convert(row.get(i), types.get(i), construct));
        }
        rows.add(cast);
      }
      return new Query(new Rel.Values(rows, types), columns);
    }
    List<Bound> cast = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      Bound column = new Bound.Column(i, query.columns().get(i).type(), "", -1);
      cast.add(convert(column, types.get(i), construct));
    }
    return new Query(Rel.Project.of(query.rel(), cast), columns);
  }

  private Bound convert(Bound value, SqlType type, String construct) {
    Bound typed = binder.coercion().toCommon(value, SqlType.of(type.oid()), construct, -1);
    return CollationRules.under(typed, type.collation());
  }

  // VALUES.

  private Query values(SelectStmt select, CteScope ctes, boolean settle) {
    Scope scope = new Scope(context, boundary, List.of());
    scope.addInaccessible(inaccessible);
    ExpressionBinder expressions = new ExpressionBinder(binder, scope, Clause.VALUES, ctes);
    List<List<Bound>> rows = new ArrayList<>();
    List<List<Integer>> places = new ArrayList<>();
    int width = -1;
    for (Node list : select.getValuesListsList()) {
      List<Bound> row = new ArrayList<>();
      List<Integer> rowPlaces = new ArrayList<>();
      for (Node item : list.getList().getItemsList()) {
        row.addAll(expressions.expansion().values(item));
        while (rowPlaces.size() < row.size()) {
          rowPlaces.add(Location.of(item));
        }
      }
      places.add(rowPlaces);
      if (width >= 0 && row.size() != width) {
        throw context.error(
            ErrorCode.SYNTAX_ERROR,
            Location.of(list.getList().getItems(0)),
            "VALUES lists must all be the same length");
      }
      width = row.size();
      rows.add(row);
    }
    List<SqlType> types = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      List<Bound> column = new ArrayList<>();
      List<Integer> locations = new ArrayList<>();
      boolean unknown = true;
      for (int r = 0; r < rows.size(); r++) {
        Bound value = rows.get(r).get(i);
        column.add(value);
        unknown &= value.type().oid() == PgOid.UNKNOWN;
        locations.add(places.get(r).get(i));
      }
      if (unknown && !settle) {
        types.add(Types.UNKNOWN);
      } else {
        SqlType common = binder.coercion().commonType(column, "VALUES", locations);
        types.add(CollationRules.result(common, binder.collations().agreed(column)));
      }
    }
    List<List<Bound>> typed = new ArrayList<>();
    for (List<Bound> row : rows) {
      List<Bound> cast = new ArrayList<>();
      for (int i = 0; i < width; i++) {
        cast.add(
            types.get(i).oid() == PgOid.UNKNOWN
                ? row.get(i)
                : convert(row.get(i), types.get(i), "VALUES"));
      }
      typed.add(cast);
    }
    List<Query.Column> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      columns.add(new Query.Column("column" + (i + 1), types.get(i), 0, 0));
    }
    Rel rel = new Rel.Values(typed, types);
    List<Rel.Key> keys = new ArrayList<>();
    if (select.getSortClauseCount() > 0) {
      for (Node node : select.getSortClauseList()) {
        SortBy sort = node.getSortBy();
        SortDirection direction = SortDirection.of(context, sort);
        int column = outputColumn(sort.getNode(), columns);
        requireOrder(types.get(column), Location.of(sort.getNode()));
        keys.add(new Rel.Key(column, direction.descending(), direction.nullsFirst()));
      }
      rel = new Rel.Sort(rel, keys);
    }
    return new Query(limited(rel, keys, select, ctes), columns);
  }

  // LIMIT, orders.

  private Rel limited(Rel rel, List<Rel.Key> order, SelectStmt select, CteScope ctes) {
    return limited(binder, new Scope(context, boundary, List.of()), rel, order, select, ctes);
  }

  /** LIMIT and OFFSET around rows; columns of the scope are named only to be refused. */
  static Rel limited(
      Binder binder, Scope scope, Rel rel, List<Rel.Key> order, SelectStmt select, CteScope ctes) {
    if (!select.hasLimitCount() && !select.hasLimitOffset()) {
      return rel;
    }
    boolean ties = select.getLimitOption() == LimitOption.LIMIT_OPTION_WITH_TIES;
    boolean all =
        !select.hasLimitCount()
            || (select.getLimitCount().hasAConst()
                && select.getLimitCount().getAConst().getIsnull());
    Bound limit = all ? null : rowCount(binder, scope, ctes, Clause.LIMIT, select.getLimitCount());
    Bound offset =
        select.hasLimitOffset()
            ? rowCount(binder, scope, ctes, Clause.OFFSET, select.getLimitOffset())
            : null;
    return limit == null && offset == null
        ? rel
        : new Rel.Limit(rel, limit, offset, ties ? order : List.of());
  }

  private static Bound rowCount(
      Binder binder, Scope scope, CteScope ctes, Clause clause, Node node) {
    Bound value = new ExpressionBinder(binder, scope, clause, ctes).bind(node);
    if (Bound.any(value, e -> e instanceof Bound.Column)) {
      throw binder
          .context()
          .error(
              ErrorCode.INVALID_COLUMN_REFERENCE,
              Location.of(node),
              "argument of " + clause.text() + " must not contain variables");
    }
    return binder.coercion().rowCount(value, clause.text(), Location.of(node));
  }

  void requireOrder(SqlType type, int location) {
    requireOrder(context, type, location);
  }

  static void requireOrder(BindContext context, SqlType type, int location) {
    PgType pgType = PgTypes.find(type.oid());
    if (pgType != null && !pgType.isComparable()) {
      throw context
          .error(
              ErrorCode.UNDEFINED_FUNCTION,
              location,
              "could not identify an ordering operator for type " + Names.type(type))
          .withHint("Use an explicit ordering operator or modify the query.");
    }
  }

  /** Whether rows can be ordered by a value. */
  static void requireOrder(BindContext context, Bound value, int location) {
    requireOrder(context, value.type(), location);
    new CollationRules(context).requireKnown(value);
  }

  /** Whether rows can be grouped by a value. */
  static void requireEquality(BindContext context, Bound value, int location) {
    requireEquality(context, value.type(), location);
    new CollationRules(context).requireKnown(value);
  }

  private void requireEquality(SqlType type, int location) {
    requireEquality(context, type, location);
  }

  static void requireEquality(BindContext context, SqlType type, int location) {
    PgType pgType = PgTypes.find(type.oid());
    if (pgType != null && !pgType.isComparable()) {
      throw context.error(
          ErrorCode.UNDEFINED_FUNCTION,
          location,
          "could not identify an equality operator for type " + Names.type(type));
    }
  }
}
