/** What follows ./shardforge on the command line: one class a command, its options as fields. */
@NullMarked
package io.shardforge.cli.command;

import org.jspecify.annotations.NullMarked;
