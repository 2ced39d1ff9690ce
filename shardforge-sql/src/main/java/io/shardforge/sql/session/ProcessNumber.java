package io.shardforge.sql.session;

/**
 * The number of a session's process, as its client is told: one of its own in the cluster, as long
 * as no two of the nodes have the same last bits.
 *
 * <pre>
 *  0 | node 10 bits | sequence 21 bits
 * </pre>
 */
public record ProcessNumber(int value) {
  private static final int SEQUENCE_BITS = 21;
  private static final int NODE_MASK = 0x3ff;

  /** That of some connection to a node; the sequence begins anew where its bits end. */
  public static ProcessNumber of(int nodeId, int sequence) {
    return new ProcessNumber(
        (nodeId & NODE_MASK) << SEQUENCE_BITS | (sequence & ((1 << SEQUENCE_BITS) - 1)));
  }

  /** Whether it is, or was, of a node, as far as it tells. */
  public boolean isOf(int nodeId) {
    return (nodeId & NODE_MASK) == (value >> SEQUENCE_BITS & NODE_MASK);
  }
}
