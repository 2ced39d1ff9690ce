package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import java.util.HashMap;
import java.util.Map;

/**
 * A shard's replicated state besides its data; immutable, replaced as commands are applied.
 *
 * @param epoch of the shard's span and replicas
 * @param leaseNumber the newest lease
 * @param leaseHolder its node, 0 before the first
 * @param leaseMillis how long it lasts after each renewal
 * @param gcThreshold nobody may read below it; no transaction that old may create a record
 * @param outcomeFloor outcomes of one-shard commits at or below it may be gone
 * @param oracleBound every timestamp of the oracle so far is below it (meta shard)
 * @param catalogVersion counts the commits that touched the catalog (meta shard)
 * @param floors by table: which versions of it may still be written
 */
public record ShardState(
    long epoch,
    long leaseNumber,
    int leaseHolder,
    long leaseMillis,
    long gcThreshold,
    long outcomeFloor,
    long oracleBound,
    long catalogVersion,
    Map<Integer, SchemaFloor> floors) {
  private static final int FORMAT = 1;

  public ShardState {
    floors = Map.copyOf(floors);
  }

  /** The state of a shard that has just been made. */
  public static ShardState initial(long epoch) {
    return new ShardState(epoch, 0, 0, 0, 0, 0, 0, 1, Map.of());
  }

  ShardState withLease(long number, int holder, long millis) {
    return new ShardState(
        epoch,
        number,
        holder,
        millis,
        gcThreshold,
        outcomeFloor,
        oracleBound,
        catalogVersion,
        floors);
  }

  ShardState withGcThreshold(long threshold) {
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        Math.max(gcThreshold, threshold),
        outcomeFloor,
        oracleBound,
        catalogVersion,
        floors);
  }

  ShardState withOutcomeFloor(long floor) {
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        Math.max(outcomeFloor, floor),
        oracleBound,
        catalogVersion,
        floors);
  }

  ShardState withOracleBound(long bound) {
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        outcomeFloor,
        Math.max(oracleBound, bound),
        catalogVersion,
        floors);
  }

  ShardState withNextCatalogVersion() {
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        outcomeFloor,
        oracleBound,
        catalogVersion + 1,
        floors);
  }

  ShardState withFloor(int tableId, SchemaFloor floor) {
    Map<Integer, SchemaFloor> changed = new HashMap<>(floors);
    changed.put(tableId, floor);
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        outcomeFloor,
        oracleBound,
        catalogVersion,
        changed);
  }

  /** The state's bytes. */
  public byte[] encode() {
    WireWriter out = new WireWriter(96);
    out.putByte(FORMAT)
        .putVarint(epoch)
        .putVarint(leaseNumber)
        .putVarint(leaseHolder)
        .putVarint(leaseMillis)
        .putLong(gcThreshold)
        .putLong(outcomeFloor)
        .putLong(oracleBound)
        .putVarint(catalogVersion)
        .putVarint(floors.size());
    // In the order of the tables, so that every replica writes the same bytes.
    floors.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> {
          out.putVarint(entry.getKey());
          entry.getValue().put(out);
        });
    return out.toByteArray();
  }

  /** Reads what {@link #encode} wrote. */
  public static ShardState decode(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    if (in.readByte() != FORMAT) {
      throw WireReader.corrupt("unknown format of a shard's state");
    }
    long epoch = in.readVarint();
    long leaseNumber = in.readVarint();
    int leaseHolder = in.readInt();
    long leaseMillis = in.readVarint();
    long gcThreshold = in.readLong();
    long outcomeFloor = in.readLong();
    long oracleBound = in.readLong();
    long catalogVersion = in.readVarint();
    int count = in.readCount();
    Map<Integer, SchemaFloor> floors = new HashMap<>();
    for (int i = 0; i < count; i++) {
      int tableId = in.readInt();
      floors.put(tableId, SchemaFloor.read(in));
    }
    in.expectEnd();
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        outcomeFloor,
        oracleBound,
        catalogVersion,
        floors);
  }
}
