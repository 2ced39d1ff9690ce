/**
 * Time and randomness behind interfaces, and the oracle's timestamps. The only package that may ask
 * the machine for the time or for random numbers. Everything here is thread-safe; imports
 * storage.error and storage.device only.
 */
@NullMarked
package io.shardforge.storage.clock;

import org.jspecify.annotations.NullMarked;
