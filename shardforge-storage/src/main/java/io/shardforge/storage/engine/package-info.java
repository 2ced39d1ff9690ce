/**
 * Ordered bytes on a device: the seam between versions and the store beneath. Engines and snapshots
 * serve any number of threads, an iterator or a batch one at a time; imports storage.error and
 * storage.key only.
 */
@NullMarked
package io.shardforge.storage.engine;

import org.jspecify.annotations.NullMarked;
