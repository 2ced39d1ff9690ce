package io.shardforge.server.net;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import io.shardforge.storage.clock.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Looking out for the next message instead of sleeping, for a moment and only while one client
 * alone is at work. To wake a sleeping thread takes longer than to answer a point read, and a
 * client that waits for each answer would pay for it four times; with several clients at work
 * threads find the next message without sleeping, and looking out would only take their processor.
 * So it would with few processors, even from one client if it runs on the same machine.
 */
public final class BriefWatch {
  /** How long a thread looks out after the last message: about what a client takes to go on. */
  public static final long WATCH_NANOS = 100_000;

  /** Messages in a row from the same client that show that it is alone. */
  private static final int LONE_MESSAGES_MIN = 8;

  /** One for each of the two threads that look out, one for the client, and one to spare. */
  private static final int PROCESSORS_MIN = 4;

  private final Clock clock;
  private final boolean affordable;
  private volatile boolean lone;

  /** The network thread's own. */
  private @Nullable Object lastClient;

  private int messagesInARow;

  /**
   * @param processors that the node has
   */
  public BriefWatch(Clock clock, int processors) {
    this.clock = clock;
    this.affordable = processors >= PROCESSORS_MIN;
  }

  /** Messages of a client have arrived; told by the network thread. */
  public void heard(Object client) {
    if (!client.equals(lastClient)) {
      lastClient = client;
      messagesInARow = 0;
      lone = false;
    } else if (messagesInARow < LONE_MESSAGES_MIN) {
      messagesInARow++;
      lone = affordable && messagesInARow == LONE_MESSAGES_MIN;
    }
  }

  /** A moment to look out from; only differences mean anything. */
  public long now() {
    return clock.monotonicNanos();
  }

  /** Whether to go on looking out, for what may follow something that happened at a moment. */
  public boolean goesOn(long since) {
    return lone && clock.monotonicNanos() - since < WATCH_NANOS;
  }

  /** The strategy of one event loop; for that loop's thread. */
  SelectStrategy selectStrategy() {
    return new SelectStrategy() {
      private long lastEvent;
      private boolean slept;

      @Override
      public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        if (slept || hasTasks) {
          // Something woke it, or something is left to do.
          lastEvent = now();
          slept = false;
        }
        if (hasTasks) {
          return selectNow.get();
        }
        if (goesOn(lastEvent)) {
          int ready = selectNow.get();
          if (ready == 0) {
            return CONTINUE;
          }
          lastEvent = now();
          return ready;
        }
        slept = true;
        return SELECT;
      }
    };
  }
}
