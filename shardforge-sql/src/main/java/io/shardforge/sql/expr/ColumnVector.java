package io.shardforge.sql.expr;

import io.shardforge.sql.type.PgTypes;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One column of a {@link RowBatch}. Three layouts: LONG (bool as 0/1, int2, int4, int8, oid, date,
 * time, timestamp, timestamptz), DOUBLE (float4, float8) and OBJECT (all else). {@link #get} and
 * {@link #set} box; hot code uses the arrays.
 */
public final class ColumnVector {
  /** How values are laid out. */
  public enum Layout {
    BOOLEAN,
    LONG,
    DOUBLE,
    OBJECT
  }

  /** The layout that holds values of a type. */
  public static Layout layoutOf(int typeOid) {
    return switch (PgTypes.byOid(typeOid).representation()) {
      case BOOLEAN -> Layout.BOOLEAN;
      case LONG -> Layout.LONG;
      case DOUBLE -> Layout.DOUBLE;
      case OBJECT -> Layout.OBJECT;
    };
  }

  private final Layout layout;
  private final long[] longs;
  private final double[] doubles;
  private final @Nullable Object[] objects;
  private final BitSet nulls = new BitSet();

  /** Whether there may be any: most columns have none, and then the set is not looked at. */
  private boolean mayHaveNulls;

  public ColumnVector(Layout layout, int capacity) {
    this.layout = layout;
    this.longs = new long[layout == Layout.LONG || layout == Layout.BOOLEAN ? capacity : 0];
    this.doubles = new double[layout == Layout.DOUBLE ? capacity : 0];
    this.objects = new Object[layout == Layout.OBJECT ? capacity : 0];
  }

  public Layout layout() {
    return layout;
  }

  public long[] longs() {
    return longs;
  }

  public double[] doubles() {
    return doubles;
  }

  public @Nullable Object[] objects() {
    return objects;
  }

  public boolean isNull(int i) {
    return mayHaveNulls && nulls.get(i);
  }

  public boolean hasNulls() {
    return mayHaveNulls && !nulls.isEmpty();
  }

  public void setNull(int i) {
    mayHaveNulls = true;
    nulls.set(i);
  }

  private void setNotNull(int i) {
    if (mayHaveNulls) {
      nulls.clear(i);
    }
  }

  /** Makes the first values null. */
  public void setNulls(int count) {
    mayHaveNulls = true;
    nulls.set(0, count);
  }

  public void setLong(int i, long value) {
    setNotNull(i);
    longs[i] = value;
  }

  public void setDouble(int i, double value) {
    setNotNull(i);
    doubles[i] = value;
  }

  public @Nullable Object get(int i) {
    if (isNull(i)) {
      return null;
    }
    return switch (layout) {
      case BOOLEAN -> longs[i] != 0;
      case LONG -> longs[i];
      case DOUBLE -> doubles[i];
      case OBJECT -> objects[i];
    };
  }

  public void set(int i, @Nullable Object value) {
    if (value == null) {
      setNull(i);
      return;
    }
    setNotNull(i);
    switch (layout) {
      case BOOLEAN -> longs[i] = (Boolean) value ? 1 : 0;
      case LONG -> longs[i] = (Long) value;
      case DOUBLE -> doubles[i] = (Double) value;
      case OBJECT -> objects[i] = value;
    }
  }

  /** Takes over the nulls of another vector. */
  public void copyNulls(ColumnVector other) {
    clearNulls();
    addNulls(other);
  }

  /** Adds the nulls of another vector. */
  public void addNulls(ColumnVector other) {
    if (other.mayHaveNulls) {
      mayHaveNulls = true;
      nulls.or(other.nulls);
    }
  }

  /** Forgets nulls and object references so that the vector can be filled again. */
  public void clear() {
    clearNulls();
    if (layout == Layout.OBJECT) {
      java.util.Arrays.fill(objects, null);
    }
  }

  private void clearNulls() {
    if (mayHaveNulls) {
      nulls.clear();
      mayHaveNulls = false;
    }
  }
}
