package io.shardforge.sql.ddl;

import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.storage.key.KeyEncoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows or index entries of a table that nobody else writes: a new one, a rebuilt one, or one
 * whose writers wait for this transaction.
 */
final class TableFill {
  private final Txn txn;
  private final TableDescriptor table;
  private final TableVersion version;
  private final RowCodec rows;
  private final DerivedValues derived;
  private final EvalContext evaluation;
  private final boolean withRows;
  private final String schema;
  private final List<IndexCodec> indexes = new ArrayList<>();
  private final KeyEncoder keys = new KeyEncoder();
  private final RowCodec.Scratch scratch = new RowCodec.Scratch();

  /** Writes rows and all index entries. */
  TableFill(DdlScope scope, TableDescriptor table) {
    this(scope, table, table.indexes().subList(1, table.indexes().size()), true);
  }

  private TableFill(
      DdlScope scope, TableDescriptor table, List<IndexDescriptor> secondary, boolean withRows) {
    this.txn = scope.txn();
    this.table = table;
    this.version = new TableVersion(table.id(), table.version());
    this.rows = RowCodec.of(table);
    this.derived = new Definitions(scope).derivedValues(table);
    this.evaluation = scope.context().evaluation();
    this.withRows = withRows;
    this.schema = scope.schemaName(table.schemaId());
    for (IndexDescriptor index : secondary) {
      indexes.add(new IndexCodec(rows, index));
    }
  }

  /** Writes the entries of some indexes for rows that are there already. */
  static TableFill ofIndexes(DdlScope scope, TableDescriptor table, List<IndexDescriptor> indexes) {
    return new TableFill(scope, table, indexes, false);
  }

  void add(@Nullable Object[] row) {
    try {
      if (withRows) {
        txn.insert(version, rows.key(row, keys), rows.value(row, scratch));
      }
      @Nullable Object[] complete = derived.complete(row, evaluation);
      for (IndexCodec index : indexes) {
        for (byte[] key : index.entryKeys(complete, keys)) {
          byte[] value = index.entryValue(complete, keys);
          if (index.isEntryUnique(complete)) {
            txn.insert(version, key, value);
          } else {
            txn.put(version, key, value);
          }
        }
      }
    } catch (KvException e) {
      throw explain(e);
    }
  }

  /** Has the insertions judged; a duplicate is 23505. */
  void finish() {
    try {
      txn.finishStatement(false);
    } catch (KvException e) {
      throw explain(e);
    }
  }

  private RuntimeException explain(KvException e) {
    if (!(e.error() instanceof KvError.KeyExists(byte[] key))) {
      return e;
    }
    IndexCodec primary = new IndexCodec(rows, table.primaryIndex());
    if (withRows && primary.owns(key)) {
      return DuplicateKey.error(primary, schema, key);
    }
    for (IndexCodec index : indexes) {
      if (index.owns(key)) {
        return DuplicateKey.error(index, schema, key);
      }
    }
    return e;
  }
}
