package io.shardforge.raft.sim;

import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcException;
import io.shardforge.raft.route.RpcLimits;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.storage.clock.Deadline;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * What lies between the nodes of a simulation: messages take their time, come in any order, get
 * lost, are handled twice; links are cut in one direction or both.
 */
final class SimNetwork {
  private static final long MILLI = 1_000_000;

  /** A peer that is silent for so long is given up. */
  private static final long SILENCE_NANOS = 1500 * MILLI;

  private final SimScheduler scheduler;
  private final RandomGenerator random;
  private final SimTrace trace;
  private final Map<Integer, End> ends = new HashMap<>();
  private final Set<Integer> cut = new HashSet<>();
  private double lost;
  private double twice;
  private double slow;

  SimNetwork(SimScheduler scheduler, RandomGenerator random, SimTrace trace) {
    this.scheduler = scheduler;
    this.random = random;
    this.trace = trace;
  }

  /** A node that is up. */
  private record End(SimScheduler.SimProcess process, RpcServices services) {}

  /** Says that a node is up and what it answers with. */
  void attach(int node, SimScheduler.SimProcess process, RpcServices services) {
    ends.put(node, new End(process, services));
  }

  void detach(int node) {
    ends.remove(node);
  }

  /**
   * Makes messages unreliable.
   *
   * @param lostPart the part of messages that get lost
   * @param twicePart the part of requests that are handled twice
   * @param slowPart the part of messages that take up to two seconds
   */
  void disturb(double lostPart, double twicePart, double slowPart) {
    lost = lostPart;
    twice = twicePart;
    slow = slowPart;
  }

  void cut(int from, int to) {
    cut.add(link(from, to));
  }

  void healAll() {
    cut.clear();
  }

  boolean isUp(int from, int to) {
    return from == to || !cut.contains(link(from, to));
  }

  private static int link(int from, int to) {
    return from * 1000 + to;
  }

  /** The time that one message takes. */
  long delayNanos() {
    long usual = 100_000 + random.nextLong(2 * MILLI);
    return random.nextDouble() < slow ? usual + random.nextLong(2000 * MILLI) : usual;
  }

  /** Whether the next message from one node to another arrives. */
  boolean arrives(int from, int to) {
    return isUp(from, to) && (from == to || random.nextDouble() >= lost);
  }

  /** The calls that a node makes. */
  NodeDialer dialer(int from, SimClock clock, SimScheduler.SimProcess process) {
    return (to, service, payload, deadline) -> {
      CompletableFuture<byte[]> reply = new CompletableFuture<>();
      long patience = Math.min(deadline.remainingNanos(clock), RpcLimits.CALL_TIME_MAX.toNanos());
      SimScheduler.Timer timeout =
          scheduler.after(
              patience + 1,
              () -> fail(process, reply, RpcException.Reason.TIMED_OUT, "no answer in time"));
      var _ = reply.whenComplete((_, _) -> timeout.cancel());
      watch(from, to, process, reply);
      request(from, to, process, service, payload, deadline, clock, reply);
      if (from != to && random.nextDouble() < twice) {
        request(from, to, process, service, payload, deadline, clock, reply);
      }
      return reply;
    };
  }

  /** Gives a call up whose peer has been silent for too long. */
  private void watch(
      int from, int to, SimScheduler.SimProcess process, CompletableFuture<byte[]> reply) {
    SimScheduler.Timer next =
        scheduler.after(
            SILENCE_NANOS,
            () -> {
              End end = ends.get(to);
              if (end == null || !end.process.isRunning() || !isUp(from, to) || !isUp(to, from)) {
                fail(process, reply, RpcException.Reason.CONNECTION_LOST, "silence");
              } else {
                watch(from, to, process, reply);
              }
            });
    var _ = reply.whenComplete((_, _) -> next.cancel());
  }

  private void request(
      int from,
      int to,
      SimScheduler.SimProcess process,
      int service,
      byte[] payload,
      Deadline deadline,
      SimClock clock,
      CompletableFuture<byte[]> reply) {
    long left = Math.min(deadline.remainingNanos(clock), RpcLimits.CALL_TIME_MAX.toNanos());
    if (!isUp(from, to) && random.nextBoolean()) {
      // There was no connection before.
      scheduler.after(
          random.nextLong(20 * MILLI),
          () -> fail(process, reply, RpcException.Reason.UNREACHABLE, "no connection"));
      return;
    }
    if (!arrives(from, to)) {
      lose(process, reply);
      return;
    }
    scheduler.after(
        from == to ? 1000 : delayNanos(),
        () -> {
          End end = ends.get(to);
          if (end == null || !end.process.isAlive()) {
            fail(process, reply, RpcException.Reason.UNREACHABLE, "refused");
            return;
          }
          var _ =
              end.services
                  .dispatch(service, from, payload, (int) (left / MILLI))
                  .whenComplete(
                      (answer, failure) -> answer(from, to, process, answer, failure, reply));
        });
  }

  private void answer(
      int from,
      int to,
      SimScheduler.SimProcess process,
      byte[] answer,
      Throwable failure,
      CompletableFuture<byte[]> reply) {
    if (!arrives(to, from)) {
      lose(process, reply);
      return;
    }
    scheduler.after(
        from == to ? 1000 : delayNanos(),
        () -> {
          if (!process.isAlive()) {
            return;
          }
          trace.note(scheduler.nowNanos(), "answer " + to + "→" + from);
          if (failure == null) {
            reply.complete(answer);
          } else {
            reply.completeExceptionally(failure);
          }
        });
  }

  /** The connection breaks at some moment, unless the caller gives up before. */
  private void lose(SimScheduler.SimProcess process, CompletableFuture<byte[]> reply) {
    scheduler.after(
        random.nextLong(SILENCE_NANOS),
        () -> fail(process, reply, RpcException.Reason.CONNECTION_LOST, "the connection broke"));
  }

  private static void fail(
      SimScheduler.SimProcess process,
      CompletableFuture<byte[]> reply,
      RpcException.Reason reason,
      String message) {
    if (process.isAlive()) {
      reply.completeExceptionally(new RpcException(reason, message));
    }
  }
}
