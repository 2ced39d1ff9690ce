/** Rows as text, in the forms that people and programs read. Knows nothing of connections. */
@NullMarked
package io.shardforge.cli.print;

import org.jspecify.annotations.NullMarked;
