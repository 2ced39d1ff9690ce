package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Any bytes on a client's connection: messages or a refusal in words, never an exception, and the
 * same ones whatever pieces the bytes come in.
 */
class PgDecoderFuzzTest {
  /** Startup packet of protocol 3.0 with a user, so that half of all inputs get past it. */
  private static final byte[] STARTUP = {0, 0, 0, 16, 0, 3, 0, 0, 'u', 's', 'e', 'r', 0, 'x', 0, 0};

  @FuzzTest
  void readsOrRefuses(FuzzedDataProvider data) {
    boolean started = data.consumeBoolean();
    boolean authenticated = data.consumeBoolean();
    int piece = data.consumeInt(1, 64);
    byte[] bytes = data.consumeRemainingAsBytes();
    List<String> whole = decode(started, authenticated, bytes, Math.max(1, bytes.length));
    assertThat(decode(started, authenticated, bytes, piece)).isEqualTo(whole);
  }

  private static List<String> decode(
      boolean started, boolean authenticated, byte[] bytes, int piece) {
    PgDecoder decoder = new PgDecoder();
    if (authenticated) {
      decoder.authenticated();
    }
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    List<String> messages = new ArrayList<>();
    try {
      if (started) {
        channel.writeInbound(Unpooled.wrappedBuffer(STARTUP));
      }
      for (int at = 0; at < bytes.length; at += piece) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
      }
      for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
        messages.add(describe((FrontendMessage) read));
      }
    } finally {
      channel.finishAndReleaseAll();
    }
    return messages;
  }

  private static String describe(FrontendMessage message) {
    assertThat(message.weight()).isPositive();
    return switch (message) {
      case FrontendMessage.Malformed malformed -> {
        assertThat(malformed.code().isServerFault()).isFalse();
        yield malformed.toString();
      }
      case FrontendMessage.Bind bind ->
          bind.portal() + bind.statement() + bind.parameters().length + bind.resultFormats().length;
      case FrontendMessage.CopyData copy -> "copy " + copy.data().length;
      case FrontendMessage.Password password -> "password " + password.body().length;
      case FrontendMessage.Parse parse ->
          parse.statement() + parse.sql() + parse.parameterTypes().length;
      default -> message.getClass().getSimpleName();
    };
  }
}
