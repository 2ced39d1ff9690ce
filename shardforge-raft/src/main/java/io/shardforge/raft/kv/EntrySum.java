package io.shardforge.raft.kv;

import java.util.zip.CRC32C;

/**
 * A count of entries and the sum of their hashes, which does not depend on their order: equal sums
 * mean equal entries, as surely as checksums of 32 bits for key and value can tell. For one thread.
 */
public final class EntrySum {
  private final CRC32C crc = new CRC32C();
  private long entries;
  private long sum;

  /** Adds an entry. */
  public void add(
      byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
    crc.reset();
    crc.update(key, keyOffset, keyLength);
    long keyHash = crc.getValue();
    crc.reset();
    crc.update(value, valueOffset, valueLength);
    entries++;
    sum += mixed(keyHash << 32 | crc.getValue());
  }

  /** Adds an entry. */
  public void add(byte[] key, byte[] value) {
    add(key, 0, key.length, value, 0, value.length);
  }

  /** Adds the entries of another sum. */
  public void add(long otherEntries, long otherSum) {
    entries += otherEntries;
    sum += otherSum;
  }

  public long entries() {
    return entries;
  }

  public long sum() {
    return sum;
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
  private static long mixed(long bits) {
    long z = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
