package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.function.AggregateFunction;
import io.shardforge.sql.function.AggregateFunction.Accumulator;
import io.shardforge.sql.function.CallTypes;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.plan.PlanNode.AggregateCall;
import io.shardforge.sql.plan.PlanNode.SortKey;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate call over all groups of an aggregation. DISTINCT and ORDER BY keep a group's
 * arguments until its end.
 */
final class AggregateRun {
  private static final int COUNT_STAR_OID = 2803;
  private static final int REFERENCE_BYTES = 16;

  /** What the empty list and table of a group that keeps its arguments take. */
  private static final int KEPT_BYTES = 1024;

  private final AggregateCall call;
  private final EvalContext context;
  private final AggregateFunction function;
  private final boolean isCountStar;
  private final boolean keepsArguments;
  private final boolean mayGrow;
  private final long groupBytes;
  private final List<SqlType> stateTypes;
  private final List<SqlType> keptTypes;
  private final @Nullable RowOrder keptOrder;
  private final @Nullable ColumnVector[] argumentVectors;
  private final @Nullable Object[] arguments;
  private int vectorCapacity;
  private List<Accumulator> accumulators = new ArrayList<>();
  private List<Kept> kept = new ArrayList<>();
  private long[] counts = new long[16];
  private int groups;

  /** The arguments (and sort columns) of one group. */
  private record Kept(List<@Nullable Object[]> rows, @Nullable KeyTable distinct) {}

  AggregateRun(AggregateCall call, List<SqlType> inputTypes, EvalContext context) {
    this.call = call;
    this.context = context;
    List<SqlType> argumentTypes = call.arguments().stream().map(Expression::type).toList();
    this.function =
        FunctionRegistry.aggregate(call.functionOid(), new CallTypes(argumentTypes, call.type()));
    this.isCountStar =
        call.functionOid() == COUNT_STAR_OID && call.filter() == null && !call.distinct();
    this.keepsArguments = call.distinct() || !call.orderBy().isEmpty();
    this.mayGrow =
        PgTypes.byOid(call.type().oid()).representation() == PgType.Representation.OBJECT
            && call.type().oid() != PgOid.NUMERIC
            && call.type().oid() != PgOid.INTERVAL;
    this.argumentVectors = new ColumnVector[call.arguments().size()];
    this.arguments = new @Nullable Object[call.arguments().size()];
    this.keptTypes = new ArrayList<>(argumentTypes);
    for (SortKey key : call.orderBy()) {
      keptTypes.add(inputTypes.get(key.column()));
    }
    Accumulator sample = function.create();
    this.groupBytes = REFERENCE_BYTES + (keepsArguments ? KEPT_BYTES : sample.memoryBytes());
    this.stateTypes = sample.stateTypes();
    this.keptOrder = keepsArguments ? keptOrder(argumentTypes.size()) : null;
  }

  private @Nullable RowOrder keptOrder(int argumentCount) {
    List<SortKey> keys = new ArrayList<>();
    for (int i = 0; i < call.orderBy().size(); i++) {
      SortKey key = call.orderBy().get(i);
      keys.add(new SortKey(argumentCount + i, key.descending(), key.nullsFirst()));
    }
    if (keys.isEmpty()) {
      // DISTINCT alone gives sorted arguments, as sorting is how PostgreSQL finds duplicates.
      for (int i = 0; i < argumentCount; i++) {
        if (!PgTypes.byOid(keptTypes.get(i).oid()).isComparable()) {
          return null;
        }
        keys.add(new SortKey(i, false, false));
      }
    }
    return new RowOrder(keys, keptTypes);
  }

  void addGroup() {
    if (isCountStar) {
      if (groups == counts.length) {
        counts = Arrays.copyOf(counts, groups * 2);
      }
      counts[groups] = 0;
    } else if (keepsArguments) {
      List<SqlType> argumentTypes = keptTypes.subList(0, arguments.length);
      kept.add(new Kept(new ArrayList<>(), call.distinct() ? new KeyTable(argumentTypes) : null));
    } else {
      accumulators.add(function.create());
    }
    groups++;
  }

  /** What a new group takes of the heap. */
  long newGroupBytes() {
    if (isCountStar) {
      return Long.BYTES;
    }
    return groupBytes;
  }

  /** Takes a batch's rows; those of group -1 are not meant. Returns what the states grew by. */
  long add(RowBatch batch, int[] groupOfRow) {
    int size = batch.size();
    if (isCountStar) {
      for (int i = 0; i < size; i++) {
        if (groupOfRow[i] >= 0) {
          counts[groupOfRow[i]]++;
        }
      }
      return 0;
    }
    Expression filter = call.filter();
    if (filter == null) {
      evaluateArguments(batch);
    }
    long grown = 0;
    RowBatch.Cursor cursor = batch.cursor();
    for (int i = 0; i < size; i++) {
      int group = groupOfRow[i];
      if (group < 0) {
        continue;
      }
      if (filter == null) {
        for (int j = 0; j < arguments.length; j++) {
          ColumnVector vector = argumentVectors[j];
          arguments[j] = vector == null ? null : vector.get(i);
        }
      } else {
        // Arguments are not computed for rows that the filter leaves out.
        cursor.moveTo(i);
        if (!Boolean.TRUE.equals(filter.eval(cursor, context))) {
          continue;
        }
        for (int j = 0; j < arguments.length; j++) {
          arguments[j] = call.arguments().get(j).eval(cursor, context);
        }
      }
      grown += keepsArguments ? keep(batch, i, group) : accumulate(group);
    }
    return grown;
  }

  private long accumulate(int group) {
    Accumulator accumulator = accumulators.get(group);
    if (!mayGrow) {
      accumulator.add(context, arguments);
      return 0;
    }
    long before = accumulator.memoryBytes();
    accumulator.add(context, arguments);
    return Math.max(0, accumulator.memoryBytes() - before);
  }

  private long keep(RowBatch batch, int row, int group) {
    Kept target = kept.get(group);
    KeyTable distinct = target.distinct;
    if (distinct != null) {
      int before = distinct.size();
      distinct.findOrAdd(arguments.clone());
      if (distinct.size() == before) {
        return 0;
      }
    }
    @Nullable Object[] values = Arrays.copyOf(arguments, keptTypes.size());
    for (int i = 0; i < call.orderBy().size(); i++) {
      values[arguments.length + i] = batch.get(row, call.orderBy().get(i).column());
    }
    target.rows.add(values);
    return RowSize.of(values) + (distinct == null ? 0 : KeyTable.OVERHEAD_BYTES + 40);
  }

  private void evaluateArguments(RowBatch batch) {
    boolean grows = batch.size() > vectorCapacity;
    if (grows) {
      vectorCapacity = batch.size();
    }
    for (int i = 0; i < argumentVectors.length; i++) {
      Expression argument = call.arguments().get(i);
      ColumnVector vector = argumentVectors[i];
      if (vector == null || grows) {
        vector = BatchBuilder.newVector(argument.type(), vectorCapacity);
        argumentVectors[i] = vector;
      } else {
        vector.clear();
      }
      argument.evalBatch(batch, context, vector);
    }
  }

  @Nullable Object result(int group) {
    if (isCountStar) {
      return counts[group];
    }
    if (!keepsArguments) {
      return accumulators.get(group).result(context);
    }
    List<@Nullable Object[]> rows = kept.get(group).rows;
    if (keptOrder != null) {
      rows.sort(keptOrder);
    }
    Accumulator accumulator = function.create();
    for (Object[] row : rows) {
      accumulator.add(context, Arrays.copyOf(row, arguments.length));
    }
    return accumulator.result(context);
  }

  /** Whether what other runs of the call made of parts of a group's rows can be put together. */
  static boolean mergesExactly(AggregateCall call) {
    List<SqlType> argumentTypes = call.arguments().stream().map(Expression::type).toList();
    return !call.distinct()
        && call.orderBy().isEmpty()
        && FunctionRegistry.aggregate(call.functionOid(), new CallTypes(argumentTypes, call.type()))
            .create()
            .mergesExactly();
  }

  /** Takes over another run's group, of later rows. Returns what the state grew by. */
  long merge(int group, AggregateRun other, int otherGroup) {
    if (isCountStar) {
      counts[group] += other.counts[otherGroup];
      return 0;
    }
    Accumulator accumulator = accumulators.get(group);
    long before = mayGrow ? accumulator.memoryBytes() : 0;
    accumulator.merge(other.accumulators.get(otherGroup));
    return mayGrow ? Math.max(0, accumulator.memoryBytes() - before) : 0;
  }

  /** The types of what a group of this call is told as to another node. */
  List<SqlType> stateTypes() {
    return stateTypes;
  }

  /** Puts what a group has come to into a row. */
  void stateInto(int group, @Nullable Object[] row, int at) {
    if (isCountStar) {
      row[at] = counts[group];
      return;
    }
    @Nullable Object[] state = accumulators.get(group).state();
    System.arraycopy(state, 0, row, at, state.length);
  }

  /** Makes the next group of what another node told. */
  void addGroup(@Nullable Object[] row, int at) {
    addGroup();
    if (isCountStar) {
      counts[groups - 1] = (Long) Objects.requireNonNull(row[at]);
    } else {
      accumulators.getLast().mergeState(Arrays.copyOfRange(row, at, at + stateTypes.size()));
    }
  }

  void clear() {
    accumulators = new ArrayList<>();
    kept = new ArrayList<>();
    counts = new long[16];
    groups = 0;
  }
}
