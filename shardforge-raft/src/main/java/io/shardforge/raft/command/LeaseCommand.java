package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;

/**
 * Takes or renews the right to serve a shard.
 *
 * <p>The holder counts the duration from before it proposed, everybody else from when they applied
 * this; so the holder stops before anybody else may begin.
 *
 * @param expected the lease that must be the newest: compared and set
 * @param renews whether it prolongs that lease, instead of being the next one
 * @param holder the node that takes it
 * @param millis how long it lasts
 */
public record LeaseCommand(long expected, boolean renews, int holder, long millis)
    implements Command {
  static final int CODE = 1;

  @Override
  public void put(WireWriter out) {
    out.putVarint(expected).putBoolean(renews).putVarint(holder).putVarint(millis);
  }

  static LeaseCommand read(WireReader in) {
    long expected = in.readVarint();
    boolean renews = in.readBoolean();
    int holder = in.readInt();
    return new LeaseCommand(expected, renews, holder, in.readVarint());
  }

  @Override
  public boolean isLatched() {
    return false;
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    ShardState state = context.state();
    if (state.merge().isFrozen()
        || state.leaseNumber() != expected
        || (renews && state.leaseHolder() != holder)) {
      return CommandResult.refused(state.leaseNumber());
    }
    long number = renews ? expected : expected + 1;
    context.setState(state.withLease(number, holder, millis));
    return CommandResult.done(number);
  }
}
