package io.shardforge.sql.session;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.Explain;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeContext;
import java.util.List;
import java.util.function.LongSupplier;

/** Makes rows into what a client would be sent, and tells how long that took and how much it is. */
final class OutputMeter {
  private static final double NANOS_PER_MILLI = 1e6;

  private final List<PgType> types;
  private final boolean binary;
  private final TypeContext context;
  private final LongSupplier nanoClock;
  private final ByteWriter out = new ByteWriter();
  private long nanos;
  private long bytes;

  OutputMeter(
      List<OutputColumn> columns, boolean binary, TypeContext context, LongSupplier nanoClock) {
    this.types = columns.stream().map(column -> PgTypes.byOid(column.type().oid())).toList();
    this.binary = binary;
    this.context = context;
    this.nanoClock = nanoClock;
  }

  void add(RowBatch batch) {
    long started = nanoClock.getAsLong();
    for (int row = 0; row < batch.size(); row++) {
      bytes += Short.BYTES;
      for (int column = 0; column < types.size(); column++) {
        bytes += Integer.BYTES;
        Object value = batch.get(row, column);
        if (value != null) {
          out.clear();
          if (binary) {
            types.get(column).writeBinary(value, out, context);
          } else {
            types.get(column).formatTo(value, out, context);
          }
          bytes += out.size();
        }
      }
    }
    nanos += nanoClock.getAsLong() - started;
  }

  Explain.Output figures() {
    return new Explain.Output(nanos / NANOS_PER_MILLI, bytes);
  }
}
