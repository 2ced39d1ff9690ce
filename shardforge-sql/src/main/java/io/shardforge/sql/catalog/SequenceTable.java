package io.shardforge.sql.catalog;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.CatalogFunctions;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A sequence read as the table of one row that it is in PostgreSQL. */
public record SequenceTable(SequenceDescriptor sequence) implements VirtualTable {
  /** What a sequence has for columns. */
  public static final List<ColumnDescriptor> COLUMNS =
      List.of(
          column(1, "last_value", PgOid.INT8),
          column(2, "log_cnt", PgOid.INT8),
          column(3, "is_called", PgOid.BOOL));

  private static ColumnDescriptor column(int number, String name, int type) {
    return new ColumnDescriptor(number, name, SqlType.of(type), true, null, '\0', 0, false);
  }

  @Override
  public int id() {
    return sequence.id();
  }

  @Override
  public int schemaId() {
    return sequence.schemaId();
  }

  @Override
  public String name() {
    return sequence.name();
  }

  @Override
  public List<ColumnDescriptor> columns() {
    return COLUMNS;
  }

  @Override
  public Stream<@Nullable Object[]> rows(CatalogSnapshot snapshot, EvalContext context) {
    CatalogFunctions.SequenceState state =
        context.services().get(CatalogFunctions.class).sequenceState(sequence.id());
    return state == null
        ? Stream.empty()
        : Stream.<@Nullable Object[]>of(new @Nullable Object[] {state.last(), 0L, state.called()});
  }
}
