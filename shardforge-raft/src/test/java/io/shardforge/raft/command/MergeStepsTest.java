package io.shardforge.raft.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.command.CommandResult.Status;
import io.shardforge.raft.command.MergeStepCommand.Step;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.KeySpan;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which changes of a shard exclude each other, whatever the order in which they reach the log. */
final class MergeStepsTest {
  private static final List<Integer> NODES = List.of(1, 2, 3);
  private static final ShardDescriptor RIGHT =
      new ShardDescriptor(3, new KeySpan(new byte[] {5}, new byte[] {9}), 4, NODES);

  private ShardDescriptor shard =
      new ShardDescriptor(2, new KeySpan(new byte[] {1}, new byte[] {5}), 4, NODES);

  private ShardState state = ShardState.initial(4);

  private Status apply(Command command) {
    ApplyContext context = new ApplyContext(new MemoryEngine(), new WriteBatch(), shard, state);
    Status status = command.apply(context).status();
    state = context.state();
    ShardDescriptor moved = context.moved();
    if (moved != null) {
      shard = moved;
    }
    return status;
  }

  private Status step(Step step, long attempt) {
    @Nullable ShardDescriptor right = step == Step.WANT ? RIGHT : null;
    return apply(new MergeStepCommand(step, attempt, right));
  }

  private Status move(Integer... next) {
    return apply(new MembersCommand(List.of(1, 2, 3, 4), List.of(next)));
  }

  private Status split() {
    return apply(new SplitCommand(new byte[] {3}, 77, List.of()));
  }

  private Status takeLease() {
    return apply(new LeaseCommand(state.leaseNumber(), false, 2, 1_000));
  }

  @Test
  void aShardThatMovesIsNeitherFrozenNorTakesAnotherOneIn() {
    assertThat(move(1, 2, 4)).isEqualTo(Status.DONE);
    assertThat(step(Step.WANT, 10)).isEqualTo(Status.REFUSED);
    assertThat(step(Step.FREEZE, 10)).isEqualTo(Status.REFUSED);
    assertThat(apply(new MembersCommand(List.of(1, 2, 4), List.of()))).isEqualTo(Status.DONE);
    assertThat(step(Step.FREEZE, 10)).isEqualTo(Status.DONE);
  }

  @Test
  void aFrozenShardStaysAsItIs() {
    assertThat(takeLease()).isEqualTo(Status.DONE);
    assertThat(step(Step.FREEZE, 10)).isEqualTo(Status.DONE);
    assertThat(state.leaseHolder()).isZero();
    assertThat(move(1, 2, 4)).isEqualTo(Status.REFUSED);
    assertThat(split()).isEqualTo(Status.REFUSED);
    assertThat(takeLease()).isEqualTo(Status.REFUSED);
    assertThat(step(Step.WANT, 11)).isEqualTo(Status.REFUSED);
    assertThat(step(Step.UNFREEZE, 10)).isEqualTo(Status.DONE);
    assertThat(takeLease()).isEqualTo(Status.DONE);
    assertThat(move(1, 2, 4)).isEqualTo(Status.DONE);
  }

  @Test
  void aShardThatTakesAnotherOneInNeitherMovesNorSplitsUntilTheMapKnows() {
    assertThat(step(Step.WANT, 10)).isEqualTo(Status.DONE);
    assertThat(move(1, 2, 4)).isEqualTo(Status.REFUSED);
    assertThat(split()).isEqualTo(Status.REFUSED);
    assertThat(step(Step.FREEZE, 11)).isEqualTo(Status.REFUSED);
    assertThat(apply(new MergeCommand(10, RIGHT, ShardState.initial(6), 50)))
        .isEqualTo(Status.DONE);
    assertThat(state.epoch()).isEqualTo(7);
    assertThat(move(1, 2, 4)).isEqualTo(Status.REFUSED);
    assertThat(split()).isEqualTo(Status.REFUSED);
    assertThat(step(Step.END, 10)).isEqualTo(Status.DONE);
    assertThat(move(1, 2, 4)).isEqualTo(Status.DONE);
  }

  @Test
  void anAttemptThatWasGivenUpIsOver() {
    assertThat(step(Step.WANT, 10)).isEqualTo(Status.DONE);
    assertThat(step(Step.GIVE_UP, 10)).isEqualTo(Status.DONE);
    assertThat(apply(new MergeCommand(10, RIGHT, ShardState.initial(6), 50)))
        .isEqualTo(Status.REFUSED);
    assertThat(step(Step.END, 10)).isEqualTo(Status.DONE);
  }

  @Test
  void aLateFreezeOfAnAttemptThatIsOverIsRefused() {
    assertThat(step(Step.UNFREEZE, 10)).isEqualTo(Status.DONE);
    assertThat(step(Step.FREEZE, 10)).isEqualTo(Status.REFUSED);
    assertThat(step(Step.FREEZE, 11)).isEqualTo(Status.DONE);
  }
}
