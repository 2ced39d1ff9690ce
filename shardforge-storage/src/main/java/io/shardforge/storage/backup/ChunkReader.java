package io.shardforge.storage.backup;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ChunkWriter} has written, entry by entry. One thread. */
public final class ChunkReader {
  private final byte[] content;
  private int at;
  private byte[] key = {};
  private byte @Nullable [] value;

  public ChunkReader(byte[] content) {
    this.content = content;
  }

  /** Goes to the next entry; false if there is none. */
  public boolean next() {
    if (at == content.length) {
      return false;
    }
    int shared = number();
    byte[] rest = bytes(number());
    if (shared > key.length) {
      throw BackupErrors.damaged("a key of a chunk has no beginning");
    }
    byte[] next = Arrays.copyOf(key, shared + rest.length);
    System.arraycopy(rest, 0, next, shared, rest.length);
    key = next;
    int length = number();
    value = length == 0 ? null : bytes(length - 1);
    return true;
  }

  public byte[] key() {
    return key;
  }

  /** Null if the key is gone. */
  public byte @Nullable [] value() {
    return value;
  }

  private byte[] bytes(int length) {
    if (length < 0 || length > content.length - at) {
      throw BackupErrors.damaged("a chunk ends within an entry");
    }
    at += length;
    return Arrays.copyOfRange(content, at - length, at);
  }

  private int number() {
    int number = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      if (at == content.length) {
        break;
      }
      byte next = content[at++];
      number |= (next & 0x7F) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw BackupErrors.damaged("a chunk ends within a number");
  }
}
