package io.shardforge.sql.exec;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableOptions;
import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.Constant;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.ParameterRef;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.plan.KeyRange;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.Estimate;
import io.shardforge.sql.plan.PlanNode.LockPolicy;
import io.shardforge.sql.plan.PlanNode.RowLock;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Short ways to write tables, expressions and plan nodes in tests. */
final class Plans {
  static final SqlType INT4 = SqlType.of(PgOid.INT4);
  static final SqlType INT8 = SqlType.of(PgOid.INT8);
  static final SqlType TEXT = SqlType.of(PgOid.TEXT);
  static final SqlType BOOL = SqlType.of(PgOid.BOOL);

  private static final int INT4_EQ = 65;
  private static final int INT4_LT = 66;
  private static final int INT4_PLUS = 177;

  private Plans() {}

  /** t(id int4 primary key, name text unique, n int4), with an index on n. */
  static TableDescriptor table() {
    return new TableDescriptor(
        2000,
        3,
        2000,
        2200,
        "t",
        10,
        List.of(
            column(1, "id", INT4, true),
            column(2, "name", TEXT, false),
            column(3, "n", INT4, false)),
        List.of(
            index(2001, 1, "t_pkey", true, 1),
            index(2002, 2, "t_name_key", true, 2),
            index(2003, 3, "t_n_idx", false, 3)),
        List.of(new TableDescriptor.CheckDescriptor(2004, "t_n_check", "n < 1000000", true)),
        List.of(),
        3,
        3,
        TableOptions.NONE);
  }

  static ColumnDescriptor column(int number, String name, SqlType type, boolean notNull) {
    return new ColumnDescriptor(number, name, type, notNull, null, '\0', 0, false);
  }

  static IndexDescriptor index(int oid, int number, String name, boolean unique, int... columns) {
    return new IndexDescriptor(
        oid,
        number,
        name,
        unique,
        number == 1,
        false,
        0,
        IndexDescriptor.State.PUBLIC,
        Arrays.stream(columns).mapToObj(column -> new KeyColumn(column, false, false)).toList());
  }

  static List<SqlType> types(TableDescriptor table) {
    return table.columns().stream().map(ColumnDescriptor::type).toList();
  }

  static List<Integer> all(TableDescriptor table) {
    return IntStream.range(0, table.columns().size()).boxed().toList();
  }

  static Expression col(SqlType type, int ordinal) {
    return new ColumnRef(type, ordinal);
  }

  static Expression param(SqlType type, int number) {
    return new ParameterRef(type, number);
  }

  static Expression value(SqlType type, @Nullable Object value) {
    return new Constant(type, value);
  }

  static Expression eq(Expression a, Expression b) {
    return FunctionRegistry.call(INT4_EQ, List.of(a, b), BOOL);
  }

  static Expression lt(Expression a, Expression b) {
    return FunctionRegistry.call(INT4_LT, List.of(a, b), BOOL);
  }

  static Expression plus(Expression a, Expression b) {
    return FunctionRegistry.call(INT4_PLUS, List.of(a, b), INT4);
  }

  /** Rows of int4 and text literals. */
  static PlanNode.Values values(List<SqlType> types, @Nullable Object[]... rows) {
    List<List<Expression>> literals = new ArrayList<>();
    for (@Nullable Object[] row : rows) {
      List<Expression> literal = new ArrayList<>();
      for (int i = 0; i < row.length; i++) {
        literal.add(value(types.get(i), row[i]));
      }
      literals.add(literal);
    }
    return new PlanNode.Values(literals, types, Estimate.UNKNOWN);
  }

  static @Nullable Object[] row(@Nullable Object... values) {
    @Nullable Object[] row = values.clone();
    for (int i = 0; i < row.length; i++) {
      if (row[i] instanceof Integer number) {
        row[i] = number.longValue();
      }
    }
    return row;
  }

  static PlanNode.IndexScan scan(
      TableDescriptor table,
      int indexNumber,
      List<KeyRange> ranges,
      @Nullable Expression filter,
      @Nullable RowLock lock) {
    return new PlanNode.IndexScan(
        table,
        table.indexes().get(indexNumber - 1),
        ranges,
        false,
        all(table),
        filter,
        0,
        lock,
        LockPolicy.BLOCK,
        types(table),
        Estimate.UNKNOWN);
  }

  static PlanNode.KeyLookup lookup(
      TableDescriptor table,
      int indexNumber,
      @Nullable Expression filter,
      @Nullable RowLock lock,
      Expression... keys) {
    List<List<Expression>> tuples = new ArrayList<>();
    for (Expression key : keys) {
      tuples.add(List.of(key));
    }
    return new PlanNode.KeyLookup(
        table,
        table.indexes().get(indexNumber - 1),
        tuples,
        all(table),
        filter,
        lock,
        LockPolicy.BLOCK,
        types(table),
        Estimate.UNKNOWN);
  }

  static KeyRange equal(Expression value) {
    return new KeyRange(List.of(value), null, null);
  }

  static KeyRange from(Expression value) {
    return new KeyRange(List.of(), new KeyRange.Bound(value, true), null);
  }

  static PlanNode.Insert insert(
      TableDescriptor table,
      PlanNode input,
      PlanNode.@Nullable OnConflict onConflict,
      @Nullable List<Expression> returning) {
    List<Expression> checks = List.of(lt(col(INT4, 2), value(INT4, 1_000_000L)));
    return new PlanNode.Insert(
        input,
        table,
        onConflict,
        checks,
        List.of(),
        DerivedValues.NONE,
        returning,
        returning == null ? List.of() : returning.stream().map(Expression::type).toList(),
        Estimate.UNKNOWN);
  }

  static PlanNode.Update update(
      TableDescriptor table,
      PlanNode input,
      List<Expression> assignments,
      @Nullable List<Expression> returning) {
    return new PlanNode.Update(
        input,
        table,
        input.types().size() > table.columns().size(),
        assignments,
        all(table),
        List.of(),
        List.of(),
        DerivedValues.NONE,
        returning,
        returning == null ? List.of() : returning.stream().map(Expression::type).toList(),
        Estimate.UNKNOWN);
  }

  static PlanNode.Delete delete(TableDescriptor table, PlanNode input) {
    return new PlanNode.Delete(
        input,
        table,
        input.types().size() > table.columns().size(),
        DerivedValues.NONE,
        null,
        List.of(),
        Estimate.UNKNOWN);
  }
}
