package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.mvcc.TxnId;
import org.jspecify.annotations.Nullable;

/**
 * Sets which versions of a table may still be written on the shard.
 *
 * @param settles the schema change whose outcome this records: refused if the floor is not its own
 *     any more; null for a schema change that raises the floor, refused if it is another one's
 */
public record FloorCommand(int tableId, @Nullable TxnId settles, SchemaFloor floor)
    implements Command {
  static final int CODE = 12;

  @Override
  public void put(WireWriter out) {
    out.putVarint(tableId).putBoolean(settles != null);
    if (settles != null) {
      out.putTxnId(settles);
    }
    floor.put(out);
  }

  static FloorCommand read(WireReader in) {
    int tableId = in.readInt();
    TxnId settles = in.readBoolean() ? in.readTxnId() : null;
    return new FloorCommand(tableId, settles, SchemaFloor.read(in));
  }

  @Override
  public boolean isLatched() {
    return false;
  }

  @Override
  public CommandResult apply(ApplyContext context) {
    SchemaFloor now = context.state().floors().get(tableId);
    TxnId raiser = now == null ? null : now.raiser();
    boolean allowed =
        settles != null ? settles.equals(raiser) : raiser == null || raiser.equals(floor.raiser());
    if (!allowed) {
      return CommandResult.refused(now == null ? 0 : now.version());
    }
    context.setState(context.state().withFloor(tableId, floor));
    return CommandResult.done(floor.version());
  }
}
