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
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Has neighboring shards merged, from any node. For any thread. */
public final class ShardMerger {
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final Duration MOVE_PAUSE = Duration.ofMillis(200);

  private final ShardLocator locator;
  private final KvSender sender;
  private final Clock clock;

  /** A merger that reaches every shard. */
  public ShardMerger(ShardLocator locator, KvSender sender, Clock clock) {
    this.locator = locator;
    this.sender = sender;
    this.clock = clock;
  }

  /**
   * What came of a merge.
   *
   * @param shardId the shard that has the key
   * @param isNew false if no shard began there before
   */
  public record Merged(long shardId, boolean isNew) {}

  /** Makes a key the first of no shard. Returns once requests find the shard that has it. */
  public Merged mergeAt(byte[] key, Deadline deadline) throws InterruptedException {
    boolean asked = false;
    while (true) {
      ShardDescriptor right = locator.locate(key);
      List<ShardDescriptor> before = locator.locate(new KeySpan(Bytes.EMPTY, key));
      if (!Arrays.equals(right.span().start(), key) || before.isEmpty()) {
        return new Merged(right.shardId(), asked);
      }
      ShardDescriptor left = before.getLast();
      if (left.isChanging() || right.isChanging()) {
        // Replicas are on their way: the border stays until they are there.
        if (deadline.isExpired(clock)) {
          throw new KvException(new KvError.Overloaded(left.shardId()));
        }
        clock.sleep(MOVE_PAUSE);
        locator.stale(left);
        locator.stale(right);
        continue;
      }
      asked = true;
      KvResponse response =
          sender.send(left, KvBatch.of(left, null, deadline, new KvRequest.Merge(right)));
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
      locator.stale(left);
      locator.stale(right);
    }
  }
}
