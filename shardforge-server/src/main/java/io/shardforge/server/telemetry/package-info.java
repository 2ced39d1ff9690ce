/**
 * What the server tells about itself: the one metric registry, its Prometheus text, and JSON log
 * lines. Any thread.
 */
@NullMarked
package io.shardforge.server.telemetry;

import org.jspecify.annotations.NullMarked;
