package io.shardforge.sql.session;

import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.Catalog;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.storage.key.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job's way through the rows of its table, in the order of their keys: some at a time, in one
 * transaction that holds them locked. Rows that somebody else has locked are taken one by one after
 * the others, with no other lock held while waiting.
 */
record RowPass<L extends RowPass.Layout>(Catalog catalog, TableJobAttempt attempt, Work<L> work) {
  /** What the work needs of one version of the table. */
  interface Layout {
    TableDescriptor table();
  }

  /** What is done with rows. */
  interface Work<L extends Layout> {
    /** The table as it is now; null if its rows lie elsewhere now, so that all begins anew. */
    @Nullable L layout(CatalogSnapshot snapshot);

    /** Locks rows and works on them; returns the keys that somebody else's locks left out. */
    List<byte[]> write(
        Txn txn, CatalogSnapshot snapshot, L layout, List<byte[]> keys, LockWait wait);
  }

  /** Takes the next rows; false if there are no more. */
  boolean advance() {
    List<byte[]> keys;
    List<byte[]> left;
    Txn txn = attempt.begin();
    try {
      CatalogSnapshot snapshot = snapshot(txn);
      L now = work.layout(snapshot);
      if (now == null) {
        return true;
      }
      keys = nextKeys(txn, now);
      if (keys.isEmpty()) {
        return false;
      }
      left = work.write(txn, snapshot, now, keys, LockWait.SKIP_LOCKED);
      TableJobAttempt.commit(txn);
    } finally {
      txn.rollback();
    }
    for (byte[] key : left) {
      if (!writeLeft(key)) {
        return true;
      }
    }
    attempt.advanced(Bytes.successor(keys.getLast()), keys.size());
    return true;
  }

  private CatalogSnapshot snapshot(Txn txn) {
    return catalog.open(attempt.job().databaseId(), txn).snapshot();
  }

  private List<byte[]> nextKeys(Txn txn, L now) {
    List<byte[]> keys = new ArrayList<>();
    long bytes = 0;
    try (KvCursor cursor = txn.scan(attempt.rest(now.table()), false, TableJobAttempt.ROWS_MAX)) {
      while (keys.size() < TableJobAttempt.ROWS_MAX && bytes < TableJobAttempt.BYTES_MAX) {
        KvPage page = cursor.next();
        if (page == null) {
          break;
        }
        for (int i = 0; i < page.rows() && keys.size() < TableJobAttempt.ROWS_MAX; i++) {
          keys.add(page.key(i));
        }
        bytes += page.sizeBytes();
      }
    }
    return keys;
  }

  /** Takes a row that was locked by somebody else; false if rows lie elsewhere now. */
  private boolean writeLeft(byte[] key) {
    while (true) {
      attempt.checkCanceled();
      attempt.noteIfDue();
      try {
        Txn txn = attempt.begin();
        try {
          CatalogSnapshot snapshot = snapshot(txn);
          L now = work.layout(snapshot);
          if (now == null) {
            return false;
          }
          // Nothing else is held while this waits for the row, so nobody waits in a circle.
          if (work.write(txn, snapshot, now, List.of(key), LockWait.BLOCK).isEmpty()) {
            TableJobAttempt.commit(txn);
            return true;
          }
        } finally {
          txn.rollback();
        }
        attempt.giveWay();
      } catch (KvException e) {
        attempt.passOrThrow(e);
      }
    }
  }
}
