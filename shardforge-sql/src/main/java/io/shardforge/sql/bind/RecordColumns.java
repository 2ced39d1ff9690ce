package io.shardforge.sql.bind;

import io.shardforge.sql.function.JsonRecords;
import io.shardforge.sql.parse.proto.ColumnDef;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The columns that a query defines for a function that returns {@code record}. */
record RecordColumns(List<String> names, List<SqlType> types) {
  private static final SqlType TEXTS = SqlType.of(PgOid.TEXT_ARRAY);

  static RecordColumns of(BindContext context, List<Node> definitions) {
    List<String> names = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Node node : definitions) {
      ColumnDef definition = node.getColumnDef();
      if (!seen.add(definition.getColname())) {
        throw context.error(
            ErrorCode.DUPLICATE_COLUMN,
            -1,
            "column name \"" + definition.getColname() + "\" specified more than once");
      }
      names.add(definition.getColname());
      types.add(TypeNameBinder.bind(context, definition.getTypeName()));
    }
    return new RecordColumns(names, types);
  }

  /** The call of a function of JSON, which gives the fields that are asked for as texts. */
  Bound.Call call(Bound.Call call) {
    StringBuilder readers = new StringBuilder();
    types.forEach(type -> readers.append(JsonRecords.reader(type.oid())));
    List<Bound> args = new ArrayList<>(call.args());
    args.add(new Bound.Const(ArrayValue.of(PgOid.TEXT, names), TEXTS, -1));
    args.add(new Bound.Const(readers.toString(), Types.TEXT, -1));
    return new Bound.Call(
        call.function(), null, args, TEXTS, call.returnsSet(), false, call.location());
  }

  /** The columns, made of the fields that are in a column of the input. */
  List<Bound> read(int column, Coercion coercion) {
    List<Bound> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Bound field =
          new Bound.Subscript(
              new Bound.Column(column, TEXTS, "", -1),
              List.of(new Bound.Const(null, Types.INT4, -1)),
              List.of(new Bound.Const(i + 1L, Types.INT4, -1)),
              false,
              List.of(false, true),
              Types.TEXT);
      columns.add(coercion.fromText(field, types.get(i)));
    }
    return columns;
  }
}
