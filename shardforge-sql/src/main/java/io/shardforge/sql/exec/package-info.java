/** Pull operators over batches of rows: what runs a plan on the session's thread. */
@NullMarked
package io.shardforge.sql.exec;

import org.jspecify.annotations.NullMarked;
