package io.shardforge.sql.session;

import io.shardforge.sql.plan.OutputColumn;
import java.util.List;

/** What Describe tells of a prepared statement. */
public record StatementDescription(int[] parameterTypes, List<OutputColumn> columns) {}
