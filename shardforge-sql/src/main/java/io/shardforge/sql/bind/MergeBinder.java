package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Scope.Source;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.proto.MergeMatchKind;
import io.shardforge.sql.parse.proto.MergeStmt;
import io.shardforge.sql.parse.proto.MergeWhenClause;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binds MERGE: a join of the target and the source, with one more column that says which of the
 * WHEN clauses is for a row.
 *
 * <pre>
 *   target columns | source columns | source is there | number of the clause
 * </pre>
 *
 * <p>Rows without a clause, or with DO NOTHING, are left out before rows of the target are locked.
 */
final class MergeBinder {
  private final Binder binder;
  private final BindContext context;
  private final CteScope outerCtes;

  MergeBinder(Binder binder, CteScope ctes) {
    this.binder = binder;
    this.context = binder.context();
    this.outerCtes = ctes;
  }

  /** The two sides of the join, side by side. */
  private record Sides(
      Target target, int width, List<Source> sources, int sourceWidth, Bound sourceIsThere) {
    TableDescriptor table() {
      return target.table();
    }

    Source targetSource() {
      return target.item().sources().getFirst();
    }

    List<Source> both() {
      List<Source> both = new ArrayList<>(sources);
      both.add(targetSource());
      return both;
    }

    /** A column that no row of the target has null. */
    Bound targetIsThere() {
      int number = table().primaryIndex().columns().getFirst().columnNumber();
      int ordinal = table().ordinalOfNumber(number);
      Bound key = new Bound.Column(ordinal, table().columns().get(ordinal).type(), "", -1);
      return new Bound.NullTest(key, false, false);
    }

    int clauseColumn() {
      return width + sourceWidth + 1;
    }
  }

  Query bind(MergeStmt merge) {
    CteScope ctes = new CteScope(outerCtes);
    SelectBinder.WithBinder with = new SelectBinder(binder, null, ctes).with(ctes);
    if (merge.hasWithClause()) {
      if (merge.getWithClause().getRecursive()) {
        throw context.error(
            ErrorCode.SYNTAX_ERROR, -1, "WITH RECURSIVE is not supported for MERGE statement");
      }
      with.bind(merge.getWithClause());
    }
    List<MergeWhenClause> clauses =
        merge.getMergeWhenClausesList().stream().map(Node::getMergeWhenClause).toList();
    refuseUnreachable(clauses);
    Target target = TargetBinder.ofMerge(binder, actions(clauses)).bind(merge.getRelation());
    FromBinder.Item source =
        new FromBinder(binder, null, ctes).bind(List.of(merge.getSourceRelation()));
    refuseSameName(target, source);

    int width = target.table().columns().size();
    int sourceWidth = source.rel().types().size();
    Sides sides =
        new Sides(
            target,
            width,
            source.sources().stream().map(s -> s.shifted(width)).toList(),
            sourceWidth,
            new Bound.NullTest(
                new Bound.Column(width + sourceWidth, Types.BOOL, "", -1), false, false));
    Bound condition =
        new ExpressionBinder(binder, new Scope(context, null, sides.both()), Clause.JOIN, ctes)
            .condition(merge.getJoinCondition());
    Rel joined = join(sides, source.rel(), condition, clauses);

    TargetColumns columns = new TargetColumns(binder, target);
    List<Rel.MergeAction> actions = new ArrayList<>();
    List<Bound> branches = new ArrayList<>();
    boolean locksKey = false;
    for (MergeWhenClause clause : clauses) {
      Scope scope = scope(sides, clause);
      branches.add(when(sides, scope, clause, ctes));
      Rel.MergeAction action = action(sides, columns, scope, clause, ctes);
      branches.add(clauseNumber(action == null ? null : (Long) (long) actions.size()));
      if (action != null) {
        actions.add(action);
        locksKey |= UpdateBinder.changesKey(target.table(), action);
      }
    }
    branches.add(clauseNumber(null));
    Rel input =
        locked(
            sides,
            new Rel.Filter(
                numbered(joined, new Bound.Case(branches, Types.INT4)),
                new Bound.NullTest(number(sides), false, false)),
            locksKey ? Rel.Lock.Strength.UPDATE : Rel.Lock.Strength.NO_KEY_UPDATE);

    Scope returned = new Scope(context, null, sides.both());
    returned.answersMergeAction(word(sides, actions));
    TargetColumns.Returning returning =
        TargetColumns.returning(binder, returned, ctes, merge.getReturningListList());
    Rel rel =
        new Rel.Merge(
            input,
            target.table(),
            actions,
            columns.rules(),
            target.viewChecks(),
            returning == null ? null : returning.expressions(),
            returning == null ? List.of() : returning.types());
    return new Query(with.wrap(rel), returning == null ? List.of() : returning.columns());
  }

  private void refuseUnreachable(List<MergeWhenClause> clauses) {
    Set<MergeMatchKind> always = EnumSet.noneOf(MergeMatchKind.class);
    for (MergeWhenClause clause : clauses) {
      if (always.contains(clause.getMatchKind())) {
        throw context.error(
            ErrorCode.SYNTAX_ERROR,
            -1,
            "unreachable WHEN clause specified after unconditional WHEN clause");
      }
      if (!clause.hasCondition()) {
        always.add(clause.getMatchKind());
      }
    }
  }

  private static Set<TargetBinder.Action> actions(List<MergeWhenClause> clauses) {
    Set<TargetBinder.Action> actions = EnumSet.noneOf(TargetBinder.Action.class);
    for (MergeWhenClause clause : clauses) {
      switch (clause.getCommandType()) {
        case CMD_INSERT -> actions.add(TargetBinder.Action.INSERT);
        case CMD_UPDATE -> actions.add(TargetBinder.Action.UPDATE);
        case CMD_DELETE -> actions.add(TargetBinder.Action.DELETE);
        default -> {}
      }
    }
    return actions;
  }

  private void refuseSameName(Target target, FromBinder.Item source) {
    for (Source item : source.sources()) {
      if (item.relationVisible() && item.name().equals(target.alias())) {
        throw context
            .error(
                ErrorCode.DUPLICATE_ALIAS,
                -1,
                "name \"" + target.alias() + "\" specified more than once")
            .withDetail("The name is used both as MERGE target table and data source.");
      }
    }
  }

  // The join.

  private static Rel join(Sides sides, Rel source, Bound condition, List<MergeWhenClause> clauses) {
    boolean unmatched = has(clauses, MergeMatchKind.MERGE_WHEN_NOT_MATCHED_BY_TARGET);
    boolean left = has(clauses, MergeMatchKind.MERGE_WHEN_NOT_MATCHED_BY_SOURCE);
    Rel target = sides.target.item().rel();
    Rel flagged = Rel.Project.of(source, with(source, new Bound.Const(true, Types.BOOL, -1)));
    if (!unmatched || left) {
      Rel.JoinKind kind =
          unmatched ? Rel.JoinKind.FULL : left ? Rel.JoinKind.LEFT : Rel.JoinKind.INNER;
      return new Rel.Join(kind, target, flagged, condition, false);
    }
    // The source first, so that rows of the target can be looked up for it.
    int sourceWidth = flagged.types().size();
    Rel join =
        new Rel.Join(
            Rel.JoinKind.LEFT,
            flagged,
            target,
            Bound.mapColumns(condition, c -> swapped((Bound.Column) c, sides.width, sourceWidth)),
            false);
    List<Bound> inOrder = new ArrayList<>();
    for (int i = 0; i < sides.width + sourceWidth; i++) {
      int at = i < sides.width ? i + sourceWidth : i - sides.width;
      inOrder.add(new Bound.Column(at, join.types().get(at), "", -1));
    }
    return Rel.Project.of(join, inOrder);
  }

  private static Bound swapped(Bound.Column column, int width, int sourceWidth) {
    int index = column.index();
    return column.at(index < width ? index + sourceWidth : index - width);
  }

  private static boolean has(List<MergeWhenClause> clauses, MergeMatchKind kind) {
    return clauses.stream().anyMatch(clause -> clause.getMatchKind() == kind);
  }

  /** All columns of the rows and one more. */
  private static List<Bound> with(Rel rel, Bound more) {
    List<Bound> all = new ArrayList<>();
    for (SqlType type : rel.types()) {
      all.add(new Bound.Column(all.size(), type, "", -1));
    }
    all.add(more);
    return all;
  }

  private static Rel numbered(Rel joined, Bound clause) {
    return Rel.Project.of(joined, with(joined, clause));
  }

  private static Bound number(Sides sides) {
    return new Bound.Column(sides.clauseColumn(), Types.INT4, "", -1);
  }

  private static Bound clauseNumber(@Nullable Long number) {
    return new Bound.Const(number, Types.INT4, -1);
  }

  private static Rel locked(Sides sides, Rel rows, Rel.Lock.Strength strength) {
    return new Rel.LockRows(
        rows,
        sides.table(),
        UpdateBinder.keyOrdinals(sides.table()),
        new Rel.Lock(strength, Rel.Lock.Policy.BLOCK));
  }

  // The clauses.

  /** What a clause can name: what there is in the rows that it is for. */
  private Scope scope(Sides sides, MergeWhenClause clause) {
    List<Source> target = List.of(sides.targetSource());
    return switch (clause.getMatchKind()) {
      case MERGE_WHEN_NOT_MATCHED_BY_TARGET -> {
        Scope scope = new Scope(context, null, sides.sources);
        scope.addInaccessible(target);
        yield scope;
      }
      case MERGE_WHEN_NOT_MATCHED_BY_SOURCE -> {
        Scope scope = new Scope(context, null, target);
        scope.addInaccessible(sides.sources);
        yield scope;
      }
      default -> new Scope(context, null, sides.both());
    };
  }

  private Bound when(Sides sides, Scope scope, MergeWhenClause clause, CteScope ctes) {
    List<Bound> all = new ArrayList<>();
    switch (clause.getMatchKind()) {
      case MERGE_WHEN_NOT_MATCHED_BY_TARGET -> all.add(new Bound.Not(sides.targetIsThere()));
      case MERGE_WHEN_NOT_MATCHED_BY_SOURCE -> all.add(new Bound.Not(sides.sourceIsThere));
      default -> {
        all.add(sides.targetIsThere());
        all.add(sides.sourceIsThere);
      }
    }
    if (clause.hasCondition()) {
      all.add(
          new ExpressionBinder(binder, scope, Clause.MERGE_WHEN, ctes)
              .condition(clause.getCondition()));
    }
    return java.util.Objects.requireNonNull(Bound.and(all));
  }

  /** What a clause does; null for DO NOTHING. */
  private Rel.@Nullable MergeAction action(
      Sides sides, TargetColumns columns, Scope scope, MergeWhenClause clause, CteScope ctes) {
    return switch (clause.getCommandType()) {
      case CMD_INSERT -> {
        InsertRows rows =
            new InsertRows(
                binder,
                sides.target,
                columns,
                clause.getTargetListList(),
                clause.getOverride(),
                "merge into");
        List<Bound> row =
            clause.getValuesCount() == 0
                ? rows.defaults()
                : rows.row(
                    clause.getValuesList(),
                    new ExpressionBinder(binder, scope, Clause.VALUES, ctes));
        yield new Rel.MergeAction(Rel.MergeAction.Effect.INSERT, row, List.of());
      }
      case CMD_UPDATE -> {
        TargetColumns.Assignments assignments =
            columns.assignments(
                clause.getTargetListList(),
                new ExpressionBinder(binder, scope, Clause.UPDATE, ctes),
                "merge into");
        yield new Rel.MergeAction(
            Rel.MergeAction.Effect.UPDATE, assignments.values(), assignments.changed());
      }
      case CMD_DELETE -> new Rel.MergeAction(Rel.MergeAction.Effect.DELETE, List.of(), List.of());
      default -> null;
    };
  }

  /** The word for what was done to a row. */
  private Bound word(Sides sides, List<Rel.MergeAction> actions) {
    SqlType text = Types.TEXT;
    List<Bound> branches = new ArrayList<>();
    for (int i = 0; i < actions.size(); i++) {
      branches.add(
          binder.functions().operator("=", number(sides), clauseNumber((Long) (long) i), -1));
      branches.add(new Bound.Const(actions.get(i).effect().name(), text, -1));
    }
    branches.add(new Bound.Const(null, text, -1));
    return new Bound.Case(branches, text);
  }
}
