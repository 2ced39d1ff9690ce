package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;

/** Moves the bound that every timestamp of the oracle stays below. */
public record BoundCommand(long bound) implements Command {
  static final int CODE = 11;

  @Override
  public void put(WireWriter out) {
    out.putLong(bound);
  }

  static BoundCommand read(WireReader in) {
    return new BoundCommand(in.readLong());
  }

  @Override
  public boolean isLatched() {
    return false;
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    context.setState(context.state().withOracleBound(bound));
    return CommandResult.done(context.state().oracleBound());
  }
}
