package io.shardforge.raft.group;

import java.util.Optional;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * The name of a group's member: a node and the incarnation of its store, {@code n2.1}. A node that
 * lost its store comes back under another name, because it has forgotten its votes.
 */
record PeerName(int nodeId, int incarnation) {
  static PeerName parse(String text) {
    int dot = text.indexOf('.');
    if (!text.startsWith("n") || dot < 2) {
      throw new IllegalArgumentException("not a group member's name: " + text);
    }
    return new PeerName(
        Integer.parseInt(text, 1, dot, 10), Integer.parseInt(text, dot + 1, text.length(), 10));
  }

  static PeerName of(RaftPeerId id) {
    return parse(id.toString());
  }

  /** The node of a member, 0 for none. */
  static int nodeOf(Optional<RaftPeerId> id) {
    return id.map(known -> of(known).nodeId()).orElse(0);
  }

  RaftPeerId toId() {
    return RaftPeerId.valueOf(toString());
  }

  RaftPeer toPeer() {
    return RaftPeer.newBuilder().setId(toId()).build();
  }

  @Override
  public String toString() {
    return "n" + nodeId + "." + incarnation;
  }
}
