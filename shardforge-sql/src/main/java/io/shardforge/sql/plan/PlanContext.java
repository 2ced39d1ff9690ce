package io.shardforge.sql.plan;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.type.TypeContext;
import java.util.List;

/**
 * What a statement is planned in.
 *
 * @param searchPath schemas in order, without pg_catalog unless it was named
 * @param parameterTypes type OIDs of $1, $2, …; 0 or absent = to be inferred
 * @param infersParameters whether the statement may have parameters beyond those given types for
 * @param types the session's settings for reading literals
 */
public record PlanContext(
    CatalogSnapshot catalog,
    List<String> searchPath,
    List<Integer> parameterTypes,
    TypeContext types,
    TableStatistics statistics,
    boolean infersParameters) {
  /** A context for a statement that may have any parameters. */
  public PlanContext(
      CatalogSnapshot catalog,
      List<String> searchPath,
      List<Integer> parameterTypes,
      TypeContext types,
      TableStatistics statistics) {
    this(catalog, searchPath, parameterTypes, types, statistics, true);
  }

  public PlanContext {
    searchPath = List.copyOf(searchPath);
    parameterTypes = List.copyOf(parameterTypes);
  }
}
