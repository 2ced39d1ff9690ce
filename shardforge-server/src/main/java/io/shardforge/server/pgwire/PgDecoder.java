package io.shardforge.server.pgwire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.shardforge.server.pgwire.FrontendMessage.Malformed;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts a connection's bytes into {@link FrontendMessage}s. Until the startup message the packets
 * carry no type byte. A message that is too long is passed over without being kept, so that the
 * client gets an error and the conversation goes on; a stream that cannot be a conversation is
 * fatal.
 *
 * <p>The format is PostgreSQL's "Message Formats" chapter.
 */
final class PgDecoder extends ByteToMessageDecoder {
  /**
   * Longest message that is kept, in bytes: a statement, a Bind with its values, or a piece of
   * COPY.
   */
  static final int MESSAGE_LENGTH_MAX = 64 << 20;

  /** Longest startup packet, as in PostgreSQL. */
  static final int STARTUP_LENGTH_MAX = 10_000;

  /** Longest answer to an authentication request. */
  static final int AUTHENTICATION_LENGTH_MAX = 65_535;

  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_REQUEST = 80877104;
  private static final int CANCEL_REQUEST = 80877102;

  /** Where in the conversation the bytes are. */
  private enum Stage {
    STARTUP,
    MESSAGES,
    BROKEN
  }

  private Stage stage = Stage.STARTUP;
  private boolean authenticated;
  private long skip;
  private Malformed afterSkip = oversize(0, false);

  /**
   * From now on messages may be as long as {@link #MESSAGE_LENGTH_MAX}. Called on the event loop.
   */
  void authenticated() {
    authenticated = true;
  }

  /**
   * True when bytes have come that are not decoded yet: fatal before a TLS handshake
   * (CVE-2021-23214).
   */
  boolean hasUndecodedBytes() {
    return actualReadableBytes() > 0;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    switch (stage) {
      case STARTUP -> decodeStartup(in, out);
      case MESSAGES -> decodeMessage(in, out);
      case BROKEN -> in.skipBytes(in.readableBytes());
    }
  }

  private void decodeStartup(ByteBuf in, List<Object> out) {
    if (in.readableBytes() < 4) {
      return;
    }
    int length = in.getInt(in.readerIndex());
    if (length < 8 || length > STARTUP_LENGTH_MAX) {
      broken(in, out, "invalid length of startup packet");
      return;
    }
    if (in.readableBytes() < length) {
      return;
    }
    in.skipBytes(4);
    ByteBuf body = in.readSlice(length - 4);
    try {
      out.add(startup(new BodyReader(body)));
    } catch (ShardForgeException e) {
      broken(in, out, "invalid startup packet layout: " + e.message());
    }
  }

  private FrontendMessage startup(BodyReader body) {
    int code = body.int32();
    return switch (code) {
      case SSL_REQUEST -> new FrontendMessage.SslRequest();
      case GSS_REQUEST -> new FrontendMessage.GssEncryptionRequest();
      case CANCEL_REQUEST -> new FrontendMessage.CancelRequest(body.int32(), body.rest());
      default -> {
        int major = code >>> 16;
        if (major != 3) {
          stage = Stage.BROKEN;
          yield new Malformed(
              true,
              false,
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "unsupported frontend protocol %d.%d: server supports 3.0 to 3.2"
                  .formatted(major, code & 0xffff));
        }
        stage = Stage.MESSAGES;
        yield parameters(major, code & 0xffff, body);
      }
    };
  }

  private static FrontendMessage parameters(int major, int minor, BodyReader body) {
    Map<String, String> parameters = new LinkedHashMap<>();
    List<String> protocolOptions = new ArrayList<>();
    for (String name = body.string(); !name.isEmpty(); name = body.string()) {
      String value = body.string();
      if (name.startsWith("_pq_.")) {
        protocolOptions.add(name);
      } else {
        parameters.put(name, value);
      }
    }
    body.end();
    return new FrontendMessage.Startup(major, minor, parameters, protocolOptions);
  }

  private void decodeMessage(ByteBuf in, List<Object> out) {
    if (skip > 0) {
      int step = (int) Math.min(skip, in.readableBytes());
      in.skipBytes(step);
      skip -= step;
      if (skip == 0) {
        out.add(afterSkip);
      }
      return;
    }
    if (in.readableBytes() < 5) {
      return;
    }
    int start = in.readerIndex();
    char type = (char) (in.getByte(start) & 0xff);
    int length = in.getInt(start + 1);
    if (!isKnown(type)) {
      broken(in, out, "invalid frontend message type " + (int) type);
      return;
    }
    if (length < 4 || (!authenticated && length > AUTHENTICATION_LENGTH_MAX)) {
      broken(in, out, "invalid message length");
      return;
    }
    if (length > MESSAGE_LENGTH_MAX) {
      in.skipBytes(5);
      skip = length - 4L;
      afterSkip = oversize(length, isExtended(type));
      return;
    }
    if (in.readableBytes() < 1 + length) {
      return;
    }
    in.skipBytes(5);
    BodyReader body = new BodyReader(in.readSlice(length - 4));
    try {
      out.add(message(type, body));
    } catch (ShardForgeException e) {
      out.add(new Malformed(false, isExtended(type), e.code(), e.message()));
    }
  }

  private static Malformed oversize(int length, boolean extended) {
    return new Malformed(
        false,
        extended,
        ErrorCode.PROGRAM_LIMIT_EXCEEDED,
        "message of %d bytes exceeds the limit of %d bytes".formatted(length, MESSAGE_LENGTH_MAX));
  }

  private static boolean isKnown(char type) {
    return "pQPBDECSHdcfFX".indexOf(type) >= 0;
  }

  private static boolean isExtended(char type) {
    return "PBDEC".indexOf(type) >= 0;
  }

  private static FrontendMessage message(char type, BodyReader body) {
    FrontendMessage message =
        switch (type) {
          case 'p' -> new FrontendMessage.Password(body.rest());
          case 'Q' -> new FrontendMessage.Query(body.text());
          case 'P' -> parse(body);
          case 'B' -> bind(body);
          case 'D' -> new FrontendMessage.Describe(kind(body), body.text());
          case 'E' -> new FrontendMessage.Execute(body.text(), body.int32());
          case 'C' -> new FrontendMessage.Close(kind(body), body.text());
          case 'S' -> new FrontendMessage.Sync();
          case 'H' -> new FrontendMessage.Flush();
          case 'd' -> new FrontendMessage.CopyData(body.rest());
          case 'c' -> new FrontendMessage.CopyDone();
          case 'f' -> new FrontendMessage.CopyFail(body.text());
          case 'X' -> new FrontendMessage.Terminate();
          case 'F' -> {
            body.rest();
            yield new FrontendMessage.FunctionCall();
          }
          default -> throw new IllegalStateException("message type " + type);
        };
    body.end();
    return message;
  }

  private static char kind(BodyReader body) {
    char kind = body.int8();
    if (kind != 'S' && kind != 'P') {
      throw new ShardForgeException(
          ErrorCode.PROTOCOL_VIOLATION, "invalid message subtype " + (int) kind);
    }
    return kind;
  }

  private static FrontendMessage parse(BodyReader body) {
    byte[] name = body.text();
    byte[] sql = body.text();
    int[] types = new int[body.count()];
    for (int i = 0; i < types.length; i++) {
      types[i] = body.int32();
    }
    return new FrontendMessage.Parse(name, sql, types);
  }

  private static FrontendMessage bind(BodyReader body) {
    byte[] portal = body.text();
    byte[] statement = body.text();
    short[] parameterFormats = formats(body);
    byte[][] parameters = new byte[body.count()][];
    for (int i = 0; i < parameters.length; i++) {
      int length = body.int32();
      if (length >= 0) {
        parameters[i] = body.bytes(length);
      } else if (length != -1) {
        throw new ShardForgeException(
            ErrorCode.PROTOCOL_VIOLATION, "invalid parameter length " + length);
      }
    }
    return new FrontendMessage.Bind(portal, statement, parameterFormats, parameters, formats(body));
  }

  private static short[] formats(BodyReader body) {
    short[] formats = new short[body.count()];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = body.int16();
      if (formats[i] != 0 && formats[i] != 1) {
        throw new ShardForgeException(
            ErrorCode.INVALID_PARAMETER_VALUE, "unsupported format code: " + formats[i]);
      }
    }
    return formats;
  }

  private void broken(ByteBuf in, List<Object> out, String message) {
    stage = Stage.BROKEN;
    // The framework takes a message for which no bytes were read for a mistake.
    in.skipBytes(in.readableBytes());
    out.add(new Malformed(true, false, ErrorCode.PROTOCOL_VIOLATION, message));
  }
}
