package io.shardforge.sql.session;

import io.shardforge.sql.plan.OutputColumn;
import java.util.List;

/**
 * What Describe tells of a prepared statement.
 *
 * @param returnsRows whether it returns rows, perhaps of no columns
 */
public record StatementDescription(
    int[] parameterTypes, List<OutputColumn> columns, boolean returnsRows) {}
