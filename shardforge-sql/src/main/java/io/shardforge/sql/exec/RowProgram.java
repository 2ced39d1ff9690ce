package io.shardforge.sql.exec;

import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.row.DerivedValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan that touches at most one row, run without batches: what key lookups and single-row writes
 * are turned into. Immutable, kept with the cached plan, shared by sessions.
 */
// Hot path: every statement of a short transaction runs here.
sealed interface RowProgram {
  /** Runs the statement and returns its row, or null if it has none. */
  @Nullable Object @Nullable [] run(Execution execution);

  /** The program of a plan, or null if the plan needs operators. */
  static @Nullable RowProgram of(PlanNode root) {
    return switch (root) {
      case PlanNode.Values values when values.rows().size() == 1 ->
          new Literal(values.rows().getFirst(), null);
      case PlanNode.Project project
          when project.input() instanceof PlanNode.Values values && values.rows().size() == 1 ->
          new Literal(values.rows().getFirst(), project.expressions());
      case PlanNode.KeyLookup lookup when lookup.keys().size() == 1 ->
          new Lookup(access(lookup), null);
      case PlanNode.Project project
          when project.input() instanceof PlanNode.KeyLookup lookup && lookup.keys().size() == 1 ->
          new Lookup(access(lookup), project.expressions());
      case PlanNode.Update update
          when update.input() instanceof PlanNode.KeyLookup lookup
              && lookup.keys().size() == 1
              && lookup.lock() != null ->
          new Update(
              update, new KeyAccess(lookup, TableCodecs.of(update.table(), update.derived())));
      case PlanNode.Delete delete
          when delete.input() instanceof PlanNode.KeyLookup lookup
              && lookup.keys().size() == 1
              && lookup.lock() != null ->
          new Delete(
              delete, new KeyAccess(lookup, TableCodecs.of(delete.table(), delete.derived())));
      case PlanNode.Insert insert when of(insert.input()) instanceof Literal literal ->
          Insert.of(insert, literal, TableCodecs.of(insert.table(), insert.derived()));
      default -> null;
    };
  }

  private static KeyAccess access(PlanNode.KeyLookup lookup) {
    return new KeyAccess(lookup, TableCodecs.of(lookup.table(), DerivedValues.NONE));
  }

  private static @Nullable Object @Nullable [] returned(
      @Nullable List<Expression> expressions, @Nullable Object[] row, Execution execution) {
    return expressions == null
        ? null
        : ValuesOperator.evaluate(expressions, new ArrayRow(row), execution);
  }

  /** One literal row, perhaps computed on. */
  record Literal(List<Expression> values, @Nullable List<Expression> projection)
      implements RowProgram {
    @Override
    public @Nullable Object[] run(Execution execution) {
      @Nullable Object[] row = ValuesOperator.evaluate(values, NoRow.INSTANCE, execution);
      return projection == null
          ? row
          : ValuesOperator.evaluate(projection, new ArrayRow(row), execution);
    }
  }

  /** A row found by its key. */
  record Lookup(KeyAccess access, @Nullable List<Expression> projection) implements RowProgram {
    @Override
    public @Nullable Object @Nullable [] run(Execution execution) {
      @Nullable Object[] row = access.row(execution);
      return row == null || projection == null
          ? row
          : ValuesOperator.evaluate(projection, new ArrayRow(row), execution);
    }
  }

  /** UPDATE of a row found by its key. */
  record Update(PlanNode.Update node, KeyAccess access) implements RowProgram {
    @Override
    public @Nullable Object @Nullable [] run(Execution execution) {
      @Nullable Object[] before = access.row(execution);
      if (before == null) {
        return null;
      }
      TableWriter writer =
          new TableWriter(access.codecs(), node.checks(), node.viewChecks(), execution);
      @Nullable Object[] after =
          ValuesOperator.evaluate(node.assignments(), new ArrayRow(before), execution);
      writer.check(after);
      writer.admit(after);
      writer.update(before, after);
      writer.flush();
      execution.addAffectedRows(1);
      return returned(node.returning(), after, execution);
    }
  }

  /** DELETE of a row found by its key. */
  record Delete(PlanNode.Delete node, KeyAccess access) implements RowProgram {
    @Override
    public @Nullable Object @Nullable [] run(Execution execution) {
      @Nullable Object[] before = access.row(execution);
      if (before == null) {
        return null;
      }
      new TableWriter(access.codecs(), List.of(), execution).delete(before);
      execution.addAffectedRows(1);
      return returned(node.returning(), before, execution);
    }
  }

  /**
   * INSERT of one literal row.
   *
   * @param replaces whether the row is the same in the end, whatever was there before
   */
  record Insert(PlanNode.Insert node, Literal literal, TableCodecs codecs, boolean replaces)
      implements RowProgram {
    static Insert of(PlanNode.Insert node, Literal literal, TableCodecs codecs) {
      PlanNode.OnConflict onConflict = node.onConflict();
      return new Insert(
          node,
          literal,
          codecs,
          onConflict != null && node.viewChecks().isEmpty() && replacesRows(onConflict, codecs));
    }

    /** Whether each column of a row in the way becomes the proposed row's, or is equal already. */
    private static boolean replacesRows(PlanNode.OnConflict onConflict, TableCodecs codecs) {
      List<Expression> assignments = onConflict.assignments();
      if (assignments == null
          || onConflict.where() != null
          || !codecs.secondary().isEmpty()
          || codecs.table().successor() != null
          || onConflict.arbiters().size() != 1) {
        return false;
      }
      int width = assignments.size();
      for (int i = 0; i < width; i++) {
        boolean replaced =
            assignments.get(i) instanceof ColumnRef column
                && (column.column() == width + i
                    || (column.column() == i && codecs.primary().covers(new int[] {i})));
        if (!replaced) {
          return false;
        }
      }
      return true;
    }

    @Override
    public @Nullable Object @Nullable [] run(Execution execution) {
      @Nullable Object[] row = literal.run(execution);
      TableWriter writer = new TableWriter(codecs, node.checks(), node.viewChecks(), execution);
      writer.check(row);
      PlanNode.OnConflict onConflict = node.onConflict();
      if (onConflict == null) {
        writer.admit(row);
        writer.insert(row);
        execution.addAffectedRows(1);
        return returned(node.returning(), row, execution);
      }
      if (replaces && execution.isCommittedNext()) {
        // The commit settles who was first: there is nothing to look at, and no lock to hold.
        writer.replace(row);
        execution.addAffectedRows(1);
        return returned(node.returning(), row, execution);
      }
      execution.judgesConflicts();
      StoredRow stored = new StoredRow();
      try (ConflictResolution conflicts = new ConflictResolution(onConflict, writer, execution)) {
        conflicts.write(List.<@Nullable Object[]>of(row), stored::set);
      }
      writer.flush();
      @Nullable Object[] result = stored.row;
      if (result == null) {
        return null;
      }
      execution.addAffectedRows(1);
      return returned(node.returning(), result, execution);
    }
  }

  /** Where the row that an INSERT ... ON CONFLICT stored is put down. */
  final class StoredRow {
    private @Nullable Object @Nullable [] row;

    private void set(@Nullable Object[] stored) {
      row = stored;
    }
  }
}
