package io.shardforge.raft.kv;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A growing buffer for messages and commands: varints, longs, length-prefixed bytes. */
public final class WireWriter {
  private byte[] buffer;
  private int length;

  public WireWriter(int capacity) {
    this.buffer = new byte[capacity];
  }

  public WireWriter putByte(int value) {
    reserve(1);
    buffer[length++] = (byte) value;
    return this;
  }

  public WireWriter putBoolean(boolean value) {
    return putByte(value ? 1 : 0);
  }

  public WireWriter putLong(long value) {
    reserve(Long.BYTES);
    Bytes.putLong(buffer, length, value);
    length += Long.BYTES;
    return this;
  }

  /** Unsigned variable length: small numbers take one byte. */
  public WireWriter putVarint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[length++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
    return this;
  }

  public WireWriter putBytes(byte[] bytes) {
    putVarint(bytes.length);
    return putRaw(bytes, 0, bytes.length);
  }

  public WireWriter putRaw(byte[] bytes, int offset, int count) {
    reserve(count);
    System.arraycopy(bytes, offset, buffer, length, count);
    length += count;
    return this;
  }

  /** Bytes or null: the length plus one, 0 for null. */
  public WireWriter putNullable(byte @Nullable [] bytes) {
    if (bytes == null) {
      return putByte(0);
    }
    putVarint(bytes.length + 1L);
    return putRaw(bytes, 0, bytes.length);
  }

  public WireWriter putString(String text) {
    return putBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public WireWriter putSpan(KeySpan span) {
    return putBytes(span.start()).putBytes(span.end());
  }

  public WireWriter putSpans(List<KeySpan> spans) {
    putVarint(spans.size());
    for (KeySpan span : spans) {
      putSpan(span);
    }
    return this;
  }

  public WireWriter putKeys(List<byte[]> keys) {
    putVarint(keys.size());
    for (byte[] key : keys) {
      putBytes(key);
    }
    return this;
  }

  public WireWriter putTxnId(TxnId id) {
    return putLong(id.high()).putLong(id.low());
  }

  public int length() {
    return length;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, length);
  }

  private void reserve(int count) {
    if (length + count > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(length + count, buffer.length * 2));
    }
  }

  public WireWriter putRecordNames(List<RecordName> names) {
    putVarint(names.size());
    for (RecordName name : names) {
      putTxnId(name.id()).putBytes(name.primaryKey());
    }
    return this;
  }
}
