package io.shardforge.raft.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;

/**
 * Any bytes, in pieces of any size, on a connection between nodes: refused, or frames that can be
 * written again.
 */
class FrameDecoderFuzzTest {
  @FuzzTest
  void refusesOrReads(FuzzedDataProvider data) {
    boolean fromNode = data.consumeBoolean();
    EmbeddedChannel channel = new EmbeddedChannel(new PreambleDecoder(), new FrameDecoder());
    try {
      if (fromNode) {
        channel.writeInbound(Unpooled.wrappedBuffer(Frame.PREAMBLE));
      }
      while (data.remainingBytes() > 0 && channel.isOpen()) {
        int count = data.consumeInt(1, 64);
        channel.writeInbound(Unpooled.wrappedBuffer(data.consumeBytes(count)));
      }
      for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
        check((Frame) read);
      }
    } catch (DecoderException e) {
      assertThat(e).hasMessageNotContaining("null");
    } finally {
      close(channel);
    }
  }

  private static void check(Frame frame) {
    ByteBuf bytes = frame.toBuffer(UnpooledByteBufAllocator.DEFAULT);
    try {
      assertThat(bytes.readableBytes()).isEqualTo(frame.wireBytes());
      assertThat(bytes.readInt()).isEqualTo(frame.wireBytes() - Frame.LENGTH_BYTES);
      Frame again = Frame.read(bytes);
      assertThat(again.kind()).isEqualTo(frame.kind());
      assertThat(again.payload()).isEqualTo(frame.payload());
      assertThat(bytes.isReadable()).isFalse();
    } finally {
      bytes.release();
    }
    switch (frame) {
      case Frame.Failure failure -> assertThat(failure.toException().reason()).isNotNull();
      case Frame.Hello hello -> greet(hello);
      case Frame.Refusal _, Frame.Call _, Frame.Reply _, Frame.Ping _, Frame.Pong _ -> {}
    }
  }

  private static void greet(Frame.Hello hello) {
    Greeting greeting;
    try {
      greeting = Greeting.fromBytes(hello.payload());
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageNotContaining("null");
      return;
    }
    assertThat(Greeting.fromBytes(greeting.toBytes())).isEqualTo(greeting);
  }

  /** What is left over after a refusal may make the decoder refuse again, as the socket closes. */
  private static void close(EmbeddedChannel channel) {
    try {
      channel.finishAndReleaseAll();
    } catch (DecoderException e) {
      channel.releaseInbound();
    }
  }
}
