package io.shardforge.sql.session;

import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The parameters of a Bind message as values. */
final class BoundParameters {
  private BoundParameters() {}

  static @Nullable Object[] read(
      PreparedStatement prepared,
      short[] formats,
      byte[] @Nullable [] parameters,
      TypeContext context) {
    int[] types = prepared.parameterTypes();
    if (parameters.length != types.length) {
      throw new ShardForgeException(
          ErrorCode.PROTOCOL_VIOLATION,
          "bind message supplies %d parameters, but prepared statement \"%s\" requires %d"
              .formatted(parameters.length, prepared.name(), types.length));
    }
    if (formats.length > 1 && formats.length != parameters.length) {
      throw new ShardForgeException(
          ErrorCode.PROTOCOL_VIOLATION,
          "bind message has %d parameter formats but %d parameters"
              .formatted(formats.length, parameters.length));
    }
    @Nullable Object[] values = new @Nullable Object[parameters.length];
    for (int i = 0; i < values.length; i++) {
      byte[] bytes = parameters[i];
      if (bytes == null) {
        continue;
      }
      short format = formats.length == 0 ? 0 : formats.length == 1 ? formats[0] : formats[i];
      PgType type = PgTypes.byOid(types[i]);
      values[i] =
          format == 0
              ? type.parse(text(bytes, context), -1, context)
              : type.readBinary(ByteBuffer.wrap(bytes), -1, context);
    }
    return values;
  }

  private static String text(byte[] bytes, TypeContext context) {
    for (byte b : bytes) {
      if (b <= 0) {
        return context.encoding().decode(bytes);
      }
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
