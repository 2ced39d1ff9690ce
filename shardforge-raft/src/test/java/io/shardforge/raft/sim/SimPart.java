package io.shardforge.raft.sim;

/** What one node's member of a simulated log does not lose in a crash. */
final class SimPart {
  /** The newest term that it has heard of. */
  long term;

  /** The last entry that it has. */
  long match;

  /** The last entry that it knows when it received. */
  long received;

  /** Has everything from the first entry on. */
  static SimPart whole() {
    return new SimPart(0, 0);
  }

  /** Begins with the entry up to which its state goes. */
  static SimPart from(long term, long index) {
    return new SimPart(term, index);
  }

  /** Has nothing, and waits for a copy of the state. */
  static SimPart empty(long term) {
    return new SimPart(term, -1);
  }

  private SimPart(long term, long index) {
    this.term = term;
    this.match = index;
    this.received = index;
  }

  /** Whether there is nothing that entries could be added to. */
  boolean isEmpty() {
    return match < 0;
  }

  /** Takes note of a copy of the state, which the log goes on from. */
  void filledUpTo(long index) {
    match = index;
    received = index;
  }
}
