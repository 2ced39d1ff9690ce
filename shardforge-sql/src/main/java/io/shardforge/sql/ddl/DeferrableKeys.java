package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.DeferrableKeyText;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.storage.error.ErrorCode;
import java.util.StringJoiner;

/** Looks for duplicates of a DEFERRABLE key in the rows that a table has. For one statement. */
final class DeferrableKeys {
  private final DdlScope scope;

  DeferrableKeys(DdlScope scope) {
    this.scope = scope;
  }

  /** Fails with 23505 if two rows have the same key. */
  void validate(TableDescriptor table, IndexDescriptor index) {
    scope.seeNewest(table);
    // What this statement wrote counts, too.
    scope.txn().beginStatement(scope.context().deadline(), scope.context().lockTimeout());
    String sql = new DeferrableKeyText(scope.snapshot(), table, index).duplicate();
    try (QuerySource.Rows rows = scope.context().ownQuery(sql)) {
      RowBatch batch = rows.next();
      if (batch == null || batch.size() == 0) {
        return;
      }
      StringJoiner names = new StringJoiner(", ");
      StringJoiner values = new StringJoiner(", ");
      for (int i = 0; i < index.columns().size(); i++) {
        names.add(table.keyText(index, i));
        Object value = batch.get(0, i);
        values.add(
            value == null
                ? "null"
                : PgTypes.byOid(rows.types().get(i).oid())
                    .format(value, scope.context().evaluation().typeContext()));
      }
      throw DdlErrors.of(
              ErrorCode.UNIQUE_VIOLATION, "could not create unique index \"" + index.name() + "\"")
          .withDetail("Key (" + names + ")=(" + values + ") is duplicated.")
          .withTable(scope.schemaName(table.schemaId()), table.name())
          .withConstraint(index.name());
    }
  }
}
