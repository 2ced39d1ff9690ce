package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.ComputedColumn;
import io.shardforge.sql.catalog.TableDescriptor.Successor;
import io.shardforge.sql.parse.proto.ColumnDef;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.Text;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

  Successors(DdlScope scope, TableDescriptor old, Definitions definitions) {
    this.scope = scope;
    this.old = old;
    this.definitions = definitions;
  }

  /**
   * Notes a column of another type, if its values are the same whoever computes them and no two
   * rows can come to have one key by that.
   */
  void converts(ColumnDescriptor changed, ColumnDef def) {
    boolean inKey =
        old.primaryIndex().columns().stream()
            .anyMatch(key -> key.columnNumber() == changed.number());
    ColumnDescriptor before = old.columns().get(old.ordinalOfNumber(changed.number()));
    boolean oneToOne =
        !def.hasRawDefault() && isInteger(before.type()) && isInteger(changed.type());
    // A sequence follows its column at once, and must not be narrower than that if this fails.
    boolean narrowed = changed.identity() != '\0' && width(changed.type()) < width(before.type());
    if (changed.generated() || narrowed || (inKey && !oneToOne)) {
      return;
    }
    try {
      // What a generated column could have depends on neither the session nor the time.
      String sql =
          def.hasRawDefault()
              ? definitions.generatedText(def.getRawDefault(), changed, old.columns())
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
      values.add(new ComputedColumn(changed.number(), sql));
    } catch (ShardForgeException e) {
      // Then the statement computes it.
      values.clear();
    }
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
   */
  @Nullable Successor of(TableDraft draft, Set<Integer> transformed) {
    boolean settled =
        old.indexes().stream()
                .allMatch(i -> i.state() == IndexDescriptor.State.PUBLIC && i.deferrable() == null)
            && draft.indexes.stream().allMatch(index -> index.deferrable() == null)
            && old.columns().stream().noneMatch(ColumnDescriptor::refusesNull)
            && old.checks().stream().allMatch(CheckDescriptor::valid)
            && old.foreignKeys().stream().allMatch(ForeignKeyDescriptor::valid);
    if (!settled || values.size() != transformed.size()) {
      return null;
    }
    ColumnDescriptor rowId = rowId(old.columns());
    if (rowId != null && rowId(draft.columns) == null) {
      // Until it is known that no two rows have the same key it tells them apart.
      draft.columns.add(
          new ColumnDescriptor(
              draft.nextColumnNumber(), ORIGIN_NAME, rowId.type(), true, null, '\0', 0, true));
    }
    draft.indexes.replaceAll(
        index -> index.primary() ? index : index.withState(IndexDescriptor.State.WRITE_ONLY));
    return new Successor(draft.build(), values);
  }

  private static @Nullable ColumnDescriptor rowId(List<ColumnDescriptor> columns) {
    return columns.stream().filter(ColumnDescriptor::hidden).findFirst().orElse(null);
  }
}
