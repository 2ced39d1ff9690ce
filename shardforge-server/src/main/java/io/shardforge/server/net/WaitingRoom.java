package io.shardforge.server.net;

import io.netty.channel.Channel;
import io.shardforge.raft.route.RefusalLog;
import java.util.LinkedHashSet;

/**
 * The connections of a port that the node waits for: they have not logged in, or have no request
 * under way. There is room for so many; when one more comes, the one that has waited longest is
 * closed, so that silent ones keep nobody out. Any thread.
 */
public final class WaitingRoom {
  private final int roomMax;
  private final RefusalLog refusals;
  private final LinkedHashSet<Channel> waiting = new LinkedHashSet<>();

  /**
   * @param roomMax connections that may wait at once
   */
  public WaitingRoom(int roomMax, RefusalLog refusals) {
    this.roomMax = roomMax;
    this.refusals = refusals;
  }

  /** A connection waits from now on, also if it has waited before; it is to leave when it ends. */
  public void enter(Channel channel) {
    Channel longest = null;
    synchronized (waiting) {
      waiting.remove(channel);
      waiting.add(channel);
      if (waiting.size() > roomMax) {
        longest = waiting.removeFirst();
      }
    }
    if (longest != null) {
      refusals.refused(
          longest.remoteAddress(),
          "more than %d connections say nothing: the longest silent are closed".formatted(roomMax));
      var _ = longest.close();
    }
  }

  public void leave(Channel channel) {
    synchronized (waiting) {
      waiting.remove(channel);
    }
  }
}
