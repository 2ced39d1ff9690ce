package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Normal;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.type.SqlType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;

/**
 * What indexes hold of rows beyond columns, as conditions meet it: expressions of their keys have
 * ordinals after those of the columns, and an index that not every row has an entry in serves only
 * conditions from which its predicate follows. For one statement.
 */
final class IndexTerms {
  private final Function<TableDescriptor, List<Bound>> binder;
  private final Implication implication;
  private final IdentityHashMap<TableDescriptor, List<Bound>> bound = new IdentityHashMap<>();

  /** Terms that the binder binds over the columns of a table. */
  IndexTerms(Function<TableDescriptor, List<Bound>> binder, ExpressionBuilder expressions) {
    this.binder = binder;
    this.implication = new Implication(expressions);
  }

  /** The table's derived values over its columns. */
  List<Bound> of(TableDescriptor table) {
    return bound.computeIfAbsent(
        table, t -> binder.apply(t).stream().map(ConstantFolding::folded).toList());
  }

  /** What an expression is in a row with derived values: an ordinal, or -1. */
  int ordinal(TableDescriptor table, Bound expression) {
    Bound plain = withoutRelabel(expression);
    if (plain instanceof Bound.Column column) {
      return column.index();
    }
    List<Bound> derived = of(table);
    for (int i = 0; i < derived.size(); i++) {
      if (Normal.same(withoutRelabel(derived.get(i)), plain)) {
        return table.columns().size() + i;
      }
    }
    return -1;
  }

  /** The value under casts and collations that change neither how it is stored nor its order. */
  static Bound withoutRelabel(Bound e) {
    return switch (e) {
      case Bound.Cast cast
          when cast.kind() == Bound.CastKind.RELABEL
              && cast.type().family() == cast.arg().type().family()
              && cast.type().isOrderedLike(cast.arg().type()) ->
          cast.arg();
      case Bound.Collate collate when collate.type().isOrderedLike(collate.arg().type()) ->
          withoutRelabel(collate.arg());
      default -> e;
    };
  }

  SqlType type(TableDescriptor table, int ordinal) {
    int width = table.columns().size();
    return ordinal < width
        ? table.columns().get(ordinal).type()
        : of(table).get(ordinal - width).type();
  }

  boolean isNullable(TableDescriptor table, int ordinal) {
    return ordinal >= table.columns().size() || !table.columns().get(ordinal).notNull();
  }

  /** The conditions that rows with an entry satisfy. */
  List<Bound> predicate(TableDescriptor table, IndexDescriptor index) {
    int ordinal = table.predicateOrdinal(index);
    return ordinal < 0
        ? List.of()
        : Bound.conjuncts(of(table).get(ordinal - table.columns().size()));
  }

  /**
   * Whether rows that satisfy the conditions can be found by the order of the index, all of them.
   */
  boolean serves(TableDescriptor table, IndexDescriptor index, List<Bound> conditions) {
    return PhysicalPlanner.isPublic(index)
        && !index.isInverted()
        && hasAll(table, index, conditions);
  }

  /** Whether all rows that satisfy the conditions have an entry. */
  boolean hasAll(TableDescriptor table, IndexDescriptor index, List<Bound> conditions) {
    return predicate(table, index).stream()
        .allMatch(wanted -> implication.follows(wanted, conditions));
  }
}
