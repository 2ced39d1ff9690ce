package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Timing;
import io.shardforge.sql.catalog.ForeignKeyText;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgOperator;
import io.shardforge.sql.type.PgOid;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of pg_constraint and pg_depend about foreign keys. */
final class ForeignKeyTables {
  private ForeignKeyTables() {}

  static Stream<Reference> all(CatalogSnapshot snapshot) {
    return snapshot.tables().stream()
        .flatMap(table -> table.foreignKeys().stream().map(key -> new Reference(table, key)));
  }

  /** Completes the row of a constraint. */
  static @Nullable Object[] constraint(
      Cells row, CatalogSnapshot snapshot, TableDescriptor table, ForeignKeyDescriptor key) {
    TableDescriptor referenced = ForeignKeyText.referenced(snapshot, new Reference(table, key));
    List<Integer> equal = new ArrayList<>();
    List<Integer> equalThere = new ArrayList<>();
    List<Integer> equalHere = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      int here = type(table, key.columns().get(i));
      int there = type(referenced, key.referencedColumns().get(i));
      equal.add(equality(there, here));
      equalThere.add(equality(there, there));
      equalHere.add(equality(here, here));
    }
    return row.set("conindid", key.indexOid())
        .set("connoinherit", true)
        .set("condeferrable", key.timing().deferrable())
        .set("condeferred", key.timing() == Timing.INITIALLY_DEFERRED)
        .set("convalidated", key.valid())
        .set("conkey", Cells.numbers(PgOid.INT2, key.columns()))
        .set("confrelid", key.referencedTable())
        .set("confkey", Cells.numbers(PgOid.INT2, key.referencedColumns()))
        .set("confupdtype", key.onUpdate().code())
        .set("confdeltype", key.onDelete().code())
        .set("confmatchtype", key.full() ? 'f' : 's')
        .set("conpfeqop", Cells.numbers(PgOid.OID, equal))
        .set("conppeqop", Cells.numbers(PgOid.OID, equalThere))
        .set("conffeqop", Cells.numbers(PgOid.OID, equalHere))
        .set(
            "confdelsetcols",
            key.setColumns().isEmpty() ? null : Cells.numbers(PgOid.INT2, key.setColumns()))
        .done();
  }

  private static int type(TableDescriptor table, int number) {
    int type = table.columns().get(table.ordinalOfNumber(number)).type().oid();
    return type == PgOid.VARCHAR ? PgOid.TEXT : type;
  }

  /** The operator that compares values of the types, 0 if there is none of just these. */
  private static int equality(int left, int right) {
    return FunctionRegistry.allOperators().stream()
        .filter(o -> o.name().equals("=") && o.leftType() == left && o.rightType() == right)
        .mapToInt(PgOperator::oid)
        .findFirst()
        .orElse(0);
  }

  /** On which columns and which index a foreign key depends. */
  static Stream<@Nullable Object[]> dependencies(SystemTable t, Reference reference) {
    ForeignKeyDescriptor key = reference.key();
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int column : key.columns()) {
      rows.add(onColumn(t, key, reference.table().id(), column, 'a'));
    }
    for (int column : key.referencedColumns()) {
      rows.add(onColumn(t, key, key.referencedTable(), column, 'n'));
    }
    rows.add(onColumn(t, key, key.indexOid(), 0, 'n'));
    return rows.stream();
  }

  private static @Nullable Object[] onColumn(
      SystemTable t, ForeignKeyDescriptor key, int relation, int column, char kind) {
    return t.row()
        .set("classid", SystemOids.PG_CONSTRAINT)
        .set("objid", key.oid())
        .set("refclassid", SystemOids.PG_CLASS)
        .set("refobjid", relation)
        .set("refobjsubid", column)
        .set("deptype", kind)
        .done();
  }

  /** The place of a column of the foreign key in the unique index that it refers to, from 1. */
  static int positionInIndex(CatalogSnapshot snapshot, ForeignKeyDescriptor key, int column) {
    IndexOfTable index = snapshot.index(key.indexOid());
    int number = key.referencedColumns().get(column);
    for (int i = 0; index != null && i < index.index().columns().size(); i++) {
      if (index.index().columns().get(i).columnNumber() == number) {
        return i + 1;
      }
    }
    return 0;
  }
}
