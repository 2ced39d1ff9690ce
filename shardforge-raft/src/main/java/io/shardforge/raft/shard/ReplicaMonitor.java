package io.shardforge.raft.shard;

/**
 * Counts what the replicas of a node do; handed in by the server. Called on many threads, often:
 * must be quick.
 */
public interface ReplicaMonitor {
  /** Counts nothing. */
  ReplicaMonitor NONE =
      new ReplicaMonitor() {
        @Override
        public void entryApplied(long nanos) {}

        @Override
        public void proposalRefused() {}

        @Override
        public void lockAwaited(long nanos) {}

        @Override
        public void deadlockFound() {}

        @Override
        public void leaderChanged() {}
      };

  /** An entry that this node proposed was applied here, so long after it was proposed. */
  void entryApplied(long nanos);

  /** A command was refused because too many were waiting. */
  void proposalRefused();

  /** A wait for a row lock has ended, with the lock or without. */
  void lockAwaited(long nanos);

  /** A wait was ended because it was part of a cycle. */
  void deadlockFound();

  /** This node began or ceased to lead a shard. */
  void leaderChanged();
}
