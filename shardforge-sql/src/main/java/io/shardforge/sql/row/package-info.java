/**
 * Rows of tables as keys and values, and back. Codecs are immutable and shared; readers and writers
 * belong to one thread. Imports storage.key, storage.error and the SQL types, expressions' vectors
 * and catalog descriptors.
 */
@NullMarked
package io.shardforge.sql.row;

import org.jspecify.annotations.NullMarked;
