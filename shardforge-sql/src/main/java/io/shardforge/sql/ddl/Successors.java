package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.ComputedColumn;
import io.shardforge.sql.catalog.TableDescriptor.Successor;
import io.shardforge.sql.catalog.TableJobs;
import io.shardforge.sql.expr.Constant;
import io.shardforge.sql.parse.proto.ColumnDef;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.Text;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The making of a form that a table's rows can be written in beside those who write the table. For
 * one statement.
 */
final class Successors {
  private static final String ORIGIN_NAME = "shardforge_origin";

  private final DdlScope scope;
  private final TableDescriptor old;
  private final Definitions definitions;
  private final List<ComputedColumn> values = new ArrayList<>();

  /** The numbers of columns of which two values that differ may become the same. */
  private final Set<Integer> blurred = new HashSet<>();

  private boolean withinStatement;

  Successors(DdlScope scope, TableDescriptor old, Definitions definitions) {
    this.scope = scope;
    this.old = old;
    this.definitions = definitions;
  }

  /** Notes a part that can be done by nobody but the statement, with writers waiting. */
  void requireWithinStatement() {
    withinStatement = true;
  }

  /** Notes a column of another type, if its values are the same whoever computes them. */
  void converts(ColumnDescriptor changed, ColumnDef def) {
    ColumnDescriptor before = old.columns().get(old.ordinalOfNumber(changed.number()));
    if (def.hasRawDefault() || !isInteger(before.type()) || !isInteger(changed.type())) {
      blurred.add(changed.number());
    }
    // A sequence follows its column at once, and must not be narrower than that if this fails.
    withinStatement |= changed.identity() != '\0' && width(changed.type()) < width(before.type());
    if (changed.generated()) {
      generates(changed);
      return;
    }
    try {
      // What a generated column could have depends on neither the session nor the time.
      String sql =
          def.hasRawDefault()
              ? definitions.generatedText(
                  definitions.unqualified(def.getRawDefault(), old.schemaId(), old.name()),
                  changed,
                  old.columns())
              : Text.quoteIdentifier(changed.name());
      var _ =
          scope
              .context()
              .expressions()
              .bindText(
                  sql,
                  ExpressionBinder.Place.GENERATED,
                  scope.snapshot(),
                  old.columns(),
                  changed.type());
      values.add(new ComputedColumn(changed.number(), sql, false));
    } catch (ShardForgeException e) {
      requireWithinStatement();
    }
  }

  /** Whether no two values of a column become the same. */
  boolean keepsApart(int column) {
    return !blurred.contains(column);
  }

  /** Notes a generated column that is new or has another expression. */
  void generates(ColumnDescriptor column) {
    values.add(
        new ComputedColumn(column.number(), Objects.requireNonNull(column.defaultSql()), false));
  }

  /** Notes a new column with a default that may be another value for each row. */
  void fills(ColumnDescriptor column) {
    values.add(
        new ComputedColumn(
            column.number(), Objects.requireNonNull(definitions.defaultOf(column)), true));
  }

  private static int width(SqlType integer) {
    return integer.oid() == PgOid.INT2
        ? Short.BYTES
        : integer.oid() == PgOid.INT4 ? Integer.BYTES : Long.BYTES;
  }

  private static boolean isInteger(SqlType type) {
    return type.oid() == PgOid.INT2 || type.oid() == PgOid.INT4 || type.oid() == PgOid.INT8;
  }

  /**
   * The successor that a changed table is; null if its rows must be written by the statement.
   *
   * @param transformed the numbers of columns that are computed
   * @param constants by number, what all rows have in new columns
   */
  @Nullable Successor of(
      TableDraft draft, Set<Integer> transformed, Map<Integer, Constant> constants) {
    Set<Integer> computed = values.stream().map(ComputedColumn::number).collect(Collectors.toSet());
    if (withinStatement
        || !isSettled(draft)
        || !computed.equals(transformed)
        || draft.indexes.stream().anyMatch(this::takesName)) {
      return null;
    }
    Set<Integer> kept =
        values.stream()
            .filter(ComputedColumn::kept)
            .map(ComputedColumn::number)
            .collect(Collectors.toSet());
    Set<Integer> key = numbers(draft.indexes.getFirst());
    boolean apart = rowId(draft.columns) != null || isKeptApart(key);
    if (key.stream().anyMatch(kept::contains) || (!apart && !kept.isEmpty())) {
      // What is there of a row could not be found.
      return null;
    }
    draft.dataId = scope.catalog().newId();
    draft.columns.replaceAll(column -> column.withMissing(null));
    constants.forEach((number, constant) -> {
      Object value = constant.value();
      if (value != null) {
        draft.changeColumn(number, c -> c.withMissing(RowCodec.missing(c.type(), value)));
      }
    });
    if (!apart) {
      // Until it is known that no two rows have the same key this tells them apart.
      draft.columns.add(
          new ColumnDescriptor(
              draft.nextColumnNumber(),
              ORIGIN_NAME,
              SqlType.of(PgOid.UUID),
              true,
              null,
              '\0',
              0,
              true));
    }
    draft.indexes.replaceAll(
        index -> index.primary() ? index : index.withState(IndexDescriptor.State.WRITE_ONLY));
    return new Successor(draft.build(), values);
  }

  /** Whether an index is to have the name of one that goes, which keeps it until the end. */
  private boolean takesName(IndexDescriptor index) {
    return old.indexes().stream()
        .anyMatch(one -> one.name().equals(index.name()) && one.oid() != index.oid());
  }

  /** Whether nothing else is going on with the table, and no key may be there twice. */
  private boolean isSettled(TableDraft draft) {
    return old.indexes().stream()
            .allMatch(i -> i.state() == IndexDescriptor.State.PUBLIC && i.deferrable() == null)
        && draft.indexes.stream().allMatch(index -> index.deferrable() == null)
        && old.columns().stream().noneMatch(ColumnDescriptor::refusesNull)
        && TableJobs.all(scope.txn()).stream()
            .noneMatch(job -> !job.isEnded() && job.tableId() == old.id());
  }

  /** Whether a key has all of what tells rows apart so far. */
  private boolean isKeptApart(Set<Integer> key) {
    Set<Integer> before = numbers(old.primaryIndex());
    return rowId(old.columns()) == null
        && key.containsAll(before)
        && before.stream().allMatch(this::keepsApart);
  }

  private static Set<Integer> numbers(IndexDescriptor index) {
    return index.columns().stream().map(KeyColumn::columnNumber).collect(Collectors.toSet());
  }

  private static @Nullable ColumnDescriptor rowId(List<ColumnDescriptor> columns) {
    return columns.stream().filter(ColumnDescriptor::hidden).findFirst().orElse(null);
  }
}
