package io.shardforge.sql.session;

import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TransactionCatalog;
import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;

/** What an attempt at a job does with the rows of the table, and with the table at the end. */
interface TableJobWork {
  /** Does the next rows; false if there are no more. */
  boolean advance();

  /** The error if somebody has taken away what was worked on. */
  ShardForgeException gone();

  /**
   * The next version of the table, which the transaction then puts.
   *
   * @param whole whether all rows are done; if not, nothing is to be left
   * @return null if what was worked on is not there any more
   */
  @Nullable TableDescriptor concluded(
      Txn txn, TransactionCatalog catalog, TableDescriptor table, boolean whole);
}
