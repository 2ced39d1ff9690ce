package io.shardforge.server.pgwire;

import io.shardforge.sql.expr.LargeValues;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.session.CopySource;
import io.shardforge.sql.session.ResultSink;
import io.shardforge.sql.session.Session;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeContext;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Encodes one statement's results. */
// Hot path: one call a row and no allocation but what values need.
final class WireSink implements ResultSink {
  private static final short[] BINARY = {1};

  /** Copies of a large value while it is encoded. */
  private static final int ENCODING_GROWTH = 3;

  private final Outbox outbox;
  private final Session session;
  private final boolean describe;
  private final short[] formatsAsked;
  private short[] formats;
  private final Supplier<CopySource> copySource;
  private PgType[] types = new PgType[0];
  private @Nullable TypeContext typeContext;

  /**
   * @param describe true in the simple protocol, where RowDescription precedes the rows
   * @param formats result formats as Bind has them
   */
  WireSink(
      Outbox outbox,
      Session session,
      boolean describe,
      short[] formats,
      Supplier<CopySource> copySource) {
    this.outbox = outbox;
    this.session = session;
    this.describe = describe;
    this.formatsAsked = formats;
    this.formats = formats;
    this.copySource = copySource;
  }

  @Override
  public void columns(List<OutputColumn> columns) {
    begin(columns, formatsAsked);
  }

  @Override
  public void binaryColumns(List<OutputColumn> columns) {
    begin(columns, describe ? BINARY : formatsAsked);
  }

  private void begin(List<OutputColumn> columns, short[] as) {
    formats = as;
    types = new PgType[columns.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = PgTypes.byOid(columns.get(i).type().oid());
    }
    typeContext = session.typeContext();
    if (describe) {
      outbox.encoder().rowDescription(columns, formats);
    }
  }

  @Override
  public void row(Row row) {
    TypeContext context = typeContext;
    if (context == null) {
      throw new IllegalStateException("a row before its columns");
    }
    PgEncoder encoder = outbox.encoder();
    ByteWriter out = encoder.buffer();
    int start = out.size();
    boolean written = false;
    try {
      encoder.begin('D');
      out.putShort(types.length);
      for (int i = 0; i < types.length; i++) {
        Object value = row.get(i);
        if (value == null) {
          out.putInt(-1);
          continue;
        }
        long large = LargeValues.largeBytes(value);
        if (large > 0) {
          // The encoded form, while its buffer grows.
          session.admitLarge(ENCODING_GROWTH * large);
        }
        int lengthAt = out.size();
        out.putInt(0);
        if (PgEncoder.format(formats, i) == 0) {
          types[i].formatTo(value, out, context);
          encoder.encoding().convert(out, lengthAt + Integer.BYTES);
        } else {
          types[i].writeBinary(value, out, context);
        }
        out.setInt(lengthAt, out.size() - lengthAt - 4);
      }
      encoder.end();
      written = true;
    } finally {
      if (!written) {
        encoder.abandon(start);
      }
    }
    outbox.flushIfLarge();
  }

  @Override
  public void complete(String tag) {
    outbox.encoder().commandComplete(tag);
  }

  @Override
  public void emptyQuery() {
    outbox.encoder().emptyQueryResponse();
  }

  @Override
  public void suspended() {
    outbox.encoder().portalSuspended();
  }

  @Override
  public CopySource copyIn(boolean binary, int columns) {
    outbox.encoder().copyResponse('G', binary, columns);
    outbox.flush();
    return copySource.get();
  }

  @Override
  public void copyOut(boolean binary, int columns) {
    outbox.encoder().copyResponse('H', binary, columns);
  }

  @Override
  public void copyData(byte[] buffer, int offset, int length) {
    outbox.encoder().copyData(buffer, offset, length);
    outbox.flushIfLarge();
  }

  @Override
  public void copyDone() {
    outbox.encoder().copyDone();
  }

  @Override
  public long mark() {
    return outbox.position();
  }

  @Override
  public boolean rewind(long mark) {
    return outbox.rewind(mark);
  }
}
