/** The node: its faces to clients, the wiring by hand in construction order, jobs and telemetry. */
@NullMarked
package io.shardforge.server;

import org.jspecify.annotations.NullMarked;
