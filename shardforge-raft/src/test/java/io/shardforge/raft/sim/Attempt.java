package io.shardforge.raft.sim;

import io.shardforge.raft.kv.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One transaction as its client saw it: what it read, wrote and was told. */
final class Attempt {
  final int number;
  final Isolation isolation;
  final List<Read> reads = new ArrayList<>();
  final List<Lock> locks = new ArrayList<>();
  Map<String, Write> writes = new TreeMap<>();
  State state = State.RUNNING;
  boolean committing;

  /** Whether it only reads, at a timestamp of the past. */
  boolean past;

  long startTs;
  long commitTs;

  /** The greatest commit timestamp that any client had been told when it began. */
  final long knownTs;

  /** The scheduler's count of steps when its commit was asked for. */
  long commitStep;

  String error = "";

  Attempt(int number, Isolation isolation, long knownTs) {
    this.number = number;
    this.isolation = isolation;
    this.knownTs = knownTs;
  }

  /** What a client knows of its transaction's end. */
  enum State {
    RUNNING,
    COMMITTED,
    ABORTED,
    UNKNOWN
  }

  /**
   * A row as it was at a timestamp, or that there was none.
   *
   * @param knownTs the greatest commit timestamp that any client had been told before
   */
  record Read(String key, @Nullable String value, long readTs, long knownTs) {}

  /** A row that was locked so that nobody else could do so. */
  record Lock(String key, long step) {}

  /**
   * A row as it shall be, or that there shall be none.
   *
   * @param replacesTs the version seen beneath, 0 for none; {@link #BLIND} if it does not matter
   */
  record Write(@Nullable String value, long replacesTs) {
    static final long BLIND = -1;

    /** Any version that the snapshot shows. */
    static final long OF_SNAPSHOT = -2;

    /** Nothing: the snapshot shows no row. */
    static final long NONE_IN_SNAPSHOT = -3;

    /** Whether it takes back what the transaction itself had added. */
    boolean isNothing() {
      return value == null && (replacesTs == 0 || replacesTs == NONE_IN_SNAPSHOT);
    }
  }

  @Override
  public String toString() {
    return "#%d %s %s start=%d commit=%d %s reads=%s locks=%s writes=%s"
        .formatted(number, isolation, state, startTs, commitTs, error, reads, locks, writes);
  }
}
