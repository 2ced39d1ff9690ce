package io.shardforge.sql.catalog;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How the sessions of a node use a relation, or a database as a whole, since somebody last set that
 * to nothing. Any thread.
 */
public final class RelationUse {
  /** What is counted. */
  public enum Count {
    /** Times that a table was read from end to end, or an index looked into. */
    SCANS,
    /** Rows or entries that this gave. */
    READ,
    /** Rows that entries of an index led to. */
    FETCHED,
    INSERTED,
    UPDATED,
    DELETED,
    ANALYZED,
    /** Without being asked to. */
    SELF_ANALYZED,
    COMMITTED,
    ROLLED_BACK,
    DEADLOCKS,
    SESSIONS
  }

  private final @Nullable RelationUse whole;
  private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
  private volatile @Nullable Long lastScan;
  private volatile @Nullable Long lastAnalyzed;
  private volatile @Nullable Long lastSelfAnalyzed;
  private volatile @Nullable Counted counted;

  /** Rows that ANALYZE has counted, and what had been inserted and deleted by then. */
  private record Counted(long rows, long inserted, long deleted) {}

  /**
   * One of which nothing is counted yet.
   *
   * @param whole the database's, for which all is counted too; null if it is this
   */
  public RelationUse(@Nullable RelationUse whole) {
    this.whole = whole;
    for (Count count : Count.values()) {
      counts.put(count, new LongAdder());
    }
  }

  /** Counts so many more. */
  public void add(Count count, long number) {
    if (number == 0) {
      return;
    }
    adder(count).add(number);
    if (whole != null) {
      whole.add(count, number);
    }
  }

  /** Counts scans, the last one just now. */
  public void scanned(long scans, long nowMicros) {
    add(Count.SCANS, scans);
    lastScan = nowMicros;
  }

  /**
   * Counts an ANALYZE.
   *
   * @param rows the rows that there were
   * @param asked whether somebody asked for it
   */
  public void analyzed(long rows, boolean asked, long nowMicros) {
    counted = new Counted(rows, of(Count.INSERTED), of(Count.DELETED));
    if (asked) {
      add(Count.ANALYZED, 1);
      lastAnalyzed = nowMicros;
    } else {
      add(Count.SELF_ANALYZED, 1);
      lastSelfAnalyzed = nowMicros;
    }
  }

  public long of(Count count) {
    return adder(count).sum();
  }

  private LongAdder adder(Count count) {
    return Objects.requireNonNull(counts.get(count));
  }

  /**
   * About how many rows a table has.
   *
   * @param analyzed what its statistics say, negative if it has none
   */
  public long liveRows(long analyzed) {
    Counted own = counted;
    if (analyzed >= 0 && (own == null || own.rows != analyzed)) {
      // It was analyzed by another node: what has changed since is not known here.
      return analyzed;
    }
    Counted from = own == null || analyzed < 0 ? new Counted(0, 0, 0) : own;
    long inserted = of(Count.INSERTED) - from.inserted;
    return Math.max(0, from.rows + inserted - (of(Count.DELETED) - from.deleted));
  }

  /** When it was last scanned, in microseconds since 2000-01-01 UTC; null if it never was. */
  public @Nullable Long lastScan() {
    return lastScan;
  }

  /** When somebody last had it analyzed, likewise. */
  public @Nullable Long lastAnalyzed() {
    return lastAnalyzed;
  }

  /** When it was last analyzed without that, likewise. */
  public @Nullable Long lastSelfAnalyzed() {
    return lastSelfAnalyzed;
  }
}
