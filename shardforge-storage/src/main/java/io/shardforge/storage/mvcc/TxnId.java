package io.shardforge.storage.mvcc;

import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;

/** The name of a transaction: 128 random bits, unique across the cluster and for all time. */
public record TxnId(long high, long low) implements Comparable<TxnId> {
  public static final int BYTES = 2 * Long.BYTES;

  public static TxnId random(Randomness randomness) {
    return new TxnId(randomness.nextLong(), randomness.nextLong());
  }

  void encode(KeyEncoder out) {
    out.putRawLong(high).putRawLong(low);
  }

  static TxnId decode(KeyDecoder in) {
    long high = in.getRawLong();
    return new TxnId(high, in.getRawLong());
  }

  @Override
  public int compareTo(TxnId other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return "%016x%016x".formatted(high, low);
  }
}
