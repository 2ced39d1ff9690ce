/**
 * Parse tree to plan: rules, cost, access paths. The last package that sees Calcite; plan nodes
 * themselves do not.
 */
@NullMarked
package io.shardforge.sql.plan;

import org.jspecify.annotations.NullMarked;
