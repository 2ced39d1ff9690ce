package io.shardforge.sql.session;

import io.shardforge.sql.function.NotificationFunctions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A session's side of LISTEN and NOTIFY: what its transaction says and wants to hear, which counts
 * from its commit on, and what has arrived for its client, which waits for the end of its
 * transaction. For the session's thread, but for {@link #arrived} and {@link #missed}.
 */
final class Notifications implements NotificationFunctions {
  /** Bytes of notifications that a transaction can send. */
  static final int SENT_BYTES_MAX = 4 << 20;

  /** Bytes of notifications that may wait for a client; one that takes none longer is ended. */
  static final int ARRIVED_BYTES_MAX = 8 << 20;

  /** A payload has fewer bytes. */
  private static final int PAYLOAD_BYTES = 8000;

  private static final int CHANNEL_BYTES_MAX = 63;

  private final Session session;
  private final Channels channels;
  private final List<Change> changes = new ArrayList<>();
  private final List<Notification> sent = new ArrayList<>();
  private final Set<Notification> unique = new HashSet<>();
  private final Set<String> listening = new LinkedHashSet<>();
  private final Queue<Notification> arrived = new ConcurrentLinkedQueue<>();
  private final AtomicLong arrivedBytes = new AtomicLong();
  private long sentBytes;

  Notifications(Session session, Channels channels) {
    this.session = session;
    this.channels = channels;
  }

  /** What LISTEN and UNLISTEN ask for; no channel is all of them. */
  private record Change(boolean listen, @Nullable String channel) {}

  /** How much a transaction has said and asked for, to go back to. */
  record State(int changes, int sent) {}

  // ---- what the transaction does ----

  void listen(String channel) {
    changes.add(new Change(true, channel));
  }

  /** UNLISTEN; of all channels without one. */
  void unlisten(@Nullable String channel) {
    if (!listening.isEmpty() || !changes.isEmpty()) {
      changes.add(new Change(false, channel));
    }
  }

  @Override
  public void send(String channel, String payload) {
    if (channel.isEmpty()) {
      throw invalid("channel name cannot be empty");
    }
    if (channel.getBytes(StandardCharsets.UTF_8).length > CHANNEL_BYTES_MAX) {
      throw invalid("channel name too long");
    }
    if (payload.getBytes(StandardCharsets.UTF_8).length >= PAYLOAD_BYTES) {
      throw invalid("payload string too long");
    }
    Notification notification = new Notification(channel, payload, session.client().processId());
    if (!unique.add(notification)) {
      return;
    }
    sent.add(notification);
    sentBytes += notification.bytes();
    if (sentBytes > SENT_BYTES_MAX) {
      throw new ShardForgeException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "a transaction can send %d bytes of notifications".formatted(SENT_BYTES_MAX));
    }
  }

  private static ShardForgeException invalid(String message) {
    return new ShardForgeException(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  @Override
  public List<String> listening() {
    return List.copyOf(listening);
  }

  @Override
  public double queueUsage() {
    return channels.fill();
  }

  State state() {
    return new State(changes.size(), sent.size());
  }

  void restore(State state) {
    changes.subList(state.changes, changes.size()).clear();
    List<Notification> undone = sent.subList(state.sent, sent.size());
    undone.forEach(notification -> {
      unique.remove(notification);
      sentBytes -= notification.bytes();
    });
    undone.clear();
  }

  /** The transaction has committed. */
  void committed() {
    changes.forEach(this::apply);
    if (!sent.isEmpty()) {
      channels.publish(session.databaseId(), session.client().processId(), List.copyOf(sent));
    }
    forget();
  }

  /** The transaction is over; nothing if it has committed. */
  void forget() {
    if (!sent.isEmpty() || !changes.isEmpty()) {
      changes.clear();
      sent.clear();
      unique.clear();
      sentBytes = 0;
    }
  }

  private void apply(Change change) {
    String channel = change.channel;
    if (channel == null) {
      unlistenAll();
    } else if (change.listen) {
      if (listening.add(channel)) {
        channels.listen(session.databaseId(), channel, this);
      }
    } else if (listening.remove(channel)) {
      channels.unlisten(session.databaseId(), channel, this);
    }
  }

  /** Hears nothing more, at once. */
  void unlistenAll() {
    listening.forEach(channel -> channels.unlisten(session.databaseId(), channel, this));
    listening.clear();
  }

  // ---- what arrives ----

  /** Takes what another session said, or this one. Any thread. */
  void arrived(Notification notification) {
    if (session.isTerminated()) {
      return;
    }
    arrived.add(notification);
    if (arrivedBytes.addAndGet(notification.bytes()) > ARRIVED_BYTES_MAX) {
      missed();
    }
    session.listener().wake();
  }

  /** Ends the session, whose client would wait for what it will not hear. Any thread. */
  void missed() {
    session.end(Cancellation.Reason.NOTIFICATIONS_MISSED);
  }

  boolean hasArrived() {
    return !arrived.isEmpty();
  }

  /** Tells the client what has arrived. */
  void tell(SessionListener listener) {
    for (Notification next = arrived.poll(); next != null; next = arrived.poll()) {
      arrivedBytes.addAndGet(-next.bytes());
      // Whoever has stopped listening hears no more.
      if (listening.contains(next.channel())) {
        listener.notified(next);
      }
    }
  }
}
