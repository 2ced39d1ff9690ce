package io.shardforge.raft.group;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.util.ProtoUtils;

/**
 * The directory of a log whose first entries never existed: it goes on after {@link
 * AppliedIndex#SEED}, where a shard was cut off another one. It appears whole or not at all.
 */
final class SeededLog {
  private static final String SEEDING = "seeding-";
  private static final String LEAVING = "leaving-";
  private static final String PROMISES = "promises-";
  private static final String META = "raft-meta";

  private SeededLog() {}

  /** Makes the directory, unless it is there. */
  static void make(Path root, RaftGroupId group, List<String> members) throws IOException {
    String name = group.getUuid().toString();
    Path target = root.resolve(name);
    if (Files.isDirectory(target)) {
      return;
    }
    Path draft = root.resolve(SEEDING + name);
    delete(draft);
    Path current = Files.createDirectories(draft.resolve("current"));
    Path promises = root.resolve(PROMISES + name);
    long term = members.isEmpty() ? 0 : AppliedIndex.SEED.term();
    write(
        current.resolve(META),
        members.isEmpty() && Files.exists(promises)
            ? Files.readAllBytes(promises)
            : ("term=" + term + "\nvotedFor=\n").getBytes(StandardCharsets.UTF_8));
    if (!members.isEmpty()) {
      write(current.resolve("raft-meta.conf"), configuration(members));
    }
    sync(current);
    sync(draft);
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    sync(root);
  }

  /**
   * Removes the directory of a log that this node has left, except for the term that it has seen
   * and its vote in it: it may be asked to come back under the same name.
   */
  static void forget(Path root, RaftGroupId group) throws IOException {
    String name = group.getUuid().toString();
    Path target = root.resolve(name);
    Path leaving = root.resolve(LEAVING + name);
    if (Files.isDirectory(target)) {
      Path meta = target.resolve("current").resolve(META);
      if (Files.exists(meta)) {
        Path draft = root.resolve(PROMISES + name + ".draft");
        write(draft, Files.readAllBytes(meta));
        Files.move(draft, root.resolve(PROMISES + name), StandardCopyOption.ATOMIC_MOVE);
      }
      delete(leaving);
      Files.move(target, leaving, StandardCopyOption.ATOMIC_MOVE);
    }
    delete(leaving);
    sync(root);
  }

  private static byte[] configuration(List<String> members) {
    return LogEntryProto.newBuilder()
        .setTerm(AppliedIndex.SEED.term())
        .setIndex(AppliedIndex.SEED.index())
        .setConfigurationEntry(
            RaftConfigurationProto.newBuilder()
                .addAllPeers(
                    ProtoUtils.toRaftPeerProtos(
                        members.stream().map(name -> PeerName.parse(name).toPeer()).toList())))
        .build()
        .toByteArray();
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    sync(file);
  }

  /** Makes a file or the names in a directory durable. */
  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Removes what a crash has left of an earlier attempt. */
  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
