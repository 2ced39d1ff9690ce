package io.shardforge.sql.catalog;

import java.util.List;

/**
 * What CREATE STATISTICS made of columns of a table, and what ANALYZE has found out about their
 * values together. It is in the schema of its table and has its owner.
 *
 * @param columns the columns' numbers, ascending
 * @param distinct how many different combinations of values there are
 * @param dependencies how far values follow from others
 * @param common the most common combinations of all the columns' values, the most common first
 */
public record CombinedStatistics(
    int id,
    long version,
    int tableId,
    String name,
    List<Kind> kinds,
    List<Integer> columns,
    List<Distinct> distinct,
    List<Dependency> dependencies,
    List<Common> common)
    implements CatalogObject {
  /** What is to be found out; the letter is PostgreSQL's and stored. */
  public enum Kind {
    NDISTINCT('d'),
    DEPENDENCIES('f'),
    MCV('m');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    public char letter() {
      return letter;
    }

    static Kind of(int letter) {
      for (Kind kind : values()) {
        if (kind.letter == letter) {
          return kind;
        }
      }
      throw CatalogErrors.corrupted("statistics of kind " + letter);
    }
  }

  /** How many different combinations of values some of the columns have. */
  public record Distinct(List<Integer> columns, double number) {
    public Distinct {
      columns = List.copyOf(columns);
    }
  }

  /**
   * How far the value of a column follows from those of others.
   *
   * @param degree the share of rows whose values of the others go with one value of it alone
   */
  public record Dependency(List<Integer> from, int to, double degree) {
    public Dependency {
      from = List.copyOf(from);
    }
  }

  /**
   * A combination of values, in their form in keys, empty for null.
   *
   * @param fraction the share of rows that have it
   * @param expected the share that would have it if the columns had nothing to do with each other
   */
  public record Common(List<byte[]> values, double fraction, double expected) {
    public Common {
      values = List.copyOf(values);
    }
  }

  public CombinedStatistics {
    kinds = List.copyOf(kinds);
    columns = List.copyOf(columns);
    distinct = List.copyOf(distinct);
    dependencies = List.copyOf(dependencies);
    common = List.copyOf(common);
  }

  public boolean has(Kind kind) {
    return kinds.contains(kind);
  }

  /** The same under another name. */
  public CombinedStatistics withName(String newName) {
    return new CombinedStatistics(
        id, version + 1, tableId, newName, kinds, columns, distinct, dependencies, common);
  }

  /** The same with what was found out anew. */
  public CombinedStatistics with(
      List<Distinct> newDistinct, List<Dependency> newDependencies, List<Common> newCommon) {
    return new CombinedStatistics(
        id, version + 1, tableId, name, kinds, columns, newDistinct, newDependencies, newCommon);
  }
}
