/**
 * Backups and their restoring, as jobs that survive the node that does them.
 *
 * <p>The files are those of {@code storage.backup}, the descriptors those of {@code sql.catalog}.
 */
@NullMarked
package io.shardforge.sql.backup;

import org.jspecify.annotations.NullMarked;
