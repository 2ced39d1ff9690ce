package io.shardforge.sql.catalog;

import io.shardforge.sql.type.SqlType;

/**
 * A sequence's definition; its value lives under its own key and changes outside transactions.
 *
 * @param dataId names the key of the value; ALTER SEQUENCE ... RESTART gives a new one
 */
public record SequenceDescriptor(
    int id,
    long version,
    int schemaId,
    String name,
    int ownerId,
    SqlType type,
    long start,
    long increment,
    long minimum,
    long maximum,
    long cache,
    boolean cycle,
    int ownedByTable,
    int ownedByColumn,
    int dataId)
    implements CatalogObject {
  /** The same sequence, which goes with a column; zeros for none. */
  public SequenceDescriptor withOwner(int tableId, int columnNumber) {
    return new SequenceDescriptor(
        id,
        version,
        schemaId,
        name,
        ownerId,
        type,
        start,
        increment,
        minimum,
        maximum,
        cache,
        cycle,
        tableId,
        columnNumber,
        dataId);
  }
}
