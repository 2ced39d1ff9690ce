/**
 * The system tables of pg_catalog and information_schema, computed from a catalog snapshot with
 * PostgreSQL's column names, types and OIDs; and what functions look up there. Stateless but for
 * rows that never change; any thread. Imports the catalog, types, functions and expressions.
 */
@NullMarked
package io.shardforge.sql.catalog.system;

import org.jspecify.annotations.NullMarked;
