package io.shardforge.server.pgwire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The decoder against well-formed, cut, over-long and senseless bytes. */
class PgDecoderTest {
  private final PgDecoder decoder = new PgDecoder();
  private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

  private static ByteBuf startup(int version, String... strings) {
    ByteBuf body = Unpooled.buffer();
    body.writeInt(0).writeInt(version);
    for (String string : strings) {
      body.writeBytes(string.getBytes(UTF_8)).writeByte(0);
    }
    body.writeByte(0);
    body.setInt(0, body.readableBytes());
    return body;
  }

  private static ByteBuf message(char type, byte[] body) {
    return Unpooled.buffer().writeByte(type).writeInt(4 + body.length).writeBytes(body);
  }

  private void open() {
    channel.writeInbound(startup(3 << 16, "user", "ann", "database", "bank"));
    channel.readInbound();
    decoder.authenticated();
  }

  private List<FrontendMessage> decoded() {
    List<FrontendMessage> messages = new ArrayList<>();
    for (FrontendMessage m = channel.readInbound(); m != null; m = channel.readInbound()) {
      messages.add(m);
    }
    return messages;
  }

  @Test
  void readsTheStartupMessageAndSetsProtocolOptionsApart() {
    channel.writeInbound(startup(3 << 16 | 2, "user", "ann", "_pq_.magic", "1"));
    assertThat(decoded())
        .containsExactly(
            new FrontendMessage.Startup(3, 2, Map.of("user", "ann"), List.of("_pq_.magic")));
  }

  @Test
  void readsMessagesHoweverTheBytesAreCut() {
    open();
    ByteBuf bytes = Unpooled.buffer();
    bytes.writeBytes(message('Q', "select 'ä'\0".getBytes(UTF_8)));
    bytes.writeBytes(message('S', new byte[0]));
    while (bytes.isReadable()) {
      channel.writeInbound(bytes.readBytes(1));
    }
    List<FrontendMessage> messages = decoded();
    assertThat(messages).hasSize(2);
    assertThat(((FrontendMessage.Query) messages.get(0)).sql())
        .isEqualTo("select 'ä'".getBytes(UTF_8));
    assertThat(messages.get(1)).isEqualTo(new FrontendMessage.Sync());
  }

  @Test
  void readsNullAndEmptyParametersOfBind() {
    open();
    ByteBuf body = Unpooled.buffer();
    body.writeByte(0).writeBytes("s1".getBytes(UTF_8)).writeByte(0);
    body.writeShort(1).writeShort(1).writeShort(2).writeInt(-1).writeInt(0);
    body.writeShort(0);
    channel.writeInbound(message('B', bytesOf(body)));
    FrontendMessage.Bind bind = channel.readInbound();
    assertThat(bind.statement()).isEqualTo("s1".getBytes(UTF_8));
    assertThat(bind.parameters()[0]).isNull();
    assertThat(bind.parameters()[1]).isEmpty();
    assertThat(bind.parameterFormats()).containsExactly((short) 1);
  }

  private static byte[] bytesOf(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  @Test
  void passesOverAnOverlongMessageWithoutKeepingIt() {
    open();
    int length = PgDecoder.MESSAGE_LENGTH_MAX + 1;
    channel.writeInbound(Unpooled.buffer().writeByte('Q').writeInt(length));
    int left = length - 4;
    while (left > 0) {
      int step = Math.min(left, 1 << 20);
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[step]));
      left -= step;
    }
    channel.writeInbound(message('S', new byte[0]));
    List<FrontendMessage> messages = decoded();
    assertThat(messages).hasSize(2);
    assertThat(messages.get(0))
        .isInstanceOfSatisfying(
            FrontendMessage.Malformed.class,
            m -> {
              assertThat(m.fatal()).isFalse();
              assertThat(m.code()).isEqualTo(ErrorCode.PROGRAM_LIMIT_EXCEEDED);
            });
    assertThat(messages.get(1)).isEqualTo(new FrontendMessage.Sync());
  }

  @Test
  void endsTheConversationOnSenselessBytes() {
    channel.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", UTF_8));
    assertThat(decoded()).singleElement().matches(m -> ((FrontendMessage.Malformed) m).fatal());
  }

  @Test
  void limitsWhatAnUnauthenticatedClientMaySend() {
    channel.writeInbound(startup(3 << 16, "user", "ann"));
    channel.readInbound();
    channel.writeInbound(
        Unpooled.buffer().writeByte('p').writeInt(PgDecoder.AUTHENTICATION_LENGTH_MAX + 1));
    assertThat(decoded()).singleElement().matches(m -> ((FrontendMessage.Malformed) m).fatal());
  }

  @Test
  void neverThrowsWhateverTheBytes() {
    for (long seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      PgDecoder one = new PgDecoder();
      EmbeddedChannel client = new EmbeddedChannel(one);
      if (random.nextBoolean()) {
        client.writeInbound(startup(3 << 16, "user", "ann"));
        one.authenticated();
      }
      for (int i = 0; i < 20; i++) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        if (bytes.length > 5 && random.nextBoolean()) {
          bytes[0] = (byte) "pQPBDECSHdcfFX".charAt(random.nextInt(14));
          bytes[1] = 0;
          bytes[2] = 0;
          bytes[3] = 0;
        }
        client.writeInbound(Unpooled.wrappedBuffer(bytes));
      }
      for (Object m = client.readInbound(); m != null; m = client.readInbound()) {
        assertThat(m).as("seed %d", seed).isInstanceOf(FrontendMessage.class);
      }
      client.finishAndReleaseAll();
    }
  }

  @Test
  void everyMessageWeighsSomethingWhileItWaits() {
    open();
    channel.writeInbound(message('p', new byte[0]), message('d', new byte[0]));
    assertThat(decoded()).hasSize(2).allMatch(message -> message.weight() > 0);
  }

  @Test
  void garbageIsRefusedOnceAndInWords() {
    open();
    channel.writeInbound(Unpooled.copiedBuffer("\001garbage that goes on and on", UTF_8));
    channel.writeInbound(Unpooled.copiedBuffer("and on", UTF_8));
    assertThat(decoded())
        .containsExactly(
            new FrontendMessage.Malformed(
                true, false, ErrorCode.PROTOCOL_VIOLATION, "invalid frontend message type 1"));
  }
}
