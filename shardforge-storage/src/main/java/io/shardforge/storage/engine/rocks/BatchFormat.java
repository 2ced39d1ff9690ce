package io.shardforge.storage.engine.rocks;

import io.shardforge.storage.engine.Family;
import io.shardforge.storage.engine.WriteBatch;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * RocksDB's serial form of a batch: eight bytes of sequence number, a little-endian count, then per
 * change a tag, the family's id and one or two length-prefixed strings. Writing it here costs one
 * native call a batch instead of one a change. The form is that of RocksDB's own log, which has to
 * stay readable from version to version.
 */
final class BatchFormat {
  private static final int HEADER_BYTES = 12;
  private static final int COUNT_OFFSET = 8;
  private static final int VARINT_BYTES_MAX = 5;
  private static final byte TAG_DELETE = 0x4;
  private static final byte TAG_PUT = 0x5;
  private static final byte TAG_DELETE_RANGE = 0xE;

  private final byte[] bytes;
  private int position = HEADER_BYTES;

  private BatchFormat(int size) {
    bytes = new byte[size];
  }

  static byte[] serialize(WriteBatch batch, Map<Family, Integer> familyIds) {
    long sizeMax = HEADER_BYTES + batch.sizeBytes() + batch.count() * (1L + 3 * VARINT_BYTES_MAX);
    BatchFormat format = new BatchFormat(Math.toIntExact(sizeMax));
    for (int i = 0; i < batch.count(); i++) {
      WriteBatch.Kind kind = batch.kind(i);
      format.bytes[format.position++] =
          switch (kind) {
            case PUT -> TAG_PUT;
            case DELETE -> TAG_DELETE;
            case DELETE_RANGE -> TAG_DELETE_RANGE;
          };
      format.putVarint(Objects.requireNonNull(familyIds.get(batch.family(i))));
      format.putString(batch.key(i));
      if (kind != WriteBatch.Kind.DELETE) {
        format.putString(batch.value(i));
      }
    }
    return format.finish(batch.count());
  }

  private byte[] finish(int count) {
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[COUNT_OFFSET + i] = (byte) (count >>> (8 * i));
    }
    return Arrays.copyOf(bytes, position);
  }

  private void putString(byte[] string) {
    putVarint(string.length);
    System.arraycopy(string, 0, bytes, position, string.length);
    position += string.length;
  }

  private void putVarint(int value) {
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      bytes[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[position++] = (byte) rest;
  }
}
