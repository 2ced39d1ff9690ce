package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Rel;
import io.shardforge.sql.catalog.ColumnStatistics;
import io.shardforge.sql.catalog.CombinedStatistics;
import io.shardforge.sql.catalog.CombinedStatistics.Distinct;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Estimates how many rows joins and groupings have, by how many values their columns have. */
final class Cardinality {
  private static final double RESIDUAL_OR = 0.5;

  private final TableStatistics statistics;

  Cardinality(TableStatistics statistics) {
    this.statistics = statistics;
  }

  /** A column of a table that an expression is. */
  private record Origin(TableDescriptor table, int ordinal) {}

  /** Two expressions that a join equates, of its left and of its right side. */
  record Pair(Bound left, Bound right) {}

  /** The share of pairs of rows that conditions other than equalities leave. */
  static double residual(List<Bound> conditions) {
    double share = 1;
    for (Bound condition : conditions) {
      share *= residual(condition);
    }
    return share;
  }

  /** What an OR demands of each side has been asked of each side already. */
  static double residual(Bound condition) {
    return condition instanceof Bound.Logic or && !or.and()
        ? RESIDUAL_OR
        : Selectivity.byDefault(List.of(condition));
  }

  private static @Nullable Origin origin(Rel rel, Bound expression) {
    int column = AccessPath.column(expression);
    return column < 0 ? null : origin(rel, column);
  }

  private static @Nullable Origin origin(Rel rel, int column) {
    return switch (rel) {
      case Rel.Scan scan -> new Origin(scan.table(), column);
      case Rel.Filter filter -> origin(filter.input(), column);
      case Rel.Barrier barrier -> origin(barrier.input(), column);
      case Rel.Sort sort -> origin(sort.input(), column);
      case Rel.Limit limit -> origin(limit.input(), column);
      case Rel.Project project -> origin(project.input(), project.expressions().get(column));
      case Rel.Group group ->
          column < group.keys().size() ? origin(group.input(), group.keys().get(column)) : null;
      case Rel.Join join -> {
        int width = join.left().types().size();
        yield column < width ? origin(join.left(), column) : origin(join.right(), column - width);
      }
      default -> null;
    };
  }

  /** Different values of an expression, negative if unknown. */
  private double distinct(Rel rel, Bound expression) {
    Origin origin = origin(rel, expression);
    if (origin == null) {
      return -1;
    }
    double rows = statistics.rows(origin.table);
    ColumnStatistics column = statistics.column(origin.table, origin.ordinal);
    if (column != null) {
      return column.distinctIn(rows);
    }
    return isKey(Set.of(origin)) ? rows : -1;
  }

  /** Whether columns of one table include all those of a unique index. */
  private static boolean isKey(Set<Origin> columns) {
    for (Origin origin : columns) {
      for (IndexDescriptor index : origin.table.indexes()) {
        boolean covered =
            index.unique()
                && index.isPlain()
                && PhysicalPlanner.isPublic(index)
                && index.columns().stream()
                    .map(c -> origin.table.ordinalOfNumber(c.columnNumber()))
                    .allMatch(o -> columns.contains(new Origin(origin.table, o)));
        if (covered) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * How many pairs of rows there are for each pair that matches: the greater number of values of
   * each equality, but no more than the rows of the table that has them.
   */
  double pairsForMatch(
      Rel left, Rel right, List<Pair> equalities, double leftRows, double rightRows) {
    double values = 1;
    boolean unknown = false;
    double most = 0;
    List<Bound> lefts = new ArrayList<>();
    List<Bound> rights = new ArrayList<>();
    for (Pair pair : equalities) {
      lefts.add(pair.left);
      rights.add(pair.right);
      double ofLeft = distinct(left, pair.left);
      double ofRight = distinct(right, pair.right);
      if (ofLeft < 0 && ofRight < 0) {
        unknown = true;
      } else {
        values *= Math.max(ofLeft, ofRight);
      }
      most = Math.max(most, Math.max(tableRows(left, pair.left), tableRows(right, pair.right)));
    }
    if (unknown) {
      values = Math.max(values, Math.max(leftRows, rightRows));
    }
    if (most > 0) {
      values = Math.min(values, most);
    }
    double ofLeftKey = rowsOfKey(left, lefts);
    double ofRightKey = rowsOfKey(right, rights);
    if (ofLeftKey > 0 || ofRightKey > 0) {
      // A row of the other side finds one row of the key's table at most.
      values = Math.max(ofLeftKey, ofRightKey);
    }
    return Math.max(1, values);
  }

  private double tableRows(Rel rel, Bound expression) {
    Origin origin = origin(rel, expression);
    return origin == null ? 0 : statistics.rows(origin.table);
  }

  /** Rows of the table of which the expressions are a key, 0 if they are not. */
  private double rowsOfKey(Rel rel, List<Bound> expressions) {
    Set<Origin> origins = new HashSet<>();
    for (Bound expression : expressions) {
      Origin origin = origin(rel, expression);
      if (origin != null) {
        origins.add(origin);
      }
    }
    return isKey(origins) ? statistics.rows(origins.iterator().next().table) : 0;
  }

  /** The share of left rows that have a match, for semi joins; negative if unknown. */
  double matching(Rel left, Rel right, List<Pair> equalities, double rightRows) {
    double share = 1;
    for (Pair pair : equalities) {
      double ofLeft = distinct(left, pair.left);
      double ofRight = distinct(right, pair.right);
      if (ofLeft < 0) {
        return -1;
      }
      share = Math.min(share, Math.min(ofRight < 0 ? rightRows : ofRight, rightRows) / ofLeft);
    }
    return equalities.isEmpty() ? -1 : share;
  }

  /** What is known of most of the keys together, null if it is of none. */
  private @Nullable Distinct together(Rel input, List<Bound> keys) {
    Set<Origin> origins = new HashSet<>();
    for (Bound key : keys) {
      Origin origin = origin(input, key);
      if (origin != null) {
        origins.add(origin);
      }
    }
    Distinct best = null;
    for (TableDescriptor table : origins.stream().map(Origin::table).distinct().toList()) {
      for (CombinedStatistics combined : statistics.combined(table)) {
        for (Distinct distinct : combined.distinct()) {
          boolean covered =
              distinct.columns().stream()
                  .allMatch(c -> origins.contains(new Origin(table, table.ordinalOfNumber(c))));
          if (covered && (best == null || distinct.columns().size() > best.columns().size())) {
            best = distinct;
          }
        }
      }
    }
    return best;
  }

  private static boolean isOf(Distinct distinct, @Nullable Origin origin) {
    return origin != null
        && distinct.columns().contains(origin.table.columns().get(origin.ordinal).number());
  }

  /** How many groups there are of so many rows. */
  double groups(Rel input, List<Bound> keys, double rows) {
    List<Bound> single = new ArrayList<>(keys);
    double groups = 1;
    for (Distinct together = together(input, single);
        together != null;
        together = together(input, single)) {
      groups *= together.number();
      Distinct counted = together;
      single.removeIf(key -> isOf(counted, origin(input, key)));
    }
    for (Bound key : single) {
      double values = distinct(input, key);
      if (values < 0) {
        return Math.max(Math.min(groups, rows), rows * Cost.GROUPS);
      }
      groups *= values;
    }
    return Math.min(groups, rows);
  }
}
