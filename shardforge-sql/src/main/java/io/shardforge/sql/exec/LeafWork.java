package io.shardforge.sql.exec;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.AggregateCall;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scan does with its rows, for the nodes that lead its shards to do it: it says all that is
 * needed to read rows, filter them and aggregate them, so that they ask no catalog. Immutable.
 *
 * @param columns ordinals of the table's columns that are read
 * @param types of these columns
 * @param rowsMax how many rows are wanted at most, 0 for all
 * @param groups what they are aggregated to; null for the rows that pass the filter
 */
record LeafWork(
    TableDescriptor table,
    IndexDescriptor index,
    List<Integer> columns,
    List<SqlType> types,
    @Nullable Expression filter,
    long rowsMax,
    @Nullable GroupWork groups) {
  /** Counts changes of the bytes; others are not understood. */
  private static final int FORMAT = 1;

  /** Longer ones are not worth their way. */
  private static final int BYTES_MAX = 64 << 10;

  static LeafWork of(PlanNode.IndexScan scan, long rowsMax, @Nullable GroupWork groups) {
    return new LeafWork(
        scan.table(), scan.index(), scan.columns(), scan.types(), scan.filter(), rowsMax, groups);
  }

  /** Whether what is made of the rows takes less than they do. */
  boolean isWorthwhile() {
    return groups != null || filter != null || columns.size() < table.columns().size();
  }

  PageReader.Decoder newDecoder() {
    RowCodec rows = RowCodec.of(table);
    int[] ordinals = columns.stream().mapToInt(Integer::intValue).toArray();
    return index.primary()
        ? PageReader.Decoder.of(rows.reader(ordinals))
        : PageReader.Decoder.of(new IndexCodec(rows, index).reader(ordinals));
  }

  /**
   * The work as bytes, or null if other nodes cannot do it.
   *
   * @param context knows the values of what does not depend on rows
   */
  byte @Nullable [] toBytes(EvalContext context) {
    WireWriter out = new WireWriter(1024);
    try {
      table.columns().forEach(column -> ExpressionCodec.putType(new WireWriter(16), column.type()));
      out.putByte(FORMAT).putVarint(table.id()).putBytes(table.toBytes());
      out.putVarint(table.indexes().indexOf(index)).putVarint(columns.size());
      columns.forEach(out::putVarint);
      ExpressionCodec.putTypes(out, types);
      putNullable(out, filter, context);
      out.putVarint(rowsMax).putBoolean(groups != null);
      if (groups != null) {
        put(out, groups, context);
      }
    } catch (RuntimeException _) {
      // What fails here fails again, or does not, where the rows are known.
      return null;
    }
    return out.length() > BYTES_MAX ? null : out.toByteArray();
  }

  private static void put(WireWriter out, GroupWork groups, EvalContext context) {
    List<Expression> projection = groups.projection();
    out.putBoolean(projection != null);
    if (projection != null) {
      ExpressionCodec.putAll(out, projection, context);
    }
    ExpressionCodec.putTypes(out, groups.types());
    out.putVarint(groups.groupColumns().size());
    groups.groupColumns().forEach(out::putVarint);
    out.putVarint(groups.calls().size());
    for (AggregateCall call : groups.calls()) {
      ExpressionCodec.putType(out.putVarint(call.functionOid()), call.type());
      ExpressionCodec.putAll(out, call.arguments(), context);
      putNullable(out, call.filter(), context);
    }
  }

  private static void putNullable(
      WireWriter out, @Nullable Expression expression, EvalContext context) {
    out.putBoolean(expression != null);
    if (expression != null) {
      ExpressionCodec.put(out, expression, context);
    }
  }

  /** Reads {@link #toBytes}; null for the bytes of another version. */
  static @Nullable LeafWork fromBytes(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    if (in.readByte() != FORMAT) {
      return null;
    }
    int id = in.readInt();
    TableDescriptor table = TableDescriptor.fromBytes(id, in.readBytes());
    IndexDescriptor index = table.indexes().get(in.readInt());
    List<Integer> columns = readNumbers(in);
    List<SqlType> types = ExpressionCodec.readTypes(in);
    Expression filter = readNullable(in);
    long rowsMax = in.readVarint();
    GroupWork groups = in.readBoolean() ? readGroups(in) : null;
    in.expectEnd();
    return new LeafWork(table, index, columns, types, filter, rowsMax, groups);
  }

  private static GroupWork readGroups(WireReader in) {
    List<Expression> projection = in.readBoolean() ? ExpressionCodec.readAll(in) : null;
    List<SqlType> types = ExpressionCodec.readTypes(in);
    List<Integer> groupColumns = readNumbers(in);
    int count = in.readCount();
    List<AggregateCall> calls = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int function = in.readInt();
      SqlType type = ExpressionCodec.readType(in);
      List<Expression> arguments = ExpressionCodec.readAll(in);
      calls.add(new AggregateCall(function, arguments, false, readNullable(in), List.of(), type));
    }
    return new GroupWork(projection, types, groupColumns, calls);
  }

  private static @Nullable Expression readNullable(WireReader in) {
    return in.readBoolean() ? ExpressionCodec.read(in) : null;
  }

  private static List<Integer> readNumbers(WireReader in) {
    int count = in.readCount();
    List<Integer> numbers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      numbers.add(in.readInt());
    }
    return numbers;
  }
}
