package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.TableDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table by lot, each as likely as any other. The whole table is read, but only rows of
 * the sample are decoded.
 *
 * @param tableRows rows of the whole table
 * @see <a href="https://doi.org/10.1145/3147.3165">Vitter, Random sampling with a reservoir</a>
 */
record TableSample(List<@Nullable Object[]> rows, long tableRows) {
  /** Rows of a sample. */
  static final int ROWS_MAX = 30_000;

  static TableSample take(DdlScope scope, TableDescriptor table) {
    Reservoir reservoir = new Reservoir(table.id());
    long rows = new TableScan(scope, table).forEach(reservoir, reservoir::add);
    return new TableSample(reservoir.rows, rows);
  }

  /** A sample of what has been read so far. The same table gives the same sample again. */
  private static final class Reservoir implements TableScan.Choice {
    private final SplittableRandom lot;
    private final List<@Nullable Object[]> rows = new ArrayList<>();
    private int place;

    Reservoir(long seed) {
      lot = new SplittableRandom(seed);
    }

    @Override
    public boolean wants(long before) {
      if (before < ROWS_MAX) {
        place = (int) before;
        return true;
      }
      long drawn = lot.nextLong(before + 1);
      place = (int) Math.min(drawn, ROWS_MAX);
      return drawn < ROWS_MAX;
    }

    void add(@Nullable Object[] row) {
      if (place == rows.size()) {
        rows.add(row.clone());
      } else {
        rows.set(place, row.clone());
      }
    }
  }
}
