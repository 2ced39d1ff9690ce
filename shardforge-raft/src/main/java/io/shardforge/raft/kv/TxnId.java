package io.shardforge.raft.kv;

/**
 * The identity of a transaction; ordered by age.
 *
 * @param startTs its first timestamp of the oracle
 * @param unique tells apart transactions of the same timestamp
 */
public record TxnId(long startTs, long unique) implements Comparable<TxnId> {
  @Override
  public int compareTo(TxnId other) {
    int byStart = Long.compare(startTs, other.startTs);
    return byStart != 0 ? byStart : Long.compareUnsigned(unique, other.unique);
  }

  @Override
  public String toString() {
    return Long.toHexString(startTs) + "-" + Long.toHexString(unique);
  }
}
