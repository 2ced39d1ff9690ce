package io.shardforge.cli.workload;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A terminal of TPC-C with a warehouse of its own: the five transactions by prepared statements, in
 * the standard's mix and without its waiting times.
 */
final class TpccTerminal implements Workload.Step {
  private static final String ORDER_LINE =
      "insert into order_line values (?, ?, ?, ?, ?, ?, null, ?, ?, ?)";

  private final Connection connection;
  private final TpccLoad load;
  private final int warehouses;
  private final Random random;
  private final int home;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  /** What is to be tried again, with the same input, if it was not done. */
  private @Nullable Kind pending;

  private long seed;
  private long beganNanos;

  /** A transaction and how many of a hundred are such. */
  enum Kind {
    NEW_ORDER(45, "new order"),
    PAYMENT(43, "payment"),
    ORDER_STATUS(4, "order status"),
    DELIVERY(4, "delivery"),
    STOCK_LEVEL(4, "stock level");

    private final int share;
    private final String words;

    Kind(int share, String words) {
      this.share = share;
      this.words = words;
    }

    String words() {
      return words;
    }

    private static Kind at(int place) {
      int left = place;
      for (Kind kind : values()) {
        left -= kind.share;
        if (left < 0) {
          return kind;
        }
      }
      throw new IllegalArgumentException("a place below 100, not " + place);
    }
  }

  TpccTerminal(Connection connection, TpccLoad load, Random random) throws SQLException {
    this.connection = connection;
    this.load = load;
    this.warehouses = (int) load.rows();
    this.random = random;
    this.home = random.nextInt(warehouses) + 1;
    connection.setSchema(TpccLoad.SCHEMA);
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    connection.setAutoCommit(false);
  }

  @Override
  public void run() throws SQLException {
    Kind kind = pending;
    if (kind == null) {
      kind = Kind.at(random.nextInt(100));
      pending = kind;
      seed = random.nextLong();
      beganNanos = System.nanoTime();
    }
    try {
      run(kind, new TpccData(seed, load.isSmall()));
    } catch (SQLException e) {
      if (!connection.isClosed()) {
        connection.rollback();
      }
      if (!LoadRun.isLost(e)) {
        pending = null;
      }
      throw e;
    }
    pending = null;
    load.done(kind, System.nanoTime() - beganNanos);
  }

  private void run(Kind kind, TpccData input) throws SQLException {
    switch (kind) {
      case NEW_ORDER -> newOrder(input);
      case PAYMENT -> payment(input);
      case ORDER_STATUS -> orderStatus(input);
      case DELIVERY -> delivery(input);
      case STOCK_LEVEL -> stockLevel(input);
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
      throw new SQLException("no row: " + sql + " " + Arrays.toString(values));
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
      items[i] = rolledBack && i == lines - 1 ? input.items() + 1 : input.item();
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
        "select c_discount, c_last, c_credit from customer where c_w_id = ? and c_d_id = ? and c_id"
            + " = ?",
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
      ResultSet item =
          prepare("select i_price, i_name, i_data from item where i_id = ?", items[i])
              .executeQuery();
      if (!item.next()) {
        connection.rollback();
        return;
      }
      BigDecimal price = item.getBigDecimal(1);
      int quantity = input.number(1, 10);
      ResultSet stock =
          one(
              "select s_quantity, s_dist[?], s_data from stock where s_w_id = ? and s_i_id = ? for"
                  + " update",
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
                "select c_id from customer where c_w_id = ? and c_d_id = ? and c_last = ? order by"
                    + " c_first",
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
        one("update warehouse set w_ytd = w_ytd + ? where w_id = ? returning w_name", amount, home)
                .getString(1)
            + "    "
            + one(
                    "update district set d_ytd = d_ytd + ? where d_w_id = ? and d_id = ? returning"
                        + " d_name",
                    amount,
                    home,
                    district)
                .getString(1);
    int customer = customer(input, warehouse, ofDistrict);
    String credit =
        one(
                "update customer set c_balance = c_balance - ?, c_ytd_payment = c_ytd_payment + ?,"
                    + " c_payment_cnt = c_payment_cnt + 1 where c_w_id = ? and c_d_id = ? and c_id"
                    + " = ? returning c_credit",
                amount,
                amount,
                warehouse,
                ofDistrict,
                customer)
            .getString(1);
    if (credit.equals("BC")) {
      change(
          "update customer set c_data = left(? || c_data, 500) where c_w_id = ? and c_d_id = ? and"
              + " c_id = ?",
          customer
              + " "
              + ofDistrict
              + " "
              + warehouse
              + " "
              + district
              + " "
              + home
              + " "
              + amount
              + "|",
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
        "select c_balance, c_first, c_middle, c_last from customer where c_w_id = ? and c_d_id = ?"
            + " and c_id = ?",
        home,
        district,
        customer);
    try (ResultSet order =
        prepare(
                "select o_id, o_entry_d, o_carrier_id from orders where o_w_id = ? and o_d_id = ?"
                    + " and o_c_id = ? order by o_id desc limit 1",
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
                  "select no_o_id from new_order where no_w_id = ? and no_d_id = ? order by no_o_id"
                      + " limit 1 for update",
                  home,
                  district)
              .executeQuery()) {
        if (!oldest.next()) {
          continue;
        }
        order = oldest.getInt(1);
      }
      change(
          "delete from new_order where no_w_id = ? and no_d_id = ? and no_o_id = ?",
          home,
          district,
          order);
      int customer =
          one(
                  "update orders set o_carrier_id = ? where o_w_id = ? and o_d_id = ? and o_id = ?"
                      + " returning o_c_id",
                  carrier,
                  home,
                  district,
                  order)
              .getInt(1);
      change(
          "update order_line set ol_delivery_d = localtimestamp where ol_w_id = ? and ol_d_id = ?"
              + " and ol_o_id = ?",
          home,
          district,
          order);
      BigDecimal amount =
          one(
                  "select sum(ol_amount) from order_line where ol_w_id = ? and ol_d_id = ? and"
                      + " ol_o_id = ?",
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
    int next =
        one("select d_next_o_id from district where d_w_id = ? and d_id = ?", home, district)
            .getInt(1);
    one(
        "select count(distinct s_i_id) from order_line join stock on s_w_id = ol_w_id and s_i_id ="
            + " ol_i_id where ol_w_id = ? and ol_d_id = ? and ol_o_id >= ? and ol_o_id < ? and"
            + " s_quantity < ?",
        home,
        district,
        next - 20,
        next,
        threshold);
    connection.commit();
  }
}
