package io.shardforge.raft.command;

import io.shardforge.storage.engine.EngineReader;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.key.KeySpan;

/** What a command works on while it is applied: reader, batch and the shard's state. */
public final class ApplyContext {
  private static final KeySpan CATALOG = KeySpan.ofPrefix(new byte[] {0x08});

  private final EngineReader reader;
  private final WriteBatch batch;
  private final KeySpan span;
  private ShardState state;
  private boolean stateChanged;

  public ApplyContext(EngineReader reader, WriteBatch batch, KeySpan span, ShardState state) {
    this.reader = reader;
    this.batch = batch;
    this.span = span;
    this.state = state;
  }

  /** Reads what earlier entries of the log have written. */
  EngineReader reader() {
    return reader;
  }

  WriteBatch batch() {
    return batch;
  }

  /** The shard's span. */
  KeySpan span() {
    return span;
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

  static boolean touchesCatalog(KeySpan span) {
    return CATALOG.overlaps(span);
  }
}
