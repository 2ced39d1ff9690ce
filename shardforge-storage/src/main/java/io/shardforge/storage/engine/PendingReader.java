package io.shardforge.storage.engine;

import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A reader that sees a batch's pending changes on top of another reader, so that several commands
 * can be applied into one batch. It follows the batch as it grows. For one thread.
 *
 * <p>Iterators show the base only where the batch has not touched their family; over a touched
 * family they merge, and see the changes made until their creation.
 */
public final class PendingReader implements EngineReader {
  private final EngineReader base;
  private final WriteBatch batch;
  private final Map<Family, TreeMap<byte[], byte @Nullable []>> pending =
      new EnumMap<>(Family.class);
  private int indexed;
  private boolean hasRanges;

  public PendingReader(EngineReader base, WriteBatch batch) {
    this.base = base;
    this.batch = batch;
  }

  @Override
  public byte @Nullable [] get(Family family, byte[] key) {
    index();
    if (hasRanges) {
      int change = batch.lastChangeOf(family, key, batch.count());
      if (change >= 0) {
        return batch.kind(change) == WriteBatch.Kind.PUT ? batch.value(change) : null;
      }
      return base.get(family, key);
    }
    TreeMap<byte[], byte @Nullable []> changes = pending.get(family);
    if (changes != null && changes.containsKey(key)) {
      return changes.get(key);
    }
    return base.get(family, key);
  }

  @Override
  public EngineIterator iterator(Family family, KeySpan span) {
    index();
    if (hasRanges) {
      throw new IllegalStateException("no iterator over a batch that deletes ranges");
    }
    TreeMap<byte[], byte @Nullable []> changes = pending.get(family);
    EngineIterator iterator = base.iterator(family, span);
    return changes == null || changes.isEmpty()
        ? iterator
        : new PendingIterator(iterator, changes, span);
  }

  /** Takes up the changes that were added since the last read. */
  private void index() {
    for (; indexed < batch.count(); indexed++) {
      TreeMap<byte[], byte @Nullable []> changes =
          pending.computeIfAbsent(batch.family(indexed), family -> new TreeMap<>(Bytes::compare));
      switch (batch.kind(indexed)) {
        case PUT -> changes.put(batch.key(indexed), batch.value(indexed));
        case DELETE -> changes.put(batch.key(indexed), null);
        case DELETE_RANGE -> hasRanges = true;
      }
    }
  }
}
