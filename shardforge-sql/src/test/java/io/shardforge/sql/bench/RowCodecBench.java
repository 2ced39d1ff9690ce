package io.shardforge.sql.bench;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableOptions;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.row.RowReader;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.key.KeyEncoder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Rows of pgbench's accounts to bytes and back: three integers and 84 characters. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RowCodecBench {
  private static final SqlType INT4 = SqlType.of(PgOid.INT4);
  private static final int BALANCE = 2;

  private final RowCodec codec = RowCodec.of(accounts());
  private final RowCodec.Scratch scratch = new RowCodec.Scratch();
  private final KeyEncoder encoder = new KeyEncoder();
  private final @Nullable Object[] row = {4711L, 1L, -42L, " ".repeat(84)};
  private final byte[] key = codec.key(row, encoder);
  private final byte[] value = codec.value(row, scratch);
  private final RowReader wholeRow = codec.reader();
  private final RowReader balance = codec.reader(new int[] {BALANCE});

  private static TableDescriptor accounts() {
    return new TableDescriptor(
        2000,
        3,
        2000,
        2200,
        "pgbench_accounts",
        10,
        List.of(
            column(1, "aid", INT4),
            column(2, "bid", INT4),
            column(3, "abalance", INT4),
            column(4, "filler", SqlType.of(PgOid.BPCHAR))),
        List.of(
            new IndexDescriptor(
                2001,
                1,
                "pgbench_accounts_pkey",
                true,
                true,
                false,
                0,
                IndexDescriptor.State.PUBLIC,
                List.of(new KeyColumn(1, false, false)))),
        List.of(),
        List.of(),
        4,
        2,
        TableOptions.NONE);
  }

  private static ColumnDescriptor column(int number, String name, SqlType type) {
    return new ColumnDescriptor(number, name, type, number == 1, null, '\0', 0, false);
  }

  @Benchmark
  public int encode() {
    return codec.key(row, encoder).length + codec.value(row, scratch).length;
  }

  @Benchmark
  public @Nullable Object[] decodeRow() {
    return wholeRow.read(key, value);
  }

  @Benchmark
  public @Nullable Object[] decodeOneColumn() {
    return balance.read(key, value);
  }
}
