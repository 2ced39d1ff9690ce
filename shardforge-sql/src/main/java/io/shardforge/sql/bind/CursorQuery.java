package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/**
 * The query of a cursor, with the keys of the rows that each of its own rows comes from as columns
 * after those that it shows: WHERE CURRENT OF finds rows by them.
 *
 * @param rows what the cursor keeps
 * @param origins the tables whose rows can be found so
 * @param locks whether the query locks its rows; else it has one origin at most
 */
public record CursorQuery(Query query, Rel rows, List<Origin> origins, boolean locks) {
  /**
   * A table that rows come from.
   *
   * @param key the columns with the primary key
   */
  public record Origin(TableDescriptor table, List<Integer> key) {}

  /** Rows, and where in them the keys of their origins are. */
  private record Traced(Rel rows, List<Origin> origins) {}

  public static CursorQuery of(Query query) {
    Traced traced = traced(query.rel());
    boolean locks = Rels.any(query.rel(), rel -> rel instanceof Rel.LockRows, _ -> false);
    return new CursorQuery(query, traced.rows, traced.origins, locks);
  }

  private static Traced traced(Rel rel) {
    return switch (rel) {
      case Rel.Scan scan ->
          new Traced(
              scan, List.of(new Origin(scan.table(), UpdateBinder.keyOrdinals(scan.table()))));
      case Rel.Filter filter -> {
        Traced input = traced(filter.input());
        yield new Traced(new Rel.Filter(input.rows, filter.condition()), input.origins);
      }
      case Rel.Limit limit -> {
        Traced input = traced(limit.input());
        yield new Traced(
            new Rel.Limit(input.rows, limit.limit(), limit.offset(), limit.ties()), input.origins);
      }
      case Rel.With with -> {
        Traced body = traced(with.body());
        yield new Traced(new Rel.With(with.ctes(), body.rows), body.origins);
      }
      case Rel.LockRows lock -> {
        List<Origin> origins = new ArrayList<>();
        for (Rel at = lock; at instanceof Rel.LockRows one; at = one.input()) {
          origins.add(new Origin(one.table(), one.keyColumns()));
        }
        yield new Traced(lock, origins);
      }
      case Rel.Project project -> projected(project);
      default -> new Traced(rel, List.of());
    };
  }

  private static Traced projected(Rel.Project project) {
    Traced input = traced(project.input());
    if (input.origins.isEmpty()) {
      return new Traced(project, List.of());
    }
    List<Bound> expressions = new ArrayList<>(project.expressions());
    List<Origin> origins = new ArrayList<>();
    for (Origin origin : input.origins) {
      List<Integer> key = new ArrayList<>();
      for (int column : origin.key) {
        key.add(expressions.size());
        SqlType type = input.rows.types().get(column);
        expressions.add(new Bound.Column(column, type, "", -1));
      }
      origins.add(new Origin(origin.table, key));
    }
    return new Traced(Rel.Project.of(input.rows, expressions), origins);
  }
}
