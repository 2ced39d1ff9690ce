package io.shardforge.sql.plan;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.type.TypeContext;
import java.util.List;

/**
 * What a statement is planned in.
 *
 * @param searchPath schemas in order, without pg_catalog unless it was named
 * @param parameterTypes type OIDs of $1, $2, …; 0 or absent = to be inferred
 * @param types the session's settings for reading literals
 */
public record PlanContext(
    CatalogSnapshot catalog,
    List<String> searchPath,
    List<Integer> parameterTypes,
    TypeContext types,
    TableStatistics statistics) {
  public PlanContext {
    searchPath = List.copyOf(searchPath);
    parameterTypes = List.copyOf(parameterTypes);
  }
}
