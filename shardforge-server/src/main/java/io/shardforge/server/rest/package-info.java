/**
 * The HTTP face: health probes, metrics, the console's static files. On the event loops: nothing
 * here may block.
 */
@NullMarked
package io.shardforge.server.rest;

import org.jspecify.annotations.NullMarked;
