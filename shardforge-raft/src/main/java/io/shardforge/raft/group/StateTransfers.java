package io.shardforge.raft.group;

import io.shardforge.raft.route.NodeDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.Services;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Copies of a shard's state between nodes. The receiver pulls: it begins a transfer with the
 * leader, then asks for pieces, several at a time: on a busy node an answer waits for its turn, and
 * a copy that waited so for each piece would take longer than all its work. Answers may overtake
 * each other, so the pieces are numbered. The leader's export waits while nobody asks, and gives up
 * when nobody has for a while.
 *
 * <pre>
 *  BEGIN shard int64         → transfer int64, term int64, index int64
 *  NEXT  transfer int64      → number int64, piece (an empty one is the end)
 * </pre>
 */
final class StateTransfers {
  /** Exports that a node serves at the same time; further ones are asked to come again. */
  private static final int EXPORTS_MAX = 4;

  /** Pieces that an export is ahead of its receiver. */
  private static final int PIECES_AHEAD = 4;

  /** Pieces that a receiver has asked for and not taken yet. */
  private static final int PIECES_ASKED = 4;

  /** The silence after which either side gives the other up. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

  private static final byte BEGIN = 1;
  private static final byte NEXT = 2;
  private static final int REQUEST_BYTES = 1 + Long.BYTES;
  private static final int NUMBER_BYTES = Long.BYTES;

  private final NodeDialer dialer;
  private final RpcServices services;
  private final Executor copying;
  private final Clock clock;
  private final CopyRate rate;
  private final Map<Long, ReplicatedState> states = new ConcurrentHashMap<>();
  private final Map<Long, Export> exports = new ConcurrentHashMap<>();
  private final AtomicLong nextTransfer = new AtomicLong(1);

  /** By shard: what its newest export has sent so far. */
  private final Map<Long, Export> newest = new ConcurrentHashMap<>();

  /**
   * Serves nothing before {@link #start}.
   *
   * @param copying runs exports, each for as long as it takes
   */
  StateTransfers(NodeDialer dialer, RpcServices services, Executor copying, Clock clock) {
    this.dialer = dialer;
    this.services = services;
    this.copying = copying;
    this.clock = clock;
    this.rate = new CopyRate(clock);
  }

  /** Bounds the bytes a second that all copies from here take together. */
  void limit(long bytesPerSecond) {
    rate.limit(bytesPerSecond);
  }

  void start() {
    // Right where requests arrive: answers are given by the exports themselves.
    services.register(Services.STATE, Runnable::run, (_, payload) -> serve(payload));
  }

  void stop() {
    services.unregister(Services.STATE);
  }

  /** The copies that were begun here since the start. */
  long begunCount() {
    return nextTransfer.get() - 1;
  }

  /** Offers copies of a shard's state from now on. */
  void offer(long shardId, ReplicatedState state) {
    states.put(shardId, state);
  }

  void withdraw(long shardId) {
    states.remove(shardId);
    newest.remove(shardId);
  }

  /** The bytes that the newest copy of a shard's state has sent from here. */
  long exportedBytes(long shardId) {
    Export export = newest.get(shardId);
    return export == null ? 0 : export.bytes;
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
        case NEXT -> next(id);
        default -> throw new IOException("unknown request " + kind);
      };
    } catch (IOException e) {
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
    newest.put(shardId, export);
    copying.execute(() -> export.run(state));
    return export.begun.thenApply(at ->
        ByteBuffer.allocate(3 * Long.BYTES)
            .putLong(transfer)
            .putLong(at.term())
            .putLong(at.index())
            .array());
  }

  private CompletableFuture<byte[]> next(long transfer) throws IOException {
    Export export = exports.get(transfer);
    if (export == null) {
      throw new IOException("transfer " + transfer + " is over");
    }
    return export.next();
  }

  /** One export under way: filled by its own thread, emptied by calls. */
  private final class Export implements StateSink {
    private final long transfer;
    private final CompletableFuture<AppliedIndex> begun = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition taken = lock.newCondition();

    /** Pieces that nobody has asked for yet; if there are any, nobody waits. */
    private final Deque<byte[]> pieces = new ArrayDeque<>();

    /** Calls that were there before their piece, at most what a receiver asks ahead. */
    private final Deque<CompletableFuture<byte[]>> waiting = new ArrayDeque<>();

    /** What is answered when there are no pieces and will be none. */
    private @Nullable CompletableFuture<byte[]> over;

    private long written;

    /** Written by the thread of the export only. */
    private volatile long bytes;

    Export(long transfer) {
      this.transfer = transfer;
    }

    void run(ReplicatedState state) {
      try {
        state.exportState(this);
        byte[] end = numbered(new byte[0]);
        put(end, 0);
        end(CompletableFuture.completedFuture(end));
      } catch (IOException | InterruptedException | RuntimeException e) {
        IOException failure = new IOException("the copy failed: " + e.getMessage(), e);
        begun.completeExceptionally(failure);
        end(CompletableFuture.failedFuture(failure));
      } finally {
        exports.remove(transfer);
      }
    }

    @Override
    public void begin(AppliedIndex at) {
      begun.complete(at);
    }

    @Override
    public void write(byte[] piece) throws IOException, InterruptedException {
      if (piece.length == 0 || piece.length > PIECE_BYTES_MAX) {
        throw new IllegalArgumentException("a piece of " + piece.length + " bytes");
      }
      rate.take(piece.length);
      put(numbered(piece), PIECES_AHEAD);
      long sum = bytes + piece.length;
      bytes = sum;
    }

    private byte[] numbered(byte[] piece) {
      return ByteBuffer.allocate(NUMBER_BYTES + piece.length).putLong(written++).put(piece).array();
    }

    /** Hands a piece on, and waits until there are only so many that nobody has asked for. */
    private void put(byte[] piece, int aheadMax) throws IOException, InterruptedException {
      CompletableFuture<byte[]> asked;
      lock.lockInterruptibly();
      try {
        asked = waiting.poll();
        if (asked == null) {
          pieces.add(piece);
        }
        long patience = SILENCE_MAX.toNanos();
        while (pieces.size() > aheadMax) {
          if (patience <= 0) {
            throw new IOException("nobody asks for the copy any more");
          }
          patience = taken.awaitNanos(patience);
        }
      } finally {
        lock.unlock();
      }
      if (asked != null) {
        asked.complete(piece);
      }
    }

    CompletableFuture<byte[]> next() throws IOException {
      lock.lock();
      try {
        byte[] piece = pieces.poll();
        if (piece != null) {
          taken.signal();
          return CompletableFuture.completedFuture(piece);
        }
        CompletableFuture<byte[]> end = over;
        if (end != null) {
          return end;
        }
        if (waiting.size() >= PIECES_ASKED) {
          throw new IOException("too many pieces of a copy are asked for at once");
        }
        CompletableFuture<byte[]> asked = new CompletableFuture<>();
        waiting.add(asked);
        return asked;
      } finally {
        lock.unlock();
      }
    }

    /** Answers those who wait for pieces that will not come. */
    private void end(CompletableFuture<byte[]> answer) {
      List<CompletableFuture<byte[]>> inVain;
      lock.lock();
      try {
        over = answer;
        inVain = List.copyOf(waiting);
        waiting.clear();
      } finally {
        lock.unlock();
      }
      for (CompletableFuture<byte[]> asked : inVain) {
        var _ =
            answer.whenComplete((end, failure) -> {
              if (failure == null) {
                asked.complete(end);
              } else {
                asked.completeExceptionally(failure);
              }
            });
      }
    }
  }

  /** The receiving side of a transfer; asks for further pieces while one is being installed. */
  private final class Pieces implements StateSource {
    private final int node;
    private final long transfer;
    private final Deque<CompletableFuture<byte[]>> asked = new ArrayDeque<>();

    /** Pieces that came before their turn, by number. */
    private final Map<Long, byte[]> early = new HashMap<>();

    private long taken;

    Pieces(int node, long transfer) {
      this.node = node;
      this.transfer = transfer;
    }

    @Override
    public byte @Nullable [] next() throws IOException, InterruptedException {
      byte[] numbered = early.remove(taken);
      while (numbered == null) {
        ask();
        byte[] answer = await(asked.remove());
        long number = ByteBuffer.wrap(answer).getLong();
        if (number == taken) {
          numbered = answer;
        } else {
          early.put(number, answer);
        }
      }
      if (numbered.length == NUMBER_BYTES) {
        return null;
      }
      taken++;
      ask();
      return Arrays.copyOfRange(numbered, NUMBER_BYTES, numbered.length);
    }

    /** Pieces that came early count: what is held is bounded by what may be asked for. */
    private void ask() {
      while (asked.size() + early.size() < PIECES_ASKED || asked.isEmpty()) {
        byte[] request = ByteBuffer.allocate(REQUEST_BYTES).put(NEXT).putLong(transfer).array();
        asked.add(dialer.call(node, Services.STATE, request, Deadline.after(clock, SILENCE_MAX)));
      }
    }

    private byte[] await(CompletableFuture<byte[]> reply) throws IOException, InterruptedException {
      try {
        byte[] answer = reply.get(2 * SILENCE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        if (answer.length < NUMBER_BYTES) {
          throw new IOException("node " + node + " sent " + answer.length + " bytes as a piece");
        }
        return answer;
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        throw new IOException(cause == null ? e.getMessage() : cause.getMessage());
      } catch (TimeoutException _) {
        throw new IOException("node " + node + " does not send the copy");
      }
    }
  }
}
