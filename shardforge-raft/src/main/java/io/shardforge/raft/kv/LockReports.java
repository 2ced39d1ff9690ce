package io.shardforge.raft.kv;

import io.shardforge.storage.key.KeySpan;
import java.util.List;

/**
 * What the gateways know of row locks: those of transactions that are still running, to be entered
 * by a new lease holder before it serves, so that nobody overtakes who had locked a row. It is a
 * courtesy, and a gateway that does not answer is passed over: what a commit has to prove is not
 * proved by it.
 */
@FunctionalInterface
public interface LockReports {
  /** The locks on a span's keys, of all gateways that answer soon. */
  List<ReportedLock> locksIn(KeySpan span) throws InterruptedException;
}
