package io.shardforge.sql.exec;

import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.SetOperation.Kind;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.SetOperation} by counting, for each distinct row, how often every input has
 * it. Rows that find no room in memory are set aside by hash and worked off afterwards.
 */
final class SetOperator implements Operator {
  private final PlanNode.SetOperation node;
  private final List<Operator> inputs;
  private final Execution execution;
  private final BatchBuilder out;
  private final List<SqlType> spillTypes;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private int streamed;
  private boolean counted;
  private @Nullable KeyTable table;
  private long[] counts = {};
  private long reservedBytes;
  private int emitId;
  private long emitRepeat;

  /** Rows set aside, each with the number of its input as last column. */
  private record Pending(SpillFile file, int level) {}

  SetOperator(PlanNode.SetOperation node, List<Operator> inputs, Execution execution) {
    this.node = node;
    this.inputs = inputs;
    this.execution = execution;
    this.out = new BatchBuilder(node.types());
    this.spillTypes = new ArrayList<>(node.types());
    spillTypes.add(SqlType.of(PgOid.INT8));
  }

  @Override
  public void open() {
    release();
    streamed = 0;
    counted = false;
    if (isConcatenation()) {
      if (!inputs.isEmpty()) {
        inputs.getFirst().open();
      }
    }
  }

  private boolean isConcatenation() {
    return node.kind() == Kind.UNION && node.all();
  }

  @Override
  public @Nullable RowBatch next() {
    if (isConcatenation()) {
      return concatenated();
    }
    if (!counted) {
      counted = true;
      countInputs();
    }
    while (true) {
      execution.checkCanceled();
      emit();
      RowBatch batch = out.take();
      if (batch != null) {
        return batch;
      }
      Pending next = pending.poll();
      if (next == null) {
        return null;
      }
      countPending(next);
    }
  }

  private @Nullable RowBatch concatenated() {
    while (streamed < inputs.size()) {
      execution.checkCanceled();
      RowBatch batch = inputs.get(streamed).next();
      if (batch != null) {
        return batch;
      }
      inputs.get(streamed).close();
      streamed++;
      if (streamed < inputs.size()) {
        inputs.get(streamed).open();
      }
    }
    return null;
  }

  private void countInputs() {
    Counting counting = new Counting(0);
    try {
      for (int i = 0; i < inputs.size(); i++) {
        Operator input = inputs.get(i);
        input.open();
        RowPuller puller = new RowPuller(input, execution);
        @Nullable Object[] row;
        while ((row = puller.next()) != null) {
          counting.add(row, i);
        }
        input.close();
      }
    } finally {
      counting.finish();
    }
  }

  private void countPending(Pending part) {
    Counting counting = new Counting(part.level + 1);
    try (SpillFile file = part.file) {
      SpillFile.Reader reader = file.reader();
      int width = node.types().size();
      @Nullable Object[] row;
      while ((row = reader.next()) != null) {
        int input = row[width] instanceof Long number ? number.intValue() : 0;
        counting.add(Arrays.copyOf(row, width), input);
      }
    } finally {
      counting.finish();
    }
  }

  /** One pass that fills the table, from the inputs or from a part set aside. */
  private final class Counting {
    private final KeyTable keys = new KeyTable(node.types());
    private final int level;
    private @Nullable SpillPartitions aside;

    Counting(int level) {
      this.level = level;
      releaseTable();
      table = keys;
      counts = new long[64];
      emitId = 0;
      emitRepeat = -1;
    }

    void add(@Nullable Object[] row, int input) {
      int width = inputs.size();
      int id = keys.find(row);
      if (id < 0) {
        boolean canMatter = input == 0 || node.kind() == Kind.UNION;
        if (!canMatter && aside == null) {
          return;
        }
        long bytes = RowSize.of(row) + KeyTable.OVERHEAD_BYTES + 8L * width;
        if (aside != null || !execution.memory().tryReserve(bytes)) {
          setAside(row, input);
          return;
        }
        reservedBytes += bytes;
        id = keys.findOrAdd(row);
        if ((id + 1) * width > counts.length) {
          counts = Arrays.copyOf(counts, Math.max(counts.length * 2, (id + 1) * width));
        }
      }
      counts[id * width + input]++;
    }

    private void setAside(@Nullable Object[] row, int input) {
      SpillPartitions target = aside;
      if (target == null) {
        target = new SpillPartitions(execution, spillTypes, level);
        aside = target;
      }
      @Nullable Object[] tagged = Arrays.copyOf(row, row.length + 1);
      tagged[row.length] = (long) input;
      target.add(keys.hash(row), tagged);
    }

    void finish() {
      if (aside != null) {
        for (SpillFile file : aside.takeAll()) {
          pending.add(new Pending(file, level));
        }
      }
    }
  }

  private void emit() {
    KeyTable keys = table;
    if (keys == null) {
      return;
    }
    while (emitId < keys.size() && !out.isFull()) {
      if (emitRepeat < 0) {
        emitRepeat = copies(emitId);
      }
      while (emitRepeat > 0 && !out.isFull()) {
        out.add(keys.key(emitId));
        emitRepeat--;
      }
      if (emitRepeat == 0) {
        emitRepeat = -1;
        emitId++;
      }
    }
    if (emitId == keys.size()) {
      releaseTable();
    }
  }

  /** How often a distinct row comes out; more than two inputs associate to the left. */
  private long copies(int id) {
    int width = inputs.size();
    long copies = counts[id * width];
    for (int i = 1; i < width; i++) {
      long other = counts[id * width + i];
      copies =
          switch (node.kind()) {
            case UNION -> copies + other;
            case INTERSECT -> Math.min(copies, other);
            case EXCEPT -> node.all() ? Math.max(0, copies - other) : other > 0 ? 0 : copies;
          };
    }
    return node.all() ? copies : Math.min(copies, 1);
  }

  private void releaseTable() {
    table = null;
    counts = new long[0];
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
  }

  private void release() {
    releaseTable();
    for (Pending part : pending) {
      part.file.close();
    }
    pending.clear();
  }

  @Override
  public void close() {
    inputs.forEach(Operator::close);
    release();
  }
}
