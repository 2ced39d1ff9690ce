package io.shardforge.sql.exec;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.storage.key.KeySpan;

/**
 * A page of a scan, of rows as they are stored or of what another node has made of them.
 *
 * @param covered the part of the scan that it is about
 */
record ScanPage(KvPage page, Form form, KeySpan covered) {
  /** What a page holds. */
  enum Form {
    /** Rows as they are stored. */
    STORED,
    /** The wanted columns of the rows that pass the scan's condition. */
    PICKED,
    /** Groups of such rows. */
    GROUPS
  }

  static ScanPage stored(KvPage page) {
    return new ScanPage(page, Form.STORED, KeySpan.ALL);
  }

  /** The page that a cursor gave last. */
  static ScanPage of(KvPage page, KvCursor cursor) {
    Form form =
        cursor.workedRows() < 0
            ? Form.STORED
            : PageGroups.Wire.hasGroups(page) ? Form.GROUPS : Form.PICKED;
    return new ScanPage(page, form, cursor.covered());
  }
}
