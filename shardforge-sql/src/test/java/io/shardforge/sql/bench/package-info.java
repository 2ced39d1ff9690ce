/** Measurements of the hot paths of statements, run by hand; no test. */
@NullMarked
package io.shardforge.sql.bench;

import org.jspecify.annotations.NullMarked;
