/**
 * The files of a backup: their form, checksums and encryption, and the places where they are kept.
 *
 * <p>Nothing here knows where the keys and descriptors in them come from.
 */
@NullMarked
package io.shardforge.storage.backup;

import org.jspecify.annotations.NullMarked;
