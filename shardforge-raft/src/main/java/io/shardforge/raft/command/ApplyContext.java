package io.shardforge.raft.command;

import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.KeySpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command works on while it is applied: reader, batch and the shard's state. */
public final class ApplyContext {
  private static final KeySpan CATALOG = KeySpan.ofPrefix(new byte[] {0x08});

  private final EngineReader reader;
  private final WriteBatch batch;
  private final ShardDescriptor shard;
  private ShardState state;
  private boolean stateChanged;
  private @Nullable Split split;
  private @Nullable ShardDescriptor moved;
  private @Nullable Merge merge;

  public ApplyContext(
      EngineReader reader, WriteBatch batch, ShardDescriptor shard, ShardState state) {
    this.reader = reader;
    this.batch = batch;
    this.shard = shard;
    this.state = state;
  }

  /**
   * What has become of a shard that was cut in two.
   *
   * @param parent the shard, which now ends where the child begins
   * @param members those of the parent's group, which are the child's first
   */
  public record Split(
      ShardDescriptor parent, ShardDescriptor child, ShardState childState, List<String> members) {
    public Split {
      members = List.copyOf(members);
    }
  }

  /**
   * What has become of a shard that has taken its right neighbor in.
   *
   * @param merged the shard, which now ends where the neighbor ended
   * @param right the neighbor, which is no more
   * @param leaseNumber the lease with which it goes on
   */
  public record Merge(
      ShardDescriptor merged,
      ShardDescriptor right,
      long attempt,
      long leaseNumber,
      long freshTs) {}

  /** Reads what earlier entries of the log have written. */
  EngineReader reader() {
    return reader;
  }

  WriteBatch batch() {
    return batch;
  }

  /** The shard's span. */
  KeySpan span() {
    return shard.span();
  }

  ShardDescriptor shard() {
    return shard;
  }

  /** What a command has made of the shard; null if it is what it was. */
  public @Nullable Split split() {
    return split;
  }

  /** The shard whose replicas are to be elsewhere; null if they stay. */
  public @Nullable ShardDescriptor moved() {
    return moved;
  }

  void setMoved(ShardDescriptor newShard) {
    this.moved = newShard;
  }

  void setSplit(Split newSplit) {
    this.split = newSplit;
  }

  /** What a command has taken in; null if nothing. */
  public @Nullable Merge merge() {
    return merge;
  }

  void setMerge(Merge newMerge) {
    this.merge = newMerge;
  }

  public ShardState state() {
    return state;
  }

  /** Whether a command has replaced the state. */
  public boolean stateChanged() {
    return stateChanged;
  }

  void setState(ShardState newState) {
    this.state = newState;
    this.stateChanged = true;
  }

  /** Whether a key belongs to the catalog, whose every change gateways must notice. */
  static boolean isCatalogKey(byte[] key) {
    return CATALOG.contains(key);
  }

  /**
   * A change of the catalog is in place, which counts from here on: who had much written before it
   * changed the catalog has its record in another shard.
   *
   * @param commitTs 0 if it was rolled back
   */
  void catalogResolved(long commitTs) {
    if (commitTs > state.catalogVersion()) {
      setState(state.withCatalogChange(commitTs));
    }
  }

  static boolean touchesCatalog(KeySpan span) {
    return CATALOG.overlaps(span);
  }
}
