package io.shardforge.sql.ddl;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.row.RowReader;
import io.shardforge.storage.key.KeySpace;
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

  /** Hands each row to the visitor, in an array that is used again for the next. */
  void forEach(Consumer<@Nullable Object[]> visitor) {
    RowReader reader = RowCodec.of(table).reader();
    @Nullable Object[] row = new Object[table.columns().size()];
    Txn txn = scope.txn();
    int index = table.primaryIndex().number();
    try (KvCursor cursor = txn.scan(KeySpace.indexSpan(table.dataId(), index), false, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        scope.context().checkCanceled();
        byte[] buffer = page.buffer();
        for (int i = 0; i < page.rows(); i++) {
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
  }

  /** How many rows there are, but no more than some. */
  long count(int most) {
    long rows = 0;
    int index = table.primaryIndex().number();
    try (KvCursor cursor =
        scope.txn().scan(KeySpace.indexSpan(table.dataId(), index), false, most)) {
      for (KvPage page = cursor.next(); page != null && rows < most; page = cursor.next()) {
        scope.context().checkCanceled();
        rows += page.rows();
      }
    }
    return Math.min(rows, most);
  }
}
