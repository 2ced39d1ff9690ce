package io.shardforge.server.config;

/**
 * What statements and sessions may take.
 *
 * @param memoryBytes for all running statements together
 */
public record SqlConfig(long memoryBytes, int connectionsMax) {}
