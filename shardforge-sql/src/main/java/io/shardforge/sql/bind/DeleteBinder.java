package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.proto.DeleteStmt;
import io.shardforge.sql.parse.proto.RangeVar;
import java.util.List;

/** Binds DELETE. */
final class DeleteBinder {
  private final Binder binder;
  private final BindContext context;
  private final CteScope outerCtes;

  DeleteBinder(Binder binder, CteScope ctes) {
    this.binder = binder;
    this.context = binder.context();
    this.outerCtes = ctes;
  }

  Query bind(DeleteStmt delete) {
    CteScope ctes = new CteScope(outerCtes);
    SelectBinder.WithBinder with = new SelectBinder(binder, null, ctes).with(ctes);
    if (delete.hasWithClause()) {
      with.bind(delete.getWithClause());
    }
    RangeVar range = delete.getRelation();
    TableDescriptor table = binder.target(range, CteScope.EMPTY, "delete from");
    String alias = range.hasAlias() ? range.getAlias().getAliasname() : table.name();
    FromBinder from = new FromBinder(binder, null, ctes);
    FromBinder.Item item = from.bind(from.table(table, alias, range), delete.getUsingClauseList());
    Scope scope = new Scope(context, null, item.sources());
    Rel input =
        UpdateBinder.locked(
            binder,
            scope,
            ctes,
            item.rel(),
            table,
            delete.getWhereClause(),
            delete.hasWhereClause(),
            Rel.Lock.Strength.UPDATE);
    TargetColumns.Returning returning =
        TargetColumns.returning(binder, scope, ctes, delete.getReturningListList());
    Rel rel =
        new Rel.Delete(
            input,
            table,
            alias,
            returning == null ? null : returning.expressions(),
            returning == null ? List.of() : returning.types());
    return new Query(with.wrap(rel), returning == null ? List.of() : returning.columns());
  }
}
