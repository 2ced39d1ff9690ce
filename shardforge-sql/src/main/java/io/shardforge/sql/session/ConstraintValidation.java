package io.shardforge.sql.session;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.ForeignKeyText;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.TransactionCatalog;
import io.shardforge.sql.ddl.ExpressionBinder.Place;
import io.shardforge.sql.ddl.RowConstraints;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.ReferredKeys;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.row.RowReader;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A look at all rows of a table for a new CHECK, FOREIGN KEY or NOT NULL, which is in force for
 * whatever is written since before the first look. So a row that was right once stays right, and
 * nothing is locked.
 */
final class ConstraintValidation implements TableJobWork {
  private final Session session;
  private final SessionFactory.Services services;
  private final TableJobAttempt attempt;

  ConstraintValidation(Session session, TableJobAttempt attempt) {
    this.session = session;
    this.services = session.services();
    this.attempt = attempt;
  }

  @Override
  public boolean advance() {
    int rows = 0;
    byte[] last = Bytes.EMPTY;
    Txn txn = attempt.begin();
    try {
      TransactionCatalog catalog = services.catalog().open(attempt.job().databaseId(), txn);
      CatalogSnapshot snapshot = catalog.snapshot();
      if (!(snapshot.relation(attempt.job().tableId()) instanceof TableDescriptor table)) {
        throw gone();
      }
      if (!attempt.isInPlace(table)) {
        return true;
      }
      long bytes = 0;
      RowReader reader = RowCodec.of(table).reader();
      try (Execution execution = session.newExecution(txn, snapshot);
          KvCursor cursor = txn.scan(attempt.rest(table), false, TableJobAttempt.ROWS_MAX)) {
        Judge judge = judge(table, snapshot, execution);
        while (rows < TableJobAttempt.ROWS_MAX && bytes < TableJobAttempt.BYTES_MAX) {
          KvPage page = cursor.next();
          if (page == null) {
            break;
          }
          for (int i = 0; i < page.rows(); i++) {
            last = page.key(i);
            judge.row.accept(reader.read(last, page.value(i)));
          }
          rows += page.rows();
          bytes += page.sizeBytes();
        }
        judge.end.run();
      }
    } finally {
      txn.rollback();
    }
    if (rows == 0) {
      return false;
    }
    attempt.advanced(Bytes.successor(last), rows);
    return true;
  }

  /**
   * What rows are held to.
   *
   * @param row takes each row
   * @param end is run after some of them
   */
  private record Judge(Consumer<@Nullable Object[]> row, Runnable end) {}

  private Judge judge(TableDescriptor table, CatalogSnapshot snapshot, Execution execution) {
    return switch (attempt.job().kind()) {
      case CHECK -> {
        List<CheckDescriptor> checks = table.checks().stream().filter(this::isMeant).toList();
        if (checks.isEmpty()) {
          throw gone();
        }
        yield new Judge(constraints(table, snapshot, checks, List.of(), execution), () -> {});
      }
      case NOT_NULL -> {
        ColumnDescriptor column = column(table);
        if (column == null) {
          throw gone();
        }
        yield new Judge(
            constraints(table, snapshot, List.of(), List.of(column.number()), execution), () -> {});
      }
      case FOREIGN_KEY -> {
        ForeignKeyDescriptor key =
            table.foreignKeys().stream().filter(this::isMeant).findFirst().orElseThrow(this::gone);
        Reference reference = new Reference(table, key);
        ReferredKeys keys = new ReferredKeys(snapshot, reference, execution.memory());
        yield new Judge(
            keys::add,
            () -> {
              List<@Nullable Object[]> missing = keys.missing(execution.txn());
              if (!missing.isEmpty()) {
                throw new ForeignKeyText(snapshot, reference)
                    .notPresent(texts(keys.types(), missing.getFirst(), execution));
              }
            });
      }
      case INDEX, REINDEX, REWRITE ->
          throw new IllegalStateException("no constraint: " + attempt.job().kind());
    };
  }

  private Consumer<@Nullable Object[]> constraints(
      TableDescriptor table,
      CatalogSnapshot snapshot,
      List<CheckDescriptor> checks,
      List<Integer> notNull,
      Execution execution) {
    SchemaDescriptor schema = snapshot.schema(table.schemaId());
    RowConstraints constraints =
        new RowConstraints(
            table,
            schema == null ? "" : schema.name(),
            checks,
            checks.stream()
                .map(check ->
                    services
                        .expressions()
                        .bindText(
                            check.sql(),
                            Place.CHECK,
                            snapshot,
                            table.columns(),
                            SqlType.of(PgOid.BOOL)))
                .toList(),
            notNull);
    return row -> constraints.require(row, execution);
  }

  private static List<String> texts(
      List<SqlType> types, @Nullable Object[] values, Execution execution) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      texts.add(
          PgTypes.byOid(types.get(i).oid())
              .format(Objects.requireNonNull(values[i]), execution.typeContext()));
    }
    return texts;
  }

  private boolean isMeant(CheckDescriptor check) {
    return check.oid() == attempt.job().oid();
  }

  private boolean isMeant(ForeignKeyDescriptor key) {
    return key.oid() == attempt.job().oid();
  }

  /** The column that is to be NOT NULL; null if it is not to be any more. */
  private @Nullable ColumnDescriptor column(TableDescriptor table) {
    return table.columns().stream()
        .filter(c -> c.number() == attempt.job().subject() && c.isRequired())
        .findFirst()
        .orElse(null);
  }

  /** Whoever keeps a constraint that is gone does no harm: no floor is needed. */
  @Override
  public @Nullable TableDescriptor concluded(
      Txn txn, TransactionCatalog catalog, TableDescriptor table, boolean whole) {
    return switch (attempt.job().kind()) {
      case CHECK ->
          table.checks().stream().noneMatch(this::isMeant)
              ? null
              : table.withChecks(
                  concluded(table.checks(), this::isMeant, whole, c -> c.withValid(true)));
      case FOREIGN_KEY ->
          table.foreignKeys().stream().noneMatch(this::isMeant)
              ? null
              : table.withForeignKeys(
                  concluded(table.foreignKeys(), this::isMeant, whole, k -> k.withValid(true)));
      case NOT_NULL -> {
        ColumnDescriptor column = column(table);
        if (column == null) {
          yield null;
        }
        List<ColumnDescriptor> columns = new ArrayList<>(table.columns());
        columns.replaceAll(
            c -> c.number() == column.number() ? c.withNotNull(whole || c.notNull()) : c);
        yield table.withColumns(columns);
      }
      case INDEX, REINDEX, REWRITE ->
          throw new IllegalStateException("no constraint: " + attempt.job().kind());
    };
  }

  private static <T> List<T> concluded(
      List<T> constraints, Predicate<T> meant, boolean whole, UnaryOperator<T> valid) {
    List<T> others = new ArrayList<>(constraints);
    if (whole) {
      others.replaceAll(one -> meant.test(one) ? valid.apply(one) : one);
    } else {
      others.removeIf(meant);
    }
    return others;
  }

  @Override
  public ShardForgeException gone() {
    String what =
        attempt.job().kind() == TableJob.Kind.NOT_NULL ? "NOT NULL of column \"" : "constraint \"";
    return new ShardForgeException(
        ErrorCode.UNDEFINED_OBJECT,
        what
            + attempt.job().objectName()
            + "\" of relation \""
            + attempt.job().tableName()
            + "\" was dropped while rows were held to it");
  }
}
