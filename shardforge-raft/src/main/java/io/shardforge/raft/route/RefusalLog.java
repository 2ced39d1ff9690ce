package io.shardforge.raft.route;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says of each machine once why it was turned away, however often it comes. Thread-safe. */
final class RefusalLog {
  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);
  private static final int REMEMBERED_MAX = 64;

  private final Map<String, Boolean> said =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  void refused(SocketAddress peer, String reason) {
    String host =
        peer instanceof InetSocketAddress address ? address.getHostString() : peer.toString();
    boolean news;
    synchronized (said) {
      news = said.put(host + " " + reason, true) == null;
    }
    if (news) {
      log.warn("connection to the port for nodes refused peer={} reason=\"{}\"", peer, reason);
    }
  }
}
