package io.shardforge.sql.session;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.ObjectKey;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.Successor;
import io.shardforge.sql.catalog.TransactionCatalog;
import io.shardforge.sql.ddl.RowConstraints;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.RowConversion;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The writing of all rows of a table in the form that it is to have, beside those who write it, who
 * write both forms. As an index is built, with whole rows and their entries for what an index has;
 * in the end the table has the new form and nothing refers to the old one.
 */
final class TableRewriting implements TableJobWork, RowPass.Work<TableRewriting.Layout> {
  private final Session session;
  private final SessionFactory.Services services;
  private final TableJobAttempt attempt;
  private final RowPass<Layout> pass;
  private final KeyEncoder scratch = new KeyEncoder();
  private final RowCodec.Scratch rowScratch = new RowCodec.Scratch();
  private @Nullable Layout layout;

  TableRewriting(Session session, TableJobAttempt attempt) {
    this.session = session;
    this.services = session.services();
    this.attempt = attempt;
    this.pass = new RowPass<>(services.catalog(), attempt, this);
  }

  /** Both forms as a version of the table has them. */
  record Layout(
      TableDescriptor table,
      TableVersion version,
      String schema,
      RowCodec from,
      RowConversion conversion,
      RowCodec to,
      IndexCodec primary,
      List<IndexCodec> secondary,
      RowConstraints constraints)
      implements RowPass.Layout {}

  /** A row in the new form, and where it was read. */
  private record Converted(byte[] row, byte[] key, @Nullable Object[] values) {}

  @Override
  public boolean advance() {
    return pass.advance();
  }

  @Override
  public List<byte[]> write(
      Txn txn, CatalogSnapshot snapshot, Layout now, List<byte[]> keys, LockWait wait) {
    List<byte[]> left = new ArrayList<>();
    List<Converted> rows = new ArrayList<>();
    session.transaction().see(snapshot);
    try (Execution execution = session.newExecution(txn, snapshot)) {
      for (LockedRow row : txn.lock(keys, LockStrength.NO_KEY_UPDATE, wait)) {
        byte[] value = row.value();
        if (row.skipped()) {
          left.add(row.key());
        } else if (value != null) {
          @Nullable Object[] values =
              now.conversion.convert(now.from.reader().read(row.key(), value), execution);
          rows.add(new Converted(row.key(), now.to.key(values, scratch), values));
        }
      }
      keepValues(txn, now, rows);
      for (Converted row : rows) {
        now.constraints.require(row.values, execution);
      }
      left.addAll(writeRows(txn, now, rows));
      writeEntries(txn, now, rows, left, execution);
    } finally {
      session.transaction().see(null);
    }
    return left;
  }

  /** Rows that are there keep what would be another value each time that it is computed. */
  private static void keepValues(Txn txn, Layout now, List<Converted> rows) {
    if (now.conversion.kept().isEmpty() || rows.isEmpty()) {
      return;
    }
    // Nobody else writes them while the rows that they are made of are locked.
    List<byte[]> keys = rows.stream().map(Converted::key).toList();
    List<LockedRow> there = txn.lock(keys, LockStrength.SHARE, LockWait.BLOCK);
    for (int i = 0; i < keys.size(); i++) {
      byte[] value = there.get(i).value();
      if (value != null) {
        now.conversion.keep(now.to.reader().read(keys.get(i), value), rows.get(i).values);
      }
    }
  }

  /**
   * Where two rows may want the same key, the rows whose keys somebody else has locked are left.
   */
  private List<byte[]> writeRows(Txn txn, Layout now, List<Converted> rows) {
    int origin = now.conversion.origin();
    if (origin < 0) {
      for (Converted row : rows) {
        txn.put(now.version, row.key, now.to.value(row.values, rowScratch));
      }
      return List.of();
    }
    UniqueEntries unique = new UniqueEntries(now.schema);
    for (Converted row : rows) {
      byte[] value = now.to.value(row.values, rowScratch);
      unique.add(row.key, new UniqueEntries.Wanted(now.primary, value, row.row));
    }
    return unique.write(
        txn,
        now.version,
        (held, wanted) ->
            Objects.equals(
                origin(now, held.key(), Objects.requireNonNull(held.value())),
                origin(now, held.key(), wanted.value())));
  }

  private static @Nullable Object origin(Layout now, byte[] key, byte[] value) {
    return now.to.reader().read(key, value)[now.conversion.origin()];
  }

  /** Entries go with rows: one that is left has none. */
  private void writeEntries(
      Txn txn, Layout now, List<Converted> rows, List<byte[]> left, Execution execution) {
    Set<byte[]> without = new TreeSet<>(Bytes::compare);
    without.addAll(left);
    UniqueEntries unique = new UniqueEntries(now.schema);
    for (Converted row : rows) {
      if (without.contains(row.row)) {
        continue;
      }
      @Nullable Object[] complete = now.conversion.derived().complete(row.values, execution);
      for (IndexCodec index : now.secondary) {
        for (byte[] entry : index.entryKeys(complete, scratch)) {
          byte[] value = index.entryValue(complete, scratch);
          if (index.isEntryUnique(complete)) {
            unique.add(entry, new UniqueEntries.Wanted(index, value, row.row));
          } else {
            txn.put(now.version, entry, value);
          }
        }
      }
    }
    left.addAll(
        unique.write(
            txn,
            now.version,
            (held, wanted) ->
                Bytes.compare(
                        wanted.index().rowKey(held.key(), Objects.requireNonNull(held.value())),
                        wanted.index().rowKey(held.key(), wanted.value()))
                    == 0));
  }

  @Override
  public Layout layout(CatalogSnapshot snapshot) {
    Layout known = layout;
    TableDescriptor table =
        snapshot.relation(attempt.job().tableId()) instanceof TableDescriptor found ? found : null;
    Successor successor = table == null ? null : successor(table);
    if (table == null || successor == null) {
      throw gone();
    }
    if (known != null && known.table.equals(table)) {
      return known;
    }
    RowConversion conversion = new RowConversions(session).of(table, successor, snapshot);
    TableDescriptor to = conversion.to();
    RowCodec rows = RowCodec.of(to);
    SchemaDescriptor schemaOrNone = snapshot.schema(table.schemaId());
    String schema = schemaOrNone == null ? "" : schemaOrNone.name();
    int generated = conversion.rules().size() - to.checks().size();
    List<Integer> checks =
        IntStream.range(0, to.checks().size())
            .filter(i -> to.checks().get(i).valid())
            .boxed()
            .toList();
    Layout made =
        new Layout(
            table,
            new TableVersion(table.id(), table.version()),
            schema,
            RowCodec.of(table),
            conversion,
            rows,
            new IndexCodec(rows, to.primaryIndex()),
            to.indexes().stream().skip(1).map(index -> new IndexCodec(rows, index)).toList(),
            new RowConstraints(
                to,
                schema,
                checks.stream().map(to.checks()::get).toList(),
                checks.stream().map(i -> conversion.rules().get(generated + i)).toList(),
                to.columns().stream()
                    .filter(ColumnDescriptor::notNull)
                    .map(ColumnDescriptor::number)
                    .toList()));
    layout = made;
    return made;
  }

  private @Nullable Successor successor(TableDescriptor table) {
    Successor successor = table.successor();
    return successor != null && successor.table().dataId() == attempt.job().oid()
        ? successor
        : null;
  }

  @Override
  public ShardForgeException gone() {
    return new ShardForgeException(
        ErrorCode.UNDEFINED_TABLE,
        "table \"" + attempt.job().tableName() + "\" was dropped while it was rewritten");
  }

  /** Who was about to write the other form, or both, is kept out of both. */
  @Override
  public @Nullable TableDescriptor concluded(
      Txn txn, TransactionCatalog catalog, TableDescriptor table, boolean whole) {
    Successor successor = successor(table);
    if (successor == null) {
      return null;
    }
    TableDescriptor to = successor.table();
    txn.raiseSchemaFloor(table.id(), table.version() + 1, KeySpace.tableSpan(table.dataId()));
    txn.raiseSchemaFloor(table.id(), table.version() + 1, KeySpace.tableSpan(to.dataId()));
    if (!whole) {
      catalog.abandonData(to.dataId());
      dropSequences(catalog, table, to);
      return table.withSuccessor(null);
    }
    catalog.abandonData(table.dataId());
    attempt.seeNewest(txn);
    for (Reference reference : catalog.snapshot().referencesTo(table.id())) {
      if (reference.table().id() != table.id()) {
        forgetKeys(txn, catalog, reference.table());
      }
    }
    List<IndexDescriptor> indexes =
        to.indexes().stream().map(index -> index.withState(IndexDescriptor.State.PUBLIC)).toList();
    List<ColumnDescriptor> columns =
        to.columns().stream()
            .filter(c -> !c.hidden() || c.number() == ColumnDescriptor.ROW_ID_NUMBER)
            .map(c -> c.withMissing(null))
            .toList();
    return to.withIndexes(indexes).withVersion(table.version()).withColumns(columns);
  }

  /** Takes away the sequences of columns that do not come to be. */
  private static void dropSequences(
      TransactionCatalog catalog, TableDescriptor table, TableDescriptor to) {
    for (ColumnDescriptor column : to.columns()) {
      ObjectKey key = new ObjectKey(ObjectKey.Kind.SEQUENCE, column.sequenceId(), 0);
      boolean added = table.columns().stream().noneMatch(c -> c.number() == column.number());
      if (added && catalog.lock(key) instanceof SequenceDescriptor sequence) {
        catalog.drop(sequence);
        catalog.abandonData(sequence.dataId());
      }
    }
  }

  /** Rows that refer to the table lock its rows by keys that name where these lie. */
  private static void forgetKeys(Txn txn, TransactionCatalog catalog, TableDescriptor known) {
    if (catalog.lock(known.key()) instanceof TableDescriptor referring) {
      long version = referring.version() + 1;
      txn.raiseSchemaFloor(referring.id(), version, KeySpace.tableSpan(referring.dataId()));
      catalog.replace(referring, referring.withVersion(version));
    }
  }
}
