package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Scope.Source;
import io.shardforge.sql.bind.Scope.SourceColumn;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Replaces group keys and aggregates of a grouped query by columns of the grouped rows. */
final class Grouping {
  private static final int ANY_VALUE = 6321;

  private final BindContext context;
  private final Scope scope;
  private final List<Bound> keys = new ArrayList<>();
  private final Map<Bound, Integer> keyIndex = new HashMap<>();
  private final List<Bound.Aggregate> calls = new ArrayList<>();
  private final Map<Bound, Integer> callIndex = new HashMap<>();
  private final List<Bound> dependentColumns = new ArrayList<>();

  /** How several grouping sets become one; null if there is one. */
  private final @Nullable SetExpansion expansion;

  Grouping(BindContext context, Scope scope, GroupBy groupBy) {
    this.context = context;
    this.scope = scope;
    for (Bound key : groupBy.keys()) {
      addKey(key);
    }
    expansion = groupBy.sets().size() == 1 ? null : new SetExpansion(groupBy);
    addDependentColumns(groupBy.sets());
  }

  private void addKey(Bound key) {
    if (keyIndex.putIfAbsent(Normal.of(key), keys.size()) == null) {
      keys.add(key);
    }
  }

  /** All columns of a table whose primary key is in all sets have one value a group. */
  private void addDependentColumns(List<Set<Integer>> sets) {
    if (keys.isEmpty()) {
      return;
    }
    List<Bound> dependent = new ArrayList<>();
    for (Source source : scope.sources()) {
      TableDescriptor table = source.table();
      if (table == null) {
        continue;
      }
      IndexDescriptor primary = table.primaryIndex();
      boolean all = true;
      for (IndexDescriptor.KeyColumn key : primary.columns()) {
        SourceColumn column = source.columns().get(table.ordinalOfNumber(key.columnNumber()));
        Integer place = column.hidden() ? null : keyIndex.get(Normal.of(column.expression()));
        all &= place != null && sets.stream().allMatch(set -> set.contains(place));
      }
      if (all) {
        for (SourceColumn column : source.columns()) {
          dependent.add(column.expression());
        }
      }
    }
    dependentColumns.addAll(dependent);
  }

  /** The expression over grouped rows; 42803 for a column that is not one value a group. */
  Bound rewrite(Bound expression) {
    Bound normal = Normal.of(expression);
    Integer key = keyIndex.get(normal);
    if (key != null) {
      return new Bound.Column(key, expression.type(), "", -1);
    }
    if (expression instanceof Bound.Aggregate aggregate) {
      if (aggregate.function() == Bound.Aggregate.GROUPING) {
        return grouping(aggregate);
      }
      aggregate.args().subList(0, aggregate.direct()).forEach(this::requireGrouped);
      return call(aggregate);
    }
    if (expression instanceof Bound.Column column) {
      for (Bound dependent : dependentColumns) {
        if (Normal.same(dependent, column)) {
          if (context.trace() != null) {
            throw context.unsupported(
                column.location(), "a view of columns that follow from the key grouped by");
          }
          if (expansion != null) {
            return call(anyOf(column));
          }
          addKey(column);
          return new Bound.Column(keyIndex.getOrDefault(normal, 0), expression.type(), "", -1);
        }
      }
      throw ungrouped(column, false);
    }
    List<Bound> operands = expression.operands();
    if (operands.isEmpty()) {
      return expression;
    }
    List<Bound> rewritten = new ArrayList<>(operands.size());
    for (Bound operand : operands) {
      if (expression instanceof Bound.SubQuery
          && operand instanceof Bound.Column column
          && !keyIndex.containsKey(Normal.of(column))
          && dependentColumns.stream().noneMatch(d -> Normal.same(d, column))) {
        throw ungrouped(column, true);
      }
      rewritten.add(rewrite(operand));
    }
    return expression.withOperands(rewritten);
  }

  private Bound call(Bound.Aggregate aggregate) {
    Bound normal = Normal.of(aggregate);
    Integer call = callIndex.get(normal);
    if (call == null) {
      call = calls.size();
      calls.add(aggregate);
      callIndex.put(normal, call);
    }
    // The number of keys is still open: aggregates count from the far end until group().
    return new Bound.Column(-1 - call, aggregate.type(), "", -1);
  }

  /** The value of a column that has one a group, where it is no key of the sets. */
  private static Bound.Aggregate anyOf(Bound.Column column) {
    return new Bound.Aggregate(
        ANY_VALUE, List.of(column), 0, false, false, null, List.of(), column.type(), -1);
  }

  private void requireGrouped(Bound direct) {
    try {
      rewrite(direct);
    } catch (ShardForgeException e) {
      throw e.withDetail(
          "Direct arguments of an ordered-set aggregate must use only grouped columns.");
    }
  }

  private Bound grouping(Bound.Aggregate call) {
    List<Integer> places = new ArrayList<>();
    for (Bound arg : call.args()) {
      Integer place = keyIndex.get(Normal.of(arg));
      if (place == null) {
        throw context.error(
            ErrorCode.GROUPING_ERROR,
            arg instanceof Bound.Column column ? column.location() : call.location(),
            "arguments to GROUPING must be grouping expressions of the associated query level");
      }
      places.add(place);
    }
    return expansion == null
        ? new Bound.Const(0L, Types.INT4, -1)
        : new Bound.Column(expansion.groupingColumn(places), Types.INT4, "", -1);
  }

  private ShardForgeException ungrouped(Bound.Column column, boolean inSubquery) {
    String name = column.name();
    for (Source source : scope.sources()) {
      for (SourceColumn c : source.columns()) {
        if (c.expression() instanceof Bound.Column known
            && known.index() == column.index()
            && source.relationVisible()) {
          name = source.name() + "." + c.name();
        }
      }
    }
    return context.error(
        ErrorCode.GROUPING_ERROR,
        column.location(),
        inSubquery
            ? "subquery uses ungrouped column \"" + name + "\" from outer query"
            : "column \""
                + name
                + "\" must appear in the GROUP BY clause or be used in an aggregate function");
  }

  /**
   * The grouped rows, once everything was rewritten; {@link #settled} then fixes the expressions.
   */
  Rel group(Rel input) {
    if (expansion != null) {
      return expansion.group(input, calls);
    }
    if (keys.isEmpty() && calls.isEmpty()) {
      // One group, of which nothing is asked: the rows need not be looked at.
      return FromBinder.nothing();
    }
    List<SqlType> types = new ArrayList<>();
    for (Bound key : keys) {
      types.add(key.type());
    }
    for (Bound.Aggregate call : calls) {
      types.add(call.type());
    }
    return new Rel.Group(input, List.copyOf(keys), List.copyOf(calls), types);
  }

  /** A rewritten expression with its aggregates at their final place behind the keys. */
  Bound settled(Bound rewritten) {
    int before = expansion == null ? keys.size() : expansion.keyColumns();
    return Bound.mapColumns(
        rewritten,
        c -> {
          Bound.Column column = (Bound.Column) c;
          return column.index() < 0 ? column.at(before - 1 - column.index()) : column;
        });
  }
}
