/**
 * Descriptors of databases, schemas, relations and roles: their storage as transactional rows of
 * the meta shard, the snapshots that sessions plan on, and the virtual system tables. Snapshots are
 * immutable and shared by all threads; a {@link TransactionCatalog} belongs to one session. Imports
 * types, expressions and functions, and transactions from below; no plans and no parse trees.
 */
@NullMarked
package io.shardforge.sql.catalog;

import org.jspecify.annotations.NullMarked;
