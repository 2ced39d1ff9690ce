package io.shardforge.raft.route;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The frames that wait to leave on one connection. Any thread offers; the connection's network
 * thread takes all that have gathered, copies small ones together and flushes once.
 */
final class Outbox {
  private final Channel channel;
  private final Queue<Frame> frames = new ConcurrentLinkedQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  Outbox(Channel channel) {
    this.channel = channel;
  }

  /** Queues a frame; false if too many bytes wait already. */
  boolean offer(Frame frame) {
    if (queuedBytes.get() > RpcLimits.QUEUED_BYTES_MAX) {
      return false;
    }
    put(frame);
    return true;
  }

  /** Queues a frame whatever waits already: replies are bounded by the calls taken in. */
  void put(Frame frame) {
    queuedBytes.addAndGet(frame.wireBytes());
    frames.add(frame);
    if (scheduled.compareAndSet(false, true)) {
      channel.eventLoop().execute(this::drain);
    }
  }

  private void drain() {
    // Cleared first: a frame that arrives from now on either is seen below or schedules again.
    scheduled.set(false);
    @Nullable ByteBuf gathered = null;
    for (Frame frame = frames.poll(); frame != null; frame = frames.poll()) {
      int bytes = frame.wireBytes();
      if (bytes > RpcLimits.COALESCE_BYTES_MAX) {
        if (gathered != null) {
          write(gathered);
          gathered = null;
        }
        write(frame.toBuffer(channel.alloc()));
        continue;
      }
      if (gathered != null && gathered.writableBytes() < bytes) {
        write(gathered);
        gathered = null;
      }
      if (gathered == null) {
        gathered =
            channel.alloc().ioBuffer(frames.isEmpty() ? bytes : RpcLimits.COALESCE_BYTES_MAX);
      }
      frame.writeHeader(gathered);
      gathered.writeBytes(frame.payload());
    }
    if (gathered != null) {
      write(gathered);
    }
    channel.flush();
  }

  private void write(ByteBuf buffer) {
    int bytes = buffer.readableBytes();
    var _ = channel.write(buffer).addListener(_ -> queuedBytes.addAndGet(-bytes));
  }
}
