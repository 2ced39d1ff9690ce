package io.shardforge.raft.placement;

import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.route.HostPort;
import io.shardforge.raft.route.PeerDialer;
import io.shardforge.raft.route.RpcException;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.Services;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/**
 * What an operator's command asks of nodes, through any of them: their state, and to change it.
 *
 * <pre>
 *  0                          → status
 *  1 | node int32 | state     → status
 *
 *  status: count, then node, address, locality, state, live, replicas, leaders, bytes to go of each
 * </pre>
 */
public final class NodeAdmin {
  private static final int STATUS = 0;
  private static final int SET_STATE = 1;
  private static final Duration CALL_TIME = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private NodeAdmin() {}

  /**
   * A node as the one that was asked sees it.
   *
   * @param address where other nodes find it
   * @param leaving bytes about of replicas that are to leave it, moving or waiting
   */
  public record NodeLine(
      int nodeId,
      String address,
      String locality,
      NodeState state,
      boolean isLive,
      long replicas,
      long leaders,
      long leaving) {}

  /** Answers operators from now on. */
  public static void register(
      RpcServices services, Executor executor, ClusterControl control, Clock clock) {
    services.register(
        Services.ADMIN,
        executor,
        (_, payload) -> {
          try {
            return CompletableFuture.completedFuture(answer(payload, control));
          } catch (KvException e) {
            return CompletableFuture.failedFuture(
                new IOException("the cluster's tables cannot be reached: " + e.getMessage()));
          } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(new IOException("the node is stopping"));
          }
        });
  }

  private static byte[] answer(byte[] payload, ClusterControl control)
      throws IOException, InterruptedException {
    WireReader in = new WireReader(payload);
    if (in.readByte() == SET_STATE) {
      int node = in.readInt();
      NodeState state = NodeState.valueOf(in.readString().toUpperCase(Locale.ROOT));
      if (control.nodes().stream().noneMatch(known -> known.nodeId() == node)) {
        throw new IOException("there is no node " + node);
      }
      NodeState now = control.setNodeState(node, state);
      if (state == NodeState.DRAINING && now != state) {
        throw new IOException(
            "node " + node + " is " + now.word() + " and cannot be drained: recommission it first");
      }
    }
    List<NodeLine> lines = control.nodeLines();
    WireWriter out = new WireWriter(64 * lines.size());
    out.putVarint(lines.size());
    for (NodeLine line : lines) {
      out.putVarint(line.nodeId())
          .putString(line.address())
          .putString(line.locality())
          .putString(line.state().word())
          .putBoolean(line.isLive())
          .putVarint(line.replicas())
          .putVarint(line.leaders())
          .putVarint(line.leaving());
    }
    return out.toByteArray();
  }

  /** Asks a node for the state of all. */
  public static List<NodeLine> status(PeerDialer dialer, HostPort host, Clock clock)
      throws IOException, InterruptedException {
    return ask(dialer, host, clock, new WireWriter(1).putByte(STATUS).toByteArray());
  }

  /** Has a node say what is wanted of one, and returns the state of all. */
  public static List<NodeLine> setState(
      PeerDialer dialer, HostPort host, Clock clock, int node, NodeState state)
      throws IOException, InterruptedException {
    return ask(
        dialer,
        host,
        clock,
        new WireWriter(32)
            .putByte(SET_STATE)
            .putVarint(node)
            .putString(state.word())
            .toByteArray());
  }

  private static List<NodeLine> ask(PeerDialer dialer, HostPort host, Clock clock, byte[] request)
      throws IOException, InterruptedException {
    byte[] reply = call(dialer, host, clock, request);
    WireReader in = new WireReader(reply);
    int count = in.readCount();
    List<NodeLine> lines = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int node = in.readInt();
      String address = in.readString();
      String locality = in.readString();
      NodeState state = NodeState.valueOf(in.readString().toUpperCase(Locale.ROOT));
      boolean live = in.readBoolean();
      long replicas = in.readVarint();
      long leaders = in.readVarint();
      lines.add(
          new NodeLine(node, address, locality, state, live, replicas, leaders, in.readVarint()));
    }
    return lines;
  }

  /** Asks again for a while where there was no answer: it makes no difference how often. */
  private static byte[] call(PeerDialer dialer, HostPort host, Clock clock, byte[] request)
      throws IOException, InterruptedException {
    Deadline patience = Deadline.after(clock, PATIENCE);
    while (true) {
      try {
        return dialer
            .callAddress(host, Services.ADMIN, request, Deadline.after(clock, CALL_TIME))
            .get();
      } catch (ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (patience.isExpired(clock)
            || !(cause instanceof RpcException failure)
            || !isWorthAsking(failure.reason())) {
          throw new IOException(host + ": " + cause.getMessage(), cause);
        }
        clock.sleep(PAUSE);
      }
    }
  }

  private static boolean isWorthAsking(RpcException.Reason reason) {
    return switch (reason) {
      case UNREACHABLE, OVERLOADED, CONNECTION_LOST, TIMED_OUT, NO_SUCH_SERVICE -> true;
      case HANDLER_FAILED, MISMATCH -> false;
    };
  }
}
