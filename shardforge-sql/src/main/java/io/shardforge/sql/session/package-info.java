/**
 * One connection's state and its verbs, which are the verbs of the wire protocol: transaction
 * block, prepared statements, portals, settings. Runs on the connection's virtual thread; only
 * cancellation comes from elsewhere.
 */
@NullMarked
package io.shardforge.sql.session;

import org.jspecify.annotations.NullMarked;
