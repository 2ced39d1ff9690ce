package io.shardforge.raft.command;

import io.shardforge.raft.command.MergeState.Stage;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.key.KeySpan;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes the right neighbor in, of which every replica has durably applied that it is frozen: its
 * rows lie beside, and only the span, the epoch and the promises of both become one.
 *
 * @param attempt see {@link MergeState}
 * @param right the neighbor
 * @param rightState its state since it was frozen
 * @param freshTs a timestamp of after that: nobody has read above it in the neighbor
 */
public record MergeCommand(long attempt, ShardDescriptor right, ShardState rightState, long freshTs)
    implements Command {
  static final int CODE = 21;

  @Override
  public void put(WireWriter out) {
    out.putLong(attempt);
    right.put(out);
    out.putBytes(rightState.encode()).putLong(freshTs);
  }

  static MergeCommand read(WireReader in) {
    long attempt = in.readLong();
    ShardDescriptor right = ShardDescriptor.read(in);
    ShardState state = ShardState.decode(in.readBytes());
    return new MergeCommand(attempt, right, state, in.readLong());
  }

  @Override
  public boolean isLatched() {
    return false;
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    ShardDescriptor shard = context.shard();
    ShardState state = context.state();
    if (!state.merge().is(Stage.WANTED, attempt)
        || !Arrays.equals(shard.span().end(), right.span().start())) {
      return CommandResult.refused(state.epoch());
    }
    long epoch = Math.max(state.epoch(), rightState.epoch()) + 1;
    ShardDescriptor merged =
        new ShardDescriptor(
            shard.shardId(),
            new KeySpan(shard.span().start(), right.span().end()),
            epoch,
            shard.nodeIds());
    Map<Integer, SchemaFloor> floors = new HashMap<>(rightState.floors());
    state
        .floors()
        .forEach((table, floor) ->
            floors.merge(
                table, floor, (one, other) -> one.version() > other.version() ? one : other));
    // A number that neither side has had: no lock of before proves anything now.
    long lease = Math.max(state.leaseNumber(), rightState.leaseNumber()) + 1;
    context.setState(
        new ShardState(
            epoch,
            lease,
            state.leaseHolder(),
            state.leaseMillis(),
            Math.max(state.gcThreshold(), rightState.gcThreshold()),
            // Closed is what is closed in both.
            Math.min(state.closedTs(), rightState.closedTs()),
            Math.max(state.outcomeFloor(), rightState.outcomeFloor()),
            state.oracleBound(),
            state.catalogVersion(),
            floors,
            null,
            state.merge().with(Stage.TAKEN_IN, attempt, right)));
    context.setMerge(new ApplyContext.Merge(merged, right, attempt, lease, freshTs));
    return CommandResult.done(epoch);
  }
}
