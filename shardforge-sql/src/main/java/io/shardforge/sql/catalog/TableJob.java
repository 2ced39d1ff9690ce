package io.shardforge.sql.catalog;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import org.jspecify.annotations.Nullable;

/**
 * How far the work on all rows of a table has come that a statement does beside those who write it,
 * or how it ended. Kept in the meta shard, outside the catalog: progress is no change of the
 * schema.
 *
 * @param oid of the index or the constraint; a number of its own for NOT NULL, which has none; the
 *     {@code dataId} that rows are written anew under
 * @param subject the number of the column that is to be NOT NULL, or the OID of the index that is
 *     built anew; 0 for others
 * @param objectName what the index, the constraint, the column or the table is called
 * @param concurrently whether the statement said so
 * @param dataId the span of rows that {@code next} is about
 * @param next the key of the first row that may be still to do; empty for the first row of all
 * @param rowsTotal how many rows the table had by its statistics, -1 if it had none
 * @param nodeId where it is being built, or was
 * @param processId the session that waits for it, 0 if that is gone
 * @param owner names the attempt; another one has another number
 * @param beganTs oracle timestamp of the first attempt
 * @param seenTs oracle timestamp of the last sign of life
 * @param error why it failed
 */
public record TableJob(
    int oid,
    Kind kind,
    int subject,
    int databaseId,
    int tableId,
    String tableName,
    String objectName,
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
  /** Of those that build an index. */
  private static final int FORMAT = 1;

  /** Says of what kind they are. */
  private static final int FORMAT_WITH_KIND = 2;

  /** What is done with the rows. */
  public enum Kind {
    /** Their entries of an index are written. */
    INDEX('i', "index"),
    /** The same for an index that takes the place of another one. */
    REINDEX('x', "reindex"),
    /** They are held to a check that is in force for new ones. */
    CHECK('c', "check"),
    /** The same for a foreign key. */
    FOREIGN_KEY('f', "foreign key"),
    /** The same for a column that takes no null any more. */
    NOT_NULL('n', "not null"),
    /** They are written in the form that the table is to have. */
    REWRITE('w', "rewrite");

    private final char letter;
    private final String words;

    Kind(char letter, String words) {
      this.letter = letter;
      this.words = words;
    }

    /** What the list of jobs calls it. */
    public String words() {
      return words;
    }

    private static Kind of(int letter) {
      for (Kind kind : values()) {
        if (kind.letter == letter) {
          return kind;
        }
      }
      throw CatalogErrors.corrupted("kind " + letter + " of a table's job");
    }
  }

  /** Where a job stands. */
  public enum State {
    RUNNING('r'),
    /** Somebody wants it to rest: no attempt goes on until it is resumed. */
    PAUSED('p'),
    DONE('d'),
    FAILED('f'),
    /** Somebody wanted it to end. */
    CANCELED('c');

    private final char letter;

    State(char letter) {
      this.letter = letter;
    }

    char letter() {
      return letter;
    }

    static State of(int letter) {
      for (State state : values()) {
        if (state.letter == letter) {
          return state;
        }
      }
      throw CatalogErrors.corrupted("state " + letter + " of a table's job");
    }
  }

  /** The building of an index, from its first row on. */
  public static TableJob ofIndex(
      int databaseId,
      TableDescriptor table,
      IndexDescriptor index,
      boolean concurrently,
      long rowsTotal) {
    return new TableJob(
        index.oid(),
        Kind.INDEX,
        0,
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

  /** Other work on all rows, from the first one on. */
  public static TableJob of(
      Kind kind,
      int oid,
      int subject,
      String name,
      int databaseId,
      TableDescriptor table,
      long rowsTotal) {
    return new TableJob(
        oid,
        kind,
        subject,
        databaseId,
        table.id(),
        table.name(),
        name,
        false,
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

  /** Whether it writes the entries of an index. */
  public boolean isOfIndex() {
    return kind == Kind.INDEX || kind == Kind.REINDEX;
  }

  public boolean isRunning() {
    return state == State.RUNNING;
  }

  public boolean isEnded() {
    return state != State.RUNNING && state != State.PAUSED;
  }

  /** The same at rest. */
  public TableJob paused() {
    return in(State.PAUSED, seenTs);
  }

  /** The same for the next attempt, which need not wait for this one. */
  public TableJob resumed() {
    return in(State.RUNNING, beganTs);
  }

  private TableJob in(State newState, long newSeenTs) {
    return new TableJob(
        oid,
        kind,
        subject,
        databaseId,
        tableId,
        tableName,
        objectName,
        concurrently,
        newState,
        dataId,
        next,
        rowsDone,
        rowsTotal,
        nodeId,
        processId,
        owner,
        beganTs,
        newSeenTs,
        error);
  }

  byte[] key() {
    return KeySpace.tableJobKey(oid);
  }

  /** The same in the hands of an attempt. */
  public TableJob takenBy(int node, int process, long newOwner, long nowTs) {
    return new TableJob(
        oid,
        kind,
        subject,
        databaseId,
        tableId,
        tableName,
        objectName,
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
  public TableJob advanced(byte[] newNext, long rows) {
    return at(dataId, newNext, rowsDone + rows);
  }

  /** The same from the first row of another span on. */
  public TableJob restartedIn(int newDataId) {
    return at(newDataId, Bytes.EMPTY, 0);
  }

  private TableJob at(int newDataId, byte[] newNext, long newRowsDone) {
    return new TableJob(
        oid,
        kind,
        subject,
        databaseId,
        tableId,
        tableName,
        objectName,
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
  public TableJob ended(State how, @Nullable String why, long nowTs) {
    return new TableJob(
        oid,
        kind,
        subject,
        databaseId,
        tableId,
        tableName,
        objectName,
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
    DescriptorWriter out = new DescriptorWriter();
    if (kind == Kind.INDEX) {
      out.putByte(FORMAT);
    } else {
      out.putByte(FORMAT_WITH_KIND).putByte(kind.letter).putInt(subject);
    }
    return out.putInt(databaseId)
        .putInt(tableId)
        .putString(tableName)
        .putString(objectName)
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

  static TableJob decode(int oid, byte[] value) {
    DescriptorReader in = new DescriptorReader(value, 0, value.length);
    int format = in.getByte();
    if (format != FORMAT && format != FORMAT_WITH_KIND) {
      throw CatalogErrors.corrupted("format " + format + " of a table's job");
    }
    boolean withKind = format == FORMAT_WITH_KIND;
    TableJob job =
        new TableJob(
            oid,
            withKind ? Kind.of(in.getByte()) : Kind.INDEX,
            withKind ? in.getInt() : 0,
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
    return job;
  }
}
