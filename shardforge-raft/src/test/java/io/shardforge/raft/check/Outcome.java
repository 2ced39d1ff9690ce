package io.shardforge.raft.check;

/** What a client knows of the fate of its operation. */
public enum Outcome {
  /** It took effect, at one moment between its invocation and its completion. */
  OK,
  /** It did not and never will take effect. */
  FAIL,
  /** It may have taken effect at any moment since its invocation, may do so yet, or never. */
  INFO
}
