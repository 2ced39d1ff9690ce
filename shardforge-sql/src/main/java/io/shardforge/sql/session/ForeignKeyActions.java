package io.shardforge.sql.session;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Action;
import io.shardforge.sql.catalog.ForeignKeyText;
import io.shardforge.sql.catalog.KeyParameters;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.Executor;
import io.shardforge.sql.exec.KeyChanges;
import io.shardforge.sql.exec.LostKeys;
import io.shardforge.sql.exec.NewKeys;
import io.shardforge.sql.exec.Operator;
import io.shardforge.sql.exec.ReferredKeys;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What foreign keys make of a statement, when its rows are written: the actions for keys that are
 * gone, which are statements like any others, and then the checks that keys referred to are there.
 *
 * <p>Whoever refers to a key holds a lock of its row that excludes who deletes it, so that one of
 * the two always sees what the other did, whatever its snapshot. What violates a deferred
 * constraint is kept and looked at again before the commit. For the session's thread.
 */
final class ForeignKeyActions {
  private final Session session;
  private final TransactionBlock transaction;
  private final ConstraintQueries queries;
  private final DeferrableKeyChecks deferrableKeys;

  ForeignKeyActions(Session session, TransactionBlock transaction) {
    this.session = session;
    this.transaction = transaction;
    this.queries = new ConstraintQueries(session, transaction);
    this.deferrableKeys = new DeferrableKeyChecks(transaction, queries);
    transaction.constraints().checkedBy(this::recheck);
  }

  /** Works off what the statement did to keys; its writes have been made. */
  void run(Execution statement) {
    KeyChanges changes = statement.keyChangesOrNull();
    if (changes == null) {
      return;
    }
    List<LostKeys> defaulted = new ArrayList<>();
    for (LostKeys lost = changes.nextLost(); lost != null; lost = changes.nextLost()) {
      LostKeys keys = lost;
      inStatement(keys.reference(), text -> changes.addAll(act(keys, text, statement)));
      if (keys.action() == Action.SET_DEFAULT) {
        defaulted.add(keys);
      }
    }
    for (NewKeys made : changes.made()) {
      deferrableKeys.check(made, statement);
    }
    for (ReferredKeys referred : changes.referred()) {
      check(referred, statement);
    }
    // A default that is the very key which is gone has changed nothing.
    for (LostKeys keys : defaulted) {
      inStatement(
          keys.reference(), text -> refuse(text, keys.reference(), keys.before(), statement));
    }
  }

  // ---- keys that are gone ----

  /** One statement about a foreign key as the catalog has it now. */
  @FunctionalInterface
  private interface Part {
    void run(ForeignKeyText text);
  }

  /** Does a part of the work on rows as they are now, again if they change meanwhile. */
  private void inStatement(Reference known, Part part) {
    queries.onNewestRows(() -> {
      Reference reference = current(known);
      if (reference != null) {
        part.run(new ForeignKeyText(transaction.catalog().snapshot(), reference));
      }
    });
  }

  /** The foreign key in the catalog of the moment, null if it has been dropped. */
  private @Nullable Reference current(Reference known) {
    CatalogSnapshot catalog = transaction.catalog().snapshot();
    for (Reference reference : catalog.referencesTo(known.key().referencedTable())) {
      if (reference.key().oid() == known.key().oid()) {
        queries.requireCurrent(reference.table());
        return reference;
      }
    }
    return null;
  }

  private KeyChanges act(LostKeys keys, ForeignKeyText text, Execution statement) {
    return switch (keys.action()) {
      case NO_ACTION, RESTRICT -> {
        boolean mayReturn = keys.action() == Action.NO_ACTION;
        List<String> values =
            firstReferredTo(text, keys.reference(), keys.before(), mayReturn, statement);
        boolean waits =
            mayReturn && !values.isEmpty() && isPutOff(keys.reference(), true, keys.before());
        if (!values.isEmpty() && !waits) {
          throw text.stillReferenced(values, session.access());
        }
        yield new KeyChanges();
      }
      case CASCADE -> {
        KeyParameters moved = parameters(keys, keys.after());
        yield change(
            keys.after().isEmpty() ? text.deletion(moved) : text.renumbering(moved),
            moved,
            statement);
      }
      case SET_NULL -> reset(keys, text, "NULL", statement);
      case SET_DEFAULT -> reset(keys, text, "DEFAULT", statement);
    };
  }

  /** Fails if rows refer to keys that are not there again. */
  private void refuse(
      ForeignKeyText text,
      Reference reference,
      List<@Nullable Object[]> keys,
      Execution statement) {
    List<String> values = firstReferredTo(text, reference, keys, true, statement);
    if (!values.isEmpty()) {
      throw text.stillReferenced(values, session.access());
    }
  }

  private KeyParameters parameters(LostKeys keys, List<@Nullable Object[]> after) {
    return new KeyParameters(types(keys.reference()), keys.before(), after);
  }

  private KeyChanges reset(LostKeys keys, ForeignKeyText text, String value, Execution statement) {
    KeyParameters lost = parameters(keys, List.of());
    return change(text.resetting(lost, keys.columnsToSet(), value), lost, statement);
  }

  private KeyChanges change(String sql, KeyParameters parameters, Execution statement) {
    try (Execution part = queries.part(statement, parameters);
        Operator operator = Executor.open(queries.plan(sql, parameters), part)) {
      while (operator.next() != null) {
        // Everything is written at the first pull.
      }
      part.finish();
      KeyChanges changes = part.keyChangesOrNull();
      return changes == null ? new KeyChanges() : changes;
    }
  }

  // ---- keys that are referred to ----

  private void check(ReferredKeys referred, Execution statement) {
    List<@Nullable Object[]> missing = missing(referred);
    if (!missing.isEmpty() && !isPutOff(referred.reference(), false, missing)) {
      requirePresence(referred.reference(), missing, statement);
    }
  }

  /** Locks the rows that are referred to; the keys of those that are not there. */
  private List<@Nullable Object[]> missing(ReferredKeys referred) {
    Txn txn = transaction.txn();
    if (referred.isEmpty()) {
      return List.of();
    }
    if (referred.readsEntries() && txn.isolation() == Isolation.READ_COMMITTED) {
      txn.beginStatement(session.statementDeadline(), session.settings().lockTimeout());
    }
    return referred.lock(txn);
  }

  /** Fails if rows refer to keys that were missing. */
  private void requirePresence(
      Reference reference, List<@Nullable Object[]> missing, Execution statement) {
    if (missing.isEmpty()) {
      return;
    }
    // The row may be gone again, by an action that came after it was written.
    transaction.txn().finishStatement(false);
    inStatement(
        reference,
        text -> {
          List<String> values = firstReferredTo(text, reference, missing, false, statement);
          if (!values.isEmpty()) {
            throw text.notPresent(values, session.access());
          }
        });
  }

  // ---- deferred constraints ----

  /** Keeps keys that violate a constraint for later, if it is deferred. */
  private boolean isPutOff(Reference reference, boolean lost, List<@Nullable Object[]> keys) {
    DeferredConstraints constraints = transaction.constraints();
    boolean deferred = constraints.isDeferred(reference.key().oid(), reference.key().timing());
    if (deferred) {
      constraints.add(new DeferredConstraints.Unmatched(reference, lost, keys));
    }
    return deferred;
  }

  /** Fails if what deferred constraints found wrong still is. */
  private void recheck(List<DeferredConstraints.Violation> violations) {
    for (DeferredConstraints.Violation violation : violations) {
      try (Execution statement = session.newExecution(new Object[0])) {
        switch (violation) {
          case DeferredConstraints.Duplicates duplicates ->
              deferrableKeys.recheck(duplicates, statement);
          case DeferredConstraints.Unmatched unmatched when unmatched.lost() ->
              inStatement(
                  unmatched.reference(),
                  text -> refuse(text, unmatched.reference(), unmatched.keys(), statement));
          case DeferredConstraints.Unmatched unmatched -> recheckPresence(unmatched, statement);
        }
      }
    }
  }

  private void recheckPresence(DeferredConstraints.Unmatched violation, Execution statement) {
    transaction.txn().beginStatement(session.statementDeadline(), session.settings().lockTimeout());
    Reference reference = current(violation.reference());
    if (reference != null) {
      ReferredKeys keys =
          new ReferredKeys(transaction.catalog().snapshot(), reference, statement.memory());
      violation.keys().forEach(keys::addKey);
      requirePresence(reference, missing(keys), statement);
    }
  }

  // ---- queries ----

  /** The first key that rows refer to, as text; empty if there is none. */
  private List<String> firstReferredTo(
      ForeignKeyText text,
      Reference reference,
      List<@Nullable Object[]> keys,
      boolean unlessThere,
      Execution statement) {
    List<SqlType> types = types(reference);
    KeyParameters parameters = new KeyParameters(types, keys, List.of());
    List<String> values = new ArrayList<>();
    try (Execution part = queries.part(statement, parameters);
        Operator operator =
            Executor.open(
                queries.plan(text.firstReferredTo(parameters, unlessThere), parameters), part)) {
      RowBatch batch = operator.next();
      for (int i = 0; batch != null && i < types.size(); i++) {
        values.add(
            PgTypes.byOid(types.get(i).oid())
                .format(Objects.requireNonNull(batch.get(0, i)), session.typeContext()));
      }
    }
    return values;
  }

  /** The types of the referenced columns. */
  private List<SqlType> types(Reference reference) {
    TableDescriptor referenced =
        ForeignKeyText.referenced(transaction.catalog().snapshot(), reference);
    return reference.key().referencedColumns().stream()
        .map(number -> referenced.columns().get(referenced.ordinalOfNumber(number)))
        .map(ColumnDescriptor::type)
        .toList();
  }
}
