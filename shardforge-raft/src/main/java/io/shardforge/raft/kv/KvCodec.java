package io.shardforge.raft.kv;

import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.mvcc.TxnId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes of batches and responses on the wire between nodes. Deadlines travel as the time left, for
 * nodes share no clock.
 */
public final class KvCodec {
  private static final int FIRST_BYTES = 256;

  private KvCodec() {}

  public static byte[] encode(KvBatch batch, Clock clock) {
    WireWriter out = new WireWriter(FIRST_BYTES);
    out.putVarint(batch.shardId()).putVarint(batch.epoch());
    TxnHeader txn = batch.txn();
    out.putBoolean(txn != null);
    if (txn != null) {
      out.putTxnId(txn.id())
          .putByte(indexOf(Isolation.values(), txn.isolation()))
          .putVarint(txn.gatewayNode())
          .putLong(txn.oracleTs());
    }
    out.putLong(batch.deadline().remainingNanos(clock));
    out.putVarint(batch.requests().size());
    for (KvRequest request : batch.requests()) {
      RequestCodec.put(out, request);
    }
    return out.toByteArray();
  }

  public static KvBatch decodeBatch(byte[] bytes, Clock clock) {
    WireReader in = new WireReader(bytes);
    long shardId = in.readVarint();
    long epoch = in.readVarint();
    TxnHeader txn = null;
    if (in.readBoolean()) {
      TxnId id = in.readTxnId();
      Isolation isolation = pick(Isolation.values(), in.readByte());
      int node = in.readInt();
      txn = new TxnHeader(id, isolation, node, in.readLong());
    }
    long remaining = in.readLong();
    Deadline deadline =
        remaining == Long.MAX_VALUE ? Deadline.never() : Deadline.afterNanos(clock, remaining);
    int count = in.readCount();
    List<KvRequest> requests = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      requests.add(RequestCodec.read(in));
    }
    in.expectEnd();
    return new KvBatch(shardId, epoch, txn, deadline, requests);
  }

  public static byte[] encode(KvResponse response) {
    WireWriter out = new WireWriter(FIRST_BYTES);
    switch (response) {
      case KvResponse.Done done -> {
        out.putByte(0).putVarint(done.results().size());
        for (KvResult result : done.results()) {
          putResult(out, result);
        }
      }
      case KvResponse.Failed failed -> {
        out.putByte(1);
        ErrorCodec.put(out, failed.error());
      }
    }
    return out.toByteArray();
  }

  public static KvResponse decodeResponse(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    int kind = in.readByte();
    KvResponse response;
    if (kind == 0) {
      int count = in.readCount();
      List<KvResult> results = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        results.add(readResult(in));
      }
      response = new KvResponse.Done(results);
    } else if (kind == 1) {
      response = new KvResponse.Failed(ErrorCodec.read(in));
    } else {
      throw WireReader.corrupt("response kind " + kind);
    }
    in.expectEnd();
    return response;
  }

  private static void putResult(WireWriter out, KvResult result) {
    switch (result) {
      case KvResult.Values values -> {
        out.putByte(1).putVarint(values.values().size());
        for (KvResult.Value value : values.values()) {
          out.putNullable(value.value()).putLong(value.commitTs());
        }
      }
      case KvResult.Page page -> {
        KvPage rows = page.page();
        out.putByte(2).putVarint(rows.rows());
        for (int i = 0; i < rows.rows(); i++) {
          out.putVarint(rows.keyLength(i)).putVarint(rows.valueLength(i));
        }
        out.putRaw(rows.buffer(), 0, rows.sizeBytes())
            .putNullable(page.resumeKey())
            .putVarint(page.workedRows() + 1);
      }
      case KvResult.Locked locked -> {
        out.putByte(3).putLong(locked.leaseNumber()).putVarint(locked.rows().size());
        for (LockedRow row : locked.rows()) {
          out.putBytes(row.key())
              .putNullable(row.value())
              .putLong(row.commitTs())
              .putBoolean(row.newer())
              .putBoolean(row.skipped());
        }
      }
      case KvResult.Committed committed -> out.putByte(4).putLong(committed.commitTs());
      case KvResult.Prepared prepared -> out.putByte(5).putLong(prepared.minCommitTs());
      case KvResult.TxnOutcome outcome ->
          out.putByte(6)
              .putByte(indexOf(KvResult.TxnOutcome.State.values(), outcome.state()))
              .putLong(outcome.commitTs());
      case KvResult.Resolved _ -> out.putByte(7);
      case KvResult.Done _ -> out.putByte(8);
      case KvResult.WaitVerdict verdict -> {
        TxnId with = verdict.deadlockWith();
        out.putByte(9).putBoolean(with != null);
        if (with != null) {
          out.putTxnId(with);
        }
      }
      case KvResult.Frozen frozen -> out.putByte(12).putBytes(frozen.state());
      case KvResult.Sum sum ->
          out.putByte(25)
              .putLong(sum.entries())
              .putLong(sum.sum())
              .putLong(sum.bytes())
              .putNullable(sum.resumeKey());
      case KvResult.ShardFacts facts ->
          out.putByte(11)
              .putVarint(facts.leaderNode())
              .putVarint(facts.leaseNumber())
              .putVarint(facts.sizeBytes())
              .putVarint(facts.copiedBytes())
              .putVarint(facts.changeMillis())
              .putVarint(facts.requestsPerSecond());
      case KvResult.OracleReply reply ->
          out.putByte(10)
              .putLong(reply.timestamp())
              .putLong(reply.catalogVersion())
              .putLong(reply.oldestReadTs());
    }
  }

  private static KvResult readResult(WireReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case 1 -> {
        int count = in.readCount();
        List<KvResult.Value> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          byte[] value = in.readNullable();
          values.add(new KvResult.Value(value, in.readLong()));
        }
        yield new KvResult.Values(values);
      }
      case 2 -> {
        KvPage page = readPage(in);
        byte[] resume = in.readNullable();
        yield new KvResult.Page(page, resume, in.readVarint() - 1);
      }
      case 3 -> {
        long lease = in.readLong();
        int count = in.readCount();
        List<LockedRow> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          byte[] key = in.readBytes();
          byte[] value = in.readNullable();
          long commitTs = in.readLong();
          boolean newer = in.readBoolean();
          rows.add(new LockedRow(key, value, commitTs, newer, in.readBoolean()));
        }
        yield new KvResult.Locked(rows, lease);
      }
      case 4 -> new KvResult.Committed(in.readLong());
      case 5 -> new KvResult.Prepared(in.readLong());
      case 6 -> {
        KvResult.TxnOutcome.State state = pick(KvResult.TxnOutcome.State.values(), in.readByte());
        yield new KvResult.TxnOutcome(state, in.readLong());
      }
      case 7 -> new KvResult.Resolved();
      case 8 -> KvResult.Done.INSTANCE;
      case 9 -> new KvResult.WaitVerdict(in.readBoolean() ? in.readTxnId() : null);
      case 10 -> {
        long timestamp = in.readLong();
        long catalog = in.readLong();
        yield new KvResult.OracleReply(timestamp, catalog, in.readLong());
      }
      case 12 -> new KvResult.Frozen(in.readBytes());
      case 11 -> {
        int leader = in.readInt();
        long lease = in.readVarint();
        long size = in.readVarint();
        long copied = in.readVarint();
        long millis = in.readVarint();
        yield new KvResult.ShardFacts(leader, lease, size, copied, millis, in.readVarint());
      }
      case 25 -> {
        long entries = in.readLong();
        long sum = in.readLong();
        long bytes = in.readLong();
        yield new KvResult.Sum(entries, sum, bytes, in.readNullable());
      }
      default -> throw WireReader.corrupt("result kind " + kind);
    };
  }

  private static KvPage readPage(WireReader in) {
    int rows = in.readCount();
    int[] offsets = new int[2 * rows + 1];
    long total = 0;
    for (int i = 1; i <= 2 * rows; i++) {
      total += in.readInt();
      if (total > Integer.MAX_VALUE) {
        throw WireReader.corrupt("page of " + total + " bytes");
      }
      offsets[i] = (int) total;
    }
    return new KvPage(in.readRaw((int) total), offsets, rows);
  }

  /** The place of a constant among all of its kind, for {@link #pick}. */
  static <E> int indexOf(E[] constants, E constant) {
    return Arrays.asList(constants).indexOf(constant);
  }

  /** The constant in this place; refuses others. */
  static <E> E pick(E[] constants, int index) {
    if (index >= constants.length) {
      throw WireReader.corrupt("no constant " + index);
    }
    return constants[index];
  }
}
