package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.proto.CurrentOfExpr;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.UpdateStmt;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;

/** Binds UPDATE. */
final class UpdateBinder {
  private final Binder binder;
  private final BindContext context;
  private final CteScope outerCtes;

  UpdateBinder(Binder binder, CteScope ctes) {
    this.binder = binder;
    this.context = binder.context();
    this.outerCtes = ctes;
  }

  Query bind(UpdateStmt update) {
    CteScope ctes = new CteScope(outerCtes);
    SelectBinder.WithBinder with = new SelectBinder(binder, null, ctes).with(ctes);
    if (update.hasWithClause()) {
      with.bind(update.getWithClause());
    }
    Target target =
        new TargetBinder(binder, EnumSet.of(TargetBinder.Action.UPDATE)).bind(update.getRelation());
    TableDescriptor table = target.table();
    FromBinder.Item item =
        new FromBinder(binder, null, ctes).bind(target.item(), update.getFromClauseList());
    Scope scope = new Scope(context, null, item.sources());
    TargetColumns columns = new TargetColumns(binder, target);
    TargetColumns.Assignments assignments =
        columns.assignments(
            update.getTargetListList(),
            new ExpressionBinder(binder, scope, Clause.UPDATE, ctes),
            "update");
    Rel.Lock.Strength strength =
        changesKey(table, assignments.changed())
            ? Rel.Lock.Strength.UPDATE
            : Rel.Lock.Strength.NO_KEY_UPDATE;
    Rel input =
        locked(
            binder,
            scope,
            ctes,
            item.rel(),
            table,
            update.getWhereClause(),
            update.hasWhereClause(),
            strength);
    TargetColumns.Returning returning =
        TargetColumns.returning(binder, scope, ctes, update.getReturningListList());
    Rel rel =
        new Rel.Update(
            input,
            table,
            target.alias(),
            assignments.values(),
            assignments.changed(),
            columns.rules(),
            target.viewChecks(),
            returning == null ? null : returning.expressions(),
            returning == null ? List.of() : returning.types());
    return new Query(with.wrap(rel), returning == null ? List.of() : returning.columns());
  }

  /** Whether what a MERGE does can take a row's keys away from those that refer to them. */
  static boolean changesKey(TableDescriptor table, Rel.MergeAction action) {
    return action.effect() == Rel.MergeAction.Effect.DELETE || changesKey(table, action.changed());
  }

  private static boolean changesKey(TableDescriptor table, List<Integer> changed) {
    for (IndexDescriptor index : table.indexes()) {
      // Rows are referred to by the keys of plain indexes only.
      if (index.isUniqueKey() && index.isPlain()) {
        for (IndexDescriptor.KeyColumn key : index.columns()) {
          if (changed.contains(table.ordinalOfNumber(key.columnNumber()))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** The rows to be changed, filtered and locked; the table's columns come first. */
  static Rel locked(
      Binder binder,
      Scope scope,
      CteScope ctes,
      Rel rel,
      TableDescriptor table,
      Node where,
      boolean hasWhere,
      Rel.Lock.Strength strength) {
    Rel input = rel;
    if (hasWhere) {
      input =
          new Rel.Filter(
              input,
              where.hasCurrentOfExpr()
                  ? isCurrent(binder, scope, table, where.getCurrentOfExpr())
                  : new ExpressionBinder(binder, scope, Clause.WHERE, ctes).condition(where));
    }
    return new Rel.LockRows(
        input, table, keyOrdinals(table), new Rel.Lock(strength, Rel.Lock.Policy.BLOCK));
  }

  /** Whether a row has the key of the one that a cursor is on when the statement runs. */
  private static Bound isCurrent(
      Binder binder, Scope scope, TableDescriptor table, CurrentOfExpr current) {
    if (scope.sources().getFirst().table() == null) {
      throw binder
          .context()
          .error(
              ErrorCode.FEATURE_NOT_SUPPORTED, -1, "WHERE CURRENT OF on a view is not implemented");
    }
    List<Bound> conditions = new ArrayList<>();
    for (int ordinal : keyOrdinals(table)) {
      ColumnDescriptor column = table.columns().get(ordinal);
      SqlType type = PgTypes.base(column.type());
      List<Bound> args =
          List.of(
              new Bound.Const(current.getCursorName(), SqlType.of(PgOid.TEXT), -1),
              new Bound.Const((long) table.id(), SqlType.of(PgOid.OID), -1),
              new Bound.Const((long) conditions.size(), Types.INT4, -1),
              new Bound.Const(null, type, -1));
      Bound key = binder.functions().call("shardforge", "cursor_key", args, -1);
      Bound own = new Bound.Column(ordinal, column.type(), column.name(), -1);
      conditions.add(binder.functions().operator("=", own, key, -1));
    }
    return Objects.requireNonNull(Bound.and(conditions));
  }

  /** The ordinals of a table's primary key. */
  static List<Integer> keyOrdinals(TableDescriptor table) {
    List<Integer> keys = new ArrayList<>();
    for (IndexDescriptor.KeyColumn key : table.primaryIndex().columns()) {
      keys.add(table.ordinalOfNumber(key.columnNumber()));
    }
    return keys;
  }
}
