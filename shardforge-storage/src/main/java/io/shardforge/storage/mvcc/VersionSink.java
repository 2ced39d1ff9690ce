package io.shardforge.storage.mvcc;

/** A receiver of what is found in a span, in key order. */
@FunctionalInterface
public interface VersionSink<T> {
  /** Takes one; returns false to have no more. */
  boolean accept(T found);
}
