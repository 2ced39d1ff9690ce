package io.shardforge.raft.kv;

import io.shardforge.storage.mvcc.TxnId;
import java.util.ArrayList;
import java.util.List;

/** Bytes of errors on the wire. */
final class ErrorCodec {
  private ErrorCodec() {}

  static void put(WireWriter out, KvError error) {
    switch (error) {
      case KvError.NotLeader e -> out.putByte(1).putVarint(e.shardId()).putVarint(e.leaderNode());
      case KvError.StaleShard e -> out.putByte(2).putVarint(e.shardId()).putVarint(e.epoch());
      case KvError.Unavailable e -> out.putByte(3).putVarint(e.shardId()).putString(e.reason());
      case KvError.Ambiguous e -> out.putByte(4).putVarint(e.shardId());
      case KvError.Overloaded e -> out.putByte(5).putVarint(e.shardId());
      case KvError.DeadlineExceeded e -> out.putByte(6).putString(e.waitingFor());
      case KvError.Canceled _ -> out.putByte(7);
      case KvError.KeyExists e -> out.putByte(8).putBytes(e.key());
      case KvError.WriteConflict e -> out.putByte(10).putBytes(e.key());
      case KvError.ReadChanged e -> out.putByte(11).putBytes(e.key());
      case KvError.LockLost e -> out.putByte(12).putBytes(e.key());
      case KvError.LockNotAvailable e -> out.putByte(13).putBytes(e.key()).putBoolean(e.timedOut());
      case KvError.Deadlock e ->
          out.putByte(14).putTxnId(e.waiter()).putTxnId(e.holder()).putBytes(e.key());
      case KvError.TxnAborted e -> out.putByte(15).putTxnId(e.id());
      case KvError.CommitTsTooLow e -> out.putByte(16).putLong(e.minCommitTs());
      case KvError.SchemaChanged e -> out.putByte(17).putVarint(e.tableId()).putLong(e.floor());
      case KvError.SnapshotTooOld e -> out.putByte(18).putLong(e.readTs()).putLong(e.threshold());
      case KvError.TimestampInFuture e -> out.putByte(19).putLong(e.timestamp());
      case KvError.OutcomeUnknown e -> out.putByte(20).putTxnId(e.id());
      case KvError.TooLarge e ->
          out.putByte(21).putString(e.what()).putLong(e.size()).putLong(e.limit());
      case KvError.QuorumLost e -> {
        out.putByte(25).putVarint(e.shardId());
        putNodes(out, e.replicas());
        putNodes(out, e.unreachable());
      }
      case KvError.DiskFull e -> out.putByte(23).putVarint(e.node());
      case KvError.Refused e -> out.putByte(24).putString(e.reason());
      case KvError.Broken e -> {
        String detail = e.detail();
        out.putByte(22).putString(e.message()).putBoolean(detail != null);
        if (detail != null) {
          out.putString(detail);
        }
      }
    }
  }

  static KvError read(WireReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case 1 -> {
        long shard = in.readVarint();
        yield new KvError.NotLeader(shard, in.readInt());
      }
      case 2 -> {
        long shard = in.readVarint();
        yield new KvError.StaleShard(shard, in.readVarint());
      }
      case 3 -> {
        long shard = in.readVarint();
        yield new KvError.Unavailable(shard, in.readString());
      }
      case 4 -> new KvError.Ambiguous(in.readVarint());
      case 5 -> new KvError.Overloaded(in.readVarint());
      case 6 -> new KvError.DeadlineExceeded(in.readString());
      case 7 -> new KvError.Canceled();
      case 8 -> new KvError.KeyExists(in.readBytes());
      case 10 -> new KvError.WriteConflict(in.readBytes());
      case 11 -> new KvError.ReadChanged(in.readBytes());
      case 12 -> new KvError.LockLost(in.readBytes());
      case 13 -> {
        byte[] key = in.readBytes();
        yield new KvError.LockNotAvailable(key, in.readBoolean());
      }
      case 14 -> {
        TxnId waiter = in.readTxnId();
        TxnId holder = in.readTxnId();
        yield new KvError.Deadlock(waiter, holder, in.readBytes());
      }
      case 15 -> new KvError.TxnAborted(in.readTxnId());
      case 16 -> new KvError.CommitTsTooLow(in.readLong());
      case 17 -> {
        int table = in.readInt();
        yield new KvError.SchemaChanged(table, in.readLong());
      }
      case 18 -> {
        long readTs = in.readLong();
        yield new KvError.SnapshotTooOld(readTs, in.readLong());
      }
      case 19 -> new KvError.TimestampInFuture(in.readLong());
      case 20 -> new KvError.OutcomeUnknown(in.readTxnId());
      case 21 -> {
        String what = in.readString();
        long size = in.readLong();
        yield new KvError.TooLarge(what, size, in.readLong());
      }
      case 22 -> {
        String message = in.readString();
        yield new KvError.Broken(message, in.readBoolean() ? in.readString() : null);
      }
      case 23 -> new KvError.DiskFull(in.readInt());
      case 24 -> new KvError.Refused(in.readString());
      case 25 -> {
        long shard = in.readVarint();
        List<Integer> replicas = readNodes(in);
        yield new KvError.QuorumLost(shard, replicas, readNodes(in));
      }
      default -> throw WireReader.corrupt("error kind " + kind);
    };
  }

  private static void putNodes(WireWriter out, List<Integer> nodes) {
    out.putVarint(nodes.size());
    nodes.forEach(out::putVarint);
  }

  private static List<Integer> readNodes(WireReader in) {
    int count = in.readCount();
    List<Integer> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      nodes.add(in.readInt());
    }
    return nodes;
  }
}
