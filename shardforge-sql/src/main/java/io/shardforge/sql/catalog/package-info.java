/** Descriptors of schemas, tables, indexes and sequences, their storage, snapshots, and the virtual system tables. */
@NullMarked
package io.shardforge.sql.catalog;

import org.jspecify.annotations.NullMarked;
