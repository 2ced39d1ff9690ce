package io.shardforge.raft.route;

import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The services that this node offers, each with the executor that its handlers run on. */
public final class RpcServices {
  private final Clock clock;
  private final Map<Integer, Service> byNumber = new ConcurrentHashMap<>();

  public RpcServices(Clock clock) {
    this.clock = clock;
  }

  private record Service(Executor executor, RpcHandler handler) {}

  Clock clock() {
    return clock;
  }

  /**
   * Offers a service from now on.
   *
   * @param executor where its handlers run; virtual threads if they may block
   */
  public void register(int service, Executor executor, RpcHandler handler) {
    if (byNumber.putIfAbsent(service, new Service(executor, handler)) != null) {
      throw new IllegalStateException("service " + service + " is registered already");
    }
  }

  /** Stops offering a service. */
  public void unregister(int service) {
    byNumber.remove(service);
  }

  /**
   * Runs a handler, unless its caller's time has run out before it could start. The result fails
   * with an {@link RpcException} whatever went wrong.
   */
  public CompletableFuture<byte[]> dispatch(
      int service, int fromNode, byte[] payload, int timeLeftMillis) {
    @Nullable Service found = byNumber.get(service);
    if (found == null) {
      return CompletableFuture.failedFuture(
          new RpcException(
              RpcException.Reason.NO_SUCH_SERVICE, "service " + service + " is not offered here"));
    }
    CompletableFuture<byte[]> result = new CompletableFuture<>();
    try {
      Deadline deadline = Deadline.afterNanos(clock, TimeUnit.MILLISECONDS.toNanos(timeLeftMillis));
      found.executor.execute(() -> {
        if (deadline.isExpired(clock)) {
          result.completeExceptionally(
              new RpcException(RpcException.Reason.OVERLOADED, "the call waited too long"));
        } else {
          run(found.handler, fromNode, payload, result);
        }
      });
    } catch (RejectedExecutionException _) {
      result.completeExceptionally(
          new RpcException(RpcException.Reason.OVERLOADED, "too many calls are under way"));
    }
    return result;
  }

  private static void run(
      RpcHandler handler, int fromNode, byte[] payload, CompletableFuture<byte[]> result) {
    CompletableFuture<byte[]> reply;
    try {
      reply = handler.handle(fromNode, payload);
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(asRpcException(e));
      return;
    }
    var _ =
        reply.whenComplete((bytes, failure) -> {
          if (failure != null) {
            result.completeExceptionally(asRpcException(failure));
          } else {
            result.complete(bytes);
          }
        });
  }

  private static RpcException asRpcException(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof java.util.concurrent.CompletionException
        || cause instanceof java.util.concurrent.ExecutionException) {
      Throwable inner = cause.getCause();
      if (inner == null) {
        break;
      }
      cause = inner;
    }
    if (cause instanceof RpcException known) {
      return known;
    }
    String message = cause.getMessage();
    return new RpcException(
        RpcException.Reason.HANDLER_FAILED,
        message == null ? cause.getClass().getSimpleName() : message);
  }
}
