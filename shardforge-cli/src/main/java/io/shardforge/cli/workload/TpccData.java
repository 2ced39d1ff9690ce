package io.shardforge.cli.workload;

import io.shardforge.cli.connect.CopyRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The first rows of TPC-C (clause 4.3.3) and its random values (clauses 2.1.6 and 4.3.2). */
final class TpccData {
  static final int DISTRICTS = 10;

  private static final int ITEMS = 100_000;

  /** Customers of a district; each has one order at first. */
  private static final int CUSTOMERS = 3_000;

  /** Orders of a district of which the later ones are not delivered yet. */
  private static final int DELIVERED = 2_100;

  /** How much less of all of these there is for a quick try. */
  private static final int SMALL_PARTS = 100;

  private static final String[] SYLLABLES = {
    "BAR", "OUGHT", "ABLE", "PRI", "PRES", "ESE", "ANTI", "CALLY", "ATION", "EING"
  };
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int C_LAST = 173;
  private static final int C_ID = 511;
  private static final int OL_I_ID = 4099;

  private final Random random;
  private final int items;
  private final int customers;
  private final int delivered;

  /**
   * @param small whether there is a hundredth of all items and customers
   */
  TpccData(long seed, boolean small) {
    random = new Random(seed);
    int parts = small ? SMALL_PARTS : 1;
    items = ITEMS / parts;
    customers = CUSTOMERS / parts;
    delivered = DELIVERED / parts;
  }

  int items() {
    return items;
  }

  int number(int from, int to) {
    return from + random.nextInt(to - from + 1);
  }

  private int skewed(int a, int constant, int from, int to) {
    return ((number(0, a) | number(from, to)) + constant) % (to - from + 1) + from;
  }

  int customer() {
    return skewed(1023, C_ID, 1, customers);
  }

  int item() {
    return skewed(8191, OL_I_ID, 1, items);
  }

  String lastName() {
    return lastName(skewed(255, C_LAST, 0, 999));
  }

  private static String lastName(int number) {
    return SYLLABLES[number / 100] + SYLLABLES[number / 10 % 10] + SYLLABLES[number % 10];
  }

  private String letters(int from, int to) {
    char[] text = new char[number(from, to)];
    for (int i = 0; i < text.length; i++) {
      text[i] = LETTERS.charAt(random.nextInt(LETTERS.length()));
    }
    return new String(text);
  }

  private String data() {
    String text = letters(26, 50);
    return random.nextInt(10) == 0 ? "ORIGINAL" + text.substring(8) : text;
  }

  private String address() {
    return String.join(
        "\t",
        letters(10, 20),
        letters(10, 20),
        letters(10, 20),
        letters(2, 2),
        "%04d11111".formatted(number(0, 9999)));
  }

  private String tax() {
    return "0.%04d".formatted(number(0, 2000));
  }

  /** What so many customers have paid at first. */
  private static String ytd(int payments) {
    return payments * 10 + ".00";
  }

  void items(Connection connection) throws SQLException {
    try (CopyRows rows = new CopyRows(connection, "item")) {
      for (int i = 1; i <= items; i++) {
        rows.add(i, number(1, 10_000), letters(14, 24), number(100, 10_000) / 100.0, data());
      }
    }
  }

  void warehouse(Connection connection, int w) throws SQLException {
    try (CopyRows rows = new CopyRows(connection, "warehouse")) {
      rows.add(w, letters(6, 10), address(), tax(), ytd(DISTRICTS * customers));
    }
    try (CopyRows rows = new CopyRows(connection, "district")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        rows.add(w, d, letters(6, 10), address(), tax(), ytd(customers), customers + 1);
      }
    }
    try (CopyRows rows = new CopyRows(connection, "stock")) {
      for (int i = 1; i <= items; i++) {
        List<String> districts = new ArrayList<>();
        for (int d = 0; d < DISTRICTS; d++) {
          districts.add(letters(24, 24));
        }
        rows.add(w, i, number(10, 100), "{" + String.join(",", districts) + "}", 0, 0, 0, data());
      }
    }
    try (CopyRows rows = new CopyRows(connection, "customer")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        for (int c = 1; c <= customers; c++) {
          rows.add(
              w,
              d,
              c,
              letters(8, 16),
              "OE",
              c <= 1000 ? lastName(c - 1) : lastName(),
              address(),
              "%016d".formatted(c),
              "2026-01-01",
              random.nextInt(10) == 0 ? "BC" : "GC",
              "50000.00",
              "0.%04d".formatted(number(0, 5000)),
              "-10.00",
              "10.00",
              1,
              0,
              letters(300, 500));
        }
      }
    }
    try (CopyRows rows = new CopyRows(connection, "history")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        for (int c = 1; c <= customers; c++) {
          rows.add(c, d, w, d, w, "2026-01-01", "10.00", letters(12, 24));
        }
      }
    }
    orders(connection, w);
  }

  private void orders(Connection connection, int w) throws SQLException {
    int[][] lines = new int[DISTRICTS + 1][customers + 1];
    try (CopyRows rows = new CopyRows(connection, "orders")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        List<Integer> order = new ArrayList<>();
        for (int c = 1; c <= customers; c++) {
          order.add(c);
        }
        Collections.shuffle(order, random);
        for (int o = 1; o <= customers; o++) {
          lines[d][o] = number(5, 15);
          @Nullable Integer carrier = o <= this.delivered ? number(1, 10) : null;
          rows.add(w, d, o, order.get(o - 1), "2026-01-01", carrier, lines[d][o], 1);
        }
      }
    }
    try (CopyRows rows = new CopyRows(connection, "new_order")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        for (int o = this.delivered + 1; o <= customers; o++) {
          rows.add(w, d, o);
        }
      }
    }
    try (CopyRows rows = new CopyRows(connection, "order_line")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        for (int o = 1; o <= customers; o++) {
          for (int l = 1; l <= lines[d][o]; l++) {
            boolean delivered = o <= this.delivered;
            String amount =
                delivered ? "0.00" : "%d.%02d".formatted(number(0, 9998), number(1, 99));
            rows.add(
                w,
                d,
                o,
                l,
                number(1, items),
                w,
                delivered ? "2026-01-01" : null,
                5,
                amount,
                letters(24, 24));
          }
        }
      }
    }
  }
}
