package io.shardforge.raft.group;

import io.shardforge.storage.engine.AtomicFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.server.raftlog.segmented.SegmentedRaftLogOutputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.apache.ratis.util.ProtoUtils;
import org.apache.ratis.util.SizeInBytes;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log of a shard on a node that is stopped, and makes that node the log's only member.
 *
 * <p>Nothing that the log holds is changed: an entry is added that names the one member. A member
 * goes by the newest entry of the kind, whether committed or not, so the node elects itself at its
 * next start and commits whatever its log holds.
 *
 * <pre>
 *   log_0-99  log_inprogress_100        as it was found, entries up to 117
 *   log_0-99  log_100-117  log_inprogress_118      with the entry that names the member
 * </pre>
 */
public final class LogRepair {
  private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");
  private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
  private static final String DRAFT = "repair.draft";
  private static final int HEADER_BYTES = 8;
  private static final int CHECKSUM_BYTES = 4;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final SizeInBytes ENTRY_BYTES_MAX =
      SizeInBytes.valueOf(2L * RaftGroup.COMMAND_BYTES_MAX);

  private LogRepair() {}

  /**
   * A log as it was found.
   *
   * @param last its last entry; none if it has no entries
   * @param members the names of those that may vote, the old ones included while they change; empty
   *     if the log does not say, as one that is new does not
   * @param term the newest term that the member has seen
   */
  public record LogEnd(AppliedIndex last, List<String> members, long term) {
    public LogEnd {
      members = List.copyOf(members);
    }
  }

  /**
   * A part of the log: a file of consecutive entries.
   *
   * @param last the index of its last entry; negative for the one that more are added to
   */
  private record Segment(Path path, long first, long last) {
    boolean isOpen() {
      return last < 0;
    }
  }

  /** The name of a node's member. */
  public static String memberName(int nodeId, int incarnation) {
    return new PeerName(nodeId, incarnation).toString();
  }

  /** The node that a member belongs to. */
  public static int nodeOf(String member) {
    return PeerName.parse(member).nodeId();
  }

  /**
   * Reads a shard's log, after cutting off what a crash left half-written, as a start would.
   *
   * @param entries told of the bytes of each command's entry after a place
   * @throws IOException if it is missing or damaged
   */
  public static LogEnd read(Path root, long shardId, AppliedIndex after, Consumer<byte[]> entries)
      throws IOException {
    return read(
        currentOf(root, shardId),
        entry -> {
          if (entry.hasStateMachineLogEntry() && entry.getIndex() > after.index()) {
            entries.accept(entry.getStateMachineLogEntry().getLogData().toByteArray());
          }
        });
  }

  private static LogEnd read(Path current, Consumer<LogEntryProto> entries) throws IOException {
    TornTail.cut(current);
    List<String> members = new ArrayList<>();
    LogEntryProto kept = keptMembers(current);
    if (kept != null) {
      takeMembers(kept, members);
    }
    AppliedIndex[] last = {AppliedIndex.NONE};
    for (Segment segment : segments(current)) {
      if (!last[0].isNone() && segment.first() != last[0].index() + 1) {
        throw new DamagedLogException(
            "entries are missing between %d and %d".formatted(last[0].index(), segment.first()),
            null);
      }
      scan(
          segment,
          entry -> {
            last[0] = new AppliedIndex(entry.getTerm(), entry.getIndex());
            if (entry.hasConfigurationEntry()) {
              takeMembers(entry, members);
            }
            entries.accept(entry);
          });
      if (!segment.isOpen() && last[0].index() != segment.last()) {
        throw new DamagedLogException(
            "the file %s ends with entry %d"
                .formatted(segment.path().getFileName(), last[0].index()),
            null);
      }
    }
    return new LogEnd(last[0], members, termOf(current));
  }

  /**
   * Reads a log that is to be opened, after cutting off what a crash left half-written: the library
   * itself goes on without files of entries that it finds empty or that are not there.
   *
   * @param applied up to where the state is durable
   * @throws DamagedLogException if it does not hold what was written
   */
  static void check(Path root, long shardId, AppliedIndex applied) throws IOException {
    try {
      Path current = currentOf(root, shardId);
      List<Segment> segments = segments(current);
      if (!segments.isEmpty() && segments.getFirst().first() > applied.index() + 1) {
        throw new DamagedLogException(
            "it begins with entry %d, and up to %d they are applied"
                .formatted(segments.getFirst().first(), applied.index()),
            null);
      }
      LogEnd end = read(current, _ -> {});
      if (end.last().term() > end.term()) {
        throw new DamagedLogException(
            "its last entry is of term %d, the newest one seen is said to be %d"
                .formatted(end.last().term(), end.term()),
            null);
      }
    } catch (DamagedLogException | FileSystemException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new DamagedLogException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Whether the members that are kept beside a log are others than it has in the same entry: asked
   * of a log that the library has refused.
   */
  static boolean contradictsMembers(Path root, long shardId) {
    try {
      Path current = currentOf(root, shardId);
      LogEntryProto kept = keptMembers(current);
      if (kept == null) {
        return false;
      }
      boolean[] differs = {false};
      var _ =
          read(
              current,
              entry ->
                  differs[0] |=
                      entry.getIndex() == kept.getIndex()
                          && !entry.getConfigurationEntry().equals(kept.getConfigurationEntry()));
      return differs[0];
    } catch (IOException _) {
      return false;
    }
  }

  /** The newest entry with members that was committed, as it is kept beside the log, if it is. */
  private static @Nullable LogEntryProto keptMembers(Path current) throws IOException {
    Path file = current.resolve("raft-meta.conf");
    return Files.exists(file) ? LogEntryProto.parseFrom(Files.readAllBytes(file)) : null;
  }

  private static void takeMembers(LogEntryProto entry, List<String> members) {
    members.clear();
    RaftConfigurationProto configuration = entry.getConfigurationEntry();
    for (List<RaftPeerProto> peers :
        List.of(configuration.getPeersList(), configuration.getOldPeersList())) {
      for (RaftPeerProto peer : peers) {
        String name = peer.getId().toStringUtf8();
        if (!members.contains(name)) {
          members.add(name);
        }
      }
    }
  }

  /**
   * Makes a member the only one of its log. Can be done again at any time, after a crash too.
   *
   * @param applied up to where the member's state is durable
   */
  public static void makeSole(Path root, long shardId, String member, AppliedIndex applied)
      throws IOException {
    LogEnd end = read(root, shardId, applied, _ -> {});
    if (end.members().equals(List.of(member))) {
      return;
    }
    if (!end.last().isNone() && end.last().index() < applied.index()) {
      throw new IOException(
          "the log of shard %d ends at %d, before %d that is applied"
              .formatted(shardId, end.last().index(), applied.index()));
    }
    Path current = currentOf(root, shardId);
    long next = Math.max(end.last().index(), applied.index()) + 1;
    LogEntryProto entry =
        LogEntryProto.newBuilder()
            .setTerm(Math.max(end.term(), Math.max(end.last().term(), applied.term())))
            .setIndex(next)
            .setConfigurationEntry(
                RaftConfigurationProto.newBuilder()
                    .addAllPeers(
                        ProtoUtils.toRaftPeerProtos(List.of(PeerName.parse(member).toPeer()))))
            .build();
    Path draft = current.resolve(DRAFT);
    Files.deleteIfExists(draft);
    try (SegmentedRaftLogOutputStream out =
        new SegmentedRaftLogOutputStream(
            draft.toFile(), false, BUFFER_BYTES, 0, ByteBuffer.allocateDirect(BUFFER_BYTES))) {
      out.write(entry);
      out.flush();
    }
    for (Segment segment : segments(current)) {
      if (segment.isOpen()) {
        close(segment);
      }
    }
    Files.move(draft, current.resolve("log_inprogress_" + next), StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.syncDirectory(current);
  }

  /** Ends a segment where its last entry does. */
  private static void close(Segment segment) throws IOException {
    long[] lastAndBytes = {segment.first() - 1, HEADER_BYTES};
    scan(
        segment,
        entry -> {
          int bytes = entry.getSerializedSize();
          lastAndBytes[0] = entry.getIndex();
          lastAndBytes[1] +=
              (long) CodedOutputStream.computeUInt32SizeNoTag(bytes) + bytes + CHECKSUM_BYTES;
        });
    if (lastAndBytes[0] < segment.first()) {
      Files.delete(segment.path());
      return;
    }
    try (FileChannel channel = FileChannel.open(segment.path(), StandardOpenOption.WRITE)) {
      channel.truncate(lastAndBytes[1]);
      channel.force(true);
    }
    Files.move(
        segment.path(),
        segment.path().resolveSibling("log_" + segment.first() + "-" + lastAndBytes[0]),
        StandardCopyOption.ATOMIC_MOVE);
  }

  private static void scan(Segment segment, Consumer<LogEntryProto> taker) throws IOException {
    LogSegmentPath path = LogSegmentPath.matchLogSegment(segment.path());
    if (path == null) {
      throw new IOException("no part of a log: " + segment.path());
    }
    try {
      int _ =
          LogSegment.readSegmentFile(
              segment.path().toFile(),
              path.getStartEnd(),
              ENTRY_BYTES_MAX,
              CorruptionPolicy.EXCEPTION,
              null,
              taker);
    } catch (RuntimeException e) {
      throw new DamagedLogException(
          "the file %s: %s".formatted(segment.path().getFileName(), e.getMessage()), e);
    }
  }

  private static List<Segment> segments(Path current) throws IOException {
    List<Segment> segments = new ArrayList<>();
    try (Stream<Path> files = Files.list(current)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        Matcher open = OPEN.matcher(name);
        Matcher closed = CLOSED.matcher(name);
        if (open.matches()) {
          segments.add(new Segment(file, Long.parseLong(open.group(1)), -1));
        } else if (closed.matches()) {
          segments.add(
              new Segment(file, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2))));
        }
      }
    }
    segments.sort(Comparator.comparingLong(Segment::first));
    return segments;
  }

  /** The newest term that the member has seen; it has written its vote beside it. */
  private static long termOf(Path current) throws IOException {
    Path meta = current.resolve("raft-meta");
    if (!Files.exists(meta)) {
      return 0;
    }
    Properties promises = new Properties();
    try (Reader reader = Files.newBufferedReader(meta)) {
      promises.load(reader);
    }
    String term = promises.getProperty("term", "");
    if (!term.matches("\\d{1,18}") || promises.getProperty("votedFor") == null) {
      throw new DamagedLogException("its term and vote are not to be read", null);
    }
    return Long.parseLong(term);
  }

  private static Path currentOf(Path root, long shardId) throws IOException {
    RaftGroupId id = RatisGroups.idOf(shardId);
    Path current = root.resolve(id.getUuid().toString()).resolve("current");
    if (!Files.isDirectory(current)) {
      throw new IOException("the log of shard " + shardId + " is missing from " + root);
    }
    return current;
  }
}
