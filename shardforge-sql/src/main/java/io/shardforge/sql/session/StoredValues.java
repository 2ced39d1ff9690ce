package io.shardforge.sql.session;

import io.shardforge.sql.catalog.system.KeyValues;
import io.shardforge.sql.row.ValueCodec;
import io.shardforge.sql.type.SqlType;

/** What system tables ask of codecs. */
enum StoredValues implements KeyValues {
  INSTANCE;

  @Override
  public boolean isKeyable(SqlType type) {
    return ValueCodec.of(type).isKeyable();
  }

  @Override
  public Object ofKey(SqlType type, byte[] key) {
    return ValueCodec.of(type).ofKey(key);
  }
}
