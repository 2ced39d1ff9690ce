package io.shardforge.sql.catalog.system;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of a system table being filled, column by column by name. For one thread. */
final class Cells {
  private final SystemTable table;
  private final @Nullable Object[] values;

  Cells(SystemTable table, @Nullable Object[] blank) {
    this.table = table;
    this.values = blank;
  }

  Cells set(String column, @Nullable Object value) {
    values[table.ordinal(column)] = value;
    return this;
  }

  /** Sets a number of any integer type or an OID. */
  Cells set(String column, long value) {
    values[table.ordinal(column)] = value;
    return this;
  }

  /** Sets a "char". */
  Cells set(String column, char value) {
    values[table.ordinal(column)] = value == '\0' ? "" : String.valueOf(value);
    return this;
  }

  Cells set(String column, boolean value) {
    values[table.ordinal(column)] = value;
    return this;
  }

  @Nullable Object[] done() {
    return values;
  }

  /** What a column of the type holds where nothing was set although it is NOT NULL. */
  static Object zero(int typeOid) {
    return switch (typeOid) {
      case PgOid.BOOL -> false;
      case PgOid.INT2VECTOR -> vector(PgOid.INT2, new long[0]);
      case PgOid.OIDVECTOR -> vector(PgOid.OID, new long[0]);
      default ->
          switch (PgTypes.byOid(typeOid).representation()) {
            case BOOLEAN -> false;
            case LONG -> 0L;
            case DOUBLE -> 0.0;
            case OBJECT -> {
              int element = PgTypes.byOid(typeOid).elementOid();
              yield PgTypes.byOid(typeOid).isArray() && element != 0
                  ? ArrayValue.empty(element)
                  : "";
            }
          };
    };
  }

  /** An int2vector or oidvector. */
  static ArrayValue vector(int elementOid, long[] numbers) {
    Object[] elements = new Object[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      elements[i] = numbers[i];
    }
    return new ArrayValue(elementOid, new int[] {numbers.length}, new int[] {0}, elements);
  }

  static ArrayValue array(int elementOid, List<?> elements) {
    return ArrayValue.of(elementOid, elements.toArray());
  }

  static ArrayValue numbers(int elementOid, List<Integer> numbers) {
    return ArrayValue.of(elementOid, numbers.stream().map(Integer::longValue).toArray());
  }
}
