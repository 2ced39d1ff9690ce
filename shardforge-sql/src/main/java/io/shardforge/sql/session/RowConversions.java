package io.shardforge.sql.session;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.ComputedColumn;
import io.shardforge.sql.catalog.TableDescriptor.Successor;
import io.shardforge.sql.ddl.ExpressionBinder;
import io.shardforge.sql.ddl.ExpressionBinder.Place;
import io.shardforge.sql.exec.RowConversion;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Binds what a table's successor computes. */
final class RowConversions implements RowConversion.Source {
  private final Session session;

  RowConversions(Session session) {
    this.session = session;
  }

  @Override
  public RowConversion of(TableDescriptor table, Successor successor, CatalogSnapshot catalog) {
    ExpressionBinder binder = session.services().expressions();
    TableDescriptor to = successor.table().withVersion(table.version());
    Map<Integer, Expression> computed = new HashMap<>();
    for (ComputedColumn value : successor.values()) {
      int ordinal = to.ordinalOfNumber(value.number());
      SqlType type = to.columns().get(ordinal).type();
      computed.put(
          ordinal, binder.bindText(value.sql(), Place.GENERATED, catalog, table.columns(), type));
    }
    List<Expression> rules = new ArrayList<>();
    for (ColumnDescriptor column : to.columns()) {
      if (column.generated()) {
        rules.add(
            binder.bindText(
                Objects.requireNonNull(column.defaultSql()),
                Place.GENERATED,
                catalog,
                to.columns(),
                column.type()));
      }
    }
    for (CheckDescriptor check : to.checks()) {
      rules.add(
          binder.bindText(check.sql(), Place.CHECK, catalog, to.columns(), SqlType.of(PgOid.BOOL)));
    }
    return new RowConversion(
        to,
        RowConversion.sources(table, to),
        computed,
        rules,
        session.services().planner().derivedValues(to, session.ownPlanContext(catalog)));
  }
}
