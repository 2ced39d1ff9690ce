/**
 * The SQL shell: runs statements and backslash commands, from a terminal, a file or the command
 * line.
 */
@NullMarked
package io.shardforge.cli.shell;

import org.jspecify.annotations.NullMarked;
