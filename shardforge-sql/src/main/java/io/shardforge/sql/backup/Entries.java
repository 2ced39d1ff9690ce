package io.shardforge.sql.backup;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.key.KeySpan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Entries in the order of their keys, one after the other. One thread. */
interface Entries extends AutoCloseable {
  /** Goes to the next entry; false if there is none. */
  boolean next();

  byte[] key();

  /** Null if the key is gone. */
  byte @Nullable [] value();

  @Override
  void close();

  /** All entries of a span as a transaction sees them. */
  static Entries of(Txn txn, KeySpan span) {
    return of(txn.scan(span, false, 0));
  }

  /** All that a cursor gives. */
  static Entries of(KvCursor cursor) {
    return new Entries() {
      private KvPage page = KvPage.empty();
      private int row = -1;

      @Override
      public boolean next() {
        row++;
        while (row >= page.rows()) {
          KvPage more = cursor.next();
          if (more == null) {
            return false;
          }
          page = more;
          row = 0;
        }
        return true;
      }

      @Override
      public byte[] key() {
        return page.key(row);
      }

      @Override
      public byte[] value() {
        return page.value(row);
      }

      @Override
      public void close() {
        cursor.close();
      }
    };
  }

  /** What has to be done to the entries of an earlier state to get those of a later one. */
  static Entries changes(Entries before, Entries after) {
    return new Entries() {
      private boolean hasBefore = before.next();
      private boolean hasAfter = after.next();
      private byte[] key = {};
      private byte @Nullable [] value;

      @Override
      public boolean next() {
        while (hasBefore || hasAfter) {
          int order =
              !hasBefore ? 1 : !hasAfter ? -1 : Arrays.compareUnsigned(before.key(), after.key());
          boolean same = order == 0 && Arrays.equals(before.value(), after.value());
          key = order < 0 ? before.key() : after.key();
          value = order < 0 ? null : after.value();
          if (order <= 0) {
            hasBefore = before.next();
          }
          if (order >= 0) {
            hasAfter = after.next();
          }
          if (!same) {
            return true;
          }
        }
        return false;
      }

      @Override
      public byte[] key() {
        return key;
      }

      @Override
      public byte @Nullable [] value() {
        return value;
      }

      @Override
      public void close() {
        before.close();
        after.close();
      }
    };
  }
}
