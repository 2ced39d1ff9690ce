package io.shardforge.sql.exec;

import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.SortKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one partition after another of a sorted input, read from it no further than asked
 * for, and the place among them: the current row and its peers, the rows that sort equal.
 */
final class WindowPartition implements AutoCloseable {
  private final Execution execution;
  private final RowPuller input;
  private final WindowRows rows;
  private final RowOrder samePartition;
  private final RowOrder peers;
  private final boolean ordered;
  private @Nullable Object @Nullable [] ahead;
  private boolean started;
  private boolean complete;
  private @Nullable Object[] firstRow = ArrayRow.NO_VALUES;
  private long position;
  private long peersStart;
  private long peersEnd;
  private long peerGroup;
  private @Nullable Object[] peerKey = ArrayRow.NO_VALUES;
  private long[] groupStarts = new long[0];
  private int groups;
  private long groupBytes;

  WindowPartition(PlanNode.Window node, Operator operator, Execution execution) {
    this.execution = execution;
    this.input = new RowPuller(operator, execution);
    this.rows = new WindowRows(execution, node.input().types());
    List<SortKey> partition = new ArrayList<>();
    for (int column : node.partitionColumns()) {
      partition.add(new SortKey(column, false, false));
    }
    this.samePartition = new RowOrder(partition, node.input().types());
    this.peers = new RowOrder(node.order(), node.input().types());
    this.ordered = !node.order().isEmpty();
  }

  void reset() {
    input.reset();
    started = false;
    ahead = null;
    clear();
  }

  private void clear() {
    rows.clear();
    execution.memory().release(groupBytes);
    groupBytes = 0;
    groupStarts = new long[0];
    groups = 0;
    complete = false;
    position = 0;
    peersStart = 0;
    peersEnd = -1;
    peerGroup = 0;
  }

  /** Goes to the first row of the next partition; false if there is none. */
  boolean nextPartition() {
    assert !started || complete : "rows of the partition are left";
    if (!started) {
      started = true;
      ahead = input.next();
    }
    clear();
    @Nullable Object[] head = ahead;
    if (head == null) {
      complete = true;
      return false;
    }
    firstRow = head;
    peerKey = head;
    rows.add(head);
    return true;
  }

  private boolean readOne() {
    if (complete) {
      return false;
    }
    @Nullable Object[] row = input.next();
    if (row == null || samePartition.compare(firstRow, row) != 0) {
      ahead = row;
      complete = true;
      return false;
    }
    rows.add(row);
    return true;
  }

  /** Whether the partition has a row of this number; reads on to find out. */
  boolean exists(long row) {
    if (row < 0) {
      return false;
    }
    while (row >= rows.size()) {
      if (!readOne()) {
        return false;
      }
    }
    return true;
  }

  /** How many rows the partition has. */
  long size() {
    while (readOne()) {
      // Each row is kept as it comes.
    }
    return rows.size();
  }

  @Nullable Object[] row(long row) {
    return rows.get(row);
  }

  long position() {
    return position;
  }

  /** Goes on to the next row, whose existence is for the caller to find out. */
  void advance() {
    position++;
    if (ordered && exists(position) && peers.compare(peerKey, rows.get(position)) != 0) {
      peersStart = position;
      peersEnd = -1;
      peerGroup++;
      peerKey = rows.get(position);
    }
  }

  /** Lets go of the rows before the current one, which nobody reads again. */
  void trim() {
    rows.trim(position);
  }

  long peersStart() {
    return peersStart;
  }

  long peerGroup() {
    return peerGroup;
  }

  long peersEnd() {
    if (peersEnd < 0) {
      if (!ordered) {
        peersEnd = size();
      } else {
        long end = Math.max(peersStart, position) + 1;
        while (exists(end) && peers.compare(peerKey, rows.get(end)) == 0) {
          end++;
        }
        peersEnd = end;
      }
    }
    return peersEnd;
  }

  /** The first row of a group of peers, the partition's size for groups behind its last. */
  long groupStart(long group) {
    while (groups <= group) {
      if (groups == groupStarts.length) {
        grow();
      }
      if (groups == 0) {
        groupStarts[groups++] = 0;
        continue;
      }
      long start = groupStarts[groups - 1];
      if (!exists(start)) {
        return start;
      }
      @Nullable Object[] key = rows.get(start);
      long end = start + 1;
      while (exists(end) && peers.compare(key, rows.get(end)) == 0) {
        end++;
      }
      groupStarts[groups++] = end;
    }
    return groupStarts[(int) group];
  }

  private void grow() {
    int length = Math.max(64, groupStarts.length * 2);
    long bytes = (long) (length - groupStarts.length) * Long.BYTES;
    execution.memory().reserve(bytes);
    groupBytes += bytes;
    groupStarts = Arrays.copyOf(groupStarts, length);
  }

  @Override
  public void close() {
    clear();
  }
}
