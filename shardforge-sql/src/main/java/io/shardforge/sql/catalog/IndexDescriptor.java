package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.ForeignKeyDescriptor.Timing;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index of a table, ordered or inverted; index number 1 is the primary index, whose values are
 * the rows themselves.
 *
 * @param oid pg_class oid of the index
 * @param number the index's place in the key space of its table
 * @param constraintOid pg_constraint oid when a constraint made it, else 0
 * @param included numbers of columns whose values entries have beside the key
 * @param predicate as PostgreSQL expression text, which rows have an entry; null for all
 * @param deferrable what is demanded of the keys at the end of a statement or transaction; until
 *     then there may be duplicates, so the index itself is not {@code unique}
 * @param parameters PostgreSQL's storage parameters as {@code name=value}, which change nothing
 */
public record IndexDescriptor(
    int oid,
    int number,
    String name,
    boolean unique,
    boolean primary,
    boolean nullsNotDistinct,
    int constraintOid,
    State state,
    List<KeyColumn> columns,
    List<Integer> included,
    @Nullable String predicate,
    @Nullable DeferrableKey deferrable,
    List<String> parameters) {
  /** A PRIMARY KEY or UNIQUE constraint that is DEFERRABLE. */
  public record DeferrableKey(boolean primary, Timing timing) {}

  /**
   * A step of an index that is built beside the writers of its table.
   *
   * <p>With {@code DELETE_ONLY} and {@code WRITE_ONLY} these are the states of F1 (Rae et al., VLDB
   * 2013). The first is not needed here: a schema floor lets no two versions write at once.
   */
  public enum State {
    DELETE_ONLY,
    /** Whoever writes rows writes entries, too; nobody reads them, and older rows may have none. */
    WRITE_ONLY,
    PUBLIC
  }

  /**
   * A column of the index key.
   *
   * @param columnNumber 0 for an expression
   * @param inverted what an inverted index has of its values; null in an ordered index
   * @param operatorClass pg_opclass oid of an ordered index's class; 0 for that of the type
   */
  public record KeyColumn(
      int columnNumber,
      boolean descending,
      boolean nullsFirst,
      @Nullable KeyExpression expression,
      @Nullable InvertedClass inverted,
      int operatorClass) {
    public KeyColumn(int columnNumber, boolean descending, boolean nullsFirst) {
      this(columnNumber, descending, nullsFirst, null, null, 0);
    }

    /** One in the same order that an expression computes. */
    public KeyColumn computed(KeyExpression by) {
      return new KeyColumn(0, descending, nullsFirst, by, inverted, operatorClass);
    }

    /** The same of another column. */
    public KeyColumn withNumber(int number) {
      return new KeyColumn(number, descending, nullsFirst, expression, inverted, operatorClass);
    }

    /** The same in an inverted index. */
    public KeyColumn withInverted(@Nullable InvertedClass by) {
      return new KeyColumn(columnNumber, descending, nullsFirst, expression, by, operatorClass);
    }

    /** The same of an operator class. */
    public KeyColumn withOperatorClass(int oid) {
      return new KeyColumn(columnNumber, descending, nullsFirst, expression, inverted, oid);
    }
  }

  /**
   * What a key column is computed by, as PostgreSQL expression text.
   *
   * @param name what the column is called unless another one of the index is
   */
  public record KeyExpression(String sql, SqlType type, String name) {}

  public IndexDescriptor {
    columns = List.copyOf(columns);
    included = List.copyOf(included);
    parameters = List.copyOf(parameters);
  }

  /** An index whose keys are judged as they are written, if they are. */
  public IndexDescriptor(
      int oid,
      int number,
      String name,
      boolean unique,
      boolean primary,
      boolean nullsNotDistinct,
      int constraintOid,
      State state,
      List<KeyColumn> columns,
      List<Integer> included,
      @Nullable String predicate) {
    this(
        oid,
        number,
        name,
        unique,
        primary,
        nullsNotDistinct,
        constraintOid,
        state,
        columns,
        included,
        predicate,
        null,
        List.of());
  }

  /** An index of all rows, with nothing but its key. */
  public IndexDescriptor(
      int oid,
      int number,
      String name,
      boolean unique,
      boolean primary,
      boolean nullsNotDistinct,
      int constraintOid,
      State state,
      List<KeyColumn> columns) {
    this(
        oid,
        number,
        name,
        unique,
        primary,
        nullsNotDistinct,
        constraintOid,
        state,
        columns,
        List.of(),
        null,
        null,
        List.of());
  }

  /** Whether a row has an entry for each part of its values, instead of one for all of them. */
  public boolean isInverted() {
    return columns.getFirst().inverted != null;
  }

  /** Whether committed rows have different keys. */
  public boolean isUniqueKey() {
    return unique || deferrable != null;
  }

  /** Whether it is the table's PRIMARY KEY, whose columns need not be where rows are. */
  public boolean isPrimaryKey() {
    return deferrable == null ? primary && constraintOid != 0 : deferrable.primary;
  }

  /** When the constraint of the index is checked. */
  public Timing timing() {
    return deferrable == null ? Timing.NOT_DEFERRABLE : deferrable.timing;
  }

  /** Whether entries follow from columns alone, and each row has one. */
  public boolean isPlain() {
    return terms().isEmpty();
  }

  /** The texts of the condition and of the expressions of the key. */
  public List<String> terms() {
    List<String> terms = new ArrayList<>();
    if (predicate != null) {
      terms.add(predicate);
    }
    for (KeyColumn column : columns) {
      if (column.expression() != null) {
        terms.add(column.expression().sql());
      }
    }
    return terms;
  }

  /** Whether a column is one of the key, or included. */
  public boolean hasColumn(int columnNumber) {
    return columns.stream().anyMatch(column -> column.columnNumber() == columnNumber)
        || included.contains(columnNumber);
  }

  /** The same index of other columns, or of other rows. */
  public IndexDescriptor withTerms(
      List<KeyColumn> newColumns, List<Integer> newIncluded, @Nullable String newPredicate) {
    return new IndexDescriptor(
        oid,
        number,
        name,
        unique,
        primary,
        nullsNotDistinct,
        constraintOid,
        state,
        newColumns,
        newIncluded,
        newPredicate,
        deferrable,
        parameters);
  }

  /** The same index for a constraint that is DEFERRABLE. */
  public IndexDescriptor withDeferrable(@Nullable DeferrableKey key) {
    return new IndexDescriptor(
        oid,
        number,
        name,
        unique && key == null,
        primary,
        nullsNotDistinct,
        constraintOid,
        state,
        columns,
        included,
        predicate,
        key,
        parameters);
  }

  /** An index of the same entries, which are its own. */
  public IndexDescriptor copy(int newOid, int newNumber, String newName, int newConstraintOid) {
    return new IndexDescriptor(
        newOid,
        newNumber,
        newName,
        unique,
        primary,
        nullsNotDistinct,
        newConstraintOid,
        state,
        columns,
        included,
        predicate,
        deferrable,
        parameters);
  }

  /** The same index at another step. */
  public IndexDescriptor withState(State newState) {
    return new IndexDescriptor(
        oid,
        number,
        name,
        unique,
        primary,
        nullsNotDistinct,
        constraintOid,
        newState,
        columns,
        included,
        predicate,
        deferrable,
        parameters);
  }

  /** The same index with other storage parameters. */
  public IndexDescriptor withParameters(List<String> newParameters) {
    return new IndexDescriptor(
        oid,
        number,
        name,
        unique,
        primary,
        nullsNotDistinct,
        constraintOid,
        state,
        columns,
        included,
        predicate,
        deferrable,
        newParameters);
  }

  public IndexDescriptor withName(String newName) {
    return new IndexDescriptor(
        oid,
        number,
        newName,
        unique,
        primary,
        nullsNotDistinct,
        constraintOid,
        state,
        columns,
        included,
        predicate,
        deferrable,
        parameters);
  }
}
