/**
 * Built-in functions, operators, casts and aggregates with PostgreSQL's OIDs, one file a family.
 * Pure but for the services they reach through the context; any thread. Imports expr and type only.
 */
@NullMarked
package io.shardforge.sql.function;

import org.jspecify.annotations.NullMarked;
