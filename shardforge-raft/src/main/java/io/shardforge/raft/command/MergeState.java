package io.shardforge.raft.command;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * How far a shard is in taking in its right neighbor, or in being taken in by its left one.
 *
 * @param attempt tells the attempts apart: a timestamp of the oracle, 0 if there is none
 * @param right the right neighbor; null for a shard that is not to take one in
 * @param floor attempts up to this one may not freeze the shard any more
 */
public record MergeState(Stage stage, long attempt, @Nullable ShardDescriptor right, long floor) {
  /** That of a shard that nothing is planned for. */
  public static final MergeState NONE = new MergeState(Stage.NONE, 0, null, 0);

  /** What is being done. */
  public enum Stage {
    NONE(0),
    /** The neighbor is to be taken in, and may be frozen. */
    WANTED(1),
    /** The neighbor is not taken in after all, and may be frozen still. */
    GIVEN_UP(2),
    /** The neighbor has been taken in, and the map of shards may not know. */
    TAKEN_IN(3),
    /** The left neighbor is about to take this shard in: nothing changes here any more. */
    FROZEN(4);

    private final int code;

    Stage(int code) {
      this.code = code;
    }

    private static Stage of(int code) {
      for (Stage stage : values()) {
        if (stage.code == code) {
          return stage;
        }
      }
      throw WireReader.corrupt("stage " + code + " of a merge");
    }
  }

  public boolean isFrozen() {
    return stage == Stage.FROZEN;
  }

  boolean is(Stage wanted, long wantedAttempt) {
    return stage == wanted && attempt == wantedAttempt;
  }

  MergeState with(Stage next, long nextAttempt, @Nullable ShardDescriptor nextRight) {
    return new MergeState(next, nextAttempt, nextRight, floor);
  }

  MergeState withFloor(long attempts) {
    return new MergeState(stage, attempt, right, Math.max(floor, attempts));
  }

  void put(WireWriter out) {
    out.putByte(stage.code).putLong(attempt).putLong(floor).putBoolean(right != null);
    if (right != null) {
      right.put(out);
    }
  }

  static MergeState read(WireReader in) {
    Stage stage = Stage.of(in.readByte());
    long attempt = in.readLong();
    long floor = in.readLong();
    return new MergeState(
        stage, attempt, in.readBoolean() ? ShardDescriptor.read(in) : null, floor);
  }
}
