/**
 * Statements made at random and asked twice: of PostgreSQL and of this server, or of this server in
 * two ways that have to agree. Everything follows from a seed.
 */
@NullMarked
package io.shardforge.server.differential;

import org.jspecify.annotations.NullMarked;
