package io.shardforge.sql.row;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keys for the rows of tables without a primary key: unique in the cluster without asking anybody,
 * and in the order in which transactions began.
 *
 * <p>The upper half is the transaction's start timestamp. No two gateways are ever given the same
 * one, nor is one before and after a restart; within a process the lower half tells rows apart.
 */
public final class RowIds {
  private static final AtomicLong COUNTER = new AtomicLong();

  private RowIds() {}

  /** A new id for a row of a transaction with this start timestamp. */
  public static UUID next(long startTimestamp) {
    return new UUID(startTimestamp, COUNTER.incrementAndGet());
  }
}
