/**
 * The error vocabulary that all layers share: SQLSTATE codes and the one exception that carries
 * them. Thread-safe values; imports nothing of ShardForge.
 */
@NullMarked
package io.shardforge.storage.error;

import org.jspecify.annotations.NullMarked;
