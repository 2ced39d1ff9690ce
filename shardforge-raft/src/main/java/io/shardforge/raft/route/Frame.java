package io.shardforge.raft.route;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * One message on a connection between nodes.
 *
 * <pre>
 *  length int32 | kind int8 | call id int64 | CALL only: service int16, time left int32 ms | payload
 * </pre>
 *
 * The length counts what follows it. Connections start with {@link #PREAMBLE} from the caller, then
 * a {@link Kind#HELLO} in each direction, or a {@link Kind#REFUSAL} in words.
 */
sealed interface Frame {
  /** The first bytes that a caller sends; the digit is the version of the frames. */
  byte[] PREAMBLE = "SHFNODE1".getBytes(StandardCharsets.US_ASCII);

  byte[] NOTHING = {};

  int LENGTH_BYTES = 4;
  int HEADER_BYTES = 1 + 8;
  int CALL_HEADER_BYTES = HEADER_BYTES + 2 + 4;

  /** The kinds of frames and their codes. */
  enum Kind {
    HELLO(1),
    REFUSAL(2),
    CALL(3),
    REPLY(4),
    ERROR(5),
    PING(6),
    PONG(7);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  long callId();

  byte[] payload();

  Kind kind();

  /** The introduction of one side. */
  record Hello(byte[] payload) implements Frame {
    @Override
    public long callId() {
      return 0;
    }

    @Override
    public Kind kind() {
      return Kind.HELLO;
    }
  }

  /** Why the other side is not welcome, in words. */
  record Refusal(byte[] payload) implements Frame {
    @Override
    public long callId() {
      return 0;
    }

    @Override
    public Kind kind() {
      return Kind.REFUSAL;
    }
  }

  /** A request to a service, with the time left for it. */
  record Call(long callId, int service, int timeLeftMillis, byte[] payload) implements Frame {
    @Override
    public Kind kind() {
      return Kind.CALL;
    }
  }

  /** The answer to a call. */
  record Reply(long callId, byte[] payload) implements Frame {
    @Override
    public Kind kind() {
      return Kind.REPLY;
    }
  }

  /** A question for a sign of life. */
  record Ping() implements Frame {
    @Override
    public long callId() {
      return 0;
    }

    @Override
    public byte[] payload() {
      return NOTHING;
    }

    @Override
    public Kind kind() {
      return Kind.PING;
    }
  }

  /** A sign of life. */
  record Pong() implements Frame {
    @Override
    public long callId() {
      return 0;
    }

    @Override
    public byte[] payload() {
      return NOTHING;
    }

    @Override
    public Kind kind() {
      return Kind.PONG;
    }
  }

  /** A reason's code and a text, instead of an answer. */
  record Failure(long callId, byte[] payload) implements Frame {
    @Override
    public Kind kind() {
      return Kind.ERROR;
    }

    static Failure of(long callId, RpcException.Reason reason, String message) {
      String text =
          message.length() > RpcLimits.ERROR_CHARS_MAX
              ? message.substring(0, RpcLimits.ERROR_CHARS_MAX)
              : message;
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      byte[] payload = new byte[1 + bytes.length];
      payload[0] = (byte) reason.code();
      System.arraycopy(bytes, 0, payload, 1, bytes.length);
      return new Failure(callId, payload);
    }

    RpcException toException() {
      RpcException.Reason reason = RpcException.Reason.ofCode(payload.length == 0 ? 0 : payload[0]);
      int start = Math.min(1, payload.length);
      return new RpcException(
          reason, new String(payload, start, payload.length - start, StandardCharsets.UTF_8));
    }
  }

  /** The bytes this frame takes on the wire. */
  default int wireBytes() {
    return LENGTH_BYTES
        + (this instanceof Call ? CALL_HEADER_BYTES : HEADER_BYTES)
        + payload().length;
  }

  /** Writes the length and the header, without the payload. */
  default void writeHeader(ByteBuf out) {
    out.writeInt(wireBytes() - LENGTH_BYTES);
    out.writeByte(kind().code);
    out.writeLong(callId());
    if (this instanceof Call call) {
      out.writeShort(call.service());
      out.writeInt(call.timeLeftMillis());
    }
  }

  /** The whole frame as one buffer; a large payload is not copied. */
  default ByteBuf toBuffer(ByteBufAllocator allocator) {
    if (wireBytes() <= RpcLimits.COALESCE_BYTES_MAX) {
      ByteBuf out = allocator.ioBuffer(wireBytes());
      writeHeader(out);
      return out.writeBytes(payload());
    }
    ByteBuf header = allocator.ioBuffer(LENGTH_BYTES + CALL_HEADER_BYTES);
    writeHeader(header);
    return allocator
        .compositeBuffer(2)
        .addComponent(true, header)
        .addComponent(true, Unpooled.wrappedBuffer(payload()));
  }

  /** Reads the frame that fills the buffer; the length is already cut off. */
  static Frame read(ByteBuf in) {
    if (in.readableBytes() < HEADER_BYTES) {
      throw new IllegalArgumentException("frame of " + in.readableBytes() + " bytes");
    }
    int code = in.readByte();
    long callId = in.readLong();
    if (code == Kind.CALL.code) {
      if (in.readableBytes() < CALL_HEADER_BYTES - HEADER_BYTES) {
        throw new IllegalArgumentException("call without a service");
      }
      int service = in.readUnsignedShort();
      int timeLeftMillis = in.readInt();
      return new Call(callId, service, timeLeftMillis, rest(in));
    }
    if (code == Kind.REPLY.code) {
      return new Reply(callId, rest(in));
    }
    if (code == Kind.ERROR.code) {
      return new Failure(callId, rest(in));
    }
    if (code == Kind.HELLO.code) {
      return new Hello(rest(in));
    }
    if (code == Kind.REFUSAL.code) {
      return new Refusal(rest(in));
    }
    if (code == Kind.PING.code) {
      return new Ping();
    }
    if (code == Kind.PONG.code) {
      return new Pong();
    }
    throw new IllegalArgumentException("frame of unknown kind " + code);
  }

  private static byte[] rest(ByteBuf in) {
    byte[] bytes = new byte[in.readableBytes()];
    in.readBytes(bytes);
    return bytes;
  }
}
