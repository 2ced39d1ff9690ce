package io.shardforge.raft.route;

import io.shardforge.storage.clock.Clock;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says why a port turns connections away: of each machine and reason one line in a while, and no
 * more than {@link #LINES_MAX} of all, so that nobody fills the log from outside. Thread-safe.
 */
public final class RefusalLog {
  /** Lines in a period; what is refused beyond them is only counted. */
  static final int LINES_MAX = 64;

  /** After so long the same is said again. */
  static final Duration PERIOD = Duration.ofHours(1);

  private static final int REASON_MAX = 200;
  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);

  private final String port;
  private final Clock clock;
  private final Set<String> said = new HashSet<>();
  private long periodNanos;
  private long untold;

  /**
   * @param port what it is for: "connection to the port for …"
   */
  public RefusalLog(String port, Clock clock) {
    this.port = port;
    this.clock = clock;
    this.periodNanos = clock.monotonicNanos();
  }

  /**
   * A connection was turned away.
   *
   * @param peer null if it is gone already
   */
  public void refused(@Nullable SocketAddress peer, String reason) {
    String words = inOneLine(reason);
    String host =
        switch (peer) {
          case InetSocketAddress address when address.getAddress() != null ->
              address.getAddress().getHostAddress();
          case null -> "unknown";
          default -> peer.toString();
        };
    long more;
    synchronized (said) {
      long now = clock.monotonicNanos();
      if (now - periodNanos > PERIOD.toNanos()) {
        said.clear();
        periodNanos = now;
      }
      if (said.size() >= LINES_MAX || !said.add(host + " " + words)) {
        untold++;
        return;
      }
      more = untold;
      untold = 0;
    }
    if (more == 0) {
      log.warn("connection to the port for {} refused peer={} reason=\"{}\"", port, peer, words);
    } else {
      log.warn(
          "connection to the port for {} refused peer={} reason=\"{}\" others_before={}",
          port,
          peer,
          words,
          more);
    }
  }

  /** What comes from outside must not look like a line of its own. */
  private static String inOneLine(String reason) {
    String cut = reason.substring(0, Math.min(reason.length(), REASON_MAX));
    return cut.replaceAll("[\\p{Cntrl}\"]", "?");
  }
}
