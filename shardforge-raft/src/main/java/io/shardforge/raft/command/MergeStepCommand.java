package io.shardforge.raft.command;

import io.shardforge.raft.command.MergeState.Stage;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * A step of a merge on one of its two sides, before and after the {@link MergeCommand}.
 *
 * @param attempt see {@link MergeState}
 * @param right the neighbor, for {@link Step#WANT} only
 */
public record MergeStepCommand(Step step, long attempt, @Nullable ShardDescriptor right)
    implements Command {
  static final int CODE = 20;

  /** What is done. */
  public enum Step {
    /** The left shard is to take its neighbor in. */
    WANT(0),
    /** It shall not, whatever is still under way. */
    GIVE_UP(1),
    /** The left shard is done: with its neighbor in the map, or let go of. */
    END(2),
    /** The right shard changes no more, and its lease is over. */
    FREEZE(3),
    /** The right shard goes on, and cannot be frozen by that attempt again. */
    UNFREEZE(4);

    private final int code;

    Step(int code) {
      this.code = code;
    }

    private static Step of(int code) {
      for (Step step : values()) {
        if (step.code == code) {
          return step;
        }
      }
      throw WireReader.corrupt("step " + code + " of a merge");
    }
  }

  @Override
  public void put(WireWriter out) {
    out.putByte(step.code).putLong(attempt).putBoolean(right != null);
    if (right != null) {
      right.put(out);
    }
  }

  static MergeStepCommand read(WireReader in) {
    Step step = Step.of(in.readByte());
    long attempt = in.readLong();
    return new MergeStepCommand(step, attempt, in.readBoolean() ? ShardDescriptor.read(in) : null);
  }

  @Override
  public boolean isLatched() {
    return false;
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    ShardState state = context.state();
    MergeState merge = state.merge();
    MergeState next =
        switch (step) {
          case WANT ->
              merge.stage() == Stage.NONE && isSettled(context)
                  ? merge.with(Stage.WANTED, attempt, right)
                  : null;
          case GIVE_UP ->
              merge.is(Stage.WANTED, attempt)
                  ? merge.with(Stage.GIVEN_UP, attempt, merge.right())
                  : null;
          case END ->
              merge.is(Stage.GIVEN_UP, attempt) || merge.is(Stage.TAKEN_IN, attempt)
                  ? merge.with(Stage.NONE, 0, null)
                  : null;
          case FREEZE ->
              merge.stage() == Stage.NONE && isSettled(context) && attempt > merge.floor()
                  ? merge.with(Stage.FROZEN, attempt, null)
                  : null;
          case UNFREEZE ->
              (merge.is(Stage.FROZEN, attempt) ? merge.with(Stage.NONE, 0, null) : merge)
                  .withFloor(attempt);
        };
    if (next == null) {
      return CommandResult.refused(state.epoch());
    }
    // Whoever held the lease has stopped; with the next number nothing judged before is applied.
    ShardState changed =
        step == Step.FREEZE ? state.withLease(state.leaseNumber() + 1, 0, 0) : state;
    context.setState(changed.withMerge(next));
    return CommandResult.DONE;
  }

  /** Whether the map knows the shard as it is, and its replicas stay where they are. */
  private static boolean isSettled(ApplyContext context) {
    return context.state().unpublished() == null && !context.shard().isChanging();
  }
}
