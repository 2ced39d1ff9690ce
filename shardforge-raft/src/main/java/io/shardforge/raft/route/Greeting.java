package io.shardforge.raft.route;

import com.google.protobuf.InvalidProtocolBufferException;
import io.shardforge.raft.proto.HelloMessage;
import io.shardforge.raft.proto.NodeAddressMessage;
import java.util.List;

/**
 * What both sides of a new connection tell each other.
 *
 * @param clusterId the sender's cluster, empty if it belongs to none yet
 * @param self the sender's own announcement
 * @param known the sender's address book
 */
record Greeting(String clusterId, NodeAddress self, List<NodeAddress> known) {
  /** Counts changes of the calls themselves; nodes with different numbers do not talk. */
  static final int PROTOCOL = 1;

  Greeting {
    known = List.copyOf(known);
  }

  static Greeting of(NodeIdentity identity, AddressBook book) {
    NodeIdentity.Self self = identity.self();
    return new Greeting(self.clusterId(), self.address(), book.all());
  }

  byte[] toBytes() {
    HelloMessage.Builder message =
        HelloMessage.newBuilder()
            .setProtocol(PROTOCOL)
            .setClusterId(clusterId)
            .setSelf(self.toMessage());
    known.forEach(address -> message.addKnown(address.toMessage()));
    return message.build().toByteArray();
  }

  /** Reads a greeting; refuses one that is broken or of another protocol version. */
  static Greeting fromBytes(byte[] bytes) {
    HelloMessage message;
    try {
      message = HelloMessage.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("broken greeting: " + e.getMessage(), e);
    }
    if (message.getProtocol() != PROTOCOL) {
      throw new IllegalArgumentException(
          "the peer speaks version "
              + message.getProtocol()
              + " of the protocol between nodes, this node version "
              + PROTOCOL);
    }
    return new Greeting(
        message.getClusterId(),
        NodeAddress.fromMessage(message.getSelf()),
        message.getKnownList().stream()
            .map((NodeAddressMessage known) -> NodeAddress.fromMessage(known))
            .toList());
  }

  /** Takes over what the other side knows. */
  void teach(AddressBook book) {
    book.learn(self);
    book.learnAll(known);
  }
}
