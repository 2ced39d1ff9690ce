package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ColumnStatistics;
import io.shardforge.sql.catalog.StatisticsDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.CatalogFunctions;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgOperator;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of pg_statistic and pg_stats: what ANALYZE has found out about columns. */
final class ColumnStatisticsTables {
  /** pg_statistic's numbers for what a slot holds. */
  private static final int COMMON_VALUES = 1;

  private static final int HISTOGRAM = 2;

  /** What each value of variable length has in front of it in PostgreSQL, where it is short. */
  private static final int LENGTH_BYTES = 1;

  /** What a value of variable length has around it in a key. */
  private static final int KEY_FRAME_BYTES = 3;

  private ColumnStatisticsTables() {}

  /** A column that was analyzed. */
  private record Analyzed(
      TableDescriptor table,
      ColumnDescriptor column,
      ColumnStatistics statistics,
      KeyValues keyValues) {
    PgType type() {
      return PgTypes.byOid(PgTypes.base(column.type()).oid());
    }

    /** In PostgreSQL's sense: negative as a share of the rows, 0 if it is not known. */
    double distinct() {
      boolean known = keyValues.isKeyable(column.type()) && statistics.nullFraction() < 1;
      return known ? statistics.distinct() : 0;
    }

    /** About as many bytes as PostgreSQL would take, null if that is not known. */
    @Nullable Object width() {
      int fixed = type().row().length();
      if (fixed > 0) {
        return (long) fixed;
      }
      int inKeys = statistics.averageBytes();
      return inKeys == 0
          ? null
          : (Object) (long) Math.max(LENGTH_BYTES, inKeys - KEY_FRAME_BYTES + LENGTH_BYTES);
    }

    @Nullable ArrayValue commonValues() {
      return values(statistics.common().stream().map(ColumnStatistics.Common::value).toList());
    }

    @Nullable ArrayValue commonShares() {
      return statistics.common().isEmpty()
          ? null
          : Cells.array(
              PgOid.FLOAT4,
              statistics.common().stream().map(c -> (double) (float) c.fraction()).toList());
    }

    @Nullable ArrayValue bounds() {
      return values(statistics.bounds());
    }

    private @Nullable ArrayValue values(List<byte[]> keys) {
      if (keys.isEmpty()) {
        return null;
      }
      return Cells.array(
          type().oid(), keys.stream().map(key -> keyValues.ofKey(column.type(), key)).toList());
    }
  }

  private static Stream<Analyzed> analyzed(CatalogSnapshot snapshot, EvalContext context) {
    KeyValues keyValues = context.services().get(KeyValues.class);
    return snapshot.tables().stream()
        .flatMap(table -> {
          StatisticsDescriptor known = snapshot.statistics(table.id());
          return known == null || known.rows() == 0
              ? Stream.empty()
              : table.visibleColumns().stream()
                  .flatMap(column -> {
                    ColumnStatistics statistics = known.column(column.number());
                    return statistics == null
                        ? Stream.empty()
                        : Stream.of(new Analyzed(table, column, statistics, keyValues));
                  });
        });
  }

  static Stream<@Nullable Object[]> statistics(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    return analyzed(snapshot, context)
        .map(a -> {
          Cells row =
              t.row()
                  .set("starelid", a.table.id())
                  .set("staattnum", a.column.number())
                  .set("stanullfrac", (Object) (double) (float) a.statistics.nullFraction())
                  .set("stawidth", a.width() == null ? (Object) 0L : a.width())
                  .set("stadistinct", (Object) (double) (float) a.distinct());
          int slot = 0;
          if (a.commonValues() != null) {
            slot++;
            row.set("stakind" + slot, COMMON_VALUES)
                .set("staop" + slot, operator("=", a.type()))
                .set("stacoll" + slot, a.column.type().collationOid())
                .set("stanumbers" + slot, a.commonShares())
                .set("stavalues" + slot, a.commonValues());
          }
          if (a.bounds() != null) {
            slot++;
            row.set("stakind" + slot, HISTOGRAM)
                .set("staop" + slot, operator("<", a.type()))
                .set("stacoll" + slot, a.column.type().collationOid())
                .set("stavalues" + slot, a.bounds());
          }
          return row.done();
        });
  }

  private static long operator(String name, PgType type) {
    return FunctionRegistry.operators(name).stream()
        .filter(o -> o.leftType() == type.oid() && o.rightType() == type.oid())
        .mapToInt(PgOperator::oid)
        .findFirst()
        .orElse(0);
  }

  /** Of the columns that the current role may read. */
  static Stream<@Nullable Object[]> readable(
      SystemTable t, CatalogSnapshot snapshot, EvalContext context) {
    ObjectDefinitions names = new ObjectDefinitions(snapshot, List.of());
    CatalogFunctions functions = context.services().get(CatalogFunctions.class);
    return analyzed(snapshot, context)
        .filter(a ->
            Boolean.TRUE.equals(
                functions.hasPrivilege(
                    "column", null, (long) a.table.id(), (long) a.column.number(), "SELECT")))
        .map(a ->
            t.row()
                .set("schemaname", names.schemaName(a.table.schemaId()))
                .set("tablename", a.table.name())
                .set("attname", a.column.name())
                .set("inherited", false)
                .set("null_frac", (Object) (double) (float) a.statistics.nullFraction())
                .set("avg_width", a.width())
                .set("n_distinct", (Object) (double) (float) a.distinct())
                .set("most_common_vals", a.commonValues())
                .set("most_common_freqs", a.commonShares())
                .set("histogram_bounds", a.bounds())
                .done());
  }
}
