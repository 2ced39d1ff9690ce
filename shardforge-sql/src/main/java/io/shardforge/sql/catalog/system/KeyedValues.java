package io.shardforge.sql.catalog.system;

import io.shardforge.sql.type.SqlType;
import org.jspecify.annotations.Nullable;

/** Reads values that statistics keep in the form of keys. */
public interface KeyedValues {
  /** Whether values of the type have such a form. */
  boolean isKeyable(SqlType type);

  @Nullable Object read(SqlType type, byte[] key);
}
