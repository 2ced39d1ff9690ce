package io.shardforge.server.alert;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.sql.catalog.system.AlertsView;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that a rule has found.
 *
 * @param name of the rule
 * @param labels tell what it is about, as the rule's query does
 * @param summary says it to people
 * @param value that the query found the last time
 * @param sinceMicros since when the query finds it
 * @param firedMicros since when it fires; 0 if it does not yet
 * @param endedMicros when it ended; 0 if it has not
 * @param told who was told of which state
 */
record Alert(
    String name,
    String severity,
    Map<String, String> labels,
    String summary,
    double value,
    State state,
    long sinceMicros,
    long firedMicros,
    long endedMicros,
    Map<String, State> told) {

  /** How far it has come. */
  enum State {
    /** Found, not long enough to fire. */
    PENDING,
    /** Found for long enough. */
    FIRING,
    /** Fired, and is not found any more. */
    RESOLVED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Alert {
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    told = Map.copyOf(told);
  }

  /** What tells alerts apart that are not over. */
  record Key(String name, Map<String, String> labels) {}

  Key key() {
    return new Key(name, labels);
  }

  Alert found(String newSummary, double newValue) {
    return new Alert(
        name,
        severity,
        labels,
        newSummary,
        newValue,
        state,
        sinceMicros,
        firedMicros,
        endedMicros,
        told);
  }

  Alert fires(long micros) {
    return new Alert(
        name, severity, labels, summary, value, State.FIRING, sinceMicros, micros, 0, told);
  }

  Alert ends(long micros) {
    return new Alert(
        name,
        severity,
        labels,
        summary,
        value,
        State.RESOLVED,
        sinceMicros,
        firedMicros,
        micros,
        told);
  }

  /** The same once a receiver knows of this state. */
  Alert told(String receiver, State ofState) {
    Map<String, State> all = new TreeMap<>(told);
    all.put(receiver, ofState);
    return new Alert(
        name, severity, labels, summary, value, state, sinceMicros, firedMicros, endedMicros, all);
  }

  /** Whether a receiver is to hear of the state that it is in. */
  boolean isNewsFor(String receiver) {
    return state != State.PENDING && told.get(receiver) != state;
  }

  /** The node that it is about, if it is about one. */
  private @Nullable Integer nodeId() {
    String node = labels.getOrDefault("node", labels.getOrDefault("instance", ""));
    return node.matches("[0-9]{1,9}") ? Integer.valueOf(node) : null;
  }

  AlertsView.Entry entry() {
    return new AlertsView.Entry(
        name,
        severity,
        nodeId(),
        state.word(),
        sinceMicros,
        firedMicros == 0 ? null : (Long) firedMicros,
        endedMicros == 0 ? null : (Long) endedMicros,
        value,
        summary);
  }

  void write(WireWriter out) {
    out.putString(name).putString(severity).putVarint(labels.size());
    labels.forEach((label, text) -> out.putString(label).putString(text));
    out.putString(summary)
        .putLong(Double.doubleToRawLongBits(value))
        .putString(state.name())
        .putLong(sinceMicros)
        .putLong(firedMicros)
        .putLong(endedMicros)
        .putVarint(told.size());
    told.forEach((receiver, ofState) -> out.putString(receiver).putString(ofState.name()));
  }

  static Alert read(WireReader in) {
    String name = in.readString();
    String severity = in.readString();
    Map<String, String> labels = new TreeMap<>();
    for (int left = in.readCount(); left > 0; left--) {
      String label = in.readString();
      labels.put(label, in.readString());
    }
    String summary = in.readString();
    double value = Double.longBitsToDouble(in.readLong());
    State state = State.valueOf(in.readString());
    long since = in.readLong();
    long fired = in.readLong();
    long ended = in.readLong();
    Map<String, State> told = new TreeMap<>();
    for (int left = in.readCount(); left > 0; left--) {
      String receiver = in.readString();
      told.put(receiver, State.valueOf(in.readString()));
    }
    return new Alert(name, severity, labels, summary, value, state, since, fired, ended, told);
  }
}
