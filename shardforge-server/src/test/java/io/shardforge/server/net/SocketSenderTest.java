package io.shardforge.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.shardforge.storage.clock.SystemClock;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client receives from a {@link SocketSender}. */
final class SocketSenderTest {
  private static final int PATIENCE_MILLIS = 60_000;

  /** More than the system keeps for a client that does not read. */
  private static final int ROUND_BYTES = 12 << 20;

  private static final int ROUNDS = 4;
  private static final int PIECE_BYTES_MAX = 300_000;
  private static final long SEED = 20_250_901;

  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private final EventLoops loops =
      new EventLoops(
          1, Thread.ofPlatform().daemon().factory(), new BriefWatch(new SystemClock(), 1));
  private final Listener listener =
      Listener.open(
          loops,
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
              accepted.add(channel);
            }
          });

  @AfterEach
  void stop() {
    listener.close();
    loops.close();
  }

  @Test
  void allArrivesInOrderAtAClientThatReadsLate() throws Exception {
    Random sizes = new Random(SEED);
    Random contents = new Random(SEED + 1);
    try (Socket client = connect();
        SocketSender sender = new SocketSender(accept())) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      for (int round = 0; round < ROUNDS; round++) {
        byte[] sent = new byte[ROUND_BYTES];
        contents.nextBytes(sent);
        // Small ones between large ones: those must not pass these.
        for (int at = 0; at < sent.length; ) {
          int length = sizes.nextBoolean() ? 1 : 1 + sizes.nextInt(PIECE_BYTES_MAX);
          length = Math.min(length, sent.length - at);
          sender.send(sent, at, length);
          at += length;
        }
        assertThat(in.readNBytes(sent.length)).as("round %s, seed %s", round, SEED).isEqualTo(sent);
      }
    }
  }

  @Test
  void aClosedConnectionEndsForItsClientWhileItsSenderIsOpen() throws Exception {
    try (Socket client = connect()) {
      Channel channel = accept();
      try (SocketSender sender = new SocketSender(channel)) {
        byte[] last = {1, 2, 3};
        sender.send(last, 0, last.length);
        channel.close().sync();
        assertThat(client.getInputStream().readAllBytes()).isEqualTo(last);
        sender.send(last, 0, last.length);
      }
    }
  }

  @Test
  void whatIsSentByAClosedSenderArrivesToo() throws Exception {
    try (Socket client = connect()) {
      Channel channel = accept();
      byte[] bytes = {1, 2, 3};
      SocketSender closed = new SocketSender(channel);
      try (closed) {
        closed.send(bytes, 0, 1);
      }
      closed.send(bytes, 1, bytes.length - 1);
      assertThat(client.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
      channel.close().sync();
    }
  }

  private Socket connect() throws IOException {
    Socket client = new Socket(listener.address().getAddress(), listener.address().getPort());
    client.setSoTimeout(PATIENCE_MILLIS);
    return client;
  }

  private Channel accept() throws InterruptedException {
    Channel channel = accepted.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    assertThat(channel).isNotNull();
    return channel;
  }
}
