package io.shardforge.raft.meta;

import com.google.protobuf.InvalidProtocolBufferException;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.proto.NodeFileMessage;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.storage.engine.AtomicFile;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a member keeps beside its data: who it is, where the others were last, and which shards
 * there are. Written whole, with a checksum in front.
 *
 * @param clusterId 16 bytes in hexadecimal digits
 * @param self this node's last announcement
 * @param groupsMade whether the logs of all its shards exist: from then on a missing one is a loss
 */
public record NodeFile(
    String clusterId,
    NodeAddress self,
    List<NodeAddress> known,
    List<ShardDescriptor> shards,
    boolean groupsMade) {
  /** The file's name in a store. */
  public static final String FILE = "NODE";

  public NodeFile {
    known = List.copyOf(known);
    shards = List.copyOf(shards);
  }

  /** The file of a store; nothing for a node that belongs to no cluster. */
  public static Optional<NodeFile> read(Path store) {
    Path file = store.resolve(FILE);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ShardForgeException(ErrorCode.IO_ERROR, "cannot read " + file, e);
    }
    if (bytes.length < Long.BYTES) {
      throw damaged(file);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long checksum = buffer.getLong();
    byte[] content = new byte[buffer.remaining()];
    buffer.get(content);
    if (checksum != checksum(content)) {
      throw damaged(file);
    }
    try {
      NodeFileMessage message = NodeFileMessage.parseFrom(content);
      return Optional.of(
          new NodeFile(
              message.getClusterId(),
              NodeAddress.fromMessage(message.getSelf()),
              message.getKnownList().stream().map(NodeAddress::fromMessage).toList(),
              message.getShardsList().stream().map(ClusterPlan::fromMessage).toList(),
              message.getGroupsMade()));
    } catch (InvalidProtocolBufferException | IllegalArgumentException _) {
      throw damaged(file);
    }
  }

  public void write(Path store) {
    NodeFileMessage.Builder message =
        NodeFileMessage.newBuilder()
            .setClusterId(clusterId)
            .setSelf(self.toMessage())
            .setGroupsMade(groupsMade);
    known.forEach(node -> message.addKnown(node.toMessage()));
    shards.forEach(shard -> message.addShards(ClusterPlan.toMessage(shard)));
    byte[] content = message.build().toByteArray();
    byte[] bytes =
        ByteBuffer.allocate(Long.BYTES + content.length)
            .putLong(checksum(content))
            .put(content)
            .array();
    try {
      AtomicFile.write(store.resolve(FILE), bytes);
    } catch (IOException e) {
      throw new ShardForgeException(ErrorCode.IO_ERROR, "cannot write " + store.resolve(FILE), e);
    }
  }

  public NodeFile withSelf(NodeAddress announcement) {
    return new NodeFile(clusterId, announcement, known, shards, groupsMade);
  }

  public NodeFile withKnown(List<NodeAddress> addresses) {
    return new NodeFile(clusterId, self, addresses, shards, groupsMade);
  }

  public NodeFile withShards(List<ShardDescriptor> newShards) {
    return new NodeFile(clusterId, self, known, newShards, groupsMade);
  }

  public NodeFile withGroupsMade() {
    return new NodeFile(clusterId, self, known, shards, true);
  }

  private static long checksum(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return crc.getValue();
  }

  private static ShardForgeException damaged(Path file) {
    return new ShardForgeException(
        ErrorCode.DATA_CORRUPTED,
        "the file " + file + " is damaged; delete the node's store, and it will be rebuilt");
  }
}
