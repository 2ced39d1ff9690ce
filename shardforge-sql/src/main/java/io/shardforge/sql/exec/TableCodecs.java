package io.shardforge.sql.exec;

import io.shardforge.raft.kv.TableVersion;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * The codecs of a table and of all its indexes, for writing. Immutable.
 *
 * @param secondary all indexes but the primary one, those still being built included
 * @param required by ordinal, whether a row must have a value there
 * @param rowIdOrdinal the ordinal of the hidden row id, -1 if there is none
 */
record TableCodecs(
    TableDescriptor table,
    TableVersion version,
    RowCodec rows,
    IndexCodec primary,
    List<IndexCodec> secondary,
    DerivedValues derived,
    boolean[] required,
    int rowIdOrdinal) {
  /** The same where rows come with their ids, which may have been there before. */
  TableCodecs withIdsGiven() {
    return new TableCodecs(table, version, rows, primary, secondary, derived, required, -1);
  }

  static TableCodecs of(TableDescriptor table, DerivedValues derived) {
    RowCodec rows = RowCodec.of(table);
    IndexCodec primary = new IndexCodec(rows, table.primaryIndex());
    List<IndexCodec> secondary = new ArrayList<>();
    for (IndexDescriptor index : table.indexes()) {
      if (!index.primary()) {
        secondary.add(new IndexCodec(rows, index));
      }
    }
    int rowIdOrdinal = -1;
    boolean[] required = new boolean[table.columns().size()];
    for (int i = 0; i < required.length; i++) {
      required[i] = table.columns().get(i).isRequired();
      if (table.columns().get(i).number() == ColumnDescriptor.ROW_ID_NUMBER) {
        rowIdOrdinal = i;
      }
    }
    return new TableCodecs(
        table,
        new TableVersion(table.id(), table.version()),
        rows,
        primary,
        List.copyOf(secondary),
        derived,
        required,
        rowIdOrdinal);
  }
}
