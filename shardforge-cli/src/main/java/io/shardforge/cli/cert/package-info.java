/**
 * Certificates of nodes and clients, and the authorities that sign them. The only importer of
 * Bouncy Castle.
 */
@NullMarked
package io.shardforge.cli.cert;

import org.jspecify.annotations.NullMarked;
