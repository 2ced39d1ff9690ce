package io.shardforge.raft.command;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A shard's replicated state besides its data; immutable, replaced as commands are applied.
 *
 * @param epoch of the shard's span and replicas
 * @param leaseNumber the newest lease
 * @param leaseHolder its node, 0 before the first
 * @param leaseMillis how long it lasts after each renewal
 * @param gcThreshold nobody may read below it; no transaction that old may create a record
 * @param closedTs nothing will commit at or below it any more, and every provisional write here is
 *     above it
 * @param outcomeFloor outcomes of one-shard commits at or below it may be gone
 * @param oracleBound every timestamp of the oracle so far is below it (meta shard)
 * @param catalogVersion commit timestamp of the newest change of the catalog (meta shard)
 * @param floors by table: which versions of it may still be written
 * @param unpublished a shard that was split off and may be missing from the map of shards; null
 *     once it is there
 * @param merge how far it is in being merged with a neighbor
 */
public record ShardState(
    long epoch,
    long leaseNumber,
    int leaseHolder,
    long leaseMillis,
    long gcThreshold,
    long closedTs,
    long outcomeFloor,
    long oracleBound,
    long catalogVersion,
    Map<Integer, SchemaFloor> floors,
    @Nullable ShardDescriptor unpublished,
    MergeState merge) {
  private static final int FORMAT_WITHOUT_SPLITS = 1;
  private static final int FORMAT_WITHOUT_CLOSED_TS = 2;
  private static final int FORMAT_WITHOUT_MERGES = 3;
  private static final int FORMAT = 4;

  public ShardState {
    floors = Map.copyOf(floors);
  }

  /** The state of a shard that has just been made. */
  public static ShardState initial(long epoch) {
    return new ShardState(epoch, 0, 0, 0, 0, 0, 0, 0, 1, Map.of(), null, MergeState.NONE);
  }

  ShardState withLease(long number, int holder, long millis) {
    return new ShardState(
        epoch,
        number,
        holder,
        millis,
        gcThreshold,
        closedTs,
        outcomeFloor,
        oracleBound,
        catalogVersion,
        floors,
        unpublished,
        merge);
  }

  ShardState withGcThreshold(long threshold) {
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        Math.max(gcThreshold, threshold),
        closedTs,
        outcomeFloor,
        oracleBound,
        catalogVersion,
        floors,
        unpublished,
        merge);
  }

  ShardState withClosedTs(long timestamp) {
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        Math.max(closedTs, timestamp),
        outcomeFloor,
        oracleBound,
        catalogVersion,
        floors,
        unpublished,
        merge);
  }

  ShardState withOutcomeFloor(long floor) {
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        closedTs,
        Math.max(outcomeFloor, floor),
        oracleBound,
        catalogVersion,
        floors,
        unpublished,
        merge);
  }

  /** The same with a bound that is at least this. */
  public ShardState withOracleBound(long bound) {
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        closedTs,
        outcomeFloor,
        Math.max(oracleBound, bound),
        catalogVersion,
        floors,
        unpublished,
        merge);
  }

  ShardState withCatalogChange(long commitTs) {
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        closedTs,
        outcomeFloor,
        oracleBound,
        Math.max(catalogVersion, commitTs),
        floors,
        unpublished,
        merge);
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
        closedTs,
        outcomeFloor,
        oracleBound,
        catalogVersion,
        changed,
        unpublished,
        merge);
  }

  /** The state of a shard that is cut off this one: what was promised here is promised there. */
  ShardState ofChild(long childEpoch) {
    return new ShardState(
        childEpoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        closedTs,
        outcomeFloor,
        0,
        1,
        floors,
        null,
        MergeState.NONE);
  }

  ShardState withUnpublished(long newEpoch, @Nullable ShardDescriptor child) {
    return new ShardState(
        newEpoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        closedTs,
        outcomeFloor,
        oracleBound,
        catalogVersion,
        floors,
        child,
        merge);
  }

  ShardState withMerge(MergeState next) {
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        closedTs,
        outcomeFloor,
        oracleBound,
        catalogVersion,
        floors,
        unpublished,
        next);
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
        .putLong(closedTs)
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
    out.putBoolean(unpublished != null);
    if (unpublished != null) {
      unpublished.put(out);
    }
    merge.put(out);
    return out.toByteArray();
  }

  /** Reads what {@link #encode} wrote. */
  public static ShardState decode(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    int format = in.readByte();
    if (format < FORMAT_WITHOUT_SPLITS || format > FORMAT) {
      throw WireReader.corrupt("unknown format of a shard's state");
    }
    long epoch = in.readVarint();
    long leaseNumber = in.readVarint();
    int leaseHolder = in.readInt();
    long leaseMillis = in.readVarint();
    long gcThreshold = in.readLong();
    long closedTs = format <= FORMAT_WITHOUT_CLOSED_TS ? 0 : in.readLong();
    long outcomeFloor = in.readLong();
    long oracleBound = in.readLong();
    long catalogVersion = in.readVarint();
    int count = in.readCount();
    Map<Integer, SchemaFloor> floors = new HashMap<>();
    for (int i = 0; i < count; i++) {
      int tableId = in.readInt();
      floors.put(tableId, SchemaFloor.read(in));
    }
    ShardDescriptor unpublished =
        format >= FORMAT_WITHOUT_CLOSED_TS && in.readBoolean() ? ShardDescriptor.read(in) : null;
    MergeState merge = format > FORMAT_WITHOUT_MERGES ? MergeState.read(in) : MergeState.NONE;
    in.expectEnd();
    return new ShardState(
        epoch,
        leaseNumber,
        leaseHolder,
        leaseMillis,
        gcThreshold,
        closedTs,
        outcomeFloor,
        oracleBound,
        catalogVersion,
        floors,
        unpublished,
        merge);
  }
}
