package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.TableJob.State;
import io.shardforge.storage.key.KeySpace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a backup or a restore has come, or how it ended. Kept in the meta shard, outside the
 * catalog.
 *
 * @param order what is to be done
 * @param chunks that are done
 * @param chunksTotal 0 as long as it is not known
 * @param nodeId where it is being done, or was
 * @param owner names the attempt; another one has another number
 * @param beganTs oracle timestamp of the first attempt
 * @param seenTs oracle timestamp of the last sign of life
 * @param error why it failed
 */
public record BackupJob(
    int id,
    State state,
    Order order,
    int chunks,
    int chunksTotal,
    long entries,
    long bytes,
    int nodeId,
    long owner,
    long beganTs,
    long seenTs,
    @Nullable String error) {
  private static final int FORMAT = 2;

  /** Before there was a history. */
  private static final int FORMAT_PLAIN = 1;

  /**
   * What was asked for.
   *
   * @param restore whether a backup is restored; else one is made
   * @param target where it lies
   * @param backup its name
   * @param base the backup that it continues, empty for a full one
   * @param timestamp of the state
   * @param since of a backup: from when on it has all versions, too; 0 for the state only
   * @param scope of a backup, in words
   * @param databases those that it is of; empty for the cluster
   * @param tables those that it is of; empty for all
   * @param names of a restore: the tables, empty for all
   * @param database of a restore: the database in the backup, empty for the cluster
   * @param into of a restore: the new database's name, or the schema for tables
   * @param databaseId the database that tables are restored into
   * @param roleId who has asked for it
   * @param key of the encryption as long as it is needed; empty without
   * @param salt of that key
   * @param dataIds of a restore: where rows were and where they come to, in pairs
   */
  public record Order(
      boolean restore,
      String target,
      String backup,
      String base,
      long timestamp,
      long since,
      String scope,
      List<Integer> databases,
      List<Integer> tables,
      List<String> names,
      String database,
      String into,
      int databaseId,
      int roleId,
      byte[] key,
      byte[] salt,
      List<Integer> dataIds) {
    public Order {
      databases = List.copyOf(databases);
      tables = List.copyOf(tables);
      names = List.copyOf(names);
      dataIds = List.copyOf(dataIds);
    }

    /** The same when it is known where rows come to, or without its key. */
    Order with(byte[] newKey, List<Integer> newDataIds) {
      return new Order(
          restore,
          target,
          backup,
          base,
          timestamp,
          since,
          scope,
          databases,
          tables,
          names,
          database,
          into,
          databaseId,
          roleId,
          newKey,
          salt,
          newDataIds);
    }
  }

  /** A job that nobody has begun. */
  public static BackupJob of(int id, Order order) {
    return new BackupJob(id, State.RUNNING, order, 0, 0, 0, 0, 0, 0, 0, 0, null);
  }

  public boolean isRunning() {
    return state == State.RUNNING;
  }

  public boolean isEnded() {
    return state != State.RUNNING && state != State.PAUSED;
  }

  /** The same at rest. */
  public BackupJob paused() {
    return in(State.PAUSED, seenTs);
  }

  /** The same for the next attempt, which need not wait for this one. */
  public BackupJob resumed() {
    return in(State.RUNNING, beganTs);
  }

  private BackupJob in(State newState, long newSeenTs) {
    return new BackupJob(
        id,
        newState,
        order,
        chunks,
        chunksTotal,
        entries,
        bytes,
        nodeId,
        owner,
        beganTs,
        newSeenTs,
        error);
  }

  byte[] rowKey() {
    return KeySpace.backupJobKey(id);
  }

  /** The same in the hands of an attempt, or a sign of life of it. */
  public BackupJob takenBy(int node, long newOwner, long nowTs) {
    return new BackupJob(
        id,
        state,
        order,
        chunks,
        chunksTotal,
        entries,
        bytes,
        node,
        newOwner,
        beganTs == 0 ? nowTs : beganTs,
        nowTs,
        error);
  }

  /** The same after another chunk. */
  public BackupJob advanced(long newEntries, long newBytes) {
    return new BackupJob(
        id,
        state,
        order,
        chunks + 1,
        chunksTotal,
        entries + newEntries,
        bytes + newBytes,
        nodeId,
        owner,
        beganTs,
        seenTs,
        error);
  }

  /** The same when it is known what there is to do, and where rows come to. */
  public BackupJob planned(int total, List<Integer> dataIds) {
    return new BackupJob(
        id,
        state,
        order.with(order.key, dataIds),
        chunks,
        total,
        entries,
        bytes,
        nodeId,
        owner,
        beganTs,
        seenTs,
        error);
  }

  /** The same after its end, without its key. */
  public BackupJob ended(@Nullable String why, long nowTs) {
    return new BackupJob(
        id,
        why == null ? State.DONE : State.FAILED,
        order.with(new byte[0], order.dataIds),
        chunks,
        chunksTotal,
        entries,
        bytes,
        nodeId,
        owner,
        beganTs,
        nowTs,
        why);
  }

  byte[] encode() {
    return new DescriptorWriter()
        .putByte(FORMAT)
        .putByte(state.letter())
        .putBoolean(order.restore)
        .putString(order.target)
        .putString(order.backup)
        .putString(order.base)
        .putLong(order.timestamp)
        .putLong(order.since)
        .putString(order.scope)
        .putList(order.databases, DescriptorWriter::putInt)
        .putList(order.tables, DescriptorWriter::putInt)
        .putList(order.names, DescriptorWriter::putString)
        .putString(order.database)
        .putString(order.into)
        .putInt(order.databaseId)
        .putInt(order.roleId)
        .putBytes(order.key)
        .putBytes(order.salt)
        .putList(order.dataIds, DescriptorWriter::putInt)
        .putInt(chunks)
        .putInt(chunksTotal)
        .putLong(entries)
        .putLong(bytes)
        .putInt(nodeId)
        .putLong(owner)
        .putLong(beganTs)
        .putLong(seenTs)
        .putOptionalString(error)
        .toByteArray();
  }

  static BackupJob decode(int id, byte[] value) {
    DescriptorReader in = new DescriptorReader(value, 0, value.length);
    int format = in.getByte();
    if (format != FORMAT && format != FORMAT_PLAIN) {
      throw CatalogErrors.corrupted("format " + format + " of a backup's job");
    }
    State state = State.of(in.getByte());
    Order order =
        new Order(
            in.getBoolean(),
            in.getString(),
            in.getString(),
            in.getString(),
            in.getLong(),
            format == FORMAT_PLAIN ? 0 : in.getLong(),
            in.getString(),
            in.getList(DescriptorReader::getInt),
            in.getList(DescriptorReader::getInt),
            in.getList(DescriptorReader::getString),
            in.getString(),
            in.getString(),
            in.getInt(),
            in.getInt(),
            in.getBytes(),
            in.getBytes(),
            in.getList(DescriptorReader::getInt));
    BackupJob job =
        new BackupJob(
            id,
            state,
            order,
            in.getInt(),
            in.getInt(),
            in.getLong(),
            in.getLong(),
            in.getInt(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getOptionalString());
    in.expectEnd();
    return job;
  }
}
