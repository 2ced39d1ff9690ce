package io.shardforge.raft.group;

/**
 * A place in a shard's log: the entry at {@code index}, written in {@code term}.
 *
 * @param term the leader's term when the entry was appended
 * @param index the position in the log, counted from zero; -1 before the first entry
 */
public record AppliedIndex(long term, long index) implements Comparable<AppliedIndex> {
  /** The place before the first entry of a log. */
  public static final AppliedIndex NONE = new AppliedIndex(0, -1);

  /** The place at which a log begins that was cut off another one; see {@link GroupFactory}. */
  public static final AppliedIndex SEED = new AppliedIndex(1, 10);

  public AppliedIndex {
    if (term < 0 || index < -1) {
      throw new IllegalArgumentException("no place in a log: term " + term + " index " + index);
    }
  }

  public boolean isNone() {
    return index < 0;
  }

  @Override
  public int compareTo(AppliedIndex other) {
    return Long.compare(index, other.index);
  }
}
