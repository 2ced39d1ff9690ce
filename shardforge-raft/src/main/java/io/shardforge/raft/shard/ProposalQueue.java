package io.shardforge.raft.shard;

import io.shardforge.raft.command.CommandResult;
import io.shardforge.raft.group.GroupOverloadedException;
import io.shardforge.raft.group.RaftGroup;
import io.shardforge.storage.clock.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The way of commands into the log: those that arrive while enough entries are under way share the
 * next entry, so that many commits cost few appends.
 */
final class ProposalQueue {
  /** Entries under way at once; more would only make them smaller. */
  static final int ENTRIES_MAX = 3;

  /**
   * Commands for which an entry joins those under way. Fewer wait until one has been applied: on a
   * busy machine each entry costs far more than each command.
   */
  static final int JOINING_COMMANDS_MIN = 24;

  /** Bytes of commands for which an entry joins those under way. */
  static final int JOINING_BYTES_MIN = 64 * 1024;

  /** Bytes of commands in one entry, unless a single command is larger. */
  static final int ENTRY_BYTES_MAX = 512 * 1024;

  static final int ENTRY_COMMANDS_MAX = 512;

  /** Commands waiting for an entry. */
  static final int WAITING_MAX = 16_384;

  private final long shardId;
  private final RaftGroup group;
  private final Clock clock;
  private final ReplicaMonitor monitor;
  private final Deque<Proposal> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private int underWay;

  ProposalQueue(long shardId, RaftGroup group, Clock clock, ReplicaMonitor monitor) {
    this.shardId = shardId;
    this.group = group;
    this.clock = clock;
    this.monitor = monitor;
  }

  /** A command on its way, and what will come of it. */
  private record Proposal(byte[] command, boolean alone, CompletableFuture<CommandResult> result) {}

  /**
   * Proposes a command. Completes after it was applied here, or with the group's exception.
   *
   * @param latched whether it may share an entry with other latched commands
   */
  CompletableFuture<CommandResult> propose(byte[] command, boolean latched) {
    Proposal proposal = new Proposal(command, !latched, new CompletableFuture<>());
    synchronized (this) {
      if (waiting.size() >= WAITING_MAX) {
        monitor.proposalRefused();
        return CompletableFuture.failedFuture(new GroupOverloadedException(shardId));
      }
      waiting.add(proposal);
      waitingBytes += command.length;
    }
    pump();
    return proposal.result;
  }

  /** Commands that wait for an entry now. */
  synchronized int waitingCount() {
    return waiting.size();
  }

  private void pump() {
    while (true) {
      List<Proposal> next = takeNext();
      if (next == null) {
        return;
      }
      List<byte[]> commands = new ArrayList<>(next.size());
      for (Proposal proposal : next) {
        commands.add(proposal.command);
      }
      CompletableFuture<byte[]> applied;
      long proposed = clock.monotonicNanos();
      try {
        applied = group.propose(ReplicaStore.entryOf(commands));
      } catch (RuntimeException e) {
        applied = CompletableFuture.failedFuture(e);
      }
      // A group that applies at once must not make this recurse: only what completes later pumps.
      if (applied.isDone()) {
        finish(next, applied, proposed);
      } else {
        CompletableFuture<byte[]> pending = applied;
        var _ =
            applied.whenComplete((_, _) -> {
              finish(next, pending, proposed);
              pump();
            });
      }
    }
  }

  private synchronized @Nullable List<Proposal> takeNext() {
    if (underWay >= ENTRIES_MAX || waiting.isEmpty()) {
      return null;
    }
    if (underWay > 0
        && waiting.size() < JOINING_COMMANDS_MIN
        && waitingBytes < JOINING_BYTES_MIN
        && !waiting.getFirst().alone) {
      return null;
    }
    underWay++;
    List<Proposal> taken = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty() && taken.size() < ENTRY_COMMANDS_MAX) {
      Proposal first = waiting.getFirst();
      if (!taken.isEmpty() && (first.alone || bytes + first.command.length > ENTRY_BYTES_MAX)) {
        break;
      }
      taken.add(waiting.removeFirst());
      bytes += first.command.length;
      if (first.alone) {
        break;
      }
    }
    waitingBytes -= bytes;
    return taken;
  }

  private void finish(
      List<Proposal> proposals, CompletableFuture<byte[]> applied, long proposedNanos) {
    synchronized (this) {
      underWay--;
    }
    Throwable failure = applied.isCompletedExceptionally() ? applied.exceptionNow() : null;
    if (failure == null) {
      monitor.entryApplied(clock.monotonicNanos() - proposedNanos);
    }
    for (int i = 0; i < proposals.size(); i++) {
      CompletableFuture<CommandResult> result = proposals.get(i).result;
      if (failure != null) {
        result.completeExceptionally(failure);
      } else {
        result.complete(CommandResult.read(applied.resultNow(), i * CommandResult.BYTES));
      }
    }
  }
}
