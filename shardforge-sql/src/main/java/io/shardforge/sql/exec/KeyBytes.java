package io.shardforge.sql.exec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A key in sets and maps: equal by content. */
final class KeyBytes {
  private final byte[] bytes;

  KeyBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeyBytes key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
