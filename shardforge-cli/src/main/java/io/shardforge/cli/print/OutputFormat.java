package io.shardforge.cli.print;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The forms in which rows are printed. */
public enum OutputFormat {
  TABLE,
  VERTICAL,
  CSV,
  TSV,
  JSON,
  MARKDOWN,
  HTML;

  /** The format of this name, or of one that psql uses for it. */
  public static OutputFormat of(String name) {
    String wanted =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "aligned" -> "table";
          case "expanded", "records" -> "vertical";
          case String other -> other;
        };
    for (OutputFormat format : values()) {
      if (format.word().equals(wanted)) {
        return format;
      }
    }
    throw new IllegalArgumentException("there is no format " + name + "; take " + names());
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String names() {
    return Arrays.stream(values()).map(OutputFormat::word).collect(Collectors.joining(", "));
  }

  /** Whether people read it, and not programs: counts of rows and tags belong to it then. */
  public boolean isForPeople() {
    return this == TABLE || this == VERTICAL;
  }
}
