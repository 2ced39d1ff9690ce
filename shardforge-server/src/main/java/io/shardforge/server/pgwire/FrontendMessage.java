package io.shardforge.server.pgwire;

import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message from a client, decoded but not judged. Text after the startup message is bytes here:
 * which encoding they are in is only known when those before have been obeyed.
 */
sealed interface FrontendMessage {
  /** Bytes it holds, for the bound on what a connection may have waiting. */
  default int weight() {
    return 64;
  }

  /** Asks for TLS before anything else. */
  record SslRequest() implements FrontendMessage {}

  /** Asks for GSSAPI encryption, which is always declined. */
  record GssEncryptionRequest() implements FrontendMessage {}

  /** Asks, on a connection of its own, to cancel what another connection runs. */
  record CancelRequest(int processId, byte[] secretKey) implements FrontendMessage {}

  /**
   * Opens the conversation; {@code protocolOptions} are the {@code _pq_.} names, all unknown to us.
   */
  record Startup(
      int majorVersion,
      int minorVersion,
      Map<String, String> parameters,
      List<String> protocolOptions)
      implements FrontendMessage {}

  /** Any answer to an authentication request: which one depends on what was asked. */
  record Password(byte[] body) implements FrontendMessage {
    @Override
    public int weight() {
      return 64 + body.length;
    }
  }

  /** Simple query. */
  record Query(byte[] sql) implements FrontendMessage {
    @Override
    public int weight() {
      return 64 + 2 * sql.length;
    }
  }

  /** Prepares a statement; a type oid of 0 is to be inferred. */
  record Parse(byte[] statement, byte[] sql, int[] parameterTypes) implements FrontendMessage {
    @Override
    public int weight() {
      return 64 + 2 * sql.length;
    }
  }

  /** Binds parameters to a statement; a format is 0 for text or 1 for binary. */
  record Bind(
      byte[] portal,
      byte[] statement,
      short[] parameterFormats,
      byte[] @Nullable [] parameters,
      short[] resultFormats)
      implements FrontendMessage {
    @Override
    public int weight() {
      int weight = 64;
      for (byte[] parameter : parameters) {
        weight += parameter == null ? 8 : parameter.length + 16;
      }
      return weight;
    }
  }

  /** Asks about a statement ('S') or portal ('P'). */
  record Describe(char kind, byte[] name) implements FrontendMessage {}

  /** Runs a portal for at most {@code maxRows} rows; 0 is all. */
  record Execute(byte[] portal, int maxRows) implements FrontendMessage {}

  /** Closes a statement ('S') or portal ('P'). */
  record Close(char kind, byte[] name) implements FrontendMessage {}

  /** Ends an extended-protocol batch. */
  record Sync() implements FrontendMessage {}

  /** Asks for what is ready so far. */
  record Flush() implements FrontendMessage {}

  /** A piece of COPY input. */
  record CopyData(byte[] data) implements FrontendMessage {
    @Override
    public int weight() {
      return 32 + data.length;
    }
  }

  /** The end of COPY input. */
  record CopyDone() implements FrontendMessage {}

  /** The client gave COPY up. */
  record CopyFail(byte[] reason) implements FrontendMessage {}

  /** The old function-call message, which is refused. */
  record FunctionCall() implements FrontendMessage {}

  /** The client says goodbye. */
  record Terminate() implements FrontendMessage {}

  /** The connection is gone: no message follows. */
  record Disconnected() implements FrontendMessage {}

  /** A message that could not be decoded; {@code fatal} when the stream cannot go on. */
  record Malformed(boolean fatal, boolean extended, ErrorCode code, String message)
      implements FrontendMessage {}
}
