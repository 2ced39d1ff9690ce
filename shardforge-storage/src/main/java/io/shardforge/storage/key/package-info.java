/**
 * Keys: encodings whose byte order is the order of the values, spans of keys, and the map of the
 * one key space. Encoders and decoders belong to one thread, everything else is immutable; imports
 * storage.error only.
 */
@NullMarked
package io.shardforge.storage.key;

import org.jspecify.annotations.NullMarked;
