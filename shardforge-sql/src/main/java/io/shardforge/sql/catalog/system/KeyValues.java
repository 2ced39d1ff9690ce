package io.shardforge.sql.catalog.system;

import io.shardforge.sql.type.SqlType;

/** What bytes in keys mean. Obtained from EvalContext.services(). */
public interface KeyValues {
  /** Whether values of a type can be in keys. */
  boolean isKeyable(SqlType type);

  /** The value that has these bytes in a key. */
  Object ofKey(SqlType type, byte[] key);
}
