package io.shardforge.server.pgwire;

import io.netty.buffer.ByteBuf;
import io.shardforge.sql.type.Encoding;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** Reads the fields of one message body and refuses to read past its end. */
final class BodyReader {
  private final ByteBuf body;

  BodyReader(ByteBuf body) {
    this.body = body;
  }

  int int32() {
    require(4);
    return body.readInt();
  }

  short int16() {
    require(2);
    return body.readShort();
  }

  /** A 16-bit count: PostgreSQL reads it unsigned. */
  int count() {
    require(2);
    return body.readUnsignedShort();
  }

  char int8() {
    require(1);
    return (char) (body.readByte() & 0xff);
  }

  byte[] bytes(int length) {
    require(length);
    byte[] bytes = new byte[length];
    body.readBytes(bytes);
    return bytes;
  }

  byte[] rest() {
    return bytes(body.readableBytes());
  }

  boolean hasMore() {
    return body.isReadable();
  }

  /** A zero-terminated UTF-8 string. */
  String string() {
    return Encoding.UTF8.decode(text());
  }

  /** The bytes of a zero-terminated string. */
  byte[] text() {
    int length = body.bytesBefore((byte) 0);
    if (length < 0) {
      throw new ShardForgeException(ErrorCode.PROTOCOL_VIOLATION, "invalid string in message");
    }
    byte[] bytes = bytes(length);
    body.skipBytes(1);
    return bytes;
  }

  void end() {
    if (body.isReadable()) {
      throw new ShardForgeException(ErrorCode.PROTOCOL_VIOLATION, "invalid message format");
    }
  }

  private void require(int length) {
    if (length < 0 || body.readableBytes() < length) {
      throw new ShardForgeException(
          ErrorCode.PROTOCOL_VIOLATION, "insufficient data left in message");
    }
  }
}
