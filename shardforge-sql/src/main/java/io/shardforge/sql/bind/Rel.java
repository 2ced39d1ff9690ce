package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bound relational expression: PostgreSQL's meaning, no access paths, no order of joins.
 * Immutable.
 */
public sealed interface Rel {
  List<SqlType> types();

  /** Row locks that a scan takes as it reads. */
  record Lock(Strength strength, Policy policy) {
    /** Strengths, weakest first. */
    public enum Strength {
      KEY_SHARE,
      SHARE,
      NO_KEY_UPDATE,
      UPDATE
    }

    /** What to do about a locked row. */
    public enum Policy {
      BLOCK,
      NOWAIT,
      SKIP_LOCKED
    }
  }

  /** All columns of a table, in the descriptor's order. */
  record Scan(TableDescriptor table, String alias, @Nullable Lock lock, List<SqlType> types)
      implements Rel {}

  /** All columns of a virtual table. */
  record VirtualScan(VirtualTable table, String alias, List<SqlType> types) implements Rel {}

  /** A set-returning (or plain) function in FROM, or several side by side. */
  record Functions(List<Bound.Call> calls, boolean ordinality, String alias, List<SqlType> types)
      implements Rel {}

  /** Rows of expressions. */
  record Values(List<List<Bound>> rows, List<SqlType> types) implements Rel {}

  /** Rows for which the condition is true. */
  record Filter(Rel input, Bound condition) implements Rel {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /** Rows that no condition from above may see before they are chosen, unless it tells nothing. */
  record Barrier(Rel input) implements Rel {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /** Computed columns. */
  record Project(Rel input, List<Bound> expressions, List<SqlType> types) implements Rel {
    static Project of(Rel input, List<? extends Bound> expressions) {
      return new Project(
          input, List.copyOf(expressions), expressions.stream().map(Bound::type).toList());
    }
  }

  /** Computed columns some of which are set-returning calls, advanced in lock step. */
  record ProjectSet(Rel input, List<Bound> expressions, List<SqlType> types) implements Rel {}

  /** Join kinds; SEMI and ANTI output left columns only. */
  enum JoinKind {
    INNER,
    LEFT,
    RIGHT,
    FULL,
    SEMI,
    ANTI
  }

  /** A join; the condition sees left columns, then right columns. */
  record Join(JoinKind kind, Rel left, Rel right, @Nullable Bound condition, boolean nullAware)
      implements Rel {
    @Override
    public List<SqlType> types() {
      return joinTypes(kind, left, right);
    }
  }

  /** A join whose right side refers to left columns by {@link Bound.Outer}. */
  record Lateral(
      JoinKind kind,
      Rel left,
      Rel right,
      int correlation,
      List<Bound> args,
      @Nullable Bound condition)
      implements Rel {
    @Override
    public List<SqlType> types() {
      return joinTypes(kind, left, right);
    }
  }

  /** Groups by expressions: outputs them, then one column a call. */
  record Group(Rel input, List<Bound> keys, List<Bound.Aggregate> calls, List<SqlType> types)
      implements Rel {}

  /**
   * Rows sorted by {@code partition}, then {@code order}: outputs them with one more column a call.
   * The calls' own partitions and orders are these columns.
   */
  record Window(
      Rel input,
      List<Integer> partition,
      List<Key> order,
      List<Bound.WindowCall> calls,
      List<SqlType> types)
      implements Rel {}

  /** Distinct rows. */
  record Unique(Rel input) implements Rel {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /** DISTINCT ON: the first row of each run of equal columns of a sorted input. */
  record UniqueOn(Rel input, List<Integer> columns) implements Rel {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /** Sorted rows. */
  record Sort(Rel input, List<Key> keys) implements Rel {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /** A sort key by column. */
  record Key(int column, boolean descending, boolean nullsFirst) {}

  /** LIMIT and OFFSET; rows that are the last one's like by {@code ties} come along with it. */
  record Limit(Rel input, @Nullable Bound limit, @Nullable Bound offset, List<Key> ties)
      implements Rel {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /** A set operation over inputs of the same types. */
  record SetOperation(Kind kind, boolean all, Rel left, Rel right, List<SqlType> types)
      implements Rel {
    /** Which set operation. */
    public enum Kind {
      UNION,
      INTERSECT,
      EXCEPT
    }
  }

  /** A query with CTEs. */
  record With(List<Cte> ctes, Rel body) implements Rel {
    @Override
    public List<SqlType> types() {
      return body.types();
    }
  }

  /**
   * A CTE; {@code step} is the recursive term; {@code inline} lets its query stand where it is
   * read, {@code always} even when it is read more than once.
   */
  record Cte(
      int id,
      String name,
      Rel query,
      @Nullable Rel step,
      boolean unionAll,
      boolean inline,
      boolean always) {
    Cte(int id, String name, Rel query, @Nullable Rel step, boolean unionAll, boolean inline) {
      this(id, name, query, step, unionAll, inline, false);
    }

    Cte forced() {
      return new Cte(id, name, query, step, unionAll, inline, true);
    }
  }

  /** The rows of a CTE. */
  record CteScan(int id, String name, String alias, List<SqlType> types) implements Rel {}

  /** Row locks on one table of a join: {@code keyColumns} hold its primary key. */
  record LockRows(Rel input, TableDescriptor table, List<Integer> keyColumns, Lock lock)
      implements Rel {
    @Override
    public List<SqlType> types() {
      return input.types();
    }
  }

  /** INSERT; the input has one column a table column. RETURNING sees the table's columns. */
  record Insert(
      Rel input,
      TableDescriptor table,
      String alias,
      @Nullable Conflict conflict,
      List<Bound> checks,
      List<ViewCheck> viewChecks,
      @Nullable List<Bound> returning,
      List<SqlType> types)
      implements Rel {}

  /** A condition over a whole row that is written through a view with a check option. */
  record ViewCheck(String view, Bound condition) {
    ViewCheck withCondition(Bound newCondition) {
      return new ViewCheck(view, newCondition);
    }
  }

  /**
   * ON CONFLICT; assignments and where see the existing row, then the proposed one.
   *
   * @param inference of arbiters that were found by their columns, the condition that goes with
   *     these: those are meant that have all rows which satisfy it; null for named ones
   */
  record Conflict(
      List<IndexDescriptor> arbiters,
      @Nullable List<Bound> inference,
      @Nullable List<Bound> assignments,
      @Nullable Bound where) {}

  /** UPDATE; the input has the table's columns first. RETURNING sees new row, then the rest. */
  record Update(
      Rel input,
      TableDescriptor table,
      String alias,
      List<Bound> assignments,
      List<Integer> changed,
      List<Bound> checks,
      List<ViewCheck> viewChecks,
      @Nullable List<Bound> returning,
      List<SqlType> types)
      implements Rel {}

  /** DELETE; the input has the table's columns first, and RETURNING sees it. */
  record Delete(
      Rel input,
      TableDescriptor table,
      String alias,
      @Nullable List<Bound> returning,
      List<SqlType> types)
      implements Rel {}

  /**
   * MERGE; the input has the table's columns first and last the number of the action for the row.
   * RETURNING sees the new row, or the old one where that is deleted, and the rest of the input.
   */
  record Merge(
      Rel input,
      TableDescriptor table,
      List<MergeAction> actions,
      List<Bound> checks,
      List<ViewCheck> viewChecks,
      @Nullable List<Bound> returning,
      List<SqlType> types)
      implements Rel {
    List<Bound> values() {
      List<Bound> values = new ArrayList<>();
      actions.forEach(action -> values.addAll(action.values));
      return values;
    }
  }

  /**
   * What a MERGE does to a row.
   *
   * @param values of all the table's columns over the input; none for DELETE
   * @param changed the columns that an UPDATE changes
   */
  record MergeAction(Effect effect, List<Bound> values, List<Integer> changed) {
    /** What is done; the name is what merge_action() says. */
    public enum Effect {
      INSERT,
      UPDATE,
      DELETE
    }

    /** The same with other expressions. */
    public MergeAction withValues(List<Bound> newValues) {
      return new MergeAction(effect, newValues, changed);
    }
  }

  private static List<SqlType> joinTypes(JoinKind kind, Rel left, Rel right) {
    if (kind == JoinKind.SEMI || kind == JoinKind.ANTI) {
      return left.types();
    }
    List<SqlType> types = new ArrayList<>(left.types());
    types.addAll(right.types());
    return types;
  }
}
