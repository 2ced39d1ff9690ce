package io.shardforge.sql.catalog;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a statement is about, as its parameters: an array of the values of each column. As
 * no array has arrays as elements, keys with such columns have a parameter for each value. The
 * statement knows them as the rows of k, with old values o0, o1 …, if there are new ones w0, w1 …,
 * and the number n from 1 on. Immutable.
 */
public final class KeyParameters {
  private final List<SqlType> types;
  private final List<@Nullable Object[]> before;
  private final List<@Nullable Object[]> after;
  private final boolean byValue;

  /**
   * @param types of the columns
   * @param after the new values of each key, empty if there are none
   */
  public KeyParameters(
      List<SqlType> types, List<@Nullable Object[]> before, List<@Nullable Object[]> after) {
    this.types = List.copyOf(types);
    this.before = before;
    this.after = after;
    this.byValue = types.stream().anyMatch(type -> PgTypes.byOid(type.oid()).arrayOid() == 0);
  }

  private int width() {
    return after.isEmpty() ? types.size() : 2 * types.size();
  }

  private @Nullable Object value(int row, int column) {
    int width = types.size();
    return column < width ? before.get(row)[column] : after.get(row)[column - width];
  }

  private int typeOid(int column) {
    return types.get(column % types.size()).oid();
  }

  /** The item of a FROM clause. */
  public String from() {
    String names =
        IntStream.range(0, width())
            .mapToObj(i -> i < types.size() ? "o" + i : "w" + (i - types.size()))
            .collect(Collectors.joining(", "));
    String rows =
        byValue
            ? IntStream.range(0, before.size())
                .mapToObj(row -> "(" + parameters(row * width()) + ", " + (row + 1) + "::bigint)")
                .collect(Collectors.joining(", ", "(VALUES ", ")"))
            : "unnest(" + parameters(0) + ") WITH ORDINALITY";
    return rows + " AS k(" + names + ", n)";
  }

  private String parameters(int from) {
    return IntStream.rangeClosed(from + 1, from + width())
        .mapToObj(i -> "$" + i)
        .collect(Collectors.joining(", "));
  }

  /** The types of the parameters. */
  public List<Integer> typeOids() {
    List<Integer> oids = new ArrayList<>();
    for (int row = 0; row < (byValue ? before.size() : 1); row++) {
      for (int column = 0; column < width(); column++) {
        int oid = typeOid(column);
        oids.add(byValue ? oid : PgTypes.byOid(oid).arrayOid());
      }
    }
    return oids;
  }

  /** Their values. */
  public @Nullable Object[] values() {
    List<@Nullable Object> values = new ArrayList<>();
    if (byValue) {
      for (int row = 0; row < before.size(); row++) {
        for (int column = 0; column < width(); column++) {
          values.add(value(row, column));
        }
      }
    } else {
      for (int column = 0; column < width(); column++) {
        @Nullable Object[] elements = new @Nullable Object[before.size()];
        for (int row = 0; row < elements.length; row++) {
          elements[row] = value(row, column);
        }
        values.add(ArrayValue.of(typeOid(column), elements));
      }
    }
    return values.toArray();
  }
}
