/**
 * The alerts that a cluster raises by itself: the rules that are shipped for Prometheus, evaluated
 * over what the nodes measure, by one node at a time, and told to those who want to hear of them.
 * Each {@code run} wants a thread of its own; the rest may be called by any thread.
 */
@NullMarked
package io.shardforge.server.alert;

import org.jspecify.annotations.NullMarked;
