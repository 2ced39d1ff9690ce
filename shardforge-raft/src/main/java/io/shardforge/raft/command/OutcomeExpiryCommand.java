package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.MvccStore;

/**
 * Removes outcomes of one-shard commits below a timestamp from a span. From its floor on, a commit
 * that was first sent before it is not judged any more: whether it happened cannot be told.
 */
public record OutcomeExpiryCommand(KeySpan span, long floor, int examinedMax) implements Command {
  static final int CODE = 10;

  @Override
  public void put(WireWriter out) {
    out.putSpan(span).putLong(floor).putVarint(examinedMax);
  }

  static OutcomeExpiryCommand read(WireReader in) {
    KeySpan span = in.readSpan();
    long floor = in.readLong();
    return new OutcomeExpiryCommand(span, floor, in.readInt());
  }

  @Override
  public boolean isLatched() {
    return false;
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    context.setState(context.state().withOutcomeFloor(floor));
    MvccStore.expireOutcomes(context.reader(), context.batch(), span, floor, examinedMax);
    return CommandResult.DONE;
  }
}
