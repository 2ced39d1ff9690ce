/**
 * The bottom layer: versioned rows over an ordered engine, with the clock, key and error vocabulary
 * that every layer shares. Imports nothing of the layers above.
 */
@NullMarked
package io.shardforge.storage;

import org.jspecify.annotations.NullMarked;
