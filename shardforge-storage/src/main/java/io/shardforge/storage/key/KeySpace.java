package io.shardforge.storage.key;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The map of the key space.
 *
 * <pre>
 * 00            nothing: reserved for keys of one node, never replicated
 * 01 .. 0F      META, one shard
 *   01          oracle state
 *   02 id       shard map, by 8-byte shard id
 *   03 id       node descriptors, by 4-byte node id
 *   04 name     cluster settings
 *   05 ..       cluster counters and jobs, by name
 *   08 table    system tables (id below 1000): 4-byte table id, index id, columns
 * 10            DATA, cut into shards
 *   10 elbat    user tables: 4-byte bit-reversed table id, index id, columns
 * </pre>
 */
public final class KeySpace {
  /** Table ids from here on are users' tables and live in the data span. */
  public static final int FIRST_USER_TABLE_ID = 1000;

  private static final String TABLE_FACTORS = "table-factors/";
  private static final String TABLE_ARCS = "table-arcs/";
  private static final String ADVISORY_LOCKS = "advisory-locks";
  private static final String TABLE_JOBS = "index-builds/";
  private static final String BACKUP_JOBS = "backups/";
  private static final String BACKUP_SCHEDULES = "backup-schedules/";
  private static final String BACKUP_CHUNKS = "backup-chunks/";
  private static final int META_START = 0x01;
  private static final int ORACLE = 0x01;
  private static final int SHARD_MAP = 0x02;
  private static final int NODE = 0x03;
  private static final int SETTING = 0x04;
  private static final int NAMED_STATE = 0x05;
  private static final int SYSTEM_TABLE = 0x08;
  private static final int DATA_START = 0x10;
  private static final int DATA_END = 0x11;

  private static final KeySpan META = new KeySpan(new byte[] {META_START}, new byte[] {DATA_START});
  private static final KeySpan DATA = new KeySpan(new byte[] {DATA_START}, new byte[] {DATA_END});

  private KeySpace() {}

  /** The span of the meta shard. */
  public static KeySpan metaSpan() {
    return META;
  }

  /** The span of all users' tables. */
  public static KeySpan dataSpan() {
    return DATA;
  }

  /** The one key of the oracle's state. */
  public static byte[] oracleKey() {
    return new byte[] {ORACLE};
  }

  public static KeySpan shardMapSpan() {
    return KeySpan.ofPrefix(new byte[] {SHARD_MAP});
  }

  public static byte[] shardKey(long shardId) {
    return encoder(SHARD_MAP).putRawLong(shardId).toByteArray();
  }

  public static KeySpan nodeSpan() {
    return KeySpan.ofPrefix(new byte[] {NODE});
  }

  public static byte[] nodeKey(int nodeId) {
    return encoder(NODE).putRawInt(nodeId).toByteArray();
  }

  public static KeySpan settingSpan() {
    return KeySpan.ofPrefix(new byte[] {SETTING});
  }

  public static byte[] settingKey(String name) {
    return encoder(SETTING).putRaw(name.getBytes(StandardCharsets.UTF_8)).toByteArray();
  }

  public static KeySpan namedStateSpan() {
    return KeySpan.ofPrefix(new byte[] {NAMED_STATE});
  }

  /** A key for one counter or job of the cluster, such as the next table id. */
  public static byte[] namedStateKey(String name) {
    return encoder(NAMED_STATE).putRaw(name.getBytes(StandardCharsets.UTF_8)).toByteArray();
  }

  /** Where it is kept how many replicas a table wants that wants a number of its own. */
  public static byte[] tableFactorKey(int tableId) {
    return new KeyEncoder().putRaw(namedStateKey(TABLE_FACTORS)).putRawInt(tableId).toByteArray();
  }

  public static KeySpan tableFactorSpan() {
    return KeySpan.ofPrefix(namedStateKey(TABLE_FACTORS));
  }

  /** Where it is kept how many arcs a table has that is cut by hash. */
  public static byte[] tableArcsKey(int tableId) {
    return new KeyEncoder().putRaw(namedStateKey(TABLE_ARCS)).putRawInt(tableId).toByteArray();
  }

  public static KeySpan tableArcsSpan() {
    return KeySpan.ofPrefix(namedStateKey(TABLE_ARCS));
  }

  /**
   * The row of an advisory lock, which is never committed.
   *
   * @param pair whether the value is two numbers of four bytes
   */
  public static byte[] advisoryLockKey(int databaseId, boolean pair, long value) {
    return new KeyEncoder()
        .putRaw(namedStateKey(ADVISORY_LOCKS))
        .putRawInt(databaseId)
        .putRawByte(pair ? 1 : 0)
        .putRawLong(value)
        .toByteArray();
  }

  /**
   * Where it is kept how far the work on the rows of a table has come, for an index or the like.
   */
  public static byte[] tableJobKey(int oid) {
    return new KeyEncoder().putRaw(namedStateKey(TABLE_JOBS)).putRawInt(oid).toByteArray();
  }

  public static KeySpan tableJobSpan() {
    return KeySpan.ofPrefix(namedStateKey(TABLE_JOBS));
  }

  /** Where it is kept how far a backup, or the restoring of one, has come. */
  public static byte[] backupJobKey(int id) {
    return new KeyEncoder().putRaw(namedStateKey(BACKUP_JOBS)).putRawInt(id).toByteArray();
  }

  public static KeySpan backupJobSpan() {
    return KeySpan.ofPrefix(namedStateKey(BACKUP_JOBS));
  }

  /** Where it is kept when backups are to be made. */
  public static byte[] backupScheduleKey(String name) {
    return new KeyEncoder()
        .putRaw(namedStateKey(BACKUP_SCHEDULES))
        .putEscaped(name.getBytes(StandardCharsets.UTF_8))
        .toByteArray();
  }

  public static KeySpan backupScheduleSpan() {
    return KeySpan.ofPrefix(namedStateKey(BACKUP_SCHEDULES));
  }

  /** Where a chunk that a backup under way has written is noted. */
  public static byte[] backupChunkKey(int id, int number) {
    return new KeyEncoder()
        .putRaw(namedStateKey(BACKUP_CHUNKS))
        .putRawInt(id)
        .putRawInt(number)
        .toByteArray();
  }

  public static KeySpan backupChunkSpan(int id) {
    return KeySpan.ofPrefix(
        new KeyEncoder().putRaw(namedStateKey(BACKUP_CHUNKS)).putRawInt(id).toByteArray());
  }

  public static boolean isSystemTable(int tableId) {
    return tableId < FIRST_USER_TABLE_ID;
  }

  /** What all keys of a table start with. */
  public static byte[] tablePrefix(int tableId) {
    return tableEncoder(tableId).toByteArray();
  }

  /** What all keys of an index start with; the primary key is an index too. */
  public static byte[] indexPrefix(int tableId, int indexId) {
    return tableEncoder(tableId).putVarint(indexId).toByteArray();
  }

  public static KeySpan tableSpan(int tableId) {
    return KeySpan.ofPrefix(tablePrefix(tableId));
  }

  public static KeySpan indexSpan(int tableId, int indexId) {
    return KeySpan.ofPrefix(indexPrefix(tableId, indexId));
  }

  /** Reads the table id of a key made with {@link #tablePrefix}, -1 for other keys. */
  public static int tableIdOf(byte[] key) {
    if (key.length < 1 + Integer.BYTES) {
      return -1;
    }
    return switch (key[0]) {
      case SYSTEM_TABLE -> Bytes.getInt(key, 1);
      case DATA_START -> Integer.reverse(Bytes.getInt(key, 1));
      default -> -1;
    };
  }

  /** The keys that cut the data span into this many even shards: one fewer than shards. */
  public static List<byte[]> dataSplitKeys(int shards) {
    if (shards < 1) {
      throw new IllegalArgumentException("at least one shard, not " + shards);
    }
    List<byte[]> keys = new ArrayList<>(shards - 1);
    for (int i = 1; i < shards; i++) {
      long cut = (long) i * (1L << Integer.SIZE) / shards;
      keys.add(encoder(DATA_START).putRawInt((int) cut).toByteArray());
    }
    return keys;
  }

  /** The even initial shards of the data span, in key order. */
  public static List<KeySpan> dataShardSpans(int shards) {
    List<KeySpan> spans = new ArrayList<>(shards);
    byte[] start = DATA.start();
    for (byte[] cut : dataSplitKeys(shards)) {
      spans.add(new KeySpan(start, cut));
      start = cut;
    }
    spans.add(new KeySpan(start, DATA.end()));
    return spans;
  }

  private static KeyEncoder tableEncoder(int tableId) {
    if (tableId <= 0) {
      throw new IllegalArgumentException("table id " + tableId);
    }
    // Bits reversed: tables made one after another land far apart, on different shards.
    return isSystemTable(tableId)
        ? encoder(SYSTEM_TABLE).putRawInt(tableId)
        : encoder(DATA_START).putRawInt(Integer.reverse(tableId));
  }

  private static KeyEncoder encoder(int prefix) {
    return new KeyEncoder(1 + Long.BYTES).putRawByte(prefix);
  }
}
