package io.shardforge.sql.exec;

import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Action;
import io.shardforge.sql.catalog.TableDescriptor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys that rows of a table had before they were deleted, or updated, for one foreign key that
 * refers to it.
 */
public final class LostKeys {
  private static final long ROW_BYTES = 48;

  private final Reference reference;
  private final boolean updated;
  private final int[] ordinals;
  private final MemoryBudget memory;
  private final List<@Nullable Object[]> before = new ArrayList<>();
  private final List<@Nullable Object[]> after = new ArrayList<>();

  LostKeys(Reference reference, boolean updated, TableDescriptor table, MemoryBudget memory) {
    this.reference = reference;
    this.updated = updated;
    this.ordinals = TableKeys.ordinals(table, reference.key().referencedColumns());
    this.memory = memory;
  }

  void deleted(@Nullable Object[] row) {
    @Nullable Object[] key = TableKeys.values(row, ordinals);
    if (!TableKeys.hasNull(key)) {
      charge(key);
      before.add(key);
    }
  }

  void updated(@Nullable Object[] oldRow, @Nullable Object[] newRow) {
    @Nullable Object[] key = TableKeys.values(oldRow, ordinals);
    if (!TableKeys.hasNull(key)) {
      @Nullable Object[] newKey = TableKeys.values(newRow, ordinals);
      charge(key);
      charge(newKey);
      before.add(key);
      after.add(newKey);
    }
  }

  private void charge(@Nullable Object[] key) {
    memory.reserve(RowSize.of(key) + ROW_BYTES);
  }

  boolean isEmpty() {
    return before.isEmpty();
  }

  /** The foreign key, as the catalog of the statement has it. */
  public Reference reference() {
    return reference;
  }

  /** What is to become of rows that refer to the keys. */
  public Action action() {
    return updated ? reference.key().onUpdate() : reference.key().onDelete();
  }

  /** The columns that SET NULL and SET DEFAULT change. */
  public List<Integer> columnsToSet() {
    return updated ? reference.key().columns() : reference.key().columnsSetOnDelete();
  }

  /** The keys, each in the order of the referenced columns. */
  public List<@Nullable Object[]> before() {
    return before;
  }

  /** What updated rows have instead, in the same order. */
  public List<@Nullable Object[]> after() {
    return after;
  }
}
