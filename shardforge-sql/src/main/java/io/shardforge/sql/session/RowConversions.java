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
import io.shardforge.sql.expr.Constant;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.row.RowCodec;
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
    int[] sources = RowConversion.sources(table, to);
    RowCodec rows = RowCodec.of(to);
    Map<Integer, Expression> computed = new HashMap<>();
    for (int i = 0; i < sources.length; i++) {
      Object constant = rows.missing(i);
      if (sources[i] < 0 && constant != null) {
        computed.put(i, new Constant(to.columns().get(i).type(), constant));
      }
    }
    List<Integer> kept = new ArrayList<>();
    for (ComputedColumn value : successor.values()) {
      int ordinal = to.ordinalOfNumber(value.number());
      Place place = value.kept() ? Place.DEFAULT : Place.GENERATED;
      List<ColumnDescriptor> columns = value.kept() ? List.of() : table.columns();
      SqlType type = to.columns().get(ordinal).type();
      computed.put(ordinal, binder.bindText(value.sql(), place, catalog, columns, type));
      if (value.kept()) {
        kept.add(ordinal);
      }
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
        RowCodec.of(table),
        to,
        sources,
        computed,
        kept,
        rules,
        session.services().planner().derivedValues(to, session.ownPlanContext(catalog)));
  }
}
