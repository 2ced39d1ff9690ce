package io.shardforge.sql.bind;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;

/** The types that binding rules name. */
final class Types {
  static final SqlType BOOL = SqlType.of(PgOid.BOOL);
  static final SqlType INT4 = SqlType.of(PgOid.INT4);
  static final SqlType INT8 = SqlType.of(PgOid.INT8);
  static final SqlType TEXT = SqlType.of(PgOid.TEXT);
  static final SqlType UNKNOWN = SqlType.of(PgOid.UNKNOWN);
  static final SqlType RECORD = SqlType.of(PgOid.RECORD);

  static final int ANYENUM = 3500;

  private Types() {}
}
