package io.shardforge.sql.session;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DeferrableKeyText;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.KeyParameters;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.Executor;
import io.shardforge.sql.exec.NewKeys;
import io.shardforge.sql.exec.Operator;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.Plan.QueryPlan;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The checks of keys that are DEFERRABLE: after a statement, each key that it made is locked and
 * the rows that have it are counted. The lock comes first, so that of two transactions that make
 * the same key the second sees the first one's row: at READ COMMITTED by a snapshot of its own, at
 * REPEATABLE READ by reading the newest rows, at SERIALIZABLE when its commit proves what it read.
 * What violates a deferred constraint is kept and looked at again. For the session's thread.
 */
final class DeferrableKeyChecks {
  private final TransactionBlock transaction;
  private final ConstraintQueries queries;

  DeferrableKeyChecks(TransactionBlock transaction, ConstraintQueries queries) {
    this.transaction = transaction;
    this.queries = queries;
  }

  /** Judges the keys that a statement made, or keeps what is wrong for later. */
  void check(NewKeys made, Execution statement) {
    if (made.isEmpty()) {
      return;
    }
    List<@Nullable Object[]> duplicates = duplicates(made, statement);
    if (duplicates.isEmpty()) {
      return;
    }
    DeferredConstraints constraints = transaction.constraints();
    if (!constraints.isDeferred(made.index().constraintOid(), made.index().timing())) {
      throw made.duplicate(duplicates.getFirst(), statement);
    }
    constraints.add(new DeferredConstraints.Duplicates(made.table(), made.index(), duplicates));
  }

  /** Fails if several rows still have one of the keys. */
  void recheck(DeferredConstraints.Duplicates violation, Execution statement) {
    NewKeys keys = current(violation, statement);
    if (keys != null) {
      violation.keys().forEach(keys::addKey);
      List<@Nullable Object[]> duplicates = duplicates(keys, statement);
      if (!duplicates.isEmpty()) {
        throw keys.duplicate(duplicates.getFirst(), statement);
      }
    }
  }

  /** The key in the catalog of the moment, null if it has been dropped. */
  private @Nullable NewKeys current(DeferredConstraints.Duplicates violation, Execution statement) {
    CatalogSnapshot catalog = transaction.catalog().snapshot();
    if (!(catalog.relation(violation.table().id()) instanceof TableDescriptor table)) {
      return null;
    }
    queries.requireCurrent(table);
    for (IndexDescriptor index : table.indexes()) {
      if (index.oid() == violation.index().oid()) {
        return new NewKeys(table, index, statement.memory());
      }
    }
    return null;
  }

  /** Those of the keys that several rows have. */
  private List<@Nullable Object[]> duplicates(NewKeys keys, Execution statement) {
    transaction.txn().finishStatement(false);
    if (transaction.txn().isolation() == Isolation.READ_COMMITTED) {
      queries.beginStatement();
    }
    keys.lock(transaction.txn());
    List<@Nullable Object[]> values = keys.values();
    List<@Nullable Object[]> duplicates = new ArrayList<>();
    queries.onNewestRows(() -> {
      duplicates.clear();
      // Nulls are equal to none in a condition, so that keys with them have one of their own.
      Map<Set<Integer>, List<@Nullable Object[]>> byNulls = new LinkedHashMap<>();
      for (@Nullable Object[] key : values) {
        byNulls.computeIfAbsent(nulls(key), _ -> new ArrayList<>()).add(key);
      }
      for (Map.Entry<Set<Integer>, List<@Nullable Object[]>> some : byNulls.entrySet()) {
        duplicates.addAll(repeated(keys, some.getKey(), some.getValue(), statement));
      }
    });
    return duplicates;
  }

  /** The positions of a key at which it is null. */
  private static Set<Integer> nulls(@Nullable Object[] key) {
    return IntStream.range(0, key.length)
        .filter(i -> key[i] == null)
        .boxed()
        .collect(Collectors.toSet());
  }

  private List<@Nullable Object[]> repeated(
      NewKeys keys, Set<Integer> nulls, List<@Nullable Object[]> values, Execution statement) {
    TableDescriptor table = keys.table();
    List<SqlType> types =
        IntStream.range(0, keys.index().columns().size())
            .mapToObj(i -> table.keyType(keys.index(), i))
            .toList();
    KeyParameters parameters = new KeyParameters(types, values, List.of());
    String sql =
        new DeferrableKeyText(transaction.catalog().snapshot(), table, keys.index())
            .rows(parameters, nulls);
    QueryPlan plan = queries.plan(sql, parameters);
    Set<Long> seen = new HashSet<>();
    List<@Nullable Object[]> repeated = new ArrayList<>();
    try (Execution part = queries.part(statement, parameters);
        Operator operator = Executor.open(plan, part)) {
      for (RowBatch batch = operator.next(); batch != null; batch = operator.next()) {
        for (int row = 0; row < batch.size(); row++) {
          Long place = (Long) Objects.requireNonNull(batch.get(row, 0));
          if (!seen.add(place)) {
            repeated.add(values.get(place.intValue() - 1));
          }
        }
      }
    }
    return repeated;
  }
}
