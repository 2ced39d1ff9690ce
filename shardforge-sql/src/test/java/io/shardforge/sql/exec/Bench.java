package io.shardforge.sql.exec;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.RelationUse;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.expr.EvalContext.FunctionServices;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A work bench for plans: runs them on a {@link SimpleKv} and gives their rows as text. */
final class Bench {
  static final long MEMORY_BYTES = 64L << 20;

  final SimpleKv kv = new SimpleKv();
  final MemoryPool pool = new MemoryPool(MEMORY_BYTES);
  final SpillSpace spill;
  long statementBytes = MEMORY_BYTES;
  long affected;
  boolean diskIsLow;
  boolean batches;
  Executor scanWorkers = Runnable::run;
  private @Nullable Object[] parameters = {};

  Bench(Path directory) {
    spill = new SpillSpace(directory, 1L << 30, () -> diskIsLow);
  }

  Bench with(@Nullable Object... values) {
    parameters = Plans.row(values);
    return this;
  }

  /** Runs a plan in a transaction of its own and commits. */
  List<String> run(PlanNode plan) {
    SimpleTxn txn = new SimpleTxn(kv, Isolation.READ_COMMITTED);
    List<String> rows = run(plan, txn);
    txn.commit();
    return rows;
  }

  List<String> run(PlanNode plan, Txn txn) {
    List<String> rows = new ArrayList<>();
    try (Execution execution = execution(txn)) {
      ExecutablePlan executable = new ExecutablePlan(plan);
      if (executable.isRowMode() && !batches) {
        @Nullable Object[] row = executable.executeRow(execution);
        if (row != null) {
          rows.add(text(row));
        }
      } else {
        try (Operator operator = executable.operator(execution)) {
          operator.open();
          RowBatch batch;
          while ((batch = operator.next()) != null) {
            for (int i = 0; i < batch.size(); i++) {
              rows.add(text(BatchBuilder.row(batch, i)));
            }
          }
        }
      }
      execution.finish();
      affected = execution.affectedRows();
    }
    return rows;
  }

  Execution execution(Txn txn) {
    return new Execution(
        txn,
        catalog(),
        parameters,
        new Scope(),
        new MemoryBudget(pool, statementBytes),
        spill,
        scanWorkers);
  }

  static String text(@Nullable Object[] row) {
    List<String> fields = new ArrayList<>();
    for (Object value : row) {
      fields.add(String.valueOf(value));
    }
    return String.join("|", fields);
  }

  private static final RoleDescriptor SUPERUSER =
      new RoleDescriptor(
          SystemOids.ROLE_SHARDFORGE,
          1,
          "shardforge",
          true,
          true,
          true,
          true,
          true,
          true,
          true,
          RoleDescriptor.UNLIMITED,
          null,
          null,
          List.of());

  /** A catalog that knows one schema, one role and no foreign keys; nothing else is asked of it. */
  private static CatalogSnapshot catalog() {
    return (CatalogSnapshot)
        Proxy.newProxyInstance(
            CatalogSnapshot.class.getClassLoader(),
            new Class<?>[] {CatalogSnapshot.class},
            (_, method, _) -> {
              return switch (method.getName()) {
                case "schema" -> new SchemaDescriptor(2200, 1, 1, "public", 10);
                case "referencesTo" -> List.of();
                case "databaseId" -> 1;
                case "database" -> null;
                case "role" -> SUPERUSER;
                default -> throw new UnsupportedOperationException(method.getName());
              };
            });
  }

  /** A session with PostgreSQL's defaults. */
  private static final class Scope implements SessionScope {
    @Override
    public long transactionMicros() {
      return 0;
    }

    @Override
    public long statementMicros() {
      return 0;
    }

    @Override
    public ZoneId timeZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public TypeContext typeContext() {
      return TypeContext.UTC;
    }

    @Override
    public @Nullable String setting(String name) {
      return null;
    }

    @Override
    public FunctionServices services() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int roleId() {
      return SystemOids.ROLE_SHARDFORGE;
    }

    @Override
    public RelationUse use(int relationOid) {
      return new RelationUse(null);
    }

    @Override
    public ShardForgeException cancellation() {
      return new ShardForgeException(
          ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
    }
  }
}
