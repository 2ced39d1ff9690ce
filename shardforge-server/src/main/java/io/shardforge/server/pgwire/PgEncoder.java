package io.shardforge.server.pgwire;

import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.session.Notice;
import io.shardforge.sql.session.Notification;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.Encoding;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every message that goes to a client, written into one growing buffer that the connection sends.
 */
final class PgEncoder {
  private final ByteWriter out;
  private int lengthPosition;
  private Encoding encoding = Encoding.UTF8;

  PgEncoder(ByteWriter out) {
    this.out = out;
  }

  /** The buffer that messages are written to. */
  ByteWriter buffer() {
    return out;
  }

  /** The client's encoding, in which text goes to it and comes from it. */
  Encoding encoding() {
    return encoding;
  }

  void use(Encoding newEncoding) {
    encoding = newEncoding;
  }

  void begin(char type) {
    out.putByte(type);
    lengthPosition = out.size();
    out.putInt(0);
  }

  void end() {
    out.setInt(lengthPosition, out.size() - lengthPosition);
  }

  /** Drops a message that was begun, as when a value fails to encode half-way. */
  void abandon(int sizeBefore) {
    out.truncate(sizeBefore);
  }

  void authenticationOk() {
    authentication(0);
  }

  void authenticationCleartextPassword() {
    authentication(3);
  }

  private void authentication(int code) {
    begin('R');
    out.putInt(code);
    end();
  }

  void authenticationSasl(List<String> mechanisms) {
    begin('R');
    out.putInt(10);
    for (String mechanism : mechanisms) {
      string(mechanism);
    }
    out.putByte(0);
    end();
  }

  void authenticationSaslContinue(String data) {
    begin('R');
    out.putInt(11);
    out.putBytes(data.getBytes(StandardCharsets.UTF_8));
    end();
  }

  void authenticationSaslFinal(String data) {
    begin('R');
    out.putInt(12);
    out.putBytes(data.getBytes(StandardCharsets.UTF_8));
    end();
  }

  void negotiateProtocolVersion(int minorVersion, List<String> unknownOptions) {
    begin('v');
    out.putInt(3 << 16 | minorVersion);
    out.putInt(unknownOptions.size());
    for (String option : unknownOptions) {
      string(option);
    }
    end();
  }

  void backendKeyData(int processId, byte[] secretKey) {
    begin('K');
    out.putInt(processId);
    out.putBytes(secretKey);
    end();
  }

  void parameterStatus(String name, String value) {
    begin('S');
    string(name);
    string(value);
    end();
  }

  void notification(Notification notification) {
    begin('A');
    out.putInt(notification.processId());
    string(notification.channel());
    string(notification.payload());
    end();
  }

  void readyForQuery(char transactionStatus) {
    begin('Z');
    out.putByte(transactionStatus);
    end();
  }

  void parseComplete() {
    bare('1');
  }

  void bindComplete() {
    bare('2');
  }

  void closeComplete() {
    bare('3');
  }

  void noData() {
    bare('n');
  }

  void portalSuspended() {
    bare('s');
  }

  void emptyQueryResponse() {
    bare('I');
  }

  void copyDone() {
    bare('c');
  }

  private void bare(char type) {
    out.putByte(type);
    out.putInt(4);
  }

  void commandComplete(String tag) {
    begin('C');
    string(tag);
    end();
  }

  void parameterDescription(int[] typeOids) {
    begin('t');
    out.putShort(typeOids.length);
    for (int oid : typeOids) {
      out.putInt(oid);
    }
    end();
  }

  /** {@code formats} as Bind has them: none = text, one = for all, else one a column. */
  void rowDescription(List<OutputColumn> columns, short[] formats) {
    begin('T');
    out.putShort(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      OutputColumn column = columns.get(i);
      // A domain is told as what it is made of.
      SqlType sent = PgTypes.base(column.type());
      PgType type = PgTypes.byOid(sent.oid());
      string(column.name());
      out.putInt(column.tableId());
      out.putShort(column.columnNumber());
      out.putInt(sent.oid());
      out.putShort(type.row().length());
      out.putInt(sent.typmod());
      out.putShort(format(formats, i));
    }
    end();
  }

  static short format(short[] formats, int column) {
    return formats.length == 0 ? 0 : formats.length == 1 ? formats[0] : formats[column];
  }

  void copyResponse(char type, boolean binary, int columns) {
    begin(type);
    out.putByte(binary ? 1 : 0);
    out.putShort(columns);
    for (int i = 0; i < columns; i++) {
      out.putShort(binary ? 1 : 0);
    }
    end();
  }

  void copyData(byte[] buffer, int offset, int length) {
    begin('d');
    out.putBytes(buffer, offset, length);
    end();
  }

  /** An error, or the one that its text is not in the client's encoding. */
  void error(String severity, ShardForgeException error) {
    try {
      errorResponse(severity, error);
    } catch (ShardForgeException untranslatable) {
      errorResponse(severity, untranslatable);
    }
  }

  private void errorResponse(String severity, ShardForgeException error) {
    begin('E');
    report(severity, error.code().sqlState(), error.message(), error.detail(), error.hint());
    field('P', error.position() > 0 ? Integer.toString(error.position()) : null);
    field('W', error.where());
    field('s', error.schemaName());
    field('t', error.tableName());
    field('c', error.columnName());
    field('d', error.dataTypeName());
    field('n', error.constraintName());
    field('R', error.routine());
    out.putByte(0);
    end();
  }

  void notice(Notice notice) {
    begin('N');
    report(
        notice.severity().name(),
        notice.code().sqlState(),
        notice.message(),
        notice.detail(),
        notice.hint());
    out.putByte(0);
    end();
  }

  private void report(
      String severity,
      String sqlState,
      String message,
      @Nullable String detail,
      @Nullable String hint) {
    field('S', severity);
    field('V', severity);
    field('C', sqlState);
    field('M', message);
    field('D', detail);
    field('H', hint);
  }

  private void field(char code, @Nullable String value) {
    if (value != null) {
      out.putByte(code);
      string(value);
    }
  }

  /** Drops the message when the client's encoding does not have the text. */
  private void string(String value) {
    boolean written = false;
    try {
      out.putBytes(encoding.encode(value));
      written = true;
    } finally {
      if (!written) {
        abandon(lengthPosition - 1);
      }
    }
    out.putByte(0);
  }
}
