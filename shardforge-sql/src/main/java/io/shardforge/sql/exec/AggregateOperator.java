package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.Aggregate} with a hash table of groups, of rows and of what pages of rows
 * have been aggregated to where they were read. Rows of groups that find no room in memory are set
 * aside by hash and worked off afterwards.
 */
final class AggregateOperator implements Operator {
  private final Operator input;
  private final @Nullable PartialAggregation partial;
  private final Execution execution;
  private final int[] groupColumns;
  private final List<SqlType> inputTypes;
  private final List<AggregateRun> runs = new ArrayList<>();
  private final BatchBuilder out;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private @Nullable GroupTable groups;
  private @Nullable SpillPartitions aside;
  private int[] groupOfRow = new int[0];
  private boolean started;
  private int emitted;
  private long reservedBytes;

  /** Input rows set aside. */
  private record Pending(SpillFile file, int level) {}

  /**
   * @param partial what the input may do of it by page, if anything
   */
  AggregateOperator(
      PlanNode.Aggregate node,
      Operator input,
      @Nullable PartialAggregation partial,
      Execution execution) {
    this.input = input;
    this.partial = partial;
    this.execution = execution;
    this.groupColumns = node.groupColumns().stream().mapToInt(Integer::intValue).toArray();
    this.inputTypes = node.input().types();
    this.out = new BatchBuilder(node.types());
    for (PlanNode.AggregateCall call : node.calls()) {
      runs.add(new AggregateRun(call, inputTypes, execution));
    }
    if (partial != null) {
      partial.into(this::take);
    }
  }

  @Override
  public void open() {
    release();
    started = false;
    emitted = 0;
    if (partial != null) {
      partial.open();
    }
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    if (!started) {
      started = true;
      consume(input::next, 0);
      input.close();
    }
    while (true) {
      execution.checkCanceled();
      emit();
      RowBatch batch = out.take();
      if (batch != null) {
        return batch;
      }
      Pending part = pending.poll();
      if (part == null) {
        return null;
      }
      try (SpillFile file = part.file) {
        consume(file.batches(inputTypes), part.level + 1);
      }
    }
  }

  private void consume(BatchSource source, int level) {
    releaseGroups();
    GroupTable table = GroupTable.of(groupColumns, inputTypes);
    groups = table;
    emitted = 0;
    if (groupColumns.length == 0) {
      charge(addGroup(table));
    }
    RowBatch batch;
    while ((batch = source.next()) != null) {
      execution.checkCanceled();
      assignGroups(batch, table, level);
      for (AggregateRun run : runs) {
        charge(run.add(batch, groupOfRow));
      }
    }
    if (aside != null) {
      for (SpillFile file : aside.takeAll()) {
        pending.add(new Pending(file, level));
      }
      aside = null;
    }
  }

  /** Takes a page's groups; if one finds no room the page's rows are wanted, to be set aside. */
  private boolean take(PageGroups page) {
    GroupTable table = groups;
    if (table == null || aside != null) {
      return false;
    }
    RowBatch keys = page.keys();
    int[] groupOfKey = new int[keys.size()];
    for (int i = 0; i < groupOfKey.length && groupColumns.length > 0; i++) {
      int group = table.find(keys, i);
      if (group < 0) {
        group = tryAdd(table, keys, i);
        if (group < 0) {
          // Groups added so far are those of rows that come.
          return false;
        }
      }
      groupOfKey[i] = group;
    }
    for (int call = 0; call < runs.size(); call++) {
      AggregateRun part = page.runs().get(call);
      long grown = 0;
      for (int i = 0; i < groupOfKey.length; i++) {
        grown += runs.get(call).merge(groupOfKey[i], part, i);
      }
      charge(grown);
    }
    return true;
  }

  /** Adds the group of a row that has none, or returns -1 if there is no room. */
  private int tryAdd(GroupTable table, RowBatch batch, int row) {
    long bytes = table.newGroupBytes(batch, row) + stateBytes();
    if (!execution.memory().tryReserve(bytes)) {
      return -1;
    }
    reservedBytes += bytes;
    int group = table.add(batch, row);
    addGroup(table);
    return group;
  }

  /** Finds the group of each row; rows whose group finds no room are set aside, as group -1. */
  private void assignGroups(RowBatch batch, GroupTable table, int level) {
    int size = batch.size();
    if (groupOfRow.length < size) {
      groupOfRow = new int[RowBatch.CAPACITY];
    }
    if (groupColumns.length == 0) {
      java.util.Arrays.fill(groupOfRow, 0, size, 0);
      return;
    }
    for (int i = 0; i < size; i++) {
      int group = table.find(batch, i);
      if (group < 0) {
        group = aside == null ? tryAdd(table, batch, i) : -1;
        if (group < 0) {
          if (aside == null) {
            aside = new SpillPartitions(execution, inputTypes, level);
          }
          aside.add(table.hash(batch, i), BatchBuilder.row(batch, i));
        }
      }
      groupOfRow[i] = group;
    }
  }

  private long stateBytes() {
    long bytes = 0;
    for (AggregateRun run : runs) {
      bytes += run.newGroupBytes();
    }
    return bytes;
  }

  private long addGroup(GroupTable table) {
    for (AggregateRun run : runs) {
      run.addGroup();
    }
    return groupColumns.length == 0 && table.size() == 0 ? stateBytes() : 0;
  }

  private void charge(long bytes) {
    if (bytes > 0) {
      execution.memory().reserve(bytes);
      reservedBytes += bytes;
    }
  }

  private void emit() {
    GroupTable table = groups;
    if (table == null) {
      return;
    }
    int count = groupColumns.length == 0 ? 1 : table.size();
    while (emitted < count && !out.isFull()) {
      @Nullable Object[] row = new @Nullable Object[groupColumns.length + runs.size()];
      if (groupColumns.length > 0) {
        table.keyInto(emitted, row);
      }
      for (int i = 0; i < runs.size(); i++) {
        row[groupColumns.length + i] = runs.get(i).result(emitted);
      }
      out.add(row);
      emitted++;
    }
    if (emitted == count) {
      releaseGroups();
    }
  }

  private void releaseGroups() {
    groups = null;
    for (AggregateRun run : runs) {
      run.clear();
    }
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
  }

  private void release() {
    releaseGroups();
    if (aside != null) {
      aside.close();
      aside = null;
    }
    for (Pending part : pending) {
      part.file.close();
    }
    pending.clear();
  }

  @Override
  public void close() {
    input.close();
    release();
  }
}
