package io.shardforge.server;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a node that read pages for statements in long scans: one less than there are
 * processors, as a statement's own thread reads too. When their queue is full they refuse.
 */
public final class ScanWorkers {
  private static final int QUEUED_MAX = 256;
  private static final long IDLE_SECONDS = 60;

  private ScanWorkers() {}

  /** Starts none before there is work; the caller shuts them down. */
  public static ExecutorService start() {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED_MAX),
            Thread.ofPlatform().daemon().name("scan-", 0).factory());
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }
}
