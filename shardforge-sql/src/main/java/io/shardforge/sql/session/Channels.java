package io.shardforge.sql.session;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.route.Broadcast;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which sessions of this node listen to which channels, and the way to them from all sessions of
 * the cluster: those of this node are told at once, those of others by {@link Broadcast}. Any
 * thread.
 */
public final class Channels implements Broadcast.Receiver {
  private final Broadcast broadcast;
  private final Map<Channel, Set<Notifications>> listeners = new ConcurrentHashMap<>();

  /** A channel of one database. */
  private record Channel(int databaseId, String name) {}

  Channels(Broadcast broadcast) {
    this.broadcast = broadcast;
  }

  void listen(int databaseId, String channel, Notifications listener) {
    listeners.compute(
        new Channel(databaseId, channel),
        (_, known) -> {
          Set<Notifications> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(listener);
          return all;
        });
  }

  void unlisten(int databaseId, String channel, Notifications listener) {
    listeners.computeIfPresent(
        new Channel(databaseId, channel),
        (_, known) -> {
          known.remove(listener);
          return known.isEmpty() ? null : known;
        });
  }

  /** Tells all who listen, on all nodes, what a transaction that has committed had to say. */
  void publish(int databaseId, int processId, List<Notification> notifications) {
    WireWriter out =
        new WireWriter(64)
            .putVarint(databaseId)
            .putVarint(processId)
            .putVarint(notifications.size());
    for (Notification notification : notifications) {
      out.putString(notification.channel()).putString(notification.payload());
    }
    deliver(databaseId, notifications);
    broadcast.send(out.toByteArray());
  }

  @Override
  public void take(byte[] message) {
    WireReader in = new WireReader(message);
    int databaseId = in.readInt();
    int processId = in.readInt();
    int count = in.readCount();
    List<Notification> notifications = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      notifications.add(new Notification(in.readString(), in.readString(), processId));
    }
    in.expectEnd();
    deliver(databaseId, notifications);
  }

  private void deliver(int databaseId, List<Notification> notifications) {
    for (Notification notification : notifications) {
      for (Notifications listener :
          listeners.getOrDefault(new Channel(databaseId, notification.channel()), Set.of())) {
        listener.arrived(notification);
      }
    }
  }

  /** Ends the sessions that listen: they may wait for what will not come. */
  @Override
  public void missed() {
    listeners.values().forEach(all -> all.forEach(Notifications::missed));
  }

  /** How full the fullest queue for another node is, from 0 to 1. */
  double fill() {
    return broadcast.fill();
  }
}
