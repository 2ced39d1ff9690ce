package io.shardforge.sql.row;

import io.shardforge.sql.catalog.system.KeyedValues;
import io.shardforge.sql.type.SqlType;
import org.jspecify.annotations.Nullable;

/** Values in the form that keys have here. */
public final class CodedKeys implements KeyedValues {
  @Override
  public boolean isKeyable(SqlType type) {
    return ValueCodec.of(type).isKeyable();
  }

  @Override
  public @Nullable Object read(SqlType type, byte[] key) {
    return ValueCodec.of(type).ofKey(key);
  }
}
