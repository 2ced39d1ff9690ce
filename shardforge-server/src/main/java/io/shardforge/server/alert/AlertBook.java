package io.shardforge.server.alert;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The alerts that there are, and those of the past day. Any thread. */
final class AlertBook {
  /** Alerts that are not over; further ones are not noted. */
  static final int OPEN_MAX = 500;

  /** Alerts that are over and remembered. */
  static final int ENDED_MAX = 200;

  /** How long an alert is remembered that is over. */
  static final Duration MEMORY = Duration.ofDays(1);

  private static final Logger log = LoggerFactory.getLogger(AlertBook.class);

  private final Map<Alert.Key, Alert> open = new LinkedHashMap<>();
  private final Deque<Alert> ended = new ArrayDeque<>();
  private long writtenMicros;

  /**
   * Notes what the rules find now.
   *
   * @param watchedMicros for how long there are samples; what a rule found that looks further back
   *     is not over yet, although it does not find it
   */
  synchronized void note(List<AlertRule> rules, Samples samples, long watchedMicros) {
    long now = samples.now();
    Set<Alert.Key> found = new HashSet<>();
    Set<String> blind = new HashSet<>();
    for (AlertRule rule : rules) {
      if (rule.spanMicros() > watchedMicros) {
        blind.add(rule.name());
      }
      rule.query()
          .find(samples)
          .values()
          .forEach((labels, value) -> {
            Alert.Key key = new Alert.Key(rule.name(), labels);
            found.add(key);
            if (open.containsKey(key) || open.size() < OPEN_MAX) {
              open.compute(key, (_, before) -> next(rule, labels, value, before, now));
            }
          });
    }
    for (Alert alert : List.copyOf(open.values())) {
      if (!found.contains(alert.key()) && !blind.contains(alert.name())) {
        open.remove(alert.key());
        if (alert.state() == Alert.State.FIRING) {
          ended.addLast(alert.ends(now));
          say(ended.getLast());
        }
      }
    }
    while (!ended.isEmpty()
        && (ended.size() > ENDED_MAX
            || ended.getFirst().endedMicros() < now - MEMORY.toNanos() / 1_000)) {
      ended.removeFirst();
    }
    writtenMicros = now;
  }

  private static Alert next(
      AlertRule rule, Map<String, String> labels, double value, @Nullable Alert before, long now) {
    String summary = rule.summary(labels, value);
    Alert alert =
        before == null
            ? new Alert(
                rule.name(),
                rule.severity(),
                labels,
                summary,
                value,
                Alert.State.PENDING,
                now,
                0,
                0,
                Map.of())
            : before.found(summary, value);
    if (alert.state() == Alert.State.PENDING && now - alert.sinceMicros() >= rule.forMicros()) {
      alert = alert.fires(now);
      say(alert);
    }
    return alert;
  }

  private static void say(Alert alert) {
    log.atWarn()
        .addKeyValue("alert.name", alert.name())
        .addKeyValue("alert.state", alert.state().word())
        .addKeyValue("alert.severity", alert.severity())
        .log(alert.summary());
  }

  /** All of them: those that fire, those that may, those that are over, each the newest first. */
  synchronized List<Alert> all() {
    List<Alert> all = new ArrayList<>();
    for (Alert.State state : List.of(Alert.State.FIRING, Alert.State.PENDING)) {
      open.values().stream()
          .filter(alert -> alert.state() == state)
          .sorted(Comparator.comparingLong(alert -> -alert.sinceMicros()))
          .forEach(all::add);
    }
    ended.descendingIterator().forEachRemaining(all::add);
    return all;
  }

  /** Those of which a receiver has not heard yet, the oldest first. */
  synchronized List<Alert> newsFor(String receiver) {
    List<Alert> news = new ArrayList<>(ended);
    news.addAll(open.values());
    news.removeIf(alert -> !alert.isNewsFor(receiver));
    return news;
  }

  /** Notes that a receiver has heard of them as they were. */
  synchronized void told(String receiver, Collection<Alert> heard) {
    for (Alert alert : heard) {
      open.computeIfPresent(
          alert.key(), (_, now) -> isSame(now, alert) ? now.told(receiver, alert.state()) : now);
      List<Alert> past =
          ended.stream()
              .map(now -> isSame(now, alert) ? now.told(receiver, alert.state()) : now)
              .toList();
      ended.clear();
      ended.addAll(past);
    }
  }

  private static boolean isSame(Alert one, Alert other) {
    return one.key().equals(other.key()) && one.sinceMicros() == other.sinceMicros();
  }

  /** When it was written the last time, by whichever node. */
  synchronized long writtenMicros() {
    return writtenMicros;
  }

  /** A copy for other nodes. */
  synchronized byte[] copy() {
    WireWriter out = new WireWriter(1024).putLong(writtenMicros).putVarint(open.size());
    open.values().forEach(alert -> alert.write(out));
    out.putVarint(ended.size());
    ended.forEach(alert -> alert.write(out));
    return out.toByteArray();
  }

  /** Takes what another node has written in place of this. */
  synchronized void become(byte[] copy) {
    WireReader in = new WireReader(copy);
    long written = in.readLong();
    List<Alert> theirs = new ArrayList<>();
    for (int left = in.readCount(); left > 0; left--) {
      theirs.add(Alert.read(in));
    }
    List<Alert> past = new ArrayList<>();
    for (int left = in.readCount(); left > 0; left--) {
      past.add(Alert.read(in));
    }
    in.expectEnd();
    writtenMicros = written;
    open.clear();
    theirs.forEach(alert -> open.put(alert.key(), alert));
    ended.clear();
    ended.addAll(past);
  }

  /** When a copy was written. */
  static long writtenMicros(byte[] copy) {
    return new WireReader(copy).readLong();
  }
}
