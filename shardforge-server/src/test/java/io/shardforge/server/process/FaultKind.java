package io.shardforge.server.process;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a nemesis does to a cluster. */
enum FaultKind {
  /** Nothing. */
  NONE,
  /** Kills a node that leads shards of rows, and starts it again. */
  KILL,
  /** The same with the node that leads the cluster's own tables and time. */
  KILL_META,
  /** Kills all nodes at once. */
  KILL_ALL,
  /** Stops a node that leads shards of rows by a signal, and lets it go on. */
  PAUSE,
  /** The same with the node that leads the cluster's own tables and time. */
  PAUSE_META,
  /** Cuts a leader of rows off from the others. */
  PARTITION_LEADER,
  /** Drops what the others send to a leader of rows. */
  PARTITION_LEADER_IN,
  /** Drops what a leader of rows sends to the others. */
  PARTITION_LEADER_OUT,
  /** Cuts the leader of the cluster's own tables and of time off from the others. */
  PARTITION_META,
  /** Splits the nodes into two parts by lot. */
  PARTITION_HALVES,
  /** Lets each node hear a majority, each another one. */
  PARTITION_RING,
  /** Lets two parts meet in one node only. */
  PARTITION_BRIDGE,
  /** Drops packets one way between two parts by lot. */
  PARTITION_ONE_WAY,
  /** Each time another of the partitions. */
  PARTITION,
  /** Stops each node in order, one after the other, and starts it again. */
  RESTART,
  /** Lets a new node join, and later empties one by lot and stops it for good. */
  MEMBERSHIP,
  /** Puts the wall clocks of nodes forward and back. */
  CLOCK,
  /** The same with all clocks that a process can ask for. */
  CLOCK_ALL,
  /** Fills the disk of a node that leads shards of rows. */
  DISK_FULL,
  /** Lets a node that leads shards of rows wait for its disk. */
  DISK_STALL,
  /** Lets the node that leads the cluster's own tables and time wait for its disk. */
  DISK_STALL_META,
  /** Kills a node that leads shards of rows, whose disk loses what was not synced. */
  POWER_LOSS,
  /** The same with all nodes at once. */
  POWER_LOSS_ALL,
  /** Each time another of kill, pause, partition, restart and membership. */
  MIXED;

  private static final Set<FaultKind> OF_DISKS =
      EnumSet.of(DISK_FULL, DISK_STALL, DISK_STALL_META, POWER_LOSS, POWER_LOSS_ALL);

  /** Whether it needs nodes with disks of their own. */
  boolean needsDisks() {
    return OF_DISKS.contains(this);
  }

  /** Whether it needs nodes that ask for the time where it can be changed. */
  boolean needsClocks() {
    return this == CLOCK || this == CLOCK_ALL;
  }

  /** Finds a kind by the name that commands give it. */
  static FaultKind parse(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Its name in commands. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
