package io.shardforge.storage.key;

/** The direction of one key column and the place of its nulls. */
public enum KeyOrder {
  /** PostgreSQL's default for ascending columns. */
  ASC_NULLS_LAST(false, false),
  ASC_NULLS_FIRST(false, true),
  /** PostgreSQL's default for descending columns. */
  DESC_NULLS_FIRST(true, true),
  DESC_NULLS_LAST(true, false);

  private final boolean descending;
  private final boolean nullsFirst;

  KeyOrder(boolean descending, boolean nullsFirst) {
    this.descending = descending;
    this.nullsFirst = nullsFirst;
  }

  public boolean isDescending() {
    return descending;
  }

  public boolean isNullsFirst() {
    return nullsFirst;
  }

  public static KeyOrder of(boolean descending, boolean nullsFirst) {
    if (descending) {
      return nullsFirst ? DESC_NULLS_FIRST : DESC_NULLS_LAST;
    }
    return nullsFirst ? ASC_NULLS_FIRST : ASC_NULLS_LAST;
  }
}
