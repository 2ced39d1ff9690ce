package io.shardforge.raft.route;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The newest announcement of every node that this one has heard of. Safe for all threads. */
public final class AddressBook {
  private final Map<Integer, NodeAddress> byNode = new ConcurrentSkipListMap<>();
  private final List<Consumer<NodeAddress>> listeners = new CopyOnWriteArrayList<>();

  public Optional<NodeAddress> find(int nodeId) {
    return Optional.ofNullable(byNode.get(nodeId));
  }

  /** All nodes by id. */
  public List<NodeAddress> all() {
    return List.copyOf(byNode.values());
  }

  /** Takes over an announcement if it is news; returns whether it was. */
  public boolean learn(NodeAddress address) {
    if (address.nodeId() <= 0) {
      return false;
    }
    boolean[] news = {false};
    byNode.compute(
        address.nodeId(),
        (_, known) -> {
          news[0] = known == null || address.supersedes(known);
          return news[0] ? address : known;
        });
    if (news[0]) {
      for (Consumer<NodeAddress> listener : listeners) {
        listener.accept(address);
      }
    }
    return news[0];
  }

  public void learnAll(Collection<NodeAddress> addresses) {
    addresses.forEach(this::learn);
  }

  /** Calls the listener for every later news, on the thread that brings them; it must not block. */
  public void listen(Consumer<NodeAddress> listener) {
    listeners.add(listener);
  }
}
