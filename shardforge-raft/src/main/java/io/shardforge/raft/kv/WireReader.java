package io.shardforge.raft.kv;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link WireWriter} wrote; anything else is refused as corrupt. */
public final class WireReader {
  private final byte[] buffer;
  private final int end;
  private int position;

  public WireReader(byte[] buffer) {
    this(buffer, 0, buffer.length);
  }

  public WireReader(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.position = offset;
    this.end = offset + length;
  }

  public int readByte() {
    need(1);
    return buffer[position++] & 0xFF;
  }

  public boolean readBoolean() {
    return readByte() != 0;
  }

  public long readLong() {
    need(Long.BYTES);
    long value = Bytes.getLong(buffer, position);
    position += Long.BYTES;
    return value;
  }

  public long readVarint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7F) << shift;
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    throw corrupt("a number has more than 64 bits");
  }

  /** A varint that must be an int of at least 0. */
  public int readInt() {
    long value = readVarint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw corrupt("number out of range: " + value);
    }
    return (int) value;
  }

  /** A count of things that take at least one byte each. */
  public int readCount() {
    int count = readInt();
    if (count > end - position) {
      throw corrupt("count " + count + " with " + (end - position) + " bytes left");
    }
    return count;
  }

  public byte[] readBytes() {
    return readRaw(readInt());
  }

  /** A key; there is none without bytes. */
  public byte[] readKey() {
    byte[] key = readBytes();
    if (key.length == 0) {
      throw corrupt("an empty key");
    }
    return key;
  }

  public byte[] readRaw(int count) {
    need(count);
    byte[] bytes = Arrays.copyOfRange(buffer, position, position + count);
    position += count;
    return bytes;
  }

  public void skip(int count) {
    need(count);
    position += count;
  }

  public byte @Nullable [] readNullable() {
    int lengthPlusOne = readInt();
    return lengthPlusOne == 0 ? null : readRaw(lengthPlusOne - 1);
  }

  public String readString() {
    return new String(readBytes(), StandardCharsets.UTF_8);
  }

  public KeySpan readSpan() {
    byte[] start = readBytes();
    byte[] spanEnd = readBytes();
    if (spanEnd.length > 0 && Bytes.compare(start, spanEnd) > 0) {
      throw corrupt("a span starts after its end");
    }
    return new KeySpan(start, spanEnd);
  }

  public List<KeySpan> readSpans() {
    int count = readCount();
    List<KeySpan> spans = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      spans.add(readSpan());
    }
    return spans;
  }

  public List<byte[]> readKeys() {
    int count = readCount();
    List<byte[]> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(readKey());
    }
    return keys;
  }

  public TxnId readTxnId() {
    long high = readLong();
    return new TxnId(high, readLong());
  }

  public boolean atEnd() {
    return position == end;
  }

  public int remaining() {
    return end - position;
  }

  /** Refuses bytes after the end of the message. */
  public void expectEnd() {
    if (!atEnd()) {
      throw corrupt(remaining() + " bytes after the end");
    }
  }

  /** The error for bytes that no writer wrote. */
  public static ShardForgeException corrupt(String what) {
    return new ShardForgeException(ErrorCode.DATA_CORRUPTED, "malformed message: " + what);
  }

  private void need(int count) {
    if (count < 0 || count > end - position) {
      throw corrupt(count + " bytes wanted, " + (end - position) + " left");
    }
  }

  public List<RecordName> readRecordNames() {
    int count = readCount();
    List<RecordName> names = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      TxnId id = readTxnId();
      names.add(new RecordName(id, readKey()));
    }
    return names;
  }
}
