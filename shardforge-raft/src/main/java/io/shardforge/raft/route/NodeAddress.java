package io.shardforge.raft.route;

import com.google.protobuf.InvalidProtocolBufferException;
import io.shardforge.raft.proto.NodeAddressMessage;

/**
 * Where a node can be found, as it announced it itself.
 *
 * @param nodeId 1 and up; 0 for a node that belongs to no cluster yet
 * @param incarnation how often this id's store was made anew, from 1; a node that lost its store
 *     comes back with the next one
 * @param announcement a count of the node's starts; the newer of two announcements wins
 * @param rpc where other nodes call it
 * @param pg where it speaks the PostgreSQL protocol, empty if unknown
 * @param http where it serves metrics and health, empty if unknown
 * @param locality the place that it was said to be in
 */
public record NodeAddress(
    int nodeId,
    int incarnation,
    long announcement,
    HostPort rpc,
    String pg,
    String http,
    Locality locality) {
  /** The same announcement by a node that has been given its place in a cluster. */
  public NodeAddress numbered(int newNodeId, int newIncarnation) {
    return new NodeAddress(newNodeId, newIncarnation, announcement, rpc, pg, http, locality);
  }

  /** True if this is newer knowledge of the same node than {@code other}. */
  public boolean supersedes(NodeAddress other) {
    return incarnation != other.incarnation
        ? incarnation > other.incarnation
        : announcement > other.announcement;
  }

  public byte[] toBytes() {
    return toMessage().toByteArray();
  }

  public static NodeAddress fromBytes(byte[] bytes) {
    try {
      return fromMessage(NodeAddressMessage.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a node's address: " + e.getMessage(), e);
    }
  }

  public NodeAddressMessage toMessage() {
    return NodeAddressMessage.newBuilder()
        .setNodeId(nodeId)
        .setIncarnation(incarnation)
        .setAnnouncement(announcement)
        .setRpc(rpc.toString())
        .setPg(pg)
        .setHttp(http)
        .setLocality(locality.toString())
        .build();
  }

  /** Reads a message, refusing one that no node can have written. */
  public static NodeAddress fromMessage(NodeAddressMessage message) {
    if (message.getNodeId() < 0 || message.getIncarnation() < 0) {
      throw new IllegalArgumentException("not a node's address: " + message.getNodeId());
    }
    return new NodeAddress(
        message.getNodeId(),
        message.getIncarnation(),
        message.getAnnouncement(),
        HostPort.parse(message.getRpc()),
        message.getPg(),
        message.getHttp(),
        Locality.parse(message.getLocality()));
  }
}
