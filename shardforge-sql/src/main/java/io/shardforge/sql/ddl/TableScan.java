package io.shardforge.sql.ddl;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.row.RowReader;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads every row of a table, whole, in key order. */
final class TableScan {
  private final DdlScope scope;
  private final TableDescriptor table;

  TableScan(DdlScope scope, TableDescriptor table) {
    this.scope = scope;
    this.table = table;
  }

  /** Says of a row, by how many came before it, whether it is worth the work of decoding it. */
  interface Choice {
    boolean wants(long before);
  }

  /** Hands each row to the visitor, in an array that is used again for the next. */
  void forEach(Consumer<@Nullable Object[]> visitor) {
    forEach(_ -> true, visitor);
  }

  /** Hands the first row to the visitor, if there is one. */
  void first(Consumer<@Nullable Object[]> visitor) {
    KeySpan rows = KeySpace.indexSpan(table.dataId(), table.primaryIndex().number());
    try (KvCursor cursor = scope.txn().scan(rows, false, 1)) {
      KvPage page = cursor.next();
      if (page != null) {
        visitor.accept(RowCodec.of(table).reader().read(page.key(0), page.value(0)));
      }
    }
  }

  /** Hands the rows that are chosen to the visitor; returns how many there are in all. */
  long forEach(Choice choice, Consumer<@Nullable Object[]> visitor) {
    long rows = 0;
    RowReader reader = RowCodec.of(table).reader();
    @Nullable Object[] row = new Object[table.columns().size()];
    Txn txn = scope.txn();
    int index = table.primaryIndex().number();
    try (KvCursor cursor = txn.scan(KeySpace.indexSpan(table.dataId(), index), false, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        scope.context().checkCanceled();
        byte[] buffer = page.buffer();
        for (int i = 0; i < page.rows(); i++) {
          if (!choice.wants(rows++)) {
            continue;
          }
          reader.read(
              buffer,
              page.keyOffset(i),
              page.keyLength(i),
              buffer,
              page.valueOffset(i),
              page.valueLength(i),
              row);
          visitor.accept(row);
        }
      }
    }
    return rows;
  }
}
