/** Text cut into statements and backslash commands, by PostgreSQL's lexical rules. */
@NullMarked
package io.shardforge.cli.script;

import org.jspecify.annotations.NullMarked;
