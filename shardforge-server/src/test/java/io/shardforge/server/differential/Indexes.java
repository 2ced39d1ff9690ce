package io.shardforge.server.differential;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What indexes of a table are on: columns and expressions, with INCLUDE and conditions. */
final class Indexes {
  private final List<Table.Column> columns;
  private final Choices choices;

  Indexes(List<Table.Column> columns, Choices choices) {
    this.columns = columns.stream().filter(column -> column.type().indexed()).toList();
    this.choices = choices;
  }

  /** Two columns, so that there are not too many rows which it refuses. */
  String unique() {
    return "(%s, %s%s)%s"
        .formatted(
            columns.getLast().name(),
            columns.getFirst().name(),
            choices.of("", " desc"),
            choices.oneIn(4) ? condition() : "");
  }

  String other() {
    String keys =
        IntStream.range(0, choices.upTo(3))
            .mapToObj(_ -> key() + choices.of("", " desc", " nulls first", " desc nulls last"))
            .distinct()
            .collect(Collectors.joining(", "));
    return "("
        + keys
        + ")"
        + (choices.oneIn(4) ? " include (" + choices.of(columns).name() + ")" : "")
        + (choices.oneIn(4) ? condition() : "");
  }

  private String key() {
    Table.Column column = choices.of(columns);
    if (!choices.oneIn(4)) {
      return column.name();
    }
    String expression =
        switch (column.type()) {
          case INT, BIGINT -> "%s %% 5";
          case TEXT -> choices.of("lower(%s)", "length(%s)", "left(%s, 1)");
          case NUMERIC -> "round(%s, 0)";
          case TIMESTAMP -> "date_trunc('day', %s)";
          case DATE -> "%s + 1";
          default -> "%s is null";
        };
    return "(" + expression.formatted(column.name()) + ")";
  }

  private String condition() {
    Table.Column column = choices.of(columns);
    return " where "
        + switch (column.type()) {
          case INT, BIGINT -> column.name() + choices.of(" > 1", " between 0 and 4", " <> 2");
          case TEXT -> column.name() + choices.of(" = 'a'", " is not null", " like 'a%'");
          case BOOL -> choices.of("", "not ") + column.name();
          default -> column.name() + choices.of(" is null", " is not null");
        };
  }
}
