package io.shardforge.sql.catalog;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import org.jspecify.annotations.Nullable;

/**
 * How far the building of an index beside its table's writers has come, or how it ended. Kept in
 * the meta shard, outside the catalog: progress is no change of the schema.
 *
 * @param concurrently whether the statement said so
 * @param dataId the span of rows that {@code next} is about
 * @param next the key of the first row that may have no entry yet; empty for the first row of all
 * @param rowsTotal how many rows the table had by its statistics, -1 if it had none
 * @param nodeId where it is being built, or was
 * @param processId the session that waits for it, 0 if that is gone
 * @param owner names the attempt; another one has another number
 * @param beganTs oracle timestamp of the first attempt
 * @param seenTs oracle timestamp of the last sign of life
 * @param error why it failed
 */
public record IndexBuild(
    int indexOid,
    int databaseId,
    int tableId,
    String tableName,
    String indexName,
    boolean concurrently,
    State state,
    int dataId,
    byte[] next,
    long rowsDone,
    long rowsTotal,
    int nodeId,
    int processId,
    long owner,
    long beganTs,
    long seenTs,
    @Nullable String error) {
  private static final int FORMAT = 1;

  /** Where a build stands. */
  public enum State {
    RUNNING('r'),
    DONE('d'),
    FAILED('f');

    private final char letter;

    State(char letter) {
      this.letter = letter;
    }

    private static State of(int letter) {
      for (State state : values()) {
        if (state.letter == letter) {
          return state;
        }
      }
      throw CatalogErrors.corrupted("state " + letter + " of an index build");
    }
  }

  /** One that begins. */
  public static IndexBuild of(
      int databaseId,
      TableDescriptor table,
      IndexDescriptor index,
      boolean concurrently,
      long rowsTotal) {
    return new IndexBuild(
        index.oid(),
        databaseId,
        table.id(),
        table.name(),
        index.name(),
        concurrently,
        State.RUNNING,
        table.dataId(),
        Bytes.EMPTY,
        0,
        rowsTotal,
        0,
        0,
        0,
        0,
        0,
        null);
  }

  public boolean isRunning() {
    return state == State.RUNNING;
  }

  byte[] key() {
    return KeySpace.indexBuildKey(indexOid);
  }

  /** The same in the hands of an attempt. */
  public IndexBuild takenBy(int node, int process, long newOwner, long nowTs) {
    return new IndexBuild(
        indexOid,
        databaseId,
        tableId,
        tableName,
        indexName,
        concurrently,
        state,
        dataId,
        next,
        rowsDone,
        rowsTotal,
        node,
        process,
        newOwner,
        beganTs == 0 ? nowTs : beganTs,
        nowTs,
        error);
  }

  /** The same after more rows. */
  public IndexBuild advanced(byte[] newNext, long rows) {
    return at(dataId, newNext, rowsDone + rows);
  }

  /** The same from the first row of another span on. */
  public IndexBuild restartedIn(int newDataId) {
    return at(newDataId, Bytes.EMPTY, 0);
  }

  private IndexBuild at(int newDataId, byte[] newNext, long newRowsDone) {
    return new IndexBuild(
        indexOid,
        databaseId,
        tableId,
        tableName,
        indexName,
        concurrently,
        state,
        newDataId,
        newNext,
        newRowsDone,
        rowsTotal,
        nodeId,
        processId,
        owner,
        beganTs,
        seenTs,
        error);
  }

  /** The same after its end. */
  public IndexBuild ended(State how, @Nullable String why, long nowTs) {
    return new IndexBuild(
        indexOid,
        databaseId,
        tableId,
        tableName,
        indexName,
        concurrently,
        how,
        dataId,
        next,
        rowsDone,
        rowsTotal,
        nodeId,
        0,
        owner,
        beganTs,
        nowTs,
        why);
  }

  byte[] encode() {
    return new DescriptorWriter()
        .putByte(FORMAT)
        .putInt(databaseId)
        .putInt(tableId)
        .putString(tableName)
        .putString(indexName)
        .putBoolean(concurrently)
        .putByte(state.letter)
        .putInt(dataId)
        .putBytes(next)
        .putLong(rowsDone)
        .putLong(rowsTotal)
        .putInt(nodeId)
        .putInt(processId)
        .putLong(owner)
        .putLong(beganTs)
        .putLong(seenTs)
        .putOptionalString(error)
        .toByteArray();
  }

  static IndexBuild decode(int indexOid, byte[] value) {
    DescriptorReader in = new DescriptorReader(value, 0, value.length);
    int format = in.getByte();
    if (format != FORMAT) {
      throw CatalogErrors.corrupted("format " + format + " of an index build");
    }
    IndexBuild build =
        new IndexBuild(
            indexOid,
            in.getInt(),
            in.getInt(),
            in.getString(),
            in.getString(),
            in.getBoolean(),
            State.of(in.getByte()),
            in.getInt(),
            in.getBytes(),
            in.getLong(),
            in.getLong(),
            in.getInt(),
            in.getInt(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getOptionalString());
    in.expectEnd();
    return build;
  }
}
