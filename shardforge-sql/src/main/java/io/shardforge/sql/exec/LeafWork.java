package io.shardforge.sql.exec;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.Constant;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.ParameterRef;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.AggregateCall;
import io.shardforge.sql.plan.PlanNode.SortKey;
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
 * @param first which rows are wanted of each page; null for all
 * @param groups what they are aggregated to; null for the rows that pass the filter
 */
record LeafWork(
    TableDescriptor table,
    IndexDescriptor index,
    List<Integer> columns,
    List<SqlType> types,
    @Nullable Expression filter,
    long rowsMax,
    @Nullable First first,
    @Nullable GroupWork groups) {
  /** Counts changes of the bytes; others are not understood. */
  private static final int FORMAT = 1;

  /** Longer ones are not worth their way. */
  private static final int BYTES_MAX = 64 << 10;

  /**
   * So many rows that come first in an order.
   *
   * @param keys by the columns that are read
   */
  record First(List<SortKey> keys, int rows) {
    /** As many are left where they are rather than sorted twice. */
    private static final int ROWS_MAX = 1000;

    /** What a sort with a limit wants of the scan below it, or null if that cannot be told. */
    static @Nullable First of(PlanNode.Sort sort, Execution execution) {
      PlanNode.Project project = sort.input() instanceof PlanNode.Project p ? p : null;
      Expression limit = sort.limit();
      if (!(limit instanceof Constant || limit instanceof ParameterRef)
          || !(limit.eval(NoRow.INSTANCE, execution) instanceof Long rows)
          || rows <= 0
          || rows > ROWS_MAX) {
        return null;
      }
      List<SortKey> keys = new ArrayList<>();
      for (SortKey key : sort.keys()) {
        if (sort.input().types().get(key.column()).collation() != null) {
          return null;
        }
        Expression column = project == null ? null : project.expressions().get(key.column());
        if (project != null && !(column instanceof ColumnRef)) {
          return null;
        }
        int at = column instanceof ColumnRef ref ? ref.column() : key.column();
        keys.add(new SortKey(at, key.descending(), key.nullsFirst()));
      }
      return new First(keys, rows.intValue());
    }
  }

  static LeafWork of(
      PlanNode.IndexScan scan, long rowsMax, @Nullable First first, @Nullable GroupWork groups) {
    return new LeafWork(
        scan.table(),
        scan.index(),
        scan.columns(),
        scan.types(),
        scan.filter(),
        rowsMax,
        first,
        groups);
  }

  /** Whether what is made of the rows takes less than they do. */
  boolean isWorthwhile() {
    return groups != null
        || first != null
        || filter != null
        || columns.size() < table.columns().size();
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
      out.putVarint(rowsMax).putBoolean(first != null);
      if (first != null) {
        put(out, first);
      }
      out.putBoolean(groups != null);
      if (groups != null) {
        put(out, groups, context);
      }
    } catch (RuntimeException _) {
      // What fails here fails again, or does not, where the rows are known.
      return null;
    }
    return out.length() > BYTES_MAX ? null : out.toByteArray();
  }

  private static void put(WireWriter out, First first) {
    out.putVarint(first.rows).putVarint(first.keys.size());
    for (SortKey key : first.keys) {
      out.putVarint(key.column()).putBoolean(key.descending()).putBoolean(key.nullsFirst());
    }
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
    First first = in.readBoolean() ? readFirst(in) : null;
    GroupWork groups = in.readBoolean() ? readGroups(in) : null;
    in.expectEnd();
    return new LeafWork(table, index, columns, types, filter, rowsMax, first, groups);
  }

  private static First readFirst(WireReader in) {
    int rows = in.readInt();
    int count = in.readCount();
    List<SortKey> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int column = in.readInt();
      boolean descending = in.readBoolean();
      keys.add(new SortKey(column, descending, in.readBoolean()));
    }
    return new First(keys, rows);
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
