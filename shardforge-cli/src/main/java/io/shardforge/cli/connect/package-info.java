/**
 * Who connects where, and what goes over that connection: statements out, rows, tags, notices and
 * errors back. The only importer of pgjdbc.
 */
@NullMarked
package io.shardforge.cli.connect;

import org.jspecify.annotations.NullMarked;
