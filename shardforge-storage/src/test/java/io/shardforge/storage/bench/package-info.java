/** Measurements of the hot paths of storage, run by hand; no test. */
@NullMarked
package io.shardforge.storage.bench;

import org.jspecify.annotations.NullMarked;
