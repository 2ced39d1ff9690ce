package io.shardforge.storage.engine;

/** A receiver of entries, in order; the arrays are the receiver's. */
@FunctionalInterface
public interface EntrySink {
  /** Takes an entry; returns false to end the stream. */
  boolean accept(byte[] key, byte[] value);
}
