package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.A_Indirection;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** What stands for several values in a list of them: {@code t.*} and {@code (row).*}. */
final class RowExpansion {
  /** One of the values, with the name that it has as a column. */
  record Part(String name, Bound value) {}

  private final ExpressionBinder expressions;
  private final BindContext context;

  RowExpansion(ExpressionBinder expressions, BindContext context) {
    this.expressions = expressions;
    this.context = context;
  }

  /** Whether it is {@code (row).*}. */
  static boolean isOfRow(Node node) {
    return node.hasAIndirection()
        && node.getAIndirection().getIndirectionList().getLast().hasAStar();
  }

  private static boolean isOfTable(Node node) {
    return node.hasColumnRef() && node.getColumnRef().getFieldsList().getLast().hasAStar();
  }

  /** The values that an item of a list stands for; most are one. */
  List<Bound> values(Node item) {
    if (isOfTable(item)) {
      return parts(expressions.wholeRow(item.getColumnRef()), Location.of(item)).stream()
          .map(Part::value)
          .toList();
    }
    return isOfRow(item)
        ? parts(item).stream().map(Part::value).toList()
        : List.of(expressions.bind(item));
  }

  /** What {@code (row).*} stands for. */
  List<Part> parts(Node node) {
    A_Indirection steps = node.getAIndirection();
    int last = steps.getIndirectionCount() - 1;
    Node row =
        last == 0
            ? steps.getArg()
            : Node.newBuilder().setAIndirection(steps.toBuilder().removeIndirection(last)).build();
    return parts(expressions.bind(row), Location.of(steps.getArg()));
  }

  private List<Part> parts(Bound row, int location) {
    List<Part> parts = new ArrayList<>();
    Bound.RowOf fields = ContainerBinder.rowOf(row);
    if (fields != null) {
      for (int i = 0; i < fields.fields().size(); i++) {
        parts.add(new Part(fields.nameOf(i), fields.fields().get(i)));
      }
      return parts;
    }
    for (FunctionTables.OutColumn column : context.recordColumns(row.type())) {
      parts.add(
          new Part(column.name(), new Bound.Field(row, parts.size(), SqlType.of(column.type()))));
    }
    if (!parts.isEmpty()) {
      return parts;
    }
    if (row.type().oid() == PgOid.RECORD) {
      throw context.unsupported(location, "\".*\" of a record whose columns are not known");
    }
    throw context.error(
        ErrorCode.WRONG_OBJECT_TYPE,
        location,
        "type " + Names.type(row.type()) + " is not composite");
  }
}
