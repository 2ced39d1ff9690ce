package io.shardforge.raft.route;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls to other nodes: one connection a peer, made when it is first needed and again after it
 * broke, with a pause that grows while the peer cannot be reached. Safe for all threads.
 */
public final class PeerDialer implements NodeDialer, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PeerDialer.class);

  private final RpcLoops loops;
  private final NodeIdentity identity;
  private final AddressBook book;
  private final RpcServices local;
  private final @Nullable RpcTls tls;
  private final Clock clock;
  private final Map<Integer, Peer> peers = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * A dialer that makes no connection yet.
   *
   * @param local answers calls to this node itself
   * @param tls mutual TLS, or null for plain connections
   */
  public PeerDialer(
      RpcLoops loops,
      NodeIdentity identity,
      AddressBook book,
      RpcServices local,
      @Nullable RpcTls tls,
      Clock clock) {
    this.loops = loops;
    this.identity = identity;
    this.book = book;
    this.local = local;
    this.tls = tls;
    this.clock = clock;
    book.listen(this::onNews);
  }

  @Override
  public CompletableFuture<byte[]> call(
      int nodeId, int service, byte[] payload, Deadline deadline) {
    if (nodeId == identity.nodeId() && nodeId != 0) {
      long left = Math.min(deadline.remainingNanos(clock), RpcLimits.CALL_TIME_MAX.toNanos());
      return local.dispatch(
          service, nodeId, payload, (int) TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }
    Peer peer = peers.computeIfAbsent(nodeId, Peer::new);
    Connection open = peer.open;
    if (open != null && open.isOpen()) {
      return open.call(service, payload, deadline);
    }
    return peer.connect().thenCompose(connection -> connection.call(service, payload, deadline));
  }

  /** Calls whatever node listens at an address, on a connection of its own. */
  public CompletableFuture<byte[]> callAddress(
      HostPort address, int service, byte[] payload, Deadline deadline) {
    CompletableFuture<Connection> connecting = connect(address, 0);
    CompletableFuture<byte[]> reply =
        connecting.thenCompose(connection -> connection.call(service, payload, deadline));
    return reply.whenComplete((_, _) -> {
      var _ = connecting.thenAccept(Connection::close);
    });
  }

  /** True if there is a connection to that node now. */
  public boolean isConnected(int nodeId) {
    Peer peer = peers.get(nodeId);
    Connection open = peer == null ? null : peer.open;
    return nodeId == identity.nodeId() || (open != null && open.isOpen());
  }

  /** Closes all connections, so that the next ones introduce this node anew. */
  public void hangUp() {
    for (Peer peer : peers.values()) {
      Connection open = peer.open;
      if (open != null) {
        open.close();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    hangUp();
  }

  private void onNews(NodeAddress address) {
    Peer peer = peers.get(address.nodeId());
    if (peer != null) {
      peer.onNews(address);
    }
  }

  private CompletableFuture<Connection> connect(HostPort address, int expectedNode) {
    String name =
        expectedNode == 0 ? address.toString() : "node " + expectedNode + " at " + address;
    if (closed) {
      return CompletableFuture.failedFuture(unreachable(name, "this node is stopping"));
    }
    Connection connection = new Connection(name, clock, Greeting.of(identity, book).toBytes());
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops.group())
            .channel(loops.channelType())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) RpcLimits.HELLO_TIME_MAX.toMillis())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    ChannelPipeline pipeline = channel.pipeline();
                    if (tls != null) {
                      pipeline.addLast(tls.client().newHandler(channel.alloc()));
                    }
                    pipeline.addLast(new FrameDecoder(), connection);
                  }
                });
    ChannelFuture connecting =
        bootstrap.connect(InetSocketAddress.createUnresolved(address.host(), address.port()));
    var _ =
        connecting.addListener(done -> {
          if (!done.isSuccess()) {
            Throwable cause = done.cause();
            String message = cause == null ? null : cause.getMessage();
            connection
                .greeted()
                .completeExceptionally(
                    unreachable(name, message == null ? "no connection" : message));
          }
        });
    var _ =
        connecting
            .channel()
            .eventLoop()
            .schedule(
                () -> {
                  if (connection
                      .greeted()
                      .completeExceptionally(unreachable(name, "it did not say hello"))) {
                    var _ = connecting.channel().close();
                  }
                },
                RpcLimits.HELLO_TIME_MAX.toMillis(),
                TimeUnit.MILLISECONDS);
    return connection.greeted().thenApply(peer -> accept(connection, peer, name, expectedNode));
  }

  private Connection accept(Connection connection, Greeting peer, String name, int expectedNode) {
    String refusal = identity.refusalOf(peer.clusterId());
    if (refusal != null) {
      connection.close();
      throw unreachable(name, refusal);
    }
    peer.teach(book);
    if (expectedNode != 0 && peer.self().nodeId() != expectedNode) {
      connection.close();
      throw unreachable(name, "node " + peer.self().nodeId() + " answers there");
    }
    if (expectedNode != 0 && isOutdated(connection)) {
      connection.close();
      throw unreachable(name, "an earlier run of it answers there");
    }
    return connection;
  }

  /** Whether the node at the other end has announced itself anew from elsewhere since. */
  private boolean isOutdated(Connection connection) {
    Greeting peer = connection.greeted().getNow(null);
    return peer != null
        && book.find(peer.self().nodeId())
            .filter(newest -> newest.supersedes(peer.self()))
            .isPresent();
  }

  private static RpcException unreachable(String name, String why) {
    return new RpcException(RpcException.Reason.UNREACHABLE, "cannot reach " + name + ": " + why);
  }

  /** One other node: its connection, or the state of the attempts to make one. */
  private final class Peer {
    private final int nodeId;
    private volatile @Nullable Connection open;
    private @Nullable CompletableFuture<Connection> opening;
    private long pauseNanos;
    private long retryAtNanos = Long.MIN_VALUE;

    Peer(int nodeId) {
      this.nodeId = nodeId;
    }

    CompletableFuture<Connection> connect() {
      CompletableFuture<Connection> promise;
      HostPort target;
      synchronized (this) {
        Connection current = open;
        if (current != null && current.isOpen()) {
          return CompletableFuture.completedFuture(current);
        }
        if (opening != null) {
          return opening;
        }
        Optional<NodeAddress> address = book.find(nodeId);
        if (address.isEmpty()) {
          return CompletableFuture.failedFuture(
              unreachable("node " + nodeId, "its address is not known"));
        }
        if (pauseNanos > 0 && clock.monotonicNanos() - retryAtNanos < 0) {
          return CompletableFuture.failedFuture(
              unreachable(
                  "node " + nodeId + " at " + address.get().rpc(), "the last attempt just failed"));
        }
        promise = new CompletableFuture<>();
        opening = promise;
        target = address.get().rpc();
      }
      // Outside the lock: the completion may run at once, and runs what callers chained.
      var _ =
          PeerDialer.this
              .connect(target, nodeId)
              .whenComplete((connection, failure) -> finish(promise, connection, failure));
      return promise;
    }

    private void finish(
        CompletableFuture<Connection> promise,
        @Nullable Connection connection,
        @Nullable Throwable failure) {
      boolean outdated = false;
      synchronized (this) {
        opening = null;
        if (connection != null) {
          open = connection;
          pauseNanos = 0;
          outdated = isOutdated(connection);
        } else {
          pauseNanos =
              Math.min(
                  RpcLimits.RECONNECT_PAUSE_MAX.toNanos(),
                  Math.max(RpcLimits.RECONNECT_PAUSE_MIN.toNanos(), 2 * pauseNanos));
          retryAtNanos = clock.monotonicNanos() + pauseNanos;
        }
      }
      if (connection != null) {
        if (outdated) {
          connection.close();
        }
        promise.complete(connection);
      } else {
        Throwable cause = failure;
        if (cause != null && !(cause instanceof RpcException) && cause.getCause() != null) {
          cause = cause.getCause();
        }
        promise.completeExceptionally(
            cause == null ? unreachable("node " + nodeId, "no connection") : cause);
      }
    }

    /**
     * Drops a connection to the node as it was before it started anew: a machine that vanished does
     * not close it, and a process that lives on for a while would answer for its successor.
     */
    void onNews(NodeAddress newest) {
      Connection current;
      synchronized (this) {
        pauseNanos = 0;
        current = open;
      }
      if (current != null && isOutdated(current)) {
        log.debug("the connection is to an earlier run of the node now={}", newest);
        current.close();
      }
    }
  }
}
