package io.shardforge.raft.group;

import java.io.IOException;

/** Where a replica writes a copy of its state, piece by piece. */
public interface StateSink {
  /** The greatest size of one piece in bytes; no piece is empty. */
  int PIECE_BYTES_MAX = 2 << 20;

  /** Says at which entry of the log the copy was taken; called once, before the first piece. */
  void begin(AppliedIndex at) throws IOException, InterruptedException;

  /** Hands over the next piece; blocks while the receiver is slower than the sender. */
  void write(byte[] piece) throws IOException, InterruptedException;
}
