import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The five transactions of TPC-C by prepared statements, without waiting times: terminals work as fast
 * as the server lets them, and run a transaction again that failed with 40001 or 40P01.
 *
 * <p>Arguments: address, directory of the SQL files, warehouses, terminals, seconds, isolation, "load"
 * or "loaded". Afterwards the consistency conditions are counted; what breaks one is an exit code of 1.
 */
final class Tpcc {
  /** The part of the time that comes before what is counted. */
  private static final int WARM_UP_PARTS = 6;

  private static final String ORDER_LINE =
      "insert into order_line values (?, ?, ?, ?, ?, ?, null, ?, ?, ?)";

  private final String url;
  private final int warehouses;
  private final String isolation;
  private final long startNanos;
  private final long endNanos;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicInteger retries = new AtomicInteger();
  private final Map<Kind, List<Long>> times = new HashMap<>();

  /** A transaction and how many of a hundred are such. */
  enum Kind {
    NEW_ORDER(45),
    PAYMENT(43),
    ORDER_STATUS(4),
    DELIVERY(4),
    STOCK_LEVEL(4);

    final int share;

    Kind(int share) {
      this.share = share;
    }
  }

  private Tpcc(String url, int warehouses, int seconds, String isolation) {
    this.url = url;
    this.warehouses = warehouses;
    this.isolation = isolation;
    long now = System.nanoTime();
    long length = seconds * 1_000_000_000L;
    this.startNanos = now + length / WARM_UP_PARTS;
    this.endNanos = startNanos + length;
    for (Kind kind : Kind.values()) {
      times.put(kind, new ArrayList<>());
    }
  }

  public static void main(String[] arguments) throws Exception {
    String url = arguments[0];
    Path directory = Path.of(arguments[1]);
    int warehouses = Integer.parseInt(arguments[2]);
    int terminals = Integer.parseInt(arguments[3]);
    int seconds = Integer.parseInt(arguments[4]);
    if (arguments[6].equals("load")) {
      load(url, directory, warehouses);
    }
    Tpcc run = new Tpcc(url, warehouses, seconds, arguments[5]);
    run.run(terminals, seconds);
    if (!check(url, directory)) {
      System.exit(1);
    }
  }

  private static void load(String url, Path directory, int warehouses) throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(Files.readString(directory.resolve("schema.sql")));
      new TpccData(1).load(connection, warehouses);
      statement.execute("analyze");
    }
  }

  private void run(int terminals, int seconds) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < terminals; i++) {
      int number = i;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (Connection connection = DriverManager.getConnection(url)) {
                      new Terminal(connection, number).work();
                    } catch (SQLException | RuntimeException e) {
                      failure.compareAndSet(null, e);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a terminal failed", failure.get());
    }
    int all = 0;
    System.out.println("| transaction | times | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|");
    for (Kind kind : Kind.values()) {
      long[] sorted = times.get(kind).stream().mapToLong(Long::longValue).sorted().toArray();
      all += sorted.length;
      System.out.printf(
          "| %s | %d | %.2f | %.2f | %.2f |%n",
          kind, sorted.length, at(sorted, 50), at(sorted, 95), at(sorted, 99));
    }
    System.out.printf(
        "%s, %d warehouses, %d terminals: %.0f transactions a minute, %.0f new orders a minute, %d run again%n",
        isolation,
        warehouses,
        terminals,
        all * 60.0 / seconds,
        times.get(Kind.NEW_ORDER).size() * 60.0 / seconds,
        retries.get());
  }

  private static double at(long[] sorted, int percent) {
    return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) * percent / 100] / 1e6;
  }

  private static boolean check(String url, Path directory) throws SQLException, IOException {
    boolean good = true;
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      String[] parts = Files.readString(directory.resolve("checks.sql")).split("-- (?=\\d)");
      for (String part : Arrays.asList(parts).subList(1, parts.length)) {
        int line = part.indexOf('\n');
        try (ResultSet rows = statement.executeQuery(part.substring(line))) {
          rows.next();
          if (rows.getLong(1) != 0) {
            good = false;
            System.out.println("condition " + part.substring(0, line) + " is broken " + rows.getLong(1) + " times");
          }
        }
      }
    }
    System.out.println(good ? "all consistency conditions hold" : "NOT CONSISTENT");
    return good;
  }

  /** One client with a warehouse of its own. */
  private final class Terminal {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final TpccData data;
    private final int home;
    private final Map<Kind, List<Long>> own = new HashMap<>();

    Terminal(Connection connection, int number) throws SQLException {
      this.connection = connection;
      this.data = new TpccData(1000L + number);
      this.home = number % warehouses + 1;
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("set session characteristics as transaction isolation level " + isolation);
      }
      connection.commit();
      for (Kind kind : Kind.values()) {
        own.put(kind, new ArrayList<>());
      }
    }

    void work() throws SQLException {
      while (System.nanoTime() < endNanos && failure.get() == null) {
        Kind kind = pick();
        long began = System.nanoTime();
        // The same input each time that it has to be run again.
        long seed = data.number(0, Integer.MAX_VALUE - 1);
        while (!attempt(kind, seed)) {
          if (began > startNanos) {
            retries.incrementAndGet();
          }
        }
        if (began > startNanos) {
          own.get(kind).add(System.nanoTime() - began);
        }
      }
      synchronized (times) {
        own.forEach((kind, list) -> times.get(kind).addAll(list));
      }
    }

    private Kind pick() {
      int at = data.number(0, 99);
      for (Kind kind : Kind.values()) {
        at -= kind.share;
        if (at < 0) {
          return kind;
        }
      }
      throw new AssertionError("shares");
    }

    private boolean attempt(Kind kind, long seed) throws SQLException {
      TpccData input = new TpccData(seed);
      try {
        switch (kind) {
          case NEW_ORDER -> newOrder(input);
          case PAYMENT -> payment(input);
          case ORDER_STATUS -> orderStatus(input);
          case DELIVERY -> delivery(input);
          case STOCK_LEVEL -> stockLevel(input);
        }
        return true;
      } catch (SQLException e) {
        connection.rollback();
        if ("40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState())) {
          return false;
        }
        throw e;
      }
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
      PreparedStatement statement = statements.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql);
        statements.put(sql, statement);
      }
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    }

    private ResultSet one(String sql, Object... values) throws SQLException {
      ResultSet rows = prepare(sql, values).executeQuery();
      if (!rows.next()) {
        throw new IllegalStateException("no row: " + sql + " " + Arrays.toString(values));
      }
      return rows;
    }

    private int change(String sql, Object... values) throws SQLException {
      return prepare(sql, values).executeUpdate();
    }

    private int otherWarehouse(TpccData input) {
      int other = input.number(1, warehouses);
      return other == home && warehouses > 1 ? home % warehouses + 1 : other;
    }

    private void newOrder(TpccData input) throws SQLException {
      int district = input.number(1, TpccData.DISTRICTS);
      int customer = input.customer();
      int lines = input.number(5, 15);
      boolean rolledBack = input.number(1, 100) == 1;
      int[] items = new int[lines];
      int[] suppliers = new int[lines];
      boolean local = true;
      for (int i = 0; i < lines; i++) {
        items[i] = rolledBack && i == lines - 1 ? TpccData.ITEMS + 1 : input.item();
        suppliers[i] = input.number(1, 100) == 1 ? otherWarehouse(input) : home;
        local &= suppliers[i] == home;
      }
      // A run of this that failed may have left some.
      prepare(ORDER_LINE).clearBatch();
      one("select w_tax from warehouse where w_id = ?", home);
      int order =
          one(
                  "update district set d_next_o_id = d_next_o_id + 1 where d_w_id = ? and d_id = ?"
                      + " returning d_next_o_id - 1, d_tax",
                  home,
                  district)
              .getInt(1);
      one(
          "select c_discount, c_last, c_credit from customer where c_w_id = ? and c_d_id = ? and c_id = ?",
          home,
          district,
          customer);
      change(
          "insert into orders values (?, ?, ?, ?, localtimestamp, null, ?, ?)",
          home,
          district,
          order,
          customer,
          lines,
          local ? 1 : 0);
      change("insert into new_order values (?, ?, ?)", home, district, order);
      for (int i = 0; i < lines; i++) {
        ResultSet item = prepare("select i_price, i_name, i_data from item where i_id = ?", items[i]).executeQuery();
        if (!item.next()) {
          connection.rollback();
          return;
        }
        BigDecimal price = item.getBigDecimal(1);
        int quantity = input.number(1, 10);
        ResultSet stock =
            one(
                "select s_quantity, s_dist[?], s_data from stock where s_w_id = ? and s_i_id = ? for update",
                district,
                suppliers[i],
                items[i]);
        int left = stock.getInt(1);
        String info = stock.getString(2);
        change(
            "update stock set s_quantity = ?, s_ytd = s_ytd + ?, s_order_cnt = s_order_cnt + 1,"
                + " s_remote_cnt = s_remote_cnt + ? where s_w_id = ? and s_i_id = ?",
            left - quantity >= 10 ? left - quantity : left - quantity + 91,
            quantity,
            suppliers[i] == home ? 0 : 1,
            suppliers[i],
            items[i]);
        PreparedStatement line =
            prepare(
                ORDER_LINE,
                home,
                district,
                order,
                i + 1,
                items[i],
                suppliers[i],
                quantity,
                price.multiply(BigDecimal.valueOf(quantity)),
                info);
        line.addBatch();
      }
      prepare(ORDER_LINE).executeBatch();
      connection.commit();
    }

    /** A customer by number or, as three of five times, by name: the one in the middle. */
    private int customer(TpccData input, int warehouse, int district) throws SQLException {
      if (input.number(1, 100) > 60) {
        return input.customer();
      }
      List<Integer> found = new ArrayList<>();
      String name = input.lastName();
      try (ResultSet rows =
          prepare(
                  "select c_id from customer where c_w_id = ? and c_d_id = ? and c_last = ? order by c_first",
                  warehouse,
                  district,
                  name)
              .executeQuery()) {
        while (rows.next()) {
          found.add(rows.getInt(1));
        }
      }
      return found.isEmpty() ? input.customer() : found.get((found.size() - 1) / 2);
    }

    private void payment(TpccData input) throws SQLException {
      int district = input.number(1, TpccData.DISTRICTS);
      BigDecimal amount = BigDecimal.valueOf(input.number(100, 500_000), 2);
      boolean remote = input.number(1, 100) > 85;
      int warehouse = remote ? otherWarehouse(input) : home;
      int ofDistrict = remote ? input.number(1, TpccData.DISTRICTS) : district;
      String names =
          one("update warehouse set w_ytd = w_ytd + ? where w_id = ? returning w_name", amount, home).getString(1)
              + "    "
              + one(
                      "update district set d_ytd = d_ytd + ? where d_w_id = ? and d_id = ? returning d_name",
                      amount,
                      home,
                      district)
                  .getString(1);
      int customer = customer(input, warehouse, ofDistrict);
      String credit =
          one(
                  "update customer set c_balance = c_balance - ?, c_ytd_payment = c_ytd_payment + ?,"
                      + " c_payment_cnt = c_payment_cnt + 1 where c_w_id = ? and c_d_id = ? and c_id = ? returning c_credit",
                  amount,
                  amount,
                  warehouse,
                  ofDistrict,
                  customer)
              .getString(1);
      if (credit.equals("BC")) {
        change(
            "update customer set c_data = left(? || c_data, 500) where c_w_id = ? and c_d_id = ? and c_id = ?",
            customer + " " + ofDistrict + " " + warehouse + " " + district + " " + home + " " + amount + "|",
            warehouse,
            ofDistrict,
            customer);
      }
      change(
          "insert into history values (?, ?, ?, ?, ?, localtimestamp, ?, ?)",
          customer,
          ofDistrict,
          warehouse,
          district,
          home,
          amount,
          names);
      connection.commit();
    }

    private void orderStatus(TpccData input) throws SQLException {
      int district = input.number(1, TpccData.DISTRICTS);
      int customer = customer(input, home, district);
      one(
          "select c_balance, c_first, c_middle, c_last from customer where c_w_id = ? and c_d_id = ? and c_id = ?",
          home,
          district,
          customer);
      try (ResultSet order =
          prepare(
                  "select o_id, o_entry_d, o_carrier_id from orders where o_w_id = ? and o_d_id = ? and o_c_id = ?"
                      + " order by o_id desc limit 1",
                  home,
                  district,
                  customer)
              .executeQuery()) {
        if (order.next()) {
          read(
              "select ol_i_id, ol_supply_w_id, ol_quantity, ol_amount, ol_delivery_d from order_line"
                  + " where ol_w_id = ? and ol_d_id = ? and ol_o_id = ?",
              home,
              district,
              order.getInt(1));
        }
      }
      connection.commit();
    }

    private void read(String sql, Object... values) throws SQLException {
      try (ResultSet rows = prepare(sql, values).executeQuery()) {
        while (rows.next()) {
          rows.getString(1);
        }
      }
    }

    private void delivery(TpccData input) throws SQLException {
      int carrier = input.number(1, 10);
      for (int district = 1; district <= TpccData.DISTRICTS; district++) {
        int order;
        try (ResultSet oldest =
            prepare(
                    "select no_o_id from new_order where no_w_id = ? and no_d_id = ? order by no_o_id limit 1 for update",
                    home,
                    district)
                .executeQuery()) {
          if (!oldest.next()) {
            continue;
          }
          order = oldest.getInt(1);
        }
        change("delete from new_order where no_w_id = ? and no_d_id = ? and no_o_id = ?", home, district, order);
        int customer =
            one(
                    "update orders set o_carrier_id = ? where o_w_id = ? and o_d_id = ? and o_id = ? returning o_c_id",
                    carrier,
                    home,
                    district,
                    order)
                .getInt(1);
        change(
            "update order_line set ol_delivery_d = localtimestamp where ol_w_id = ? and ol_d_id = ? and ol_o_id = ?",
            home,
            district,
            order);
        BigDecimal amount =
            one(
                    "select sum(ol_amount) from order_line where ol_w_id = ? and ol_d_id = ? and ol_o_id = ?",
                    home,
                    district,
                    order)
                .getBigDecimal(1)
                .setScale(2, RoundingMode.UNNECESSARY);
        change(
            "update customer set c_balance = c_balance + ?, c_delivery_cnt = c_delivery_cnt + 1"
                + " where c_w_id = ? and c_d_id = ? and c_id = ?",
            amount,
            home,
            district,
            customer);
      }
      connection.commit();
    }

    private void stockLevel(TpccData input) throws SQLException {
      int district = input.number(1, TpccData.DISTRICTS);
      int threshold = input.number(10, 20);
      int next = one("select d_next_o_id from district where d_w_id = ? and d_id = ?", home, district).getInt(1);
      one(
          "select count(distinct s_i_id) from order_line join stock on s_w_id = ol_w_id and s_i_id = ol_i_id"
              + " where ol_w_id = ? and ol_d_id = ? and ol_o_id >= ? and ol_o_id < ? and s_quantity < ?",
          home,
          district,
          next - 20,
          next,
          threshold);
      connection.commit();
    }
  }
}
