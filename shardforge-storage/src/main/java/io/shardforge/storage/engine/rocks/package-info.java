/**
 * The engine on RocksDB: the only package that may import {@code org.rocksdb}. Same threading as
 * the engine package; native handles are closed by the class that opened them. Imports
 * storage.engine, storage.error and storage.key.
 */
@NullMarked
package io.shardforge.storage.engine.rocks;

import org.jspecify.annotations.NullMarked;
