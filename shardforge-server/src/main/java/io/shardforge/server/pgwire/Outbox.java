package io.shardforge.server.pgwire;

import io.netty.channel.Channel;
import io.shardforge.server.net.SocketSender;
import io.shardforge.sql.session.ClientGoneException;
import io.shardforge.sql.type.ByteWriter;
import java.util.function.BooleanSupplier;

/**
 * What a connection is about to send. Messages collect here until the protocol wants them sent or
 * {@link #FLUSH_BYTES} have come together; then the session's thread waits while the client does
 * not read.
 */
final class Outbox implements AutoCloseable {
  /** Size at which rows leave without waiting for the end of the result. */
  static final int FLUSH_BYTES = 32 << 10;

  /** The most that is handed to the network at once, where it takes memory outside the heap. */
  private static final int SEND_BYTES = 1 << 20;

  private static final int KEEP_BYTES = 8 << 10;

  private final SocketSender sender;
  private final Inbox inbox;
  private final BooleanSupplier stop;
  private final ByteWriter buffer = new ByteWriter(256);
  private final PgEncoder encoder = new PgEncoder(buffer);
  private long sentBytes;

  Outbox(Channel channel, Inbox inbox, BooleanSupplier stop) {
    this.sender = new SocketSender(channel);
    this.inbox = inbox;
    this.stop = stop;
  }

  PgEncoder encoder() {
    return encoder;
  }

  /** Position in everything ever written, sent or not. */
  long position() {
    return sentBytes + buffer.size();
  }

  /** Takes back what was written since a position; false when some of it was sent. */
  boolean rewind(long position) {
    if (position < sentBytes) {
      return false;
    }
    buffer.truncate((int) (position - sentBytes));
    return true;
  }

  void flushIfLarge() {
    if (buffer.size() >= FLUSH_BYTES) {
      flush();
    }
  }

  /** Sends all, then waits until the client keeps up. */
  void flush() {
    int sent = 0;
    while (buffer.size() - sent > SEND_BYTES) {
      write(sent, SEND_BYTES);
      sent += SEND_BYTES;
      awaitClient();
    }
    write(sent, buffer.size() - sent);
    sentAll();
    awaitClient();
  }

  private void awaitClient() {
    if (!inbox.awaitWritable(stop)) {
      throw new ClientGoneException();
    }
  }

  /** Sends all without waiting: for last words. */
  void send() {
    write(0, buffer.size());
    sentAll();
  }

  private void write(int offset, int length) {
    if (length == 0) {
      return;
    }
    sender.send(buffer.array(), offset, length);
  }

  private void sentAll() {
    sentBytes += buffer.size();
    buffer.clear();
    buffer.shrinkTo(KEEP_BYTES);
  }

  /** From now on what is sent goes through the event loop. */
  @Override
  public void close() {
    sender.close();
  }
}
