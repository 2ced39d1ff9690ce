package io.shardforge.raft.placement;

import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResponse;
import io.shardforge.raft.kv.KvSender;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.ShardLocator;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/** Has shards split at chosen keys, from any node. For any thread. */
public final class ShardSplitter {
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final ShardLocator locator;
  private final KvSender sender;
  private final LongSupplier shardIds;
  private final Clock clock;

  /**
   * A splitter that reaches every shard.
   *
   * @param shardIds gives ids that no shard has had; may block
   */
  public ShardSplitter(ShardLocator locator, KvSender sender, LongSupplier shardIds, Clock clock) {
    this.locator = locator;
    this.sender = sender;
    this.shardIds = shardIds;
    this.clock = clock;
  }

  /**
   * What came of a split.
   *
   * @param shardId the shard that begins with the key
   * @param isNew false if there was one before
   */
  public record Border(long shardId, boolean isNew) {}

  /** Makes a key the first of a shard. Returns once requests find that shard. */
  public Border splitAt(byte[] key, Deadline deadline) throws InterruptedException {
    Set<Long> childIds = new HashSet<>();
    while (true) {
      ShardDescriptor shard = locator.locate(key);
      if (Arrays.equals(shard.span().start(), key)) {
        return new Border(shard.shardId(), childIds.contains(shard.shardId()));
      }
      // A new one each time: the shard of an earlier attempt may have been made, and merged since.
      long childId = shardIds.getAsLong();
      childIds.add(childId);
      KvResponse response =
          sender.send(shard, KvBatch.of(shard, null, deadline, new KvRequest.Split(key, childId)));
      if (response instanceof KvResponse.Failed failed) {
        // An answer that was lost shows up as a shard that is not what it was.
        boolean again =
            failed.error() instanceof KvError.StaleShard
                || failed.error() instanceof KvError.Ambiguous;
        if (!again || deadline.isExpired(clock)) {
          throw new KvException(failed.error());
        }
        clock.sleep(PAUSE);
      }
      locator.stale(shard);
    }
  }
}
