package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.function.FrameShape;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A physical plan: an immutable tree that the executor turns into operators. Expressions of a node
 * read the columns of its input(s) by ordinal; a join's expressions see left columns, then right
 * columns. No node holds key bytes, parameter values or timestamps, so a plan is shared by all
 * executions.
 */
public sealed interface PlanNode {
  /** Output column types, in order. */
  List<SqlType> types();

  /** Estimated rows and cost, as EXPLAIN shows them. */
  Estimate estimate();

  /** The planner's estimate of a node. */
  record Estimate(double rows, double startupCost, double totalCost) {
    public static final Estimate UNKNOWN = new Estimate(1, 0, 1);
  }

  /** Join kinds; SEMI and ANTI output left columns only. */
  enum JoinKind {
    INNER,
    LEFT,
    RIGHT,
    FULL,
    SEMI,
    ANTI
  }

  /** Row lock strengths of SELECT ... FOR, weakest first. */
  enum RowLock {
    KEY_SHARE,
    SHARE,
    NO_KEY_UPDATE,
    UPDATE
  }

  /** What to do about a row that is locked. */
  enum LockPolicy {
    BLOCK,
    NOWAIT,
    SKIP_LOCKED
  }

  /** A sort key by input column. */
  record SortKey(int column, boolean descending, boolean nullsFirst) {}

  /**
   * One aggregate: function id (pg_proc oid), argument expressions, DISTINCT, FILTER and ORDER BY.
   */
  record AggregateCall(
      int functionOid,
      List<Expression> arguments,
      boolean distinct,
      @Nullable Expression filter,
      List<SortKey> orderBy,
      SqlType type) {}

  /**
   * One window call: a window function or an aggregate over the frame of each row. Frame offsets
   * read no columns.
   */
  record WindowCall(
      int functionOid,
      boolean aggregate,
      List<Expression> arguments,
      @Nullable Expression filter,
      FrameShape frame,
      @Nullable Expression startOffset,
      @Nullable Expression endOffset,
      SqlType type) {}

  /** Literal rows. */
  record Values(List<List<Expression>> rows, List<SqlType> types, Estimate estimate)
      implements PlanNode {}

  /**
   * Ranges of an index, in index order. Outputs the named table columns (ordinals into
   * TableDescriptor.columns); a secondary index that lacks some of them looks up the row. {@code
   * filter} sees the output columns. Empty {@code ranges} = whole index. With {@code lock} set the
   * rows are locked as they are read and re-checked on their newest version.
   */
  record IndexScan(
      TableDescriptor table,
      IndexDescriptor index,
      List<KeyRange> ranges,
      boolean reverse,
      List<Integer> columns,
      @Nullable Expression filter,
      long limitHint,
      @Nullable RowLock lock,
      LockPolicy lockPolicy,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {
    /** The same that is expected to cost something else. */
    IndexScan withEstimate(Estimate other) {
      return new IndexScan(
          table,
          index,
          ranges,
          reverse,
          columns,
          filter,
          limitHint,
          lock,
          lockPolicy,
          types,
          other);
    }
  }

  /**
   * Rows of which an inverted index says that they may satisfy a condition, in the order of their
   * keys.
   *
   * @param rows what else is to be done with them: a scan of the primary index, whose filter judges
   *     them. It reads the whole table where the condition turns out to be of no use
   * @param keysMax as many rows of the index, and the table is read instead
   */
  record InvertedScan(IndexDescriptor index, KeyCondition condition, IndexScan rows, long keysMax)
      implements PlanNode {
    @Override
    public List<SqlType> types() {
      return rows.types();
    }

    @Override
    public Estimate estimate() {
      return rows.estimate();
    }
  }

  /**
   * Rows by full unique keys: {@code keys} are tuples of one expression per key column. Never more
   * than one row a key.
   */
  record KeyLookup(
      TableDescriptor table,
      IndexDescriptor index,
      List<List<Expression>> keys,
      List<Integer> columns,
      @Nullable Expression filter,
      @Nullable RowLock lock,
      LockPolicy lockPolicy,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}

  /**
   * For each input row, the rows of an index whose leading columns equal {@code keys} (over input
   * columns).
   */
  record IndexLookupJoin(
      PlanNode input,
      TableDescriptor table,
      IndexDescriptor index,
      List<Expression> keys,
      List<Integer> columns,
      JoinKind kind,
      @Nullable Expression condition,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}

  /** A virtual table; {@code filter} sees the output columns. */
  record VirtualScan(
      VirtualTable table,
      List<Integer> columns,
      @Nullable Expression filter,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}

  /**
   * Functions in FROM (or set-returning ones in the target list), advanced in lock step: one that
   * has run out of rows gives nulls until the longest has. One output column a function result
   * column.
   */
  record FunctionScan(
      List<FunctionCall> calls, boolean withOrdinality, List<SqlType> types, Estimate estimate)
      implements PlanNode {

    /** The rows of one function. */
    public static FunctionScan of(FunctionCall call, Estimate estimate) {
      return new FunctionScan(List.of(call), false, call.types(), estimate);
    }

    /** The arguments of all calls. */
    public List<Expression> arguments() {
      return calls.stream().flatMap(call -> call.arguments().stream()).toList();
    }
  }

  /**
   * A function and its arguments.
   *
   * @param types of its result's columns
   */
  record FunctionCall(int functionOid, List<Expression> arguments, List<SqlType> types) {}

  /** Rows for which the condition is true. */
  record Filter(PlanNode input, Expression condition, Estimate estimate) implements PlanNode {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /** Computed columns. */
  record Project(
      PlanNode input, List<Expression> expressions, List<SqlType> types, Estimate estimate)
      implements PlanNode {}

  /** Equi-join by hash of the right side. {@code nullAware} gives NOT IN its meaning for ANTI. */
  record HashJoin(
      PlanNode left,
      PlanNode right,
      JoinKind kind,
      List<Expression> leftKeys,
      List<Expression> rightKeys,
      @Nullable Expression residual,
      boolean nullAware,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}

  /** Join by comparing all pairs; the right side is kept in memory or spilled. */
  record NestedLoopJoin(
      PlanNode left,
      PlanNode right,
      JoinKind kind,
      @Nullable Expression condition,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}

  /**
   * LATERAL and what could not be decorrelated: the right side runs once a left row, which it sees
   * as an outer row.
   */
  record Correlate(
      PlanNode left,
      PlanNode right,
      int correlationId,
      JoinKind kind,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}

  /**
   * Grouping and aggregates: outputs the group columns, then one column a call. No groups = exactly
   * one row.
   */
  record Aggregate(
      PlanNode input,
      List<Integer> groupColumns,
      List<AggregateCall> calls,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}

  /**
   * Window calls over rows that are sorted by the partition columns, then the order: outputs the
   * input columns, then one column a call.
   */
  record Window(
      PlanNode input,
      List<Integer> partitionColumns,
      List<SortKey> order,
      List<WindowCall> calls,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}

  /** DISTINCT ON: the first row of each run of equal columns of a sorted input. */
  record DistinctOn(PlanNode input, List<Integer> columns, Estimate estimate) implements PlanNode {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /** Sorted rows; a limit (expression over parameters) makes it a bounded heap. */
  record Sort(PlanNode input, List<SortKey> keys, @Nullable Expression limit, Estimate estimate)
      implements PlanNode {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /** OFFSET and LIMIT; NULL means none; negative values are 2201W and 2201X. */
  record Limit(
      PlanNode input,
      @Nullable Expression limit,
      @Nullable Expression offset,
      List<SortKey> ties,
      Estimate estimate)
      implements PlanNode {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /** UNION, INTERSECT, EXCEPT with or without ALL, of inputs with the same types. */
  record SetOperation(
      Kind kind, boolean all, List<PlanNode> inputs, List<SqlType> types, Estimate estimate)
      implements PlanNode {
    /** Which set operation. */
    public enum Kind {
      UNION,
      INTERSECT,
      EXCEPT
    }
  }

  /**
   * Holds CTEs for the body; {@link CteScan} reads them by id. A recursive one feeds on its own
   * rows.
   */
  record With(List<Cte> ctes, PlanNode body, Estimate estimate) implements PlanNode {
    @Override
    public List<SqlType> types() {
      return body.types();
    }
  }

  /**
   * One common table expression. For a recursive one {@code step} is run on the last round's rows
   * until there are none.
   */
  record Cte(int id, String name, PlanNode plan, @Nullable PlanNode step, boolean unionAll) {}

  /** Reads a CTE's rows, or if {@code working}, in its own recursive step, the last round's. */
  record CteScan(int cteId, String name, boolean working, List<SqlType> types, Estimate estimate)
      implements PlanNode {}

  /**
   * FOR UPDATE/SHARE above joins: {@code keyColumns} are the input columns holding the locked
   * table's primary key. Rows whose newest version differs from the snapshot's make the statement
   * restart (READ COMMITTED) or fail with 40001.
   */
  record LockRows(
      PlanNode input,
      TableDescriptor table,
      List<Integer> keyColumns,
      RowLock lock,
      LockPolicy policy,
      Estimate estimate)
      implements PlanNode {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /**
   * INSERT. The input gives one value a table column (defaults already filled in; {@code checks},
   * after the values of generated columns, and NOT NULL are made and judged here). RETURNING
   * expressions see the stored row's columns.
   */
  record Insert(
      PlanNode input,
      TableDescriptor table,
      @Nullable OnConflict onConflict,
      List<Expression> checks,
      List<ViewCheck> viewChecks,
      DerivedValues derived,
      @Nullable List<Expression> returning,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}

  /** A condition over a whole row that a view wants kept. */
  record ViewCheck(String view, Expression condition) {}

  /**
   * ON CONFLICT: {@code arbiters} empty = any unique index. {@code assignments} (null = DO
   * NOTHING): one expression a table column over existing row columns, then proposed ("excluded")
   * row columns; {@code where} sees the same.
   */
  record OnConflict(
      List<IndexDescriptor> arbiters,
      @Nullable List<Expression> assignments,
      @Nullable Expression where) {}

  /**
   * UPDATE. The input outputs all columns of the old row first (table order), then whatever FROM
   * adds; {@code assignments} has one expression a table column over the input. The input's target
   * scan locks the rows. RETURNING sees the new row's columns, then the input columns beyond the
   * old row. With {@code repeats} there is a FROM, which may find a row several times.
   */
  record Update(
      PlanNode input,
      TableDescriptor table,
      boolean repeats,
      List<Expression> assignments,
      List<Integer> changedColumns,
      List<Expression> checks,
      List<ViewCheck> viewChecks,
      DerivedValues derived,
      @Nullable List<Expression> returning,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}

  /**
   * MERGE. Input as for UPDATE, with nulls for the target where there is no row of it; {@code
   * number} tells the action for a row. RETURNING sees the new row's columns, or those of the row
   * that was deleted, then the input columns beyond.
   */
  record Merge(
      PlanNode input,
      TableDescriptor table,
      Expression number,
      List<MergeAction> actions,
      List<Expression> checks,
      List<ViewCheck> viewChecks,
      DerivedValues derived,
      @Nullable List<Expression> returning,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}

  /** An action of MERGE: a new row over the input, none for DELETE. */
  record MergeAction(Rel.MergeAction.Effect effect, List<Expression> values) {}

  /** DELETE. Input as for UPDATE; RETURNING sees the input columns. */
  record Delete(
      PlanNode input,
      TableDescriptor table,
      boolean repeats,
      DerivedValues derived,
      @Nullable List<Expression> returning,
      List<SqlType> types,
      Estimate estimate)
      implements PlanNode {}
}
