package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Scope.Source;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.proto.IndexElem;
import io.shardforge.sql.parse.proto.InferClause;
import io.shardforge.sql.parse.proto.InsertStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.OnConflictAction;
import io.shardforge.sql.parse.proto.OnConflictClause;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SetOperation;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binds INSERT. */
final class InsertBinder {
  private final Binder binder;
  private final BindContext context;
  private final CteScope outerCtes;

  InsertBinder(Binder binder, CteScope ctes) {
    this.binder = binder;
    this.context = binder.context();
    this.outerCtes = ctes;
  }

  Query bind(InsertStmt insert) {
    CteScope ctes = new CteScope(outerCtes);
    SelectBinder.WithBinder with = new SelectBinder(binder, null, ctes).with(ctes);
    if (insert.hasWithClause()) {
      with.bind(insert.getWithClause());
    }
    boolean updates =
        insert.getOnConflictClause().getAction() == OnConflictAction.ONCONFLICT_UPDATE;
    Target into =
        new TargetBinder(
                binder,
                updates
                    ? EnumSet.of(TargetBinder.Action.INSERT, TargetBinder.Action.UPDATE)
                    : EnumSet.of(TargetBinder.Action.INSERT))
            .bind(insert.getRelation());
    TableDescriptor table = into.table();
    TargetColumns target = new TargetColumns(binder, into);
    InsertRows rows =
        new InsertRows(
            binder, into, target, insert.getColsList(), insert.getOverride(), "insert into");
    Rel input = input(insert, table, rows, ctes);

    Scope scope = new Scope(context, null, into.item().sources());
    Rel.Conflict conflict =
        insert.hasOnConflictClause()
            ? conflict(insert.getOnConflictClause(), into, target, ctes)
            : null;
    TargetColumns.Returning returning =
        TargetColumns.returning(binder, scope, ctes, insert.getReturningListList());
    Rel rel =
        new Rel.Insert(
            input,
            table,
            into.alias(),
            conflict,
            target.rules(),
            into.viewChecks(),
            returning == null ? null : returning.expressions(),
            returning == null ? List.of() : returning.types());
    return new Query(with.wrap(rel), returning == null ? List.of() : returning.columns());
  }

  // The rows.

  private Rel input(InsertStmt insert, TableDescriptor table, InsertRows rows, CteScope ctes) {
    List<SqlType> types = table.columns().stream().map(ColumnDescriptor::type).toList();
    if (!insert.hasSelectStmt()) {
      return new Rel.Values(List.of(rows.defaults()), types);
    }
    SelectStmt select = insert.getSelectStmt().getSelectStmt();
    boolean plainValues =
        select.getValuesListsCount() > 0
            && select.getOp() == SetOperation.SETOP_NONE
            && select.getSortClauseCount() == 0
            && !select.hasLimitCount()
            && !select.hasLimitOffset()
            && !select.hasWithClause();
    if (plainValues) {
      return values(select, rows, ctes, types);
    }
    Query query = new SelectBinder(binder, null, ctes).bind(select, false);
    int width = query.columns().size();
    rows.checkWidth(width, extra(select, rows.width(), width));
    List<Bound> values = new ArrayList<>();
    List<Integer> locations = new ArrayList<>();
    Rel source = query.rel();
    boolean overProject = source instanceof Rel.Project;
    for (int i = 0; i < width; i++) {
      values.add(
          overProject
              ? ((Rel.Project) source).expressions().get(i)
              : new Bound.Column(i, query.columns().get(i).type(), "", -1));
      locations.add(i < select.getTargetListCount() ? Location.of(select.getTargetList(i)) : -1);
    }
    Rel input = overProject ? ((Rel.Project) source).input() : source;
    return new Rel.Project(input, rows.rowOf(values, locations), types);
  }

  /** The select-list item of the first value too many; null if it came out of a star. */
  private static @Nullable Node extra(SelectStmt select, int wanted, int width) {
    return width > wanted && select.getTargetListCount() == width
        ? select.getTargetList(wanted)
        : null;
  }

  private Rel values(SelectStmt select, InsertRows rows, CteScope ctes, List<SqlType> types) {
    Scope scope = new Scope(context, null, List.of());
    ExpressionBinder expressions = new ExpressionBinder(binder, scope, Clause.VALUES, ctes);
    List<List<Bound>> bound = new ArrayList<>();
    int width = -1;
    for (Node list : select.getValuesListsList()) {
      List<Node> items = list.getList().getItemsList();
      if (width >= 0 && items.size() != width) {
        throw context.error(
            ErrorCode.SYNTAX_ERROR,
            Location.of(items.getFirst()),
            "VALUES lists must all be the same length");
      }
      width = items.size();
      bound.add(rows.row(items, expressions));
    }
    return new Rel.Values(bound, types);
  }

  // ON CONFLICT.

  private Rel.Conflict conflict(
      OnConflictClause clause, Target into, TargetColumns target, CteScope ctes) {
    TableDescriptor table = into.table();
    FromBinder.Item item = into.item();
    Scope stored = new Scope(context, null, item.sources());
    if (into.viewChecks().stream()
        .anyMatch(check -> Bound.any(check.condition(), e -> e instanceof Bound.SubQuery))) {
      throw context.unsupported(
          clause.getLocation(), "ON CONFLICT through a check option with a subquery");
    }
    List<IndexDescriptor> arbiters =
        clause.hasInfer()
            ? arbiters(
                clause.getInfer(),
                into,
                new ExpressionBinder(binder, stored, Clause.INDEX_KEY, ctes))
            : List.of();
    List<IndexDescriptor> judged = clause.hasInfer() ? arbiters : table.indexes();
    if (judged.stream().anyMatch(index -> index.deferrable() != null)) {
      throw context.error(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          -1,
          "ON CONFLICT does not support deferrable unique constraints/exclusion constraints as"
              + " arbiters");
    }
    List<Bound> inference = inference(clause.getInfer(), item, ctes);
    if (clause.getAction() != OnConflictAction.ONCONFLICT_UPDATE) {
      return new Rel.Conflict(arbiters, inference, null, null);
    }
    if (!clause.hasInfer()) {
      throw context
          .error(
              ErrorCode.SYNTAX_ERROR,
              clause.getLocation(),
              "ON CONFLICT DO UPDATE requires inference specification or constraint name")
          .withHint("For example, ON CONFLICT (column_name).");
    }
    Source existing = item.sources().getFirst();
    Source excluded =
        new Source("excluded", null, existing.columns(), null, null, 0, true, true, false)
            .shifted(table.columns().size());
    Scope scope = new Scope(context, null, List.of(existing, excluded));
    ExpressionBinder expressions = new ExpressionBinder(binder, scope, Clause.UPDATE, ctes);
    TargetColumns.Assignments assignments =
        target.assignments(clause.getTargetListList(), expressions, "insert into");
    Bound where =
        clause.hasWhereClause()
            ? new ExpressionBinder(binder, scope, Clause.WHERE, ctes)
                .condition(clause.getWhereClause())
            : null;
    return new Rel.Conflict(arbiters, inference, assignments.values(), where);
  }

  /** What the rows satisfy that the arbiters are about; null unless these are found by columns. */
  private @Nullable List<Bound> inference(InferClause infer, FromBinder.Item item, CteScope ctes) {
    if (infer.getIndexElemsCount() == 0) {
      return null;
    }
    Scope scope = new Scope(context, null, item.sources());
    ExpressionBinder expressions =
        new ExpressionBinder(binder, scope, Clause.INDEX_PREDICATE, ctes);
    return infer.hasWhereClause()
        ? Bound.conjuncts(expressions.condition(infer.getWhereClause()))
        : List.of();
  }

  private Bound named(Target into, String name, int location) {
    Scope.SourceColumn column = into.item().sources().getFirst().find(name);
    if (column == null) {
      throw context.error(
          ErrorCode.UNDEFINED_COLUMN, location, "column \"" + name + "\" does not exist");
    }
    context.reads(column);
    return column.expression();
  }

  private List<IndexDescriptor> arbiters(
      InferClause infer, Target into, ExpressionBinder expressions) {
    TableDescriptor table = into.table();
    if (!infer.getConname().isEmpty()) {
      for (IndexDescriptor index : table.indexes()) {
        if (!into.isView()
            && index.name().equals(infer.getConname())
            && index.constraintOid() != 0
            && index.state() == IndexDescriptor.State.PUBLIC) {
          binder.requireColumns(
              table,
              index.columns().stream().map(c -> table.ordinalOfNumber(c.columnNumber())).toList(),
              Privilege.SELECT);
          return List.of(index);
        }
      }
      throw context.error(
          ErrorCode.UNDEFINED_OBJECT,
          -1,
          "constraint \""
              + infer.getConname()
              + "\" for table \""
              + into.name()
              + "\" does not exist");
    }
    List<Integer> wanted = new ArrayList<>();
    List<Bound> computed = new ArrayList<>();
    for (Node node : infer.getIndexElemsList()) {
      IndexElem element = node.getIndexElem();
      Bound bound =
          element.getName().isEmpty()
              ? binder.coercion().settle(expressions.bind(element.getExpr()))
              : named(into, element.getName(), infer.getLocation());
      if (bound instanceof Bound.Column column) {
        wanted.add(column.index());
      } else {
        computed.add(Normal.of(bound));
      }
    }
    List<Bound> derived = binder.derivedValues(table);
    List<IndexDescriptor> found = new ArrayList<>();
    for (IndexDescriptor index : table.indexes()) {
      Set<Integer> columns = new HashSet<>();
      Set<Bound> expressionsOfIndex = new HashSet<>();
      for (int i = 0; i < index.columns().size(); i++) {
        int ordinal = table.keyOrdinal(index, i);
        if (ordinal < table.columns().size()) {
          columns.add(ordinal);
        } else {
          expressionsOfIndex.add(Normal.of(derived.get(ordinal - table.columns().size())));
        }
      }
      if (index.isUniqueKey()
          && index.state() == IndexDescriptor.State.PUBLIC
          && columns.equals(Set.copyOf(wanted))
          && expressionsOfIndex.equals(Set.copyOf(computed))) {
        found.add(index);
      }
    }
    return found;
  }
}
