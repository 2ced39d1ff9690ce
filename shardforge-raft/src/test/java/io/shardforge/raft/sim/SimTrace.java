package io.shardforge.raft.sim;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What happened in a run, in order: a fingerprint always, the text of it where that is wanted. */
final class SimTrace {
  /** A trace may grow to this; what comes later is only in the fingerprint. */
  private static final int TEXT_MAX = 200_000_000;

  private final @Nullable StringBuilder text;
  private long fingerprint = 0xcbf29ce484222325L;

  SimTrace(boolean kept) {
    this.text = kept ? new StringBuilder() : null;
  }

  void step(String thread, long nowNanos) {
    mix(nowNanos);
    mix(thread.hashCode());
    if (text != null && text.length() < TEXT_MAX) {
      text.append(nowNanos / 1000).append(" step ").append(thread).append('\n');
    }
  }

  void note(long nowNanos, String event) {
    mix(nowNanos);
    mix(event.hashCode());
    if (text != null && text.length() < TEXT_MAX) {
      text.append(nowNanos / 1000).append(' ').append(event).append('\n');
    }
  }

  /** Notes what costs too much to say in every run. */
  void detail(long nowNanos, Supplier<String> event) {
    if (text != null && text.length() < TEXT_MAX) {
      text.append(nowNanos / 1000).append(' ').append(event.get()).append('\n');
    }
  }

  private void mix(long value) {
    fingerprint = (fingerprint ^ value) * 0x100000001b3L;
    fingerprint ^= fingerprint >>> 29;
  }

  long fingerprint() {
    return fingerprint;
  }

  /** The text, empty if it was not kept. */
  String text() {
    return text == null ? "" : text.toString();
  }
}
