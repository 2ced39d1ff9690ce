/**
 * Loads that try a cluster: their tables, their transactions, and what measures them. Each client
 * has a thread and a connection of its own.
 */
@NullMarked
package io.shardforge.cli.workload;

import org.jspecify.annotations.NullMarked;
