package io.shardforge.raft.group;

import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.Services;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Copies of a shard's state between nodes. The receiver pulls: it begins a transfer with the
 * leader, then asks for piece after piece; the leader's export waits while nobody asks, and gives
 * up when nobody has for a while.
 *
 * <pre>
 *  BEGIN shard int64         → transfer int64, term int64, index int64
 *  NEXT  transfer int64      → 1 piece | 0 (the end)
 * </pre>
 */
final class StateTransfers {
  /** Exports that a node serves at the same time; further ones are asked to come again. */
  private static final int EXPORTS_MAX = 4;

  /** Pieces that an export is ahead of its receiver. */
  private static final int PIECES_AHEAD = 4;

  /** The silence after which either side gives the other up. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

  private static final byte BEGIN = 1;
  private static final byte NEXT = 2;
  private static final int REQUEST_BYTES = 1 + Long.BYTES;
  private static final byte[] END = {0};

  private final NodeDialer dialer;
  private final RpcServices services;
  private final Executor blocking;
  private final Clock clock;
  private final Map<Long, ReplicatedState> states = new ConcurrentHashMap<>();
  private final Map<Long, Export> exports = new ConcurrentHashMap<>();
  private final AtomicLong nextTransfer = new AtomicLong(1);

  StateTransfers(NodeDialer dialer, RpcServices services, Executor blocking, Clock clock) {
    this.dialer = dialer;
    this.services = services;
    this.blocking = blocking;
    this.clock = clock;
  }

  void start() {
    services.register(Services.STATE, blocking, (_, payload) -> serve(payload));
  }

  void stop() {
    services.unregister(Services.STATE);
  }

  /** Offers copies of a shard's state from now on. */
  void offer(long shardId, ReplicatedState state) {
    states.put(shardId, state);
  }

  void withdraw(long shardId) {
    states.remove(shardId);
  }

  /** Replaces a state by a copy of another node's, and returns where in the log that was taken. */
  AppliedIndex fetch(long shardId, int fromNode, ReplicatedState into)
      throws IOException, InterruptedException {
    ByteBuffer begun = ByteBuffer.wrap(call(fromNode, BEGIN, shardId));
    long transfer = begun.getLong();
    AppliedIndex at = new AppliedIndex(begun.getLong(), begun.getLong());
    into.installState(at, new Pieces(fromNode, transfer));
    return at;
  }

  private byte[] call(int node, byte kind, long id) throws IOException, InterruptedException {
    byte[] request = ByteBuffer.allocate(REQUEST_BYTES).put(kind).putLong(id).array();
    Deadline deadline = Deadline.after(clock, SILENCE_MAX);
    try {
      return dialer.call(node, Services.STATE, request, deadline).get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(cause == null ? e.getMessage() : cause.getMessage());
    }
  }

  private CompletableFuture<byte[]> serve(byte[] payload) {
    if (payload.length != REQUEST_BYTES) {
      return CompletableFuture.failedFuture(new IOException("not a request for a state"));
    }
    ByteBuffer request = ByteBuffer.wrap(payload);
    byte kind = request.get();
    long id = request.getLong();
    try {
      return switch (kind) {
        case BEGIN -> begin(id);
        case NEXT -> CompletableFuture.completedFuture(next(id));
        default -> throw new IOException("unknown request " + kind);
      };
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<byte[]> begin(long shardId) throws IOException {
    ReplicatedState state = states.get(shardId);
    if (state == null) {
      throw new IOException("shard " + shardId + " is not on this node");
    }
    if (exports.size() >= EXPORTS_MAX) {
      throw new IOException("too many copies are being made; come again");
    }
    long transfer = nextTransfer.getAndIncrement();
    Export export = new Export(transfer);
    exports.put(transfer, export);
    blocking.execute(() -> export.run(state));
    return export.begun.thenApply(at ->
        ByteBuffer.allocate(3 * Long.BYTES)
            .putLong(transfer)
            .putLong(at.term())
            .putLong(at.index())
            .array());
  }

  private byte[] next(long transfer) throws IOException, InterruptedException {
    Export export = exports.get(transfer);
    if (export == null) {
      throw new IOException("transfer " + transfer + " is over");
    }
    byte[] piece = export.pieces.poll(SILENCE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    if (piece == null) {
      throw new IOException("the copy makes no progress");
    }
    Throwable failure = export.failure;
    if (failure != null) {
      throw new IOException("the copy failed: " + failure.getMessage());
    }
    if (piece.length == 1) {
      exports.remove(transfer);
    }
    return piece;
  }

  /** One export under way: filled by its own thread, emptied by calls. */
  private final class Export implements StateSink {
    private final long transfer;
    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(PIECES_AHEAD);
    private final CompletableFuture<AppliedIndex> begun = new CompletableFuture<>();
    private volatile @Nullable Throwable failure;

    Export(long transfer) {
      this.transfer = transfer;
    }

    void run(ReplicatedState state) {
      try {
        state.exportState(this);
        put(END);
      } catch (IOException | InterruptedException | RuntimeException e) {
        failure = e;
        begun.completeExceptionally(e);
        exports.remove(transfer);
      }
    }

    @Override
    public void begin(AppliedIndex at) {
      begun.complete(at);
    }

    @Override
    public void write(byte[] piece) throws IOException, InterruptedException {
      if (piece.length > PIECE_BYTES_MAX) {
        throw new IllegalArgumentException("a piece of " + piece.length + " bytes");
      }
      byte[] tagged = new byte[1 + piece.length];
      tagged[0] = 1;
      System.arraycopy(piece, 0, tagged, 1, piece.length);
      put(tagged);
    }

    private void put(byte[] tagged) throws IOException, InterruptedException {
      if (!pieces.offer(tagged, SILENCE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("nobody asks for the copy any more");
      }
    }
  }

  /** The receiving side of a transfer; asks for the next piece while one is being installed. */
  private final class Pieces implements StateSource {
    private final int node;
    private final long transfer;
    private @Nullable CompletableFuture<byte[]> ahead;

    Pieces(int node, long transfer) {
      this.node = node;
      this.transfer = transfer;
    }

    @Override
    public byte @Nullable [] next() throws IOException, InterruptedException {
      CompletableFuture<byte[]> asked = ahead;
      byte[] tagged = await(asked == null ? ask() : asked);
      if (tagged.length == 0 || tagged[0] == 0) {
        return null;
      }
      ahead = ask();
      byte[] piece = new byte[tagged.length - 1];
      System.arraycopy(tagged, 1, piece, 0, piece.length);
      return piece;
    }

    private CompletableFuture<byte[]> ask() {
      byte[] request = ByteBuffer.allocate(REQUEST_BYTES).put(NEXT).putLong(transfer).array();
      return dialer.call(node, Services.STATE, request, Deadline.after(clock, SILENCE_MAX));
    }

    private byte[] await(CompletableFuture<byte[]> reply) throws IOException, InterruptedException {
      try {
        return reply.get(2 * SILENCE_MAX.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        throw new IOException(cause == null ? e.getMessage() : cause.getMessage());
      } catch (TimeoutException _) {
        throw new IOException("node " + node + " does not send the copy");
      }
    }
  }
}
