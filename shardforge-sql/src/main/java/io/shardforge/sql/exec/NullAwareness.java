package io.shardforge.sql.exec;

import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of NOT IN that an anti join lacks: a comparison with a null is unknown, so a left row is
 * left out not only when it has a match but also when it might have one.
 */
final class NullAwareness implements AutoCloseable {
  private final PlanNode.HashJoin node;
  private final Execution execution;
  private final PgType[] types;
  private final JoinedRow joined;
  private final List<Candidate> withNull = new ArrayList<>();
  private final List<Candidate> all = new ArrayList<>();
  private long reservedBytes;

  private record Candidate(@Nullable Object[] key, @Nullable Object[] row) {}

  NullAwareness(PlanNode.HashJoin node, Execution execution) {
    this.node = node;
    this.execution = execution;
    this.joined = new JoinedRow(node.left().types().size());
    this.types = new PgType[node.rightKeys().size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = PgTypes.of(node.rightKeys().get(i).type());
    }
  }

  void addRight(@Nullable Object[] key, @Nullable Object[] row) {
    Candidate candidate = new Candidate(key, row);
    long bytes = RowSize.of(key) + RowSize.of(row) + 32;
    execution.memory().reserve(bytes);
    reservedBytes += bytes;
    all.add(candidate);
    if (ArrayRow.hasNull(key)) {
      withNull.add(candidate);
    }
  }

  /** Whether comparing the left row with some right row is unknown. Matches are found elsewhere. */
  boolean excludes(@Nullable Object[] key, boolean hasNull, @Nullable Object[] row) {
    for (Candidate candidate : hasNull ? all : withNull) {
      if (mayEqual(key, candidate.key) && passesResidual(row, candidate.row)) {
        return true;
      }
    }
    return false;
  }

  private boolean mayEqual(@Nullable Object[] a, @Nullable Object[] b) {
    for (int i = 0; i < types.length; i++) {
      Object x = a[i];
      Object y = b[i];
      if (x != null && y != null && !types[i].equal(x, y)) {
        return false;
      }
    }
    return true;
  }

  private boolean passesResidual(@Nullable Object[] a, @Nullable Object[] b) {
    Expression residual = node.residual();
    return residual == null || Boolean.TRUE.equals(residual.eval(joined.with(a, b), execution));
  }

  @Override
  public void close() {
    all.clear();
    withNull.clear();
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
  }
}
