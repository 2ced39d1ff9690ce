package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;

/** Refuses reads below a timestamp from now on, so that history below it can go. */
public record GcThresholdCommand(long threshold) implements Command {
  static final int CODE = 13;

  @Override
  public void put(WireWriter out) {
    out.putLong(threshold);
  }

  static GcThresholdCommand read(WireReader in) {
    return new GcThresholdCommand(in.readLong());
  }

  @Override
  public boolean isLatched() {
    return false;
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    context.setState(context.state().withGcThreshold(threshold));
    return CommandResult.done(context.state().gcThreshold());
  }
}
