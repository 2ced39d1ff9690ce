package io.shardforge.raft.shard;

import io.shardforge.raft.command.CommandResult;
import io.shardforge.raft.command.MergeState;
import io.shardforge.raft.command.PublishedCommand;
import io.shardforge.raft.command.SplitCommand;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.raft.kv.KvBatch;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvRequest;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.clock.Deadline;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease holder's part of splitting its shard.
 *
 * <pre>
 *   split command → applied: the parent ends at the key, the child's state lies beside it
 *                 ├→ every replica makes the child's log and joins it ({@link Replicas})
 *                 └→ the lease holder records both in the map of shards, then in its own log
 * </pre>
 *
 * <p>The child stays in the parent's replicated state until the map has it, so whoever holds the
 * lease next goes on where a crash has ended this.
 */
final class Splits {
  private static final Logger LOG = LoggerFactory.getLogger(Splits.class);

  private final Replica replica;
  private final Decisions decisions;
  private final AtomicBoolean publishing = new AtomicBoolean();

  Splits(Replica replica, Decisions decisions) {
    this.replica = replica;
    this.decisions = decisions;
  }

  KvResult split(LeaseTerm term, KvBatch batch, KvRequest.Split request)
      throws InterruptedException {
    ShardDescriptor shard = replica.shard();
    if (shard.isMeta()) {
      throw new KvException(new KvError.Broken("the meta shard cannot be split", null));
    }
    if (!shard.span().contains(request.key())) {
      throw decisions.stale();
    }
    if (Arrays.equals(shard.span().start(), request.key())) {
      return KvResult.Done.INSTANCE;
    }
    RaftGroup group = replica.group();
    if (group == null
        || replica.state().unpublished() != null
        || replica.state().merge().stage() != MergeState.Stage.NONE
        || shard.isChanging()) {
      // One at a time: the map does not know the last one yet, or replicas are on their way.
      throw new KvException(new KvError.Overloaded(shard.shardId()));
    }
    CommandResult result =
        replica
            .lease()
            .await(
                replica
                    .lease()
                    .propose(
                        term, new SplitCommand(request.key(), request.childId(), group.members())),
                batch.deadline());
    if (result.status() == CommandResult.Status.REFUSED) {
      throw new KvException(new KvError.Overloaded(shard.shardId()));
    }
    return KvResult.Done.INSTANCE;
  }

  /** Records a child that the map of shards may not know; does nothing if there is none. */
  void publish(LeaseTerm term) throws InterruptedException {
    ShardDescriptor child = replica.state().unpublished();
    if (child == null || !publishing.compareAndSet(false, true)) {
      return;
    }
    try {
      // While there is a child the shard has not been split again: this is how it was cut.
      replica.context().map().recordSplit(replica.shard(), child);
      var _ =
          replica
              .lease()
              .await(
                  replica.lease().propose(term, new PublishedCommand(child.shardId())),
                  Deadline.after(replica.context().clock(), RowLocks.HELPER_TIMEOUT));
      LOG.info("split recorded shard={} child={}", replica.shard().shardId(), child.shardId());
    } finally {
      publishing.set(false);
    }
  }
}
