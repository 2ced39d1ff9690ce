package io.shardforge.sql.exec;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.storage.key.KeyEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one table that constraints are judged by after the statement, as a {@link
 * TableWriter} changes rows.
 */
final class TableKeys {
  private final KeyEncoder encoder = new KeyEncoder();
  private final List<ReferredKeys> referred = new ArrayList<>();
  private final List<Referenced> referenced = new ArrayList<>();
  private final List<NewKeys> made = new ArrayList<>();

  /** A key of the table that others refer to. */
  private record Referenced(IndexCodec index, LostKeys deleted, LostKeys updated) {}

  private TableKeys(TableCodecs codecs, Execution execution, List<Reference> references) {
    CatalogSnapshot catalog = execution.catalog();
    TableDescriptor table = codecs.table();
    MemoryBudget memory = execution.memory();
    KeyChanges changes = execution.keyChanges();
    for (ForeignKeyDescriptor key : table.foreignKeys()) {
      ReferredKeys keys = new ReferredKeys(catalog, new Reference(table, key), memory);
      referred.add(keys);
      changes.add(keys);
    }
    for (IndexDescriptor index : table.indexes()) {
      if (index.deferrable() != null) {
        NewKeys keys = new NewKeys(table, index, memory);
        made.add(keys);
        changes.add(keys);
      }
    }
    for (Reference reference : references) {
      LostKeys deleted = new LostKeys(reference, false, table, memory);
      LostKeys updated = new LostKeys(reference, true, table, memory);
      referenced.add(new Referenced(index(codecs, reference), deleted, updated));
      changes.add(deleted);
      changes.add(updated);
    }
  }

  /** The keys of a table, or null if nothing is to be done about them after the statement. */
  static @Nullable TableKeys of(TableCodecs codecs, Execution execution) {
    List<Reference> references = execution.catalog().referencesTo(codecs.table().id());
    return references.isEmpty()
            && codecs.table().foreignKeys().isEmpty()
            && codecs.table().indexes().stream().allMatch(index -> index.deferrable() == null)
        ? null
        : new TableKeys(codecs, execution, references);
  }

  private static IndexCodec index(TableCodecs codecs, Reference reference) {
    int oid = reference.key().indexOid();
    if (codecs.primary().index().oid() == oid) {
      return codecs.primary();
    }
    return codecs.secondary().stream()
        .filter(index -> index.index().oid() == oid)
        .findFirst()
        .orElseThrow();
  }

  void inserted(@Nullable Object[] row) {
    for (int i = 0; i < referred.size(); i++) {
      referred.get(i).add(row);
    }
    for (int i = 0; i < made.size(); i++) {
      made.get(i).add(row);
    }
  }

  void deleted(@Nullable Object[] row) {
    for (int i = 0; i < referenced.size(); i++) {
      referenced.get(i).deleted.deleted(row);
    }
  }

  void updated(@Nullable Object[] before, @Nullable Object[] after) {
    for (int i = 0; i < referred.size(); i++) {
      if (!referred.get(i).isSame(before, after)) {
        referred.get(i).add(after);
      }
    }
    for (int i = 0; i < made.size(); i++) {
      made.get(i).updated(before, after);
    }
    for (int i = 0; i < referenced.size(); i++) {
      IndexCodec index = referenced.get(i).index;
      if (!Arrays.equals(index.entryKey(before, encoder), index.entryKey(after, encoder))) {
        referenced.get(i).updated.updated(before, after);
      }
    }
  }

  // ---- values of some columns ----

  static int[] ordinals(TableDescriptor table, List<Integer> numbers) {
    return numbers.stream().mapToInt(table::ordinalOfNumber).toArray();
  }

  static @Nullable Object[] values(@Nullable Object[] row, int[] ordinals) {
    @Nullable Object[] values = new @Nullable Object[ordinals.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = row[ordinals[i]];
    }
    return values;
  }

  static boolean hasNull(@Nullable Object[] values) {
    return Arrays.stream(values).anyMatch(Objects::isNull);
  }
}
