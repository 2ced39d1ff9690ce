/** The command line client. Speaks to a node over the wire; imports no other module. */
@NullMarked
package io.shardforge.cli;

import org.jspecify.annotations.NullMarked;
