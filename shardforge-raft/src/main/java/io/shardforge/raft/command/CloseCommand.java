package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;

/**
 * Notes that nothing will commit at or below a timestamp any more: whatever could is applied before
 * this entry, or pushed above. Every replica that has applied it may serve reads up to there.
 */
public record CloseCommand(long closedTs) implements Command {
  static final int CODE = 24;

  @Override
  public void put(WireWriter out) {
    out.putLong(closedTs);
  }

  static CloseCommand read(WireReader in) {
    return new CloseCommand(in.readLong());
  }

  @Override
  public boolean isLatched() {
    return false;
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    context.setState(context.state().withClosedTs(closedTs));
    return CommandResult.DONE;
  }
}
