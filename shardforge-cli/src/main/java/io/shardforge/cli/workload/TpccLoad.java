package io.shardforge.cli.workload;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * TPC-C: orders, payments and deliveries of warehouses, in a schema of their own. Terminals work as
 * fast as the cluster lets them, so that its figures are none of the standard's.
 */
final class TpccLoad implements Workload {
  static final String SCHEMA = "workload_tpcc";

  private static final long SEED = 1;
  private static final int DIGITS = 2;

  private final long warehouses;
  private final boolean small;
  private final Map<TpccTerminal.Kind, Histogram> micros = new EnumMap<>(TpccTerminal.Kind.class);

  /**
   * @param small whether there is a hundredth of all items and customers, for a quick try
   */
  TpccLoad(long warehouses, boolean small) {
    this.warehouses = warehouses;
    this.small = small;
    for (TpccTerminal.Kind kind : TpccTerminal.Kind.values()) {
      micros.put(kind, new ConcurrentHistogram(DIGITS));
    }
  }

  boolean isSmall() {
    return small;
  }

  @Override
  public long rows() {
    return warehouses;
  }

  @Override
  public List<String> dropping() {
    return List.of("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
  }

  @Override
  public List<String> schema() {
    List<String> statements =
        new ArrayList<>(List.of("CREATE SCHEMA " + SCHEMA, "SET search_path = " + SCHEMA));
    statements.addAll(List.of(text("tpcc-schema.sql").strip().split(";\\s*", -1)));
    statements.removeIf(String::isBlank);
    return statements;
  }

  @Override
  public void fill(Connection connection, long from, long to) throws SQLException {
    TpccData data = new TpccData(SEED + from, small);
    if (from == 1) {
      data.items(connection);
    }
    for (long warehouse = from; warehouse <= to; warehouse++) {
      data.warehouse(connection, (int) warehouse);
    }
    if (to == warehouses) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("ANALYZE");
      }
    }
  }

  @Override
  public Step client(Connection connection, Random random) throws SQLException {
    return new TpccTerminal(connection, this, random);
  }

  /** A transaction is done. */
  void done(TpccTerminal.Kind kind, long nanos) {
    histogram(kind).recordValue(nanos / 1_000);
  }

  private Histogram histogram(TpccTerminal.Kind kind) {
    return Objects.requireNonNull(micros.get(kind));
  }

  @Override
  public void tell(PrintStream out, double seconds) {
    out.println("transaction      times   p50 ms   p95 ms   p99 ms");
    for (TpccTerminal.Kind kind : TpccTerminal.Kind.values()) {
      Histogram times = histogram(kind);
      out.println(
          "%-12s  %8d  %7.2f  %7.2f  %7.2f"
              .formatted(
                  kind.words(),
                  times.getTotalCount(),
                  times.getValueAtPercentile(50) / 1000.0,
                  times.getValueAtPercentile(95) / 1000.0,
                  times.getValueAtPercentile(99) / 1000.0));
    }
    out.println(
        "%.1f new orders a minute (tpmC), without the waiting times of the standard"
            .formatted(histogram(TpccTerminal.Kind.NEW_ORDER).getTotalCount() * 60 / seconds));
  }

  /** The consistency conditions, by their number in the standard. */
  @Override
  public List<Condition> conditions() {
    List<Condition> conditions = new ArrayList<>();
    for (String part : text("tpcc-checks.sql").split("-- (?=\\d)", -1)) {
      int line = part.indexOf('\n');
      if (part.substring(0, Math.max(0, line)).matches("\\d+")) {
        String query = part.substring(line).strip().replaceFirst(";$", "");
        conditions.add(
            new Condition(
                "condition " + part.substring(0, line),
                query.replaceFirst("select count\\(\\*\\)", "select count(*) = 0")));
      }
    }
    return conditions;
  }

  @Override
  public String searchPath() {
    return SCHEMA;
  }

  private static String text(String resource) {
    try (InputStream in = TpccLoad.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource + " is not in the program").readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
