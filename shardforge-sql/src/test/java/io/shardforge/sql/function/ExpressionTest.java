package io.shardforge.sql.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.sql.expr.And;
import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.Constant;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.Not;
import io.shardforge.sql.expr.Or;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.expr.ScalarArrayOp;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Expression nodes, row by row and in batches, and the casts that bind them together. */
class ExpressionTest {
  private static final SqlType INT8 = SqlType.of(PgOid.INT8);
  private static final SqlType BOOL = SqlType.of(PgOid.BOOL);

  private final FixedContext context = new FixedContext();

  private static Expression operator(String name, Expression left, Expression right) {
    for (PgOperator candidate : FunctionRegistry.operators(name)) {
      if (candidate.leftType() == left.type().oid()
          && candidate.rightType() == right.type().oid()) {
        return FunctionRegistry.call(
            candidate.functionOid(), List.of(left, right), SqlType.of(candidate.resultType()));
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static RowBatch batch(@Nullable Long[] a, @Nullable Long[] b) {
    ColumnVector left = new ColumnVector(ColumnVector.Layout.LONG, a.length);
    ColumnVector right = new ColumnVector(ColumnVector.Layout.LONG, a.length);
    for (int i = 0; i < a.length; i++) {
      left.set(i, a[i]);
      right.set(i, b[i]);
    }
    RowBatch batch = new RowBatch(new ColumnVector[] {left, right});
    batch.setSize(a.length);
    return batch;
  }

  @Test
  void batchesGiveWhatRowsGive() {
    @Nullable Long[] a = {1L, null, 3L, -4L, 5L};
    @Nullable Long[] b = {1L, 2L, null, 4L, 4L};
    RowBatch batch = batch(a, b);
    Expression x = new ColumnRef(INT8, 0);
    Expression y = new ColumnRef(INT8, 1);
    List<Expression> expressions = new ArrayList<>();
    for (String name : List.of("=", "<>", "<", "<=", ">", ">=", "+", "-", "*")) {
      expressions.add(operator(name, x, y));
      expressions.add(operator(name, x, new Constant(INT8, 3L)));
      expressions.add(operator(name, new Constant(INT8, null), y));
    }
    Expression less = operator("<", x, y);
    Expression positive = operator(">", x, new Constant(INT8, 0L));
    expressions.add(new And(List.of(less, positive)));
    expressions.add(new And(List.of(positive, less)));
    expressions.add(new Or(List.of(less, positive)));
    expressions.add(new Or(List.of(positive, less)));
    expressions.add(new Not(new Or(List.of(positive, less))));
    for (Expression expression : expressions) {
      ColumnVector out = new ColumnVector(ColumnVector.layoutOf(expression.type().oid()), a.length);
      expression.evalBatch(batch, context, out);
      RowBatch.Cursor cursor = batch.cursor();
      for (int i = 0; i < a.length; i++) {
        cursor.moveTo(i);
        assertThat(out.get(i))
            .as("%s row %s", expression, i)
            .isEqualTo(expression.eval(cursor, context));
      }
    }
  }

  @Test
  void overflowIsAnErrorInBatchesButNotWhereTheResultIsNull() {
    Expression sum = operator("+", new ColumnRef(INT8, 0), new ColumnRef(INT8, 1));
    ColumnVector out = new ColumnVector(ColumnVector.Layout.LONG, 1);
    RowBatch overflow = batch(new @Nullable Long[] {Long.MAX_VALUE}, new @Nullable Long[] {1L});
    assertThatThrownBy(() -> sum.evalBatch(overflow, context, out))
        .isInstanceOf(ShardForgeException.class)
        .hasMessage("bigint out of range");
    sum.evalBatch(
        batch(new @Nullable Long[] {Long.MAX_VALUE}, new @Nullable Long[] {null}), context, out);
    assertThat(out.isNull(0)).isTrue();
  }

  @Test
  void threeValuedLogic() {
    Expression yes = new Constant(BOOL, true);
    Expression no = new Constant(BOOL, false);
    Expression unknown = new Constant(BOOL, null);
    assertThat(value(new And(List.of(unknown, no)))).isEqualTo(false);
    assertThat(value(new And(List.of(unknown, yes)))).isNull();
    assertThat(value(new Or(List.of(unknown, yes)))).isEqualTo(true);
    assertThat(value(new Or(List.of(unknown, no)))).isNull();
    assertThat(value(new Not(unknown))).isNull();
  }

  @Test
  void anyAndAllOverArrays() {
    Expression equals = operator("=", new Constant(INT8, 1L), new Constant(INT8, 1L));
    int oid = ((io.shardforge.sql.expr.FunctionCall) equals).functionOid();
    var function = ((io.shardforge.sql.expr.FunctionCall) equals).function();
    SqlType array = SqlType.of(PgOid.INT8_ARRAY);
    Expression withNull = new Constant(array, ArrayValue.of(PgOid.INT8, 1L, null));
    Expression one = new Constant(INT8, 1L);
    Expression two = new Constant(INT8, 2L);
    assertThat(value(new ScalarArrayOp(one, withNull, oid, function, true, true))).isEqualTo(true);
    assertThat(value(new ScalarArrayOp(two, withNull, oid, function, true, true))).isNull();
    assertThat(value(new ScalarArrayOp(two, withNull, oid, function, true, false)))
        .isEqualTo(false);
    Expression empty = new Constant(array, ArrayValue.empty(PgOid.INT8));
    assertThat(value(new ScalarArrayOp(two, empty, oid, function, true, true))).isEqualTo(false);
    assertThat(value(new ScalarArrayOp(two, empty, oid, function, true, false))).isEqualTo(true);
  }

  private @Nullable Object value(Expression expression) {
    return expression.eval(
        column -> {
          throw new IllegalArgumentException("no column " + column);
        },
        context);
  }

  private String cast(String from, String text, String to, CastContext how) {
    SqlType source = TypeNames.parse(from);
    SqlType target = TypeNames.parse(to);
    Object input = PgTypes.byOid(source.oid()).parse(text, source.typmod(), context.typeContext());
    try {
      Object result = value(Casts.cast(new Constant(source, input), target, how));
      return result == null
          ? "NULL"
          : PgTypes.byOid(target.oid()).format(result, context.typeContext());
    } catch (ShardForgeException e) {
      return e.code().sqlState() + " " + e.message();
    }
  }

  @Test
  void castsFollowTheMatrix() {
    assertThat(cast("numeric", "2.5", "int4", CastContext.EXPLICIT)).isEqualTo("3");
    assertThat(cast("float8", "2.5", "int4", CastContext.EXPLICIT)).isEqualTo("2");
    assertThat(cast("int4", "-1", "oid", CastContext.IMPLICIT)).isEqualTo("4294967295");
    assertThat(cast("oid", "4294967295", "int4", CastContext.EXPLICIT)).isEqualTo("-1");
    assertThat(cast("int8", "3000000000", "int4", CastContext.ASSIGNMENT))
        .isEqualTo("22003 integer out of range");
    assertThat(cast("text", "abcdef", "varchar(3)", CastContext.EXPLICIT)).isEqualTo("abc");
    assertThat(cast("text", "abcdef", "varchar(3)", CastContext.ASSIGNMENT))
        .isEqualTo("22001 value too long for type character varying(3)");
    assertThat(cast("int4", "12345", "text", CastContext.ASSIGNMENT)).isEqualTo("12345");
    assertThat(cast("bool", "t", "text", CastContext.EXPLICIT)).isEqualTo("true");
    assertThat(cast("text", "yes", "bool", CastContext.EXPLICIT)).isEqualTo("t");
    assertThat(cast("int4[]", "{1,NULL,3}", "text[]", CastContext.EXPLICIT))
        .isEqualTo("{1,NULL,3}");
    assertThat(cast("numeric[]", "{1.255,2}", "numeric(5,2)[]", CastContext.EXPLICIT))
        .isEqualTo("{1.26,2.00}");
    assertThat(cast("text", "x", "int4", CastContext.IMPLICIT))
        .isEqualTo("42846 cannot cast type text to integer");
    assertThat(cast("json", "{\"a\" : 1}", "jsonb", CastContext.EXPLICIT)).isEqualTo("{\"a\": 1}");
    assertThat(cast("bpchar", "a  ", "text", CastContext.IMPLICIT)).isEqualTo("a");
  }
}
