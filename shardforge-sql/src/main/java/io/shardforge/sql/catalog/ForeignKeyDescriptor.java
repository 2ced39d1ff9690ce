package io.shardforge.sql.catalog;

import java.util.List;

/**
 * A FOREIGN KEY constraint of the table that refers.
 *
 * @param oid pg_constraint oid
 * @param columns numbers of the referring columns
 * @param referencedTable id of the table that is referred to, which may be the same one
 * @param referencedColumns numbers of the columns there, in the order of {@code columns}
 * @param indexOid the unique index there that holds those columns
 * @param full MATCH FULL: all columns are null or none
 * @param setColumns the columns that ON DELETE SET NULL and SET DEFAULT change; empty for all
 * @param valid whether rows from before the constraint are known to keep it, too
 */
public record ForeignKeyDescriptor(
    int oid,
    String name,
    List<Integer> columns,
    int referencedTable,
    List<Integer> referencedColumns,
    int indexOid,
    boolean full,
    Action onUpdate,
    Action onDelete,
    List<Integer> setColumns,
    Timing timing,
    boolean valid) {
  public ForeignKeyDescriptor {
    columns = List.copyOf(columns);
    referencedColumns = List.copyOf(referencedColumns);
    setColumns = List.copyOf(setColumns);
  }

  /** What becomes of rows that refer to a key that goes. */
  public enum Action {
    NO_ACTION('a', "NO ACTION"),
    RESTRICT('r', "RESTRICT"),
    CASCADE('c', "CASCADE"),
    SET_NULL('n', "SET NULL"),
    SET_DEFAULT('d', "SET DEFAULT");

    private final char code;
    private final String words;

    Action(char code, String words) {
      this.code = code;
      this.words = words;
    }

    /** The letter that the parse tree and pg_constraint have for it. */
    public char code() {
      return code;
    }

    /** The action in SQL. */
    public String words() {
      return words;
    }

    /** The action of a letter. */
    public static Action of(char code) {
      for (Action action : values()) {
        if (action.code == code) {
          return action;
        }
      }
      throw new IllegalArgumentException("no referential action " + code);
    }
  }

  /** When the constraint is checked, unless SET CONSTRAINTS says otherwise. */
  public enum Timing {
    /** After each statement; SET CONSTRAINTS does not change it. */
    NOT_DEFERRABLE,
    INITIALLY_IMMEDIATE,
    /** When the transaction commits. */
    INITIALLY_DEFERRED;

    /** What two words of a constraint's definition mean. */
    public static Timing of(boolean deferrable, boolean initiallyDeferred) {
      return initiallyDeferred
          ? INITIALLY_DEFERRED
          : deferrable ? INITIALLY_IMMEDIATE : NOT_DEFERRABLE;
    }

    /** Whether SET CONSTRAINTS may change it. */
    public boolean deferrable() {
      return this != NOT_DEFERRABLE;
    }

    /** The timing in SQL, after a blank; nothing for the usual one. */
    public String words() {
      return switch (this) {
        case NOT_DEFERRABLE -> "";
        case INITIALLY_IMMEDIATE -> " DEFERRABLE";
        case INITIALLY_DEFERRED -> " DEFERRABLE INITIALLY DEFERRED";
      };
    }
  }

  /** The same constraint under another name. */
  public ForeignKeyDescriptor withName(String newName) {
    return with(newName, timing, valid);
  }

  /** The same constraint, checked at another time. */
  public ForeignKeyDescriptor withTiming(Timing newTiming) {
    return with(name, newTiming, valid);
  }

  /** The same constraint, which all rows are known to keep or not. */
  public ForeignKeyDescriptor withValid(boolean nowValid) {
    return with(name, timing, nowValid);
  }

  private ForeignKeyDescriptor with(String newName, Timing newTiming, boolean nowValid) {
    return new ForeignKeyDescriptor(
        oid,
        newName,
        columns,
        referencedTable,
        referencedColumns,
        indexOid,
        full,
        onUpdate,
        onDelete,
        setColumns,
        newTiming,
        nowValid);
  }

  /** The columns that an action for deletion changes. */
  public List<Integer> columnsSetOnDelete() {
    return setColumns.isEmpty() ? columns : setColumns;
  }
}
