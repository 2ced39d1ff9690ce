package io.shardforge.raft.route;

/** The numbers of the services that nodes offer each other. */
public final class Services {
  /** Consensus messages. */
  public static final int RAFT = 1;

  /** Key-value batches for a shard's lease holder. */
  public static final int KV = 2;

  /** Bootstrap, joining and the cluster's own tables. */
  public static final int META = 3;

  /** Copies of a shard's state for a replica that fell behind. */
  public static final int STATE = 4;

  /** Timestamps of the oracle. */
  public static final int ORACLE = 5;

  /** Exchange of what nodes know of each other's addresses. */
  public static final int GOSSIP = 6;

  /** Fragments of SQL plans. */
  public static final int SQL = 7;

  /** Row locks of a gateway's transactions, for a new lease holder. */
  public static final int LOCKS = 9;

  /** News of a shard for nodes that it comes to or leaves. */
  public static final int SHARDS = 10;

  /** The word of a node that it has no space for new rows. */
  public static final int SPACE = 11;

  /** How many requests the shards get that a node leads. */
  public static final int LOADS = 12;

  /** Messages of one node for all others, such as notifications of its sessions. */
  public static final int BROADCAST = 13;

  /** How many bytes spans of keys take on a node. */
  public static final int SIZES = 14;

  /** Who waits for row locks on the shards that a node leads. */
  public static final int WAITS = 15;

  /** What only one node knows, such as what its sessions do. */
  public static final int INQUIRIES = 16;

  private Services() {}
}
