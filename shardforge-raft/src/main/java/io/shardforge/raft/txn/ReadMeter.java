package io.shardforge.raft.txn;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.KvResult;
import io.shardforge.raft.kv.LockedRow;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Counts what a transaction reads from shards while it is told to: for EXPLAIN ANALYZE. */
public final class ReadMeter {
  private final Set<Long> shards = new TreeSet<>();
  private final Set<Integer> nodes = new TreeSet<>();
  private long requests;
  private long rows;
  private long bytes;
  private long retries;
  private long workedRows;

  /**
   * What was read.
   *
   * @param shards different ones
   * @param nodes different ones that answered
   * @param requests messages to shards, each for a page of rows, some keys, or many short scans
   * @param rows that were found
   * @param bytes of their keys and values, of those read by key the values alone
   * @param retries requests that had to be sent anew because shards were split, merged or moved
   * @param workedRows read where their shards are led, of which only results were sent here and
   *     counted as rows
   */
  public record Figures(
      int shards, int nodes, long requests, long rows, long bytes, long retries, long workedRows) {}

  public synchronized Figures figures() {
    return new Figures(shards.size(), nodes.size(), requests, rows, bytes, retries, workedRows);
  }

  /** Counts the answer to one message. */
  synchronized void answered(long shardId, int nodeId, List<KvResult> results) {
    requests++;
    shards.add(shardId);
    nodes.add(nodeId);
    results.forEach(this::add);
  }

  private void add(KvResult result) {
    switch (result) {
      case KvResult.Page page -> {
        KvPage found = page.page();
        rows += found.rows();
        bytes += found.sizeBytes();
        workedRows += Math.max(0, page.workedRows());
      }
      case KvResult.Values values ->
          values
              .values()
              .forEach(value -> addRow(value.value() == null ? -1 : value.value().length));
      case KvResult.Locked locked -> {
        for (LockedRow row : locked.rows()) {
          byte[] value = row.value();
          addRow(value == null ? -1 : value.length);
        }
      }
      default -> {}
    }
  }

  private void addRow(int valueBytes) {
    if (valueBytes >= 0) {
      rows++;
      bytes += valueBytes;
    }
  }

  synchronized void retried() {
    retries++;
  }
}
