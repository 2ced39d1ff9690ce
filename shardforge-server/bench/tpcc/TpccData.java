import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The first rows of TPC-C (clause 4.3.3) and its random values (clauses 2.1.6 and 4.3.2). */
final class TpccData {
  static final int ITEMS = 100_000;
  static final int DISTRICTS = 10;
  static final int CUSTOMERS = 3_000;

  /** Orders of a district of which the later ones are not delivered yet. */
  private static final int DELIVERED = 2_100;

  private static final String[] SYLLABLES = {
    "BAR", "OUGHT", "ABLE", "PRI", "PRES", "ESE", "ANTI", "CALLY", "ATION", "EING"
  };
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int C_LAST = 173;
  private static final int C_ID = 511;
  private static final int OL_I_ID = 4099;

  private final Random random;

  TpccData(long seed) {
    random = new Random(seed);
  }

  int number(int from, int to) {
    return from + random.nextInt(to - from + 1);
  }

  private int skewed(int a, int constant, int from, int to) {
    return ((number(0, a) | number(from, to)) + constant) % (to - from + 1) + from;
  }

  int customer() {
    return skewed(1023, C_ID, 1, CUSTOMERS);
  }

  int item() {
    return skewed(8191, OL_I_ID, 1, ITEMS);
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

  /** Rows on their way into a table. */
  private static final class Rows implements AutoCloseable {
    private static final int FLUSH_CHARS = 1 << 16;

    private final CopyIn copy;
    private final StringBuilder pending = new StringBuilder();

    Rows(Connection connection, String table) throws SQLException {
      copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy " + table + " from stdin");
    }

    void add(Object... values) throws SQLException {
      for (int i = 0; i < values.length; i++) {
        pending.append(i == 0 ? "" : "\t").append(values[i] == null ? "\\N" : values[i]);
      }
      pending.append('\n');
      if (pending.length() > FLUSH_CHARS) {
        flush();
      }
    }

    private void flush() throws SQLException {
      byte[] bytes = pending.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      copy.writeToCopy(bytes, 0, bytes.length);
      pending.setLength(0);
    }

    @Override
    public void close() throws SQLException {
      flush();
      copy.endCopy();
    }
  }

  void load(Connection connection, int warehouses) throws SQLException, IOException {
    try (Rows items = new Rows(connection, "item")) {
      for (int i = 1; i <= ITEMS; i++) {
        items.add(i, number(1, 10_000), letters(14, 24), number(100, 10_000) / 100.0, data());
      }
    }
    for (int w = 1; w <= warehouses; w++) {
      System.err.println("loading warehouse " + w + " of " + warehouses);
      warehouse(connection, w);
    }
  }

  private void warehouse(Connection connection, int w) throws SQLException {
    try (Rows rows = new Rows(connection, "warehouse")) {
      rows.add(w, letters(6, 10), address(), tax(), "300000.00");
    }
    try (Rows rows = new Rows(connection, "district")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        rows.add(w, d, letters(6, 10), address(), tax(), "30000.00", CUSTOMERS + 1);
      }
    }
    try (Rows rows = new Rows(connection, "stock")) {
      for (int i = 1; i <= ITEMS; i++) {
        List<String> districts = new ArrayList<>();
        for (int d = 0; d < DISTRICTS; d++) {
          districts.add(letters(24, 24));
        }
        rows.add(w, i, number(10, 100), "{" + String.join(",", districts) + "}", 0, 0, 0, data());
      }
    }
    try (Rows rows = new Rows(connection, "customer")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        for (int c = 1; c <= CUSTOMERS; c++) {
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
    try (Rows rows = new Rows(connection, "history")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        for (int c = 1; c <= CUSTOMERS; c++) {
          rows.add(c, d, w, d, w, "2026-01-01", "10.00", letters(12, 24));
        }
      }
    }
    orders(connection, w);
  }

  private void orders(Connection connection, int w) throws SQLException {
    int[][] lines = new int[DISTRICTS + 1][CUSTOMERS + 1];
    try (Rows rows = new Rows(connection, "orders")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        List<Integer> customers = new ArrayList<>();
        for (int c = 1; c <= CUSTOMERS; c++) {
          customers.add(c);
        }
        Collections.shuffle(customers, random);
        for (int o = 1; o <= CUSTOMERS; o++) {
          lines[d][o] = number(5, 15);
          Integer carrier = o <= DELIVERED ? number(1, 10) : null;
          rows.add(w, d, o, customers.get(o - 1), "2026-01-01", carrier, lines[d][o], 1);
        }
      }
    }
    try (Rows rows = new Rows(connection, "new_order")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        for (int o = DELIVERED + 1; o <= CUSTOMERS; o++) {
          rows.add(w, d, o);
        }
      }
    }
    try (Rows rows = new Rows(connection, "order_line")) {
      for (int d = 1; d <= DISTRICTS; d++) {
        for (int o = 1; o <= CUSTOMERS; o++) {
          for (int l = 1; l <= lines[d][o]; l++) {
            boolean delivered = o <= DELIVERED;
            String amount = delivered ? "0.00" : "%d.%02d".formatted(number(0, 9998), number(1, 99));
            rows.add(
                w, d, o, l, number(1, ITEMS), w, delivered ? "2026-01-01" : null, 5, amount, letters(24, 24));
          }
        }
      }
    }
  }
}
