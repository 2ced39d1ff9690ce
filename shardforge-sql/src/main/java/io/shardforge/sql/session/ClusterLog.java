package io.shardforge.sql.session;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.route.Inquiries;
import io.shardforge.sql.session.NodeLog.Line;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The newest log lines of a node: of another one it is asked for them, and here the same question
 * is answered. Any thread.
 *
 * <pre>
 *  the word of a channel or nothing for all, how many → count, count × line
 * </pre>
 */
final class ClusterLog implements Inquiries.Respondent {
  static final String TOPIC = "log";

  /** Lines of one answer. */
  static final int LINES_MAX = 1_000;

  private final int self;
  private final NodeLog own;
  private final Inquiries inquiries;

  ClusterLog(int self, NodeLog own, Inquiries inquiries) {
    this.self = self;
    this.own = own;
    this.inquiries = inquiries;
  }

  int self() {
    return self;
  }

  List<Line> tail(int node, @Nullable LogChannel channel, int lines) throws InterruptedException {
    if (node == self) {
      return own.tail(channel, lines);
    }
    if (!inquiries.others().contains(node)) {
      throw new ShardForgeException(ErrorCode.UNDEFINED_OBJECT, "node " + node + " does not exist");
    }
    byte[] question =
        new WireWriter(32)
            .putString(channel == null ? "" : channel.word())
            .putVarint(lines)
            .toByteArray();
    try {
      WireReader in = new WireReader(inquiries.ask(node, TOPIC, question).get());
      List<Line> found = new ArrayList<>();
      for (int left = in.readCount(); left > 0; left--) {
        found.add(
            new Line(
                in.readLong(), in.readString(), in.readString(), in.readString(), in.readString()));
      }
      in.expectEnd();
      return found;
    } catch (ExecutionException _) {
      throw new ShardForgeException(
          ErrorCode.CONNECTION_FAILURE, "node " + node + " does not answer");
    }
  }

  @Override
  public byte[] answer(byte[] question) {
    WireReader in = new WireReader(question);
    String channel = in.readString();
    int lines = in.readInt();
    in.expectEnd();
    List<Line> found = own.tail(LogChannel.ofWord(channel), Math.min(lines, LINES_MAX));
    WireWriter out = new WireWriter(256 * found.size() + 16).putVarint(found.size());
    for (Line line : found) {
      out.putLong(line.micros())
          .putString(line.channel())
          .putString(line.severity())
          .putString(line.message())
          .putString(line.fields());
    }
    return out.toByteArray();
  }
}
