package io.shardforge.sql.type;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The DateStyle setting: how dates are written, and in which order ambiguous ones are read. */
public record DateStyle(Format format, Order order) {
  public static final DateStyle ISO_MDY = new DateStyle(Format.ISO, Order.MDY);

  /** The output style. */
  public enum Format {
    ISO("ISO"),
    SQL("SQL"),
    POSTGRES("Postgres"),
    GERMAN("German");

    private final String label;

    Format(String label) {
      this.label = label;
    }
  }

  /** The order of day, month and year in ambiguous input. */
  public enum Order {
    MDY,
    DMY,
    YMD
  }

  /** Parses a setting such as "ISO, MDY" on top of this style; null if it is not one. */
  public @Nullable DateStyle with(String setting) {
    Format newFormat = format;
    Order newOrder = order;
    boolean orderSet = false;
    for (String word : setting.split(",", -1)) {
      String key = word.strip().toUpperCase(Locale.ROOT);
      switch (word(key)) {
        case "ISO" -> newFormat = Format.ISO;
        case "SQL" -> newFormat = Format.SQL;
        case "POSTGRES" -> newFormat = Format.POSTGRES;
        case "GERMAN" -> {
          newFormat = Format.GERMAN;
          if (!orderSet) {
            newOrder = Order.DMY;
          }
        }
        case "YMD" -> {
          newOrder = Order.YMD;
          orderSet = true;
        }
        case "DMY", "EURO" -> {
          newOrder = Order.DMY;
          orderSet = true;
        }
        case "MDY", "US", "NONEURO" -> {
          newOrder = Order.MDY;
          orderSet = true;
        }
        case "DEFAULT" -> {
          newFormat = Format.ISO;
          newOrder = Order.MDY;
        }
        default -> {
          return null;
        }
      }
    }
    return new DateStyle(newFormat, newOrder);
  }

  /** Some words count by their beginning alone, as PostgreSQL and Europe. */
  private static String word(String key) {
    for (String beginning : new String[] {"POSTGRES", "EURO", "NONEURO"}) {
      if (key.startsWith(beginning)) {
        return beginning;
      }
    }
    return key;
  }

  @Override
  public String toString() {
    return format.label + ", " + order.name();
  }
}
