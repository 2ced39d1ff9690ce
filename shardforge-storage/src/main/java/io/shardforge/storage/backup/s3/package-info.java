/**
 * Backups in buckets of S3, or of what speaks its protocol. The only package that knows Amazon's
 * client; it makes no threads.
 */
@NullMarked
package io.shardforge.storage.backup.s3;

import org.jspecify.annotations.NullMarked;
