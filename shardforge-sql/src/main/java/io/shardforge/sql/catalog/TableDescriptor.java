package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.IndexDescriptor.KeyExpression;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A table as one catalog snapshot has it.
 *
 * @param id table id and pg_class oid
 * @param version rises with every change of this descriptor; every write names it
 * @param dataId names the table's span in the key space; TRUNCATE gives a new one
 * @param indexes the primary index first; never empty
 * @param foreignKeys those of this table; who refers to it is asked of the snapshot
 * @param lastColumnNumber the highest column number ever given, so that none is reused
 * @param lastIndexNumber the highest index number ever given in this {@code dataId}
 * @param successor the form that its rows are being written in anew, null if they are not
 */
public record TableDescriptor(
    int id,
    long version,
    int dataId,
    int schemaId,
    String name,
    int ownerId,
    List<ColumnDescriptor> columns,
    List<IndexDescriptor> indexes,
    List<CheckDescriptor> checks,
    List<ForeignKeyDescriptor> foreignKeys,
    int lastColumnNumber,
    int lastIndexNumber,
    TableOptions options,
    @Nullable Successor successor)
    implements CatalogObject {
  /**
   * The form that a table is to have, which whoever writes its rows writes, too, under another
   * {@code dataId}.
   *
   * @param table as it will be, with a hidden column of where the row came from while it is not
   *     known that no two rows have the same key; what rows have in new columns that are not
   *     computed is what columns say of rows that lack them
   * @param values what is not simply copied
   */
  public record Successor(TableDescriptor table, List<ComputedColumn> values) {
    public Successor {
      values = List.copyOf(values);
    }
  }

  /**
   * A column of the successor as an expression over the columns of the table.
   *
   * @param kept whether it is the default of a new column, which may be another one each time that
   *     it is computed: a row that is there keeps what it has
   */
  public record ComputedColumn(int number, String sql, boolean kept) {}

  /** A table whose rows stay as they are. */
  public TableDescriptor(
      int id,
      long version,
      int dataId,
      int schemaId,
      String name,
      int ownerId,
      List<ColumnDescriptor> columns,
      List<IndexDescriptor> indexes,
      List<CheckDescriptor> checks,
      List<ForeignKeyDescriptor> foreignKeys,
      int lastColumnNumber,
      int lastIndexNumber,
      TableOptions options) {
    this(
        id,
        version,
        dataId,
        schemaId,
        name,
        ownerId,
        columns,
        indexes,
        checks,
        foreignKeys,
        lastColumnNumber,
        lastIndexNumber,
        options,
        null);
  }

  /**
   * A CHECK constraint as PostgreSQL expression text.
   *
   * @param valid whether rows from before the constraint are known to keep it, too
   */
  public record CheckDescriptor(int oid, String name, String sql, boolean valid) {
    /** The same constraint under another name. */
    public CheckDescriptor withName(String newName) {
      return new CheckDescriptor(oid, newName, sql, valid);
    }

    /** The same constraint in other words. */
    public CheckDescriptor withSql(String newSql) {
      return new CheckDescriptor(oid, name, newSql, valid);
    }

    /** The same constraint, which all rows are known to keep or not. */
    public CheckDescriptor withValid(boolean nowValid) {
      return new CheckDescriptor(oid, name, sql, nowValid);
    }
  }

  public TableDescriptor {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
    checks = List.copyOf(checks);
    foreignKeys = List.copyOf(foreignKeys);
  }

  /** Whether the keys of an index begin with a slot: those of rows, if the table is cut by hash. */
  public boolean isSlotted(IndexDescriptor index) {
    return index.primary() && options.isHashed();
  }

  /**
   * The descriptor as the catalog stores it, but without a successor and what rows must satisfy.
   */
  public byte[] toBytes() {
    TableDescriptor rows =
        new TableDescriptor(
            id,
            version,
            dataId,
            schemaId,
            name,
            ownerId,
            columns,
            indexes,
            List.of(),
            List.of(),
            lastColumnNumber,
            lastIndexNumber,
            options,
            null);
    return DescriptorCodec.encode(rows);
  }

  /** Reads {@link #toBytes}. */
  public static TableDescriptor fromBytes(int id, byte[] bytes) {
    ObjectKey key = new ObjectKey(ObjectKey.Kind.TABLE, id, 0);
    return (TableDescriptor) DescriptorCodec.decode(key, bytes, 0, bytes.length);
  }

  public IndexDescriptor primaryIndex() {
    return indexes.getFirst();
  }

  /** The ordinal in {@link #columns} of a column name, or -1. */
  public int ordinalOf(String columnName) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(columnName)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * What indexes hold of a row beyond its columns. In a row that was completed with these values
   * they come after the columns, in this order.
   *
   * @param expression over the columns
   * @param guard the ordinal of a condition without which the value is not computed, -1 if none
   */
  public record DerivedValue(KeyExpression expression, int guard) {}

  public List<DerivedValue> derivedValues() {
    List<DerivedValue> values = new ArrayList<>();
    for (IndexDescriptor index : indexes) {
      String predicate = index.predicate();
      int guard = -1;
      if (predicate != null) {
        guard = columns.size() + values.size();
        values.add(new DerivedValue(new KeyExpression(predicate, SqlType.of(PgOid.BOOL), ""), -1));
      }
      for (KeyColumn key : index.columns()) {
        if (key.expression() != null) {
          values.add(new DerivedValue(key.expression(), guard));
        }
      }
    }
    return values;
  }

  /** In a row with derived values, whether the index has an entry for it; -1 if it always has. */
  public int predicateOrdinal(IndexDescriptor index) {
    return index.predicate() == null ? -1 : firstDerived(index);
  }

  /** In a row with derived values, the ordinal of a key column of an index. */
  public int keyOrdinal(IndexDescriptor index, int position) {
    KeyColumn key = index.columns().get(position);
    if (key.expression() == null) {
      return ordinalOfNumber(key.columnNumber());
    }
    int ordinal = firstDerived(index) + (index.predicate() == null ? 0 : 1);
    for (KeyColumn earlier : index.columns().subList(0, position)) {
      ordinal += earlier.expression() == null ? 0 : 1;
    }
    return ordinal;
  }

  private int firstDerived(IndexDescriptor wanted) {
    int ordinal = columns.size();
    for (IndexDescriptor index : indexes) {
      if (index.number() == wanted.number()) {
        return ordinal;
      }
      ordinal += index.predicate() == null ? 0 : 1;
      for (KeyColumn key : index.columns()) {
        ordinal += key.expression() == null ? 0 : 1;
      }
    }
    throw new IllegalArgumentException("table " + name + " has no index " + wanted.name());
  }

  /** What the columns of an index are called, those beside its key last. */
  public List<String> indexColumnNames(IndexDescriptor index) {
    return indexColumnNames(
        index.columns(), index.included(), number -> columns.get(ordinalOfNumber(number)).name());
  }

  /** The same by the names of columns; one that is taken gets a number. */
  public static List<String> indexColumnNames(
      List<KeyColumn> keys, List<Integer> included, IntFunction<String> columnName) {
    List<String> wanted = new ArrayList<>();
    for (KeyColumn key : keys) {
      KeyExpression expression = key.expression();
      wanted.add(expression == null ? columnName.apply(key.columnNumber()) : expression.name());
    }
    included.forEach(number -> wanted.add(columnName.apply(number)));
    List<String> names = new ArrayList<>();
    for (String base : wanted) {
      String name = base;
      for (int i = 1; names.contains(name); i++) {
        name = base + i;
      }
      names.add(name);
    }
    return names;
  }

  /** A key column of an index as messages name it. */
  public String keyText(IndexDescriptor index, int position) {
    KeyColumn key = index.columns().get(position);
    return key.expression() == null
        ? columns.get(ordinalOfNumber(key.columnNumber())).name()
        : key.expression().sql();
  }

  /** The type of a key column of an index. */
  public SqlType keyType(IndexDescriptor index, int position) {
    KeyColumn key = index.columns().get(position);
    return key.expression() == null
        ? columns.get(ordinalOfNumber(key.columnNumber())).type()
        : key.expression().type();
  }

  /** The same table at another version. */
  public TableDescriptor withVersion(long newVersion) {
    return with(newVersion, columns, indexes, checks, foreignKeys, successor);
  }

  /** The next version of the table, whose rows are written anew, too, or not any more. */
  public TableDescriptor withSuccessor(@Nullable Successor newSuccessor) {
    return with(version + 1, columns, indexes, checks, foreignKeys, newSuccessor);
  }

  /** The next version of the table, with other indexes. */
  public TableDescriptor withIndexes(List<IndexDescriptor> newIndexes) {
    return with(version + 1, columns, newIndexes, checks, foreignKeys, successor);
  }

  /** The next version of the table, with other columns. */
  public TableDescriptor withColumns(List<ColumnDescriptor> newColumns) {
    return with(version + 1, newColumns, indexes, checks, foreignKeys, successor);
  }

  /** The next version of the table, with other checks. */
  public TableDescriptor withChecks(List<CheckDescriptor> newChecks) {
    return with(version + 1, columns, indexes, newChecks, foreignKeys, successor);
  }

  /** The next version of the table, with other foreign keys. */
  public TableDescriptor withForeignKeys(List<ForeignKeyDescriptor> newForeignKeys) {
    return with(version + 1, columns, indexes, checks, newForeignKeys, successor);
  }

  private TableDescriptor with(
      long newVersion,
      List<ColumnDescriptor> newColumns,
      List<IndexDescriptor> newIndexes,
      List<CheckDescriptor> newChecks,
      List<ForeignKeyDescriptor> newForeignKeys,
      @Nullable Successor newSuccessor) {
    return new TableDescriptor(
        id,
        newVersion,
        dataId,
        schemaId,
        name,
        ownerId,
        newColumns,
        newIndexes,
        newChecks,
        newForeignKeys,
        lastColumnNumber,
        lastIndexNumber,
        options,
        newSuccessor);
  }

  /** The index with an OID, or null. */
  public @Nullable IndexDescriptor index(int oid) {
    for (IndexDescriptor index : indexes) {
      if (index.oid() == oid) {
        return index;
      }
    }
    return null;
  }

  /** The columns that SQL sees. */
  public List<ColumnDescriptor> visibleColumns() {
    return columns.stream().filter(column -> !column.hidden()).toList();
  }

  /** The numbers of the columns that have another type in another version, or are not there. */
  public Set<Integer> retyped(TableDescriptor other) {
    Map<Integer, SqlType> types = new HashMap<>();
    other.columns.forEach(column -> types.put(column.number(), column.type()));
    Set<Integer> numbers = new HashSet<>();
    for (ColumnDescriptor column : columns) {
      if (!column.type().equals(types.get(column.number()))) {
        numbers.add(column.number());
      }
    }
    return numbers;
  }

  /**
   * The ordinal in {@link #columns} of a column number; it is a bug to ask for one that is not
   * there.
   */
  public int ordinalOfNumber(int columnNumber) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).number() == columnNumber) {
        return i;
      }
    }
    throw new IllegalArgumentException("table " + name + " has no column number " + columnNumber);
  }

  public @Nullable ColumnDescriptor column(String columnName) {
    int ordinal = ordinalOf(columnName);
    return ordinal < 0 ? null : columns.get(ordinal);
  }

  /** The index of the constraint of this name, the check or the foreign key; null if none is. */
  public @Nullable Object constraint(String constraint) {
    for (IndexDescriptor index : indexes) {
      if (index.constraintOid() != 0 && index.name().equals(constraint)) {
        return index;
      }
    }
    for (CheckDescriptor check : checks) {
      if (check.name().equals(constraint)) {
        return check;
      }
    }
    for (ForeignKeyDescriptor key : foreignKeys) {
      if (key.name().equals(constraint)) {
        return key;
      }
    }
    return null;
  }
}
