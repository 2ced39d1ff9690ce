/**
 * Executable expressions over rows and batches of rows: no Calcite, no storage. Pure; one thread a
 * context.
 */
@NullMarked
package io.shardforge.sql.expr;

import org.jspecify.annotations.NullMarked;
