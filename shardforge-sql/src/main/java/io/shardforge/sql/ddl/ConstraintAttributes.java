package io.shardforge.sql.ddl;

import io.shardforge.sql.parse.proto.Constraint;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;

/**
 * The constraints of a column, each with the DEFERRABLE and INITIALLY clauses that follow it: the
 * parser leaves those of a column as constraints of their own. For one column.
 */
final class ConstraintAttributes {
  private final DdlContext context;
  private final List<Constraint> constraints = new ArrayList<>();
  private boolean sawDeferrable;
  private boolean sawInitially;

  private ConstraintAttributes(DdlContext context) {
    this.context = context;
  }

  /** The constraints without the clauses. */
  static List<Constraint> applied(List<Node> written, DdlContext context) {
    ConstraintAttributes attributes = new ConstraintAttributes(context);
    for (Node node : written) {
      attributes.add(node.getConstraint());
    }
    return attributes.constraints;
  }

  private void add(Constraint clause) {
    switch (clause.getContype()) {
      case CONSTR_ATTR_DEFERRABLE -> deferrable(clause, true);
      case CONSTR_ATTR_NOT_DEFERRABLE -> deferrable(clause, false);
      case CONSTR_ATTR_DEFERRED -> initially(clause, true);
      case CONSTR_ATTR_IMMEDIATE -> initially(clause, false);
      default -> {
        constraints.add(clause);
        sawDeferrable = false;
        sawInitially = false;
      }
    }
  }

  private void deferrable(Constraint clause, boolean deferrable) {
    Constraint last = last(clause, deferrable ? "DEFERRABLE" : "NOT DEFERRABLE");
    if (sawDeferrable) {
      throw error("multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed", clause);
    }
    sawDeferrable = true;
    replaceLast(last.toBuilder().setDeferrable(deferrable).build(), clause);
  }

  private void initially(Constraint clause, boolean deferred) {
    Constraint last = last(clause, deferred ? "INITIALLY DEFERRED" : "INITIALLY IMMEDIATE");
    if (sawInitially) {
      throw error("multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed", clause);
    }
    sawInitially = true;
    boolean deferrable = sawDeferrable ? last.getDeferrable() : deferred;
    replaceLast(
        last.toBuilder().setDeferrable(deferrable).setInitdeferred(deferred).build(), clause);
  }

  private void replaceLast(Constraint changed, Constraint clause) {
    if (changed.getInitdeferred() && !changed.getDeferrable()) {
      throw error("constraint declared INITIALLY DEFERRED must be DEFERRABLE", clause);
    }
    constraints.set(constraints.size() - 1, changed);
  }

  private Constraint last(Constraint clause, String words) {
    if (!constraints.isEmpty()) {
      Constraint last = constraints.getLast();
      switch (last.getContype()) {
        case CONSTR_PRIMARY, CONSTR_UNIQUE, CONSTR_EXCLUSION, CONSTR_FOREIGN -> {
          return last;
        }
        default -> {}
      }
    }
    throw error("misplaced " + words + " clause", clause);
  }

  private ShardForgeException error(String message, Constraint clause) {
    return DdlErrors.of(ErrorCode.SYNTAX_ERROR, message)
        .withPosition(context.position(clause.getLocation()));
  }
}
