package io.shardforge.storage.engine.rocks;

import io.shardforge.storage.engine.Family;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ChecksumType;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.Filter;

/** The tuning of each family: what is read by key gets filters, what is read in order does not. */
final class FamilyOptions {
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int TABLE_FORMAT_VERSION = 5;
  private static final int MEMTABLES_MAX = 4;
  private static final double MEMTABLE_BLOOM_RATIO = 0.02;
  private static final double DATA_BLOCK_HASH_RATIO = 0.75;

  private FamilyOptions() {}

  /** Options to be closed by the caller; cache and filter must live longer. */
  static ColumnFamilyOptions of(Family family, RocksOptions sizes, Cache cache, Filter bloom) {
    boolean readByKey = family != Family.HISTORY;
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setBlockSize(BLOCK_BYTES)
            .setFormatVersion(TABLE_FORMAT_VERSION)
            .setChecksumType(ChecksumType.kXXH3)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinL0FilterAndIndexBlocksInCache(true);
    ColumnFamilyOptions options =
        new ColumnFamilyOptions()
            .setWriteBufferSize(sizes.memtableBytes())
            .setMaxWriteBufferNumber(MEMTABLES_MAX)
            .setLevelCompactionDynamicLevelBytes(true)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            // Locks do not stay for long enough to be worth more.
            .setBottommostCompressionType(
                family == Family.LOCK
                    ? CompressionType.LZ4_COMPRESSION
                    : CompressionType.ZSTD_COMPRESSION)
            .setForceConsistencyChecks(true);
    if (readByKey) {
      table
          .setFilterPolicy(bloom)
          .setWholeKeyFiltering(true)
          .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
          .setDataBlockHashTableUtilRatio(DATA_BLOCK_HASH_RATIO);
    }
    if (family == Family.CURRENT || family == Family.LOCK) {
      options
          .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_RATIO)
          .setMemtableWholeKeyFiltering(true);
    }
    return options.setTableFormatConfig(table);
  }
}
