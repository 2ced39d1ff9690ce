package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.DeleteStmt;
import java.util.EnumSet;
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
    Target target =
        new TargetBinder(binder, EnumSet.of(TargetBinder.Action.DELETE)).bind(delete.getRelation());
    FromBinder.Item item =
        new FromBinder(binder, null, ctes).bind(target.item(), delete.getUsingClauseList());
    Scope scope = new Scope(context, null, item.sources());
    Rel input =
        UpdateBinder.locked(
            binder,
            scope,
            ctes,
            item.rel(),
            target.table(),
            delete.getWhereClause(),
            delete.hasWhereClause(),
            Rel.Lock.Strength.UPDATE);
    TargetColumns.Returning returning =
        TargetColumns.returning(binder, scope, ctes, delete.getReturningListList());
    Rel rel =
        new Rel.Delete(
            input,
            target.table(),
            target.alias(),
            returning == null ? null : returning.expressions(),
            returning == null ? List.of() : returning.types());
    return new Query(with.wrap(rel), returning == null ? List.of() : returning.columns());
  }
}
