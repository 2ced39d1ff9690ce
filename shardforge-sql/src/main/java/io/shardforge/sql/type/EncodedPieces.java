package io.shardforge.sql.type;

import io.shardforge.storage.error.ShardForgeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Text of another encoding that comes in pieces, of which each may end within a character. For one
 * thread.
 */
public final class EncodedPieces {
  private final Encoding encoding;
  private byte[] rest = new byte[0];
  private @Nullable ShardForgeException failure;

  public EncodedPieces(Encoding encoding) {
    this.encoding = encoding;
  }

  /** The next piece as UTF-8, as far as it is whole and can be read. */
  public byte[] utf8(byte[] buffer, int offset, int length, boolean last) {
    ByteBuffer in = ByteBuffer.allocate(rest.length + length);
    in.put(rest).put(buffer, offset, length).flip();
    StringBuilder text = new StringBuilder(in.remaining());
    failure = encoding.decode(in, text, last);
    rest = new byte[in.remaining()];
    in.get(rest);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Why what follows could not be read; null when it was. */
  public @Nullable ShardForgeException failure() {
    return failure;
  }
}
