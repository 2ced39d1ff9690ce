/**
 * Versions of keys over an engine: the current one, its history, provisional writes, transaction
 * records and the collection of what nobody reads any more. Pure functions from a reader to values
 * and batches, so any thread may call them and every replica gets the same bytes; scanners belong
 * to one thread. Imports the storage packages below it: error, clock, key, engine.
 */
@NullMarked
package io.shardforge.storage.mvcc;

import org.jspecify.annotations.NullMarked;
