package io.shardforge.storage.mvcc;

import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;

/** The fate of a transaction that spans shards, kept beside its primary key. */
public final class TxnRecord {
  private static final int FORMAT = 0x01;

  private final TxnId txn;
  private final byte[] primaryKey;
  private final State state;
  private final long commitTs;
  private final long heartbeat;
  private final List<KeySpan> spans;

  /**
   * @param commitTs the commit timestamp once committed; before, the least that it may be
   * @param heartbeat when the coordinator was last heard of, on whatever scale the caller uses
   * @param spans every span ever sent a provisional write; of a staged transaction, its keys
   */
  public TxnRecord(
      TxnId txn,
      byte[] primaryKey,
      State state,
      long commitTs,
      long heartbeat,
      List<KeySpan> spans) {
    this.txn = txn;
    this.primaryKey = primaryKey;
    this.state = state;
    this.commitTs = commitTs;
    this.heartbeat = heartbeat;
    this.spans = List.copyOf(spans);
  }

  /** How far a transaction has come. */
  public enum State {
    PENDING(0x01),
    COMMITTED(0x02),
    ABORTED(0x03),
    /** Committed if, and only if, every write that the record names is in place. */
    STAGING(0x04);

    private final int code;

    State(int code) {
      this.code = code;
    }
  }

  public TxnId txn() {
    return txn;
  }

  public byte[] primaryKey() {
    return primaryKey;
  }

  public State state() {
    return state;
  }

  public long commitTs() {
    return commitTs;
  }

  public long heartbeat() {
    return heartbeat;
  }

  public List<KeySpan> spans() {
    return spans;
  }

  public TxnRecord withState(State newState, long newCommitTs) {
    return new TxnRecord(txn, primaryKey, newState, newCommitTs, heartbeat, spans);
  }

  public TxnRecord withHeartbeat(long newHeartbeat) {
    return new TxnRecord(txn, primaryKey, state, commitTs, newHeartbeat, spans);
  }

  public TxnRecord withSpans(List<KeySpan> newSpans) {
    return new TxnRecord(txn, primaryKey, state, commitTs, heartbeat, newSpans);
  }

  byte[] encode() {
    KeyEncoder out = new KeyEncoder(128).putRawByte(FORMAT).putRawByte(state.code);
    txn.encode(out);
    out.putRawLong(commitTs).putRawLong(heartbeat);
    out.putVarint(primaryKey.length).putRaw(primaryKey).putVarint(spans.size());
    for (KeySpan span : spans) {
      out.putVarint(span.start().length).putRaw(span.start());
      out.putVarint(span.end().length).putRaw(span.end());
    }
    return out.toByteArray();
  }

  static TxnRecord decode(byte[] bytes) {
    KeyDecoder in = new KeyDecoder(bytes);
    if (in.getRawByte() != FORMAT) {
      throw corrupted("unknown format");
    }
    State state = stateOf(in.getRawByte());
    TxnId txn = TxnId.decode(in);
    long commitTs = in.getRawLong();
    long heartbeat = in.getRawLong();
    byte[] primaryKey = in.getRaw(ProvisionalWrite.length(in));
    int count = ProvisionalWrite.length(in);
    List<KeySpan> spans = new ArrayList<>(Math.min(count, 16));
    for (int i = 0; i < count; i++) {
      byte[] start = in.getRaw(ProvisionalWrite.length(in));
      spans.add(new KeySpan(start, in.getRaw(ProvisionalWrite.length(in))));
    }
    if (in.hasRemaining()) {
      throw corrupted("bytes left over");
    }
    return new TxnRecord(txn, primaryKey, state, commitTs, heartbeat, spans);
  }

  private static State stateOf(int code) {
    for (State state : State.values()) {
      if (state.code == code) {
        return state;
      }
    }
    throw corrupted("state " + code);
  }

  private static ShardForgeException corrupted(String how) {
    return new ShardForgeException(
        ErrorCode.DATA_CORRUPTED, "malformed transaction record: " + how);
  }

  @Override
  public String toString() {
    return "transaction %s %s at %s".formatted(txn, state, Timestamp.format(commitTs));
  }
}
