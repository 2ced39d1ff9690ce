package io.shardforge.raft.kv;

import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import io.shardforge.storage.mvcc.VersionWalk;
import java.util.ArrayList;
import java.util.List;

/** Bytes of requests on the wire. */
final class RequestCodec {
  private RequestCodec() {}

  static void put(WireWriter out, KvRequest request) {
    switch (request) {
      case KvRequest.Get r -> out.putByte(1).putKeys(r.keys()).putLong(r.readTs());
      case KvRequest.Scan r ->
          out.putByte(2)
              .putSpan(r.span())
              .putBoolean(r.reverse())
              .putLong(r.readTs())
              .putVarint(r.rowLimit())
              .putVarint(r.byteLimit())
              .putVarint(r.ownStatementLimit())
              .putNullable(r.work());
      case KvRequest.Versions r ->
          out.putByte(29)
              .putSpan(r.walk().span())
              .putLong(r.walk().sinceTs())
              .putLong(r.walk().upToTs())
              .putLong(r.walk().beforeTs())
              .putBoolean(r.walk().whole());
      case KvRequest.Lock r ->
          out.putByte(3)
              .putKeys(r.keys())
              .putByte(KvCodec.indexOf(LockStrength.values(), r.strength()))
              .putByte(KvCodec.indexOf(LockWait.values(), r.waiting()))
              .putLong(r.lockTimeoutNanos())
              .putLong(r.readTs());
      case KvRequest.CommitWrites r -> {
        out.putByte(4);
        putMutations(out, r.writes());
        putReads(out, r.reads());
        putLocks(out, r.locks());
        out.putLong(r.snapshotTs())
            .putLong(r.minCommitTs())
            .putLong(r.firstSentTs())
            .putSpans(r.elsewhere())
            .putLong(r.lockTimeoutNanos());
      }
      case KvRequest.Prepare r -> {
        out.putByte(5).putBytes(r.primaryKey());
        putMutations(out, r.writes());
        out.putLong(r.snapshotTs()).putLong(r.minCommitTs()).putVarint(r.batchNumber());
        KvRequest.Seal seal = r.seal();
        out.putBoolean(seal != null);
        if (seal != null) {
          out.putVarint(seal.batches().size());
          for (int batch : seal.batches()) {
            out.putVarint(batch);
          }
          out.putVarint(seal.undone().size());
          for (KvRequest.Range range : seal.undone()) {
            out.putVarint(range.first()).putVarint(range.last());
          }
          out.putSpan(seal.span());
        }
        out.putLong(r.lockTimeoutNanos());
      }
      case KvRequest.Validate r -> {
        out.putByte(6);
        putReads(out, r.reads());
        putLocks(out, r.locks());
        out.putLong(r.commitTs());
      }
      case KvRequest.CommitRecord r ->
          out.putByte(7)
              .putBytes(r.primaryKey())
              .putLong(r.commitTs())
              .putBoolean(r.mayRaise())
              .putSpans(r.spans());
      case KvRequest.Abort r -> out.putByte(8).putBytes(r.primaryKey()).putSpans(r.spans());
      case KvRequest.Resolve r ->
          out.putByte(9).putTxnId(r.id()).putLong(r.commitTs()).putSpan(r.span()).putKeys(r.keys());
      case KvRequest.ForgetRecords r -> out.putByte(10).putRecordNames(r.records());
      case KvRequest.Push r ->
          out.putByte(11)
              .putTxnId(r.id())
              .putBytes(r.primaryKey())
              .putLong(r.pushTs())
              .putBoolean(r.abortExpired());
      case KvRequest.Heartbeat r -> putIds(out.putByte(12), r.ids());
      case KvRequest.Release r -> putLocks(out.putByte(13), r.mustHold());
      case KvRequest.ReportWait r -> {
        putIds(out.putByte(14).putTxnId(r.waiter()), r.holders());
        out.putLong(r.shardId()).putLong(r.leaseNumber());
      }
      case KvRequest.NextTimestamp r ->
          out.putByte(15).putVarint(r.gatewayNode()).putLong(r.oldestReadTs());
      case KvRequest.RaiseSchemaFloor r ->
          out.putByte(16)
              .putVarint(r.floor().tableId())
              .putLong(r.floor().version())
              .putBytes(r.primaryKey())
              .putSpan(r.span());
      case KvRequest.Undo r ->
          out.putByte(17)
              .putSpan(r.span())
              .putVarint(r.firstStatement())
              .putVarint(r.lastStatement());
      case KvRequest.Stage r -> {
        out.putByte(26).putBytes(r.primaryKey());
        putMutations(out, r.writes());
        out.putLong(r.snapshotTs())
            .putLong(r.minCommitTs())
            .putLong(r.ceilingTs())
            .putVarint(r.batchNumber())
            .putLong(r.firstSentTs())
            .putKeys(r.names())
            .putLong(r.lockTimeoutNanos());
      }
      case KvRequest.FinishStaged r ->
          out.putByte(27).putBytes(r.primaryKey()).putLong(r.commitTs()).putKeys(r.keys());
      case KvRequest.Fence r -> out.putByte(28).putTxnId(r.id()).putKeys(r.keys());
      case KvRequest.Split r -> out.putByte(18).putBytes(r.key()).putVarint(r.childId());
      case KvRequest.Describe _ -> out.putByte(19);
      case KvRequest.Close r -> out.putByte(24).putLong(r.timestamp());
      case KvRequest.SumUp r -> out.putByte(25).putSpan(r.span()).putLong(r.readTs());
      case KvRequest.Move r -> {
        out.putByte(20).putVarint(r.nodeIds().size());
        r.nodeIds().forEach(out::putVarint);
      }
      case KvRequest.Merge r -> r.right().put(out.putByte(22));
      case KvRequest.MergeSide r ->
          out.putByte(23)
              .putByte(KvCodec.indexOf(KvRequest.MergeSide.Kind.values(), r.kind()))
              .putLong(r.attempt());
    }
  }

  static KvRequest read(WireReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case 1 -> {
        List<byte[]> keys = in.readKeys();
        yield new KvRequest.Get(keys, in.readLong());
      }
      case 2 -> {
        KeySpan span = in.readSpan();
        boolean reverse = in.readBoolean();
        long readTs = in.readLong();
        int rows = in.readInt();
        int bytes = in.readInt();
        int statementLimit = in.readInt();
        byte[] work = in.readNullable();
        yield new KvRequest.Scan(span, reverse, readTs, rows, bytes, statementLimit, work);
      }
      case 3 -> {
        List<byte[]> keys = in.readKeys();
        LockStrength strength = KvCodec.pick(LockStrength.values(), in.readByte());
        LockWait waiting = KvCodec.pick(LockWait.values(), in.readByte());
        long timeout = in.readLong();
        yield new KvRequest.Lock(keys, strength, waiting, timeout, in.readLong());
      }
      case 4 -> {
        List<Mutation> writes = readMutations(in);
        List<ValidatedRead> reads = readReads(in);
        List<HeldLock> locks = readLocks(in);
        long snapshotTs = in.readLong();
        long minCommitTs = in.readLong();
        long firstSentTs = in.readLong();
        List<KeySpan> elsewhere = in.readSpans();
        yield new KvRequest.CommitWrites(
            writes, reads, locks, snapshotTs, minCommitTs, firstSentTs, elsewhere, in.readLong());
      }
      case 5 -> readPrepare(in);
      case 6 -> {
        List<ValidatedRead> reads = readReads(in);
        List<HeldLock> locks = readLocks(in);
        yield new KvRequest.Validate(reads, locks, in.readLong());
      }
      case 7 -> {
        byte[] primary = in.readBytes();
        long commitTs = in.readLong();
        boolean mayRaise = in.readBoolean();
        yield new KvRequest.CommitRecord(primary, commitTs, mayRaise, in.readSpans());
      }
      case 8 -> {
        byte[] primary = in.readBytes();
        yield new KvRequest.Abort(primary, in.readSpans());
      }
      case 9 -> {
        TxnId id = in.readTxnId();
        long commitTs = in.readLong();
        KeySpan span = in.readSpan();
        yield new KvRequest.Resolve(id, commitTs, span, in.readKeys());
      }
      case 10 -> new KvRequest.ForgetRecords(in.readRecordNames());
      case 11 -> {
        TxnId id = in.readTxnId();
        byte[] primary = in.readBytes();
        long pushTs = in.readLong();
        yield new KvRequest.Push(id, primary, pushTs, in.readBoolean());
      }
      case 12 -> new KvRequest.Heartbeat(readIds(in));
      case 13 -> new KvRequest.Release(readLocks(in));
      case 14 -> {
        TxnId waiter = in.readTxnId();
        List<TxnId> holders = readIds(in);
        long shardId = in.readLong();
        yield new KvRequest.ReportWait(waiter, holders, shardId, in.readLong());
      }
      case 15 -> {
        int node = in.readInt();
        yield new KvRequest.NextTimestamp(node, in.readLong());
      }
      case 16 -> {
        int table = in.readInt();
        TableVersion floor = new TableVersion(table, in.readLong());
        byte[] primary = in.readBytes();
        yield new KvRequest.RaiseSchemaFloor(floor, primary, in.readSpan());
      }
      case 17 -> {
        KeySpan span = in.readSpan();
        int first = in.readInt();
        yield new KvRequest.Undo(span, first, in.readInt());
      }
      case 18 -> {
        byte[] key = in.readBytes();
        yield new KvRequest.Split(key, in.readVarint());
      }
      case 19 -> new KvRequest.Describe();
      case 24 -> new KvRequest.Close(in.readLong());
      case 25 -> {
        KeySpan span = in.readSpan();
        yield new KvRequest.SumUp(span, in.readLong());
      }
      case 29 -> {
        KeySpan span = in.readSpan();
        long sinceTs = in.readLong();
        long upToTs = in.readLong();
        long beforeTs = in.readLong();
        yield new KvRequest.Versions(
            new VersionWalk(span, sinceTs, upToTs, beforeTs, in.readBoolean()));
      }
      case 20 -> {
        int count = in.readCount();
        List<Integer> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          nodes.add(in.readInt());
        }
        yield new KvRequest.Move(nodes);
      }
      case 22 -> new KvRequest.Merge(ShardDescriptor.read(in));
      case 23 -> {
        KvRequest.MergeSide.Kind side =
            KvCodec.pick(KvRequest.MergeSide.Kind.values(), in.readByte());
        yield new KvRequest.MergeSide(side, in.readLong());
      }
      case 26 -> readStage(in);
      case 27 -> {
        byte[] primary = in.readBytes();
        long commitTs = in.readLong();
        yield new KvRequest.FinishStaged(primary, commitTs, in.readKeys());
      }
      case 28 -> {
        TxnId id = in.readTxnId();
        yield new KvRequest.Fence(id, in.readKeys());
      }
      default -> throw WireReader.corrupt("request kind " + kind);
    };
  }

  private static KvRequest readStage(WireReader in) {
    byte[] primary = in.readBytes();
    List<Mutation> writes = readMutations(in);
    long snapshotTs = in.readLong();
    long minCommitTs = in.readLong();
    long ceilingTs = in.readLong();
    int batch = in.readInt();
    long firstSentTs = in.readLong();
    List<byte[]> names = in.readKeys();
    return new KvRequest.Stage(
        primary,
        writes,
        snapshotTs,
        minCommitTs,
        ceilingTs,
        batch,
        firstSentTs,
        names,
        in.readLong());
  }

  private static KvRequest readPrepare(WireReader in) {
    byte[] primary = in.readBytes();
    List<Mutation> writes = readMutations(in);
    long snapshotTs = in.readLong();
    long minCommitTs = in.readLong();
    int batch = in.readInt();
    KvRequest.Seal seal = null;
    if (in.readBoolean()) {
      int batchCount = in.readCount();
      List<Integer> batches = new ArrayList<>(batchCount);
      for (int i = 0; i < batchCount; i++) {
        batches.add(in.readInt());
      }
      int count = in.readCount();
      List<KvRequest.Range> undone = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        int first = in.readInt();
        undone.add(new KvRequest.Range(first, in.readInt()));
      }
      seal = new KvRequest.Seal(batches, undone, in.readSpan());
    }
    return new KvRequest.Prepare(
        primary, writes, snapshotTs, minCommitTs, batch, seal, in.readLong());
  }

  private static void putMutations(WireWriter out, List<Mutation> writes) {
    out.putVarint(writes.size());
    for (Mutation write : writes) {
      out.putByte(KvCodec.indexOf(Mutation.Kind.values(), write.kind()))
          .putVarint(write.table().tableId())
          .putVarint(write.table().version())
          .putBytes(write.key())
          .putNullable(write.value())
          .putLong(write.replacesTs())
          .putVarint(write.statement());
    }
  }

  private static List<Mutation> readMutations(WireReader in) {
    int count = in.readCount();
    List<Mutation> writes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Mutation.Kind kind = KvCodec.pick(Mutation.Kind.values(), in.readByte());
      int tableId = in.readInt();
      TableVersion table = new TableVersion(tableId, in.readVarint());
      byte[] key = in.readBytes();
      byte[] value = in.readNullable();
      long replaces = in.readLong();
      writes.add(new Mutation(kind, table, key, value, replaces, in.readInt()));
    }
    return writes;
  }

  private static void putReads(WireWriter out, List<ValidatedRead> reads) {
    out.putVarint(reads.size());
    for (ValidatedRead read : reads) {
      out.putSpan(read.span()).putLong(read.readTs());
    }
  }

  private static List<ValidatedRead> readReads(WireReader in) {
    int count = in.readCount();
    List<ValidatedRead> reads = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      KeySpan span = in.readSpan();
      long readTs = in.readLong();
      reads.add(new ValidatedRead(span, readTs));
    }
    return reads;
  }

  private static void putLocks(WireWriter out, List<HeldLock> locks) {
    out.putVarint(locks.size());
    for (HeldLock lock : locks) {
      out.putBytes(lock.key())
          .putByte(KvCodec.indexOf(LockStrength.values(), lock.strength()))
          .putLong(lock.leaseNumber());
    }
  }

  private static List<HeldLock> readLocks(WireReader in) {
    int count = in.readCount();
    List<HeldLock> locks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] key = in.readBytes();
      LockStrength strength = KvCodec.pick(LockStrength.values(), in.readByte());
      locks.add(new HeldLock(key, strength, in.readLong()));
    }
    return locks;
  }

  private static void putIds(WireWriter out, List<TxnId> ids) {
    out.putVarint(ids.size());
    for (TxnId id : ids) {
      out.putTxnId(id);
    }
  }

  private static List<TxnId> readIds(WireReader in) {
    int count = in.readCount();
    List<TxnId> ids = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ids.add(in.readTxnId());
    }
    return ids;
  }
}
