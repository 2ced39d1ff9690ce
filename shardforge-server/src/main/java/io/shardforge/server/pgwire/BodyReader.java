package io.shardforge.server.pgwire;

import io.netty.buffer.ByteBuf;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

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
    int length = body.bytesBefore((byte) 0);
    if (length < 0) {
      throw new ShardForgeException(ErrorCode.PROTOCOL_VIOLATION, "invalid string in message");
    }
    String ascii = ascii(length);
    String text = ascii != null ? ascii : utf8(bytes(length));
    body.skipBytes(1);
    return text;
  }

  void end() {
    if (body.isReadable()) {
      throw new ShardForgeException(ErrorCode.PROTOCOL_VIOLATION, "invalid message format");
    }
  }

  /**
   * The next bytes as a string when all are ASCII, which names and most statements are; else null.
   */
  private @org.jspecify.annotations.Nullable String ascii(int length) {
    int start = body.readerIndex();
    if (body.forEachByte(start, length, b -> b >= 0) >= 0) {
      return null;
    }
    String text = body.toString(start, length, StandardCharsets.ISO_8859_1);
    body.skipBytes(length);
    return text;
  }

  private static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ShardForgeException(
          ErrorCode.CHARACTER_NOT_IN_REPERTOIRE, invalidSequence(bytes), e);
    }
  }

  /** PostgreSQL's message, which shows the first bytes that do not decode. */
  private static String invalidSequence(byte[] bytes) {
    var decoder = StandardCharsets.UTF_8.newDecoder();
    var in = ByteBuffer.wrap(bytes);
    decoder.decode(in, java.nio.CharBuffer.allocate(bytes.length + 1), true);
    StringBuilder text = new StringBuilder("invalid byte sequence for encoding \"UTF8\":");
    int lead = in.hasRemaining() ? in.get(in.position()) & 0xff : 0;
    int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    for (int i = 0; i < length && in.hasRemaining(); i++) {
      text.append(String.format(" 0x%02x", in.get() & 0xff));
    }
    return text.toString();
  }

  private void require(int length) {
    if (length < 0 || body.readableBytes() < length) {
      throw new ShardForgeException(
          ErrorCode.PROTOCOL_VIOLATION, "insufficient data left in message");
    }
  }
}
