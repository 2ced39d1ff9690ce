package io.shardforge.sql.plan;

import io.shardforge.sql.catalog.CatalogSnapshot;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What planning depends on besides the statement.
 *
 * @param searchPath schema names in search order, without the implicit pg_catalog
 * @param parameterTypes type oids that the client declared for $1..; 0 or missing is inferred
 * @param settings a run-time setting by its lower-case name, or null
 * @param user the current role's name
 * @param database the current database's name
 */
public record PlanContext(
    CatalogSnapshot catalog,
    List<String> searchPath,
    int[] parameterTypes,
    Function<String, @Nullable String> settings,
    String user,
    String database) {}
