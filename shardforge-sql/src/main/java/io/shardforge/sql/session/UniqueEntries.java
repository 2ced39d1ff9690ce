package io.shardforge.sql.session;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.ddl.DuplicateKey;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.storage.key.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** Entries that no two rows may have, to be written by one transaction. */
final class UniqueEntries {
  private final String schema;
  private final Map<byte[], Wanted> wanted = new TreeMap<>(Bytes::compare);

  /**
   * Entries of one table.
   *
   * @param schema the name of the table's schema
   */
  UniqueEntries(String schema) {
    this.schema = schema;
  }

  /**
   * An entry that a row is to have.
   *
   * @param row the key of the row that was read
   */
  record Wanted(IndexCodec index, byte[] value, byte[] row) {}

  void add(byte[] entry, Wanted one) {
    if (wanted.put(entry, one) != null) {
      throw DuplicateKey.error(one.index, schema, entry);
    }
  }

  /**
   * Writes those that are not there; fails if one is another row's.
   *
   * @param isOwn whether an entry that is there is the row's that wants it
   * @return the rows whose entries somebody else has locked
   */
  List<byte[]> write(Txn txn, TableVersion version, BiPredicate<LockedRow, Wanted> isOwn) {
    List<byte[]> left = new ArrayList<>();
    if (wanted.isEmpty()) {
      return left;
    }
    List<byte[]> entries = List.copyOf(wanted.keySet());
    for (LockedRow held : txn.lock(entries, LockStrength.UPDATE, LockWait.SKIP_LOCKED)) {
      Wanted one = wanted.get(held.key());
      if (one == null) {
        throw new IllegalStateException("a lock on a key that nobody asked for");
      }
      if (held.skipped()) {
        left.add(one.row);
      } else if (held.value() == null) {
        txn.put(version, held.key(), one.value);
      } else if (!isOwn.test(held, one)) {
        throw DuplicateKey.error(one.index, schema, held.key());
      }
    }
    return left;
  }
}
