package io.shardforge.sql.session;

import io.shardforge.sql.exec.ExecutablePlan;
import io.shardforge.sql.exec.Executor;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.plan.Plan;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that was parsed under a name, with the newest plan of it; for the session's thread.
 */
final class PreparedStatement {
  private final String name;
  private final @Nullable ParsedStatement statement;
  private final List<Integer> declaredTypes;
  private final boolean infersParameters;
  private int[] parameterTypes;
  private @Nullable Plan plan;
  private @Nullable ExecutablePlan executable;
  private List<OutputColumn> columns = List.of();
  private long planVersion;
  private List<String> planSearchPath = List.of();
  private int planRoleId;
  private long planNanos;
  private long preparedMicros;
  private boolean fromSql;

  /**
   * @param statement null for an empty query string
   * @param declaredTypes type oids of $1.., 0 where open
   */
  PreparedStatement(String name, @Nullable ParsedStatement statement, List<Integer> declaredTypes) {
    this(name, statement, declaredTypes, true);
  }

  private PreparedStatement(
      String name,
      @Nullable ParsedStatement statement,
      List<Integer> declaredTypes,
      boolean infersParameters) {
    this.infersParameters = infersParameters;
    this.name = name;
    this.statement = statement;
    this.declaredTypes = declaredTypes;
    this.parameterTypes = declaredTypes.stream().mapToInt(oid -> oid).toArray();
  }

  /** A statement of a query string, which has no parameters. */
  static PreparedStatement unparameterized(ParsedStatement statement) {
    return new PreparedStatement("", statement, List.of(), false);
  }

  /** Notes when it was made, in microseconds since 2000, and whether by PREPARE. */
  PreparedStatement made(long micros, boolean bySql) {
    preparedMicros = micros;
    fromSql = bySql;
    return this;
  }

  long preparedMicros() {
    return preparedMicros;
  }

  boolean isFromSql() {
    return fromSql;
  }

  /** Whether types of parameters that were not declared may be found out. */
  boolean infersParameters() {
    return infersParameters;
  }

  String name() {
    return name;
  }

  @Nullable ParsedStatement statement() {
    return statement;
  }

  List<Integer> declaredTypes() {
    return declaredTypes;
  }

  /** The plan when it still fits, else null. */
  @Nullable Plan planFor(long catalogVersion, List<String> searchPath, int roleId) {
    return planVersion == catalogVersion
            && planRoleId == roleId
            && planSearchPath.equals(searchPath)
        ? plan
        : null;
  }

  /** Notes the time that planning took. */
  void planned(long nanos) {
    planNanos += nanos;
  }

  /** The time that planning took since this was asked last. */
  long takePlanNanos() {
    long taken = planNanos;
    planNanos = 0;
    return taken;
  }

  /** The plan whatever the catalog is now. */
  @Nullable Plan anyPlan() {
    return plan;
  }

  /** Keeps a plan; the result's columns may not change under a client that has seen them. */
  void keep(
      Plan newPlan,
      List<OutputColumn> newColumns,
      long catalogVersion,
      List<String> newSearchPath,
      int roleId) {
    if (plan != null && !sameTypes(columns, newColumns)) {
      // Drivers know by the routine that they only have to prepare the statement anew.
      throw new ShardForgeException(
              ErrorCode.FEATURE_NOT_SUPPORTED, "cached plan must not change result type")
          .withRoutine("RevalidateCachedQuery");
    }
    plan = newPlan;
    parameterTypes = newPlan.parameterTypes().stream().mapToInt(type -> type.oid()).toArray();
    executable = newPlan instanceof Plan.QueryPlan query ? Executor.prepare(query) : null;
    columns = newColumns;
    planVersion = catalogVersion;
    planSearchPath = newSearchPath;
    planRoleId = roleId;
  }

  private static boolean sameTypes(List<OutputColumn> a, List<OutputColumn> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (a.get(i).type().oid() != b.get(i).type().oid()) {
        return false;
      }
    }
    return true;
  }

  /** The columns of the plan's rows, none when it returns no rows. */
  List<OutputColumn> columns() {
    return columns;
  }

  /** Whether it returns rows, perhaps of no columns, as SELECT alone does. */
  boolean returnsRows() {
    return !columns.isEmpty()
        || (plan instanceof Plan.QueryPlan query && query.tag() == Plan.CommandTag.SELECT);
  }

  /** The plan of a query made ready to run. */
  ExecutablePlan executable() {
    ExecutablePlan ready = executable;
    if (ready == null) {
      throw new IllegalStateException("not the plan of a query: " + plan);
    }
    return ready;
  }

  /** Type oids of the parameters as the plan has them. */
  int[] parameterTypes() {
    return parameterTypes;
  }
}
