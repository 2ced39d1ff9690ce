package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;

/** The error for two rows of one key, found by who builds a unique index. */
public final class DuplicateKey {
  private DuplicateKey() {}

  /**
   * The error for an entry that two rows want.
   *
   * @param schema the name of the table's schema
   */
  public static ShardForgeException error(IndexCodec index, String schema, byte[] entry) {
    TableDescriptor table = index.table();
    @Nullable Object[] values = index.keyValues(entry);
    StringBuilder names = new StringBuilder();
    StringBuilder texts = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      SqlType type = table.keyType(index.index(), i);
      Object value = values[i];
      names.append(i == 0 ? "" : ", ").append(table.keyText(index.index(), i));
      texts
          .append(i == 0 ? "" : ", ")
          .append(
              value == null ? "null" : PgTypes.byOid(type.oid()).format(value, TypeContext.UTC));
    }
    return new ShardForgeException(
            ErrorCode.UNIQUE_VIOLATION,
            "could not create unique index \"" + index.index().name() + "\"")
        .withDetail("Key (" + names + ")=(" + texts + ") is duplicated.")
        .withTable(schema, table.name())
        .withConstraint(index.index().name());
  }
}
