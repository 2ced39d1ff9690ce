/**
 * Bindings to the operating system and to devices through the foreign function interface. Stateless
 * and thread-safe; imports nothing of ShardForge.
 */
@NullMarked
package io.shardforge.storage.device;

import org.jspecify.annotations.NullMarked;
