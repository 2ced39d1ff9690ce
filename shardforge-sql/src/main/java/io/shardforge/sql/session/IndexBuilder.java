package io.shardforge.sql.session;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.TransactionCatalog;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.row.RowReader;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The building of one index beside those who write its table. When it begins, every writer of the
 * table writes the index, too; what is left are rows that nobody has written since. They are read
 * in the order of their keys, some at a time, and their entries written in one transaction that
 * holds the rows locked: so an entry is that of the newest version of its row, and whoever changes
 * the row later finds it. Rows that somebody else has locked are taken one by one after the others,
 * with no other lock held while waiting.
 */
final class IndexBuilder implements TableJobWork, RowPass.Work<IndexBuilder.Layout> {
  private final Session session;
  private final SessionFactory.Services services;
  private final TableJobAttempt attempt;
  private final RowPass<Layout> pass;
  private final KeyEncoder scratch = new KeyEncoder();
  private @Nullable Layout layout;

  IndexBuilder(Session session, TableJobAttempt attempt) {
    this.session = session;
    this.services = session.services();
    this.attempt = attempt;
    this.pass = new RowPass<>(services.catalog(), attempt, this);
  }

  /** The index as a version of its table has it. */
  record Layout(
      TableDescriptor table,
      TableVersion version,
      String schema,
      RowReader reader,
      IndexCodec codec,
      DerivedValues derived)
      implements RowPass.Layout {}

  @Override
  public boolean advance() {
    return pass.advance();
  }

  @Override
  public List<byte[]> write(
      Txn txn, CatalogSnapshot snapshot, Layout now, List<byte[]> keys, LockWait wait) {
    List<byte[]> left = new ArrayList<>();
    UniqueEntries unique = new UniqueEntries(now.schema);
    try (Execution execution = session.newExecution(txn, snapshot)) {
      for (LockedRow row : txn.lock(keys, LockStrength.SHARE, wait)) {
        byte[] value = row.value();
        if (row.skipped()) {
          left.add(row.key());
        } else if (value != null) {
          @Nullable Object[] complete =
              now.derived.complete(now.reader.read(row.key(), value), execution);
          for (byte[] entry : now.codec.entryKeys(complete, scratch)) {
            byte[] entryValue = now.codec.entryValue(complete, scratch);
            if (!now.codec.isEntryUnique(complete)) {
              txn.put(now.version, entry, entryValue);
            } else {
              unique.add(entry, new UniqueEntries.Wanted(now.codec, entryValue, row.key()));
            }
          }
        }
      }
    }
    left.addAll(unique.write(txn, now.version, IndexBuilder::isOwn));
    return left;
  }

  private static boolean isOwn(LockedRow entry, UniqueEntries.Wanted wanted) {
    byte[] value = Objects.requireNonNull(entry.value());
    return Bytes.compare(wanted.index().rowKey(entry.key(), value), wanted.row()) == 0;
  }

  @Override
  public @Nullable Layout layout(CatalogSnapshot snapshot) {
    Layout known = layout;
    TableDescriptor table =
        snapshot.relation(attempt.job().tableId()) instanceof TableDescriptor found ? found : null;
    IndexDescriptor index = table == null ? null : table.index(attempt.job().oid());
    if (table == null || index == null) {
      throw gone();
    }
    if (!attempt.isInPlace(table)) {
      return null;
    }
    if (known != null && known.table.equals(table)) {
      return known;
    }
    RowCodec rows = RowCodec.of(table);
    SchemaDescriptor schema = snapshot.schema(table.schemaId());
    Layout made =
        new Layout(
            table,
            new TableVersion(table.id(), table.version()),
            schema == null ? "" : schema.name(),
            rows.reader(),
            new IndexCodec(rows, index),
            services.planner().derivedValues(table, session.ownPlanContext(snapshot)));
    layout = made;
    return made;
  }

  @Override
  public ShardForgeException gone() {
    return new ShardForgeException(
        ErrorCode.UNDEFINED_OBJECT,
        "index \"" + attempt.job().objectName() + "\" was dropped while it was built");
  }

  @Override
  public @Nullable TableDescriptor concluded(
      Txn txn, TransactionCatalog catalog, TableDescriptor table, boolean whole) {
    IndexDescriptor index = table.index(attempt.job().oid());
    if (index == null) {
      return null;
    }
    List<IndexDescriptor> indexes = new ArrayList<>(table.indexes());
    IndexDescriptor old = table.index(attempt.job().subject());
    IndexDescriptor left = index;
    if (whole && attempt.job().kind() == TableJob.Kind.INDEX) {
      indexes.set(indexes.indexOf(index), index.withState(IndexDescriptor.State.PUBLIC));
      return table.withIndexes(indexes);
    }
    indexes.remove(index);
    if (whole && old != null) {
      IndexDescriptor anew = index.copy(old.oid(), index.number(), old.name(), old.constraintOid());
      indexes.set(indexes.indexOf(old), anew.withState(IndexDescriptor.State.PUBLIC));
      left = old;
    }
    // Who still writes the entries that are left would write them for nobody.
    txn.raiseSchemaFloor(table.id(), table.version() + 1, KeySpace.tableSpan(table.dataId()));
    catalog.abandonIndex(table.dataId(), left.number());
    return table.withIndexes(indexes);
  }
}
