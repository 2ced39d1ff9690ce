package io.shardforge.raft.group;

/**
 * Notices that a log's own disk has stopped: entries wait to be synced and none is. It counts the
 * rounds in which it was asked and not time, so that a process that was stopped itself does not
 * blame its disk. For one thread.
 *
 * <p>Ratis counts no entry as committed that its leader has not synced, even if a majority of
 * others has; and it goes on to send heartbeats. So nobody else takes over by himself.
 */
final class SyncWatch {
  /** Rounds without progress after which the disk is said to have stopped. */
  static final int ROUNDS_MAX = 8;

  private long syncedIndex;
  private int rounds;

  /** One round: whether the disk has stopped. Says so once, and again after as many rounds. */
  boolean hasStopped(long syncedNow, long lastIndex) {
    if (syncedNow >= lastIndex || syncedNow != syncedIndex) {
      syncedIndex = syncedNow;
      rounds = 0;
      return false;
    }
    rounds++;
    return rounds % ROUNDS_MAX == 0;
  }
}
