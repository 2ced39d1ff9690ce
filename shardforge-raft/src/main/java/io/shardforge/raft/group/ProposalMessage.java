package io.shardforge.raft.group;

import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * A command on its way into the log. It remembers whether it got there, because the library answers
 * "not leader" both to commands that it refused and to those that it had appended.
 */
final class ProposalMessage implements Message {
  private final ByteString content;
  private volatile boolean appended;

  ProposalMessage(byte[] command) {
    this.content = UnsafeByteOperations.unsafeWrap(command);
  }

  @Override
  public ByteString getContent() {
    return content;
  }

  void markAppended() {
    appended = true;
  }

  boolean isAppended() {
    return appended;
  }

  @Override
  public String toString() {
    return "command of " + content.size() + " bytes";
  }
}
