package io.shardforge.sql.row;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpace;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codec of one table version's rows: a row is the key of its primary index and a value with the
 * columns that the key does not give back exactly. Rows are arrays in the order of {@link
 * TableDescriptor#columns}. Immutable.
 */
public final class RowCodec {
  private final TableDescriptor table;
  private final ValueCodec[] codecs;
  private final int[] numbers;
  private final @Nullable Object[] missing;
  private final IndexKeyLayout primary;

  /** By column number - 1: the ordinal of the column if the value holds it, else -1. */
  private final int[] storedOrdinals;

  private RowCodec(TableDescriptor table, @Nullable Object[] missing) {
    this.table = table;
    this.missing = missing;
    List<ColumnDescriptor> columns = table.columns();
    codecs = new ValueCodec[columns.size()];
    numbers = new int[columns.size()];
    int highest = 0;
    for (int i = 0; i < codecs.length; i++) {
      codecs[i] = ValueCodec.of(columns.get(i).type());
      numbers[i] = columns.get(i).number();
      highest = Math.max(highest, numbers[i]);
    }
    primary = new IndexKeyLayout(table, table.primaryIndex(), codecs);
    storedOrdinals = new int[highest];
    java.util.Arrays.fill(storedOrdinals, -1);
    for (int i = 0; i < codecs.length; i++) {
      if (primary.exactPositionOf(i) < 0) {
        storedOrdinals[numbers[i] - 1] = i;
      }
    }
  }

  /** The codec of a table, with what its columns say of rows that lack them. */
  public static RowCodec of(TableDescriptor table) {
    @Nullable Object[] missing = new @Nullable Object[table.columns().size()];
    for (int i = 0; i < missing.length; i++) {
      ColumnDescriptor column = table.columns().get(i);
      String stored = column.missing();
      if (stored != null) {
        byte[] bytes = HexFormat.of().parseHex(stored);
        missing[i] = ValueCodec.of(column.type()).read(bytes, 0, bytes.length);
      }
    }
    return new RowCodec(table, missing);
  }

  /** The stored form of a column's value, as its descriptor keeps one for rows that lack it. */
  public static String missing(SqlType type, Object value) {
    ByteWriter bytes = new ByteWriter();
    ValueCodec.of(type).write(value, bytes);
    return HexFormat.of().formatHex(bytes.array(), 0, bytes.size());
  }

  /**
   * The codec of a table whose older rows lack columns.
   *
   * @param missing by ordinal, what a column reads as in a row written before it was added
   */
  public static RowCodec of(TableDescriptor table, @Nullable Object[] missing) {
    return new RowCodec(table, missing.clone());
  }

  public TableDescriptor table() {
    return table;
  }

  public int width() {
    return codecs.length;
  }

  /** What all keys of an index of the table start with. */
  public static byte[] prefix(TableDescriptor table, IndexDescriptor index) {
    return KeySpace.indexPrefix(table.dataId(), index.number());
  }

  public ValueCodec column(int ordinal) {
    return codecs[ordinal];
  }

  IndexKeyLayout primary() {
    return primary;
  }

  ValueCodec[] codecs() {
    return codecs;
  }

  int number(int ordinal) {
    return numbers[ordinal];
  }

  /** What a column reads as in a row written before it was added. */
  public @Nullable Object missing(int ordinal) {
    return missing[ordinal];
  }

  /** The primary key of a row. */
  public byte[] key(@Nullable Object[] row, KeyEncoder scratch) {
    scratch.reset().putRaw(primary.prefix());
    primary.putColumns(row, scratch);
    return scratch.toByteArray();
  }

  /** The primary key with these key column values, in key order. */
  public byte[] keyOf(@Nullable Object[] keyValues, KeyEncoder scratch) {
    scratch.reset().putRaw(primary.prefix());
    primary.putValues(keyValues, keyValues.length, scratch);
    return scratch.toByteArray();
  }

  /** The value of a row. */
  public byte[] value(@Nullable Object[] row, Scratch scratch) {
    int columns = storedOrdinals.length;
    scratch.prepare(columns);
    ByteWriter data = scratch.data;
    for (int i = 0; i < columns; i++) {
      int ordinal = storedOrdinals[i];
      Object value = ordinal < 0 ? null : row[ordinal];
      scratch.present[i] = value != null;
      if (value != null) {
        codecs[ordinal].write(value, data);
      }
      scratch.starts[i + 1] = data.size();
    }
    return RowLayout.pack(columns, scratch.present, scratch.starts, data);
  }

  /** Some columns, in this order. */
  public RowProjection projection(int[] ordinals) {
    return new RowProjection(this, ordinals);
  }

  /** A reader of some columns, in this order. */
  public RowReader reader(int[] ordinals) {
    return projection(ordinals).reader();
  }

  /** A reader of all columns. */
  public RowReader reader() {
    int[] all = new int[codecs.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return projection(all).reader();
  }

  /** Buffers for making values, reused from row to row. One thread at a time. */
  public static final class Scratch {
    final ByteWriter data = new ByteWriter(128);
    boolean[] present = new boolean[16];
    int[] starts = new int[17];

    void prepare(int columns) {
      data.clear();
      if (present.length < columns) {
        present = new boolean[columns];
        starts = new int[columns + 1];
      }
    }
  }
}
