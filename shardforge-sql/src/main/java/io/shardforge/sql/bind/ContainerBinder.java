package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Resolver.Context;
import io.shardforge.sql.parse.proto.A_Indices;
import io.shardforge.sql.parse.proto.A_Indirection;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ResTarget;
import io.shardforge.sql.parse.proto.TypeCast;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Binds casts, arrays, rows, and what takes arrays and rows apart. */
final class ContainerBinder {
  private final ExpressionBinder expressions;
  private final BindContext context;
  private final Coercion coercion;

  ContainerBinder(Binder binder, ExpressionBinder expressions) {
    this.expressions = expressions;
    this.context = binder.context();
    this.coercion = binder.coercion();
  }

  Bound typeCast(TypeCast cast) {
    SqlType target = TypeNameBinder.bind(context, cast.getTypeName());
    Node arg = cast.getArg();
    PgType type = PgTypes.byOid(target.oid());
    int location = cast.getLocation() < 0 ? Location.of(arg) : cast.getLocation();
    Bound value =
        arg.hasAArrayExpr() && type.isArray()
            ? array(
                arg.getAArrayExpr().getElementsList(),
                type.elementOid(),
                arg.getAArrayExpr().getLocation())
            : expressions.bind(arg);
    return cast(value, target, location);
  }

  Bound cast(Bound value, SqlType target, int location) {
    Bound result = coercion.coerce(value, target, Context.EXPLICIT, location);
    if (result == null) {
      throw context.error(
          ErrorCode.CANNOT_COERCE,
          location,
          "cannot cast type " + Names.type(value.type()) + " to " + Names.type(target));
    }
    return result;
  }

  Bound array(List<Node> nodes, int element, int location) {
    List<Bound> values = new ArrayList<>();
    List<Integer> locations = new ArrayList<>();
    boolean multi = false;
    for (Node node : nodes) {
      Bound value =
          node.hasAArrayExpr()
              ? array(node.getAArrayExpr().getElementsList(), element, location)
              : expressions.bind(node);
      multi |= node.hasAArrayExpr();
      values.add(value);
      locations.add(Location.of(node));
    }
    SqlType elementType;
    if (element != 0) {
      elementType = SqlType.of(element);
    } else if (values.isEmpty()) {
      throw context
          .error(ErrorCode.INDETERMINATE_DATATYPE, location, "cannot determine type of empty array")
          .withHint("Explicitly cast to the desired type, for example ARRAY[]::integer[].");
    } else {
      elementType = SqlType.of(coercion.commonType(values, "ARRAY", locations).oid());
    }
    if (multi
        || (!values.isEmpty()
            && element == 0
            && Resolver.isTrueArray(PgTypes.byOid(elementType.oid())))) {
      int arrayType = element != 0 ? Resolver.arrayOf(element) : elementType.oid();
      List<Bound> typed = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        typed.add(
            coercion.toCommon(values.get(i), SqlType.of(arrayType), "ARRAY", locations.get(i)));
      }
      return expressions.arrayOf(typed, arrayType, true, location);
    }
    List<Bound> typed = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      typed.add(
          element != 0
              ? cast(values.get(i), elementType, locations.get(i))
              : coercion.toCommon(values.get(i), elementType, "ARRAY", locations.get(i)));
    }
    int arrayType = Resolver.arrayOf(elementType.oid());
    if (arrayType == 0) {
      throw context.error(
          ErrorCode.UNDEFINED_OBJECT,
          location,
          "could not find array type for data type " + Names.type(elementType));
    }
    return expressions.arrayOf(typed, arrayType, false, location);
  }

  Bound row(Node node) {
    List<Bound> fields = new ArrayList<>();
    RowExpansion expansion = new RowExpansion(expressions, context);
    for (Node arg : node.getRowExpr().getArgsList()) {
      fields.addAll(expansion.values(arg));
    }
    return new Bound.RowOf(fields, List.of(), Types.RECORD, node.getRowExpr().getLocation());
  }

  Bound indirection(A_Indirection node) {
    Bound base = expressions.bind(node.getArg());
    List<A_Indices> subscripts = new ArrayList<>();
    for (Node step : node.getIndirectionList()) {
      if (step.hasAIndices()) {
        subscripts.add(step.getAIndices());
        continue;
      }
      if (!subscripts.isEmpty()) {
        base = subscript(base, subscripts, Location.of(node.getArg()));
        subscripts.clear();
      }
      if (!step.hasString()) {
        throw context.error(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            Location.of(node.getArg()),
            "row expansion via \"*\" is not supported here");
      }
      base = field(base, step.getString().getSval(), Location.of(node.getArg()));
    }
    return subscripts.isEmpty() ? base : subscript(base, subscripts, Location.of(node.getArg()));
  }

  /** A column with another value in the part that an assignment names. */
  Bound assigned(Bound column, ResTarget target, Bound value, int location) {
    List<A_Indices> subscripts = new ArrayList<>();
    SqlType type = PgTypes.base(column.type());
    for (Node step : target.getIndirectionList()) {
      if (!step.hasAIndices()) {
        throw context.error(
            ErrorCode.DATATYPE_MISMATCH,
            target.getLocation(),
            "cannot assign to field \""
                + step.getString().getSval()
                + "\" of column \""
                + target.getName()
                + "\" because its type "
                + Names.type(subscripts.isEmpty() ? column.type() : elementOf(type))
                + " is not a composite type");
      }
      subscripts.add(step.getAIndices());
    }
    Bound.Subscript part = subscript(column, subscripts, target.getLocation());
    if (type.oid() == PgOid.NAME) {
      throw context.unsupported(target.getLocation(), "assignment to an element of a name");
    }
    SqlType wanted = PgTypes.base(part.type());
    Bound fitting = coercion.coerce(value, part.type(), Context.ASSIGNMENT, location);
    if (fitting == null) {
      throw context
          .error(
              ErrorCode.DATATYPE_MISMATCH,
              target.getLocation(),
              "subscripted assignment to \""
                  + target.getName()
                  + "\" requires type "
                  + Names.type(wanted)
                  + " but expression is of type "
                  + Names.type(value.type()))
          .withHint("You will need to rewrite or cast the expression.");
    }
    return new Bound.Store(part, fitting, type);
  }

  private static SqlType elementOf(SqlType array) {
    return new SqlType(PgTypes.byOid(array.oid()).elementOid(), array.typmod(), array.collation());
  }

  private Bound.Subscript subscript(Bound base, List<A_Indices> subscripts, int location) {
    PgType type = PgTypes.find(PgTypes.baseOid(base.type().oid()));
    if (type != null && type.oid() == PgOid.JSONB) {
      return member(base, subscripts);
    }
    if (type == null || type.elementOid() == 0) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          location,
          "cannot subscript type "
              + Names.type(base.type())
              + " because it does not support subscripting");
    }
    boolean slice = subscripts.stream().anyMatch(A_Indices::getIsSlice);
    if (type.oid() == PgOid.NAME && (slice || subscripts.size() > 1)) {
      throw context.unsupported(location, "slices of fixed-length arrays");
    }
    if (subscripts.size() > ArrayValue.DIMENSIONS_MAX) {
      throw context.error(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          -1,
          "number of array dimensions ("
              + subscripts.size()
              + ") exceeds the maximum allowed ("
              + ArrayValue.DIMENSIONS_MAX
              + ")");
    }
    List<Bound> lower = new ArrayList<>();
    List<Bound> upper = new ArrayList<>();
    List<Boolean> present = new ArrayList<>();
    for (A_Indices index : subscripts) {
      // Without a colon only the upper index is given; in a slice it then counts from 1.
      boolean hasLower = index.hasLidx();
      boolean hasUpper = index.hasUidx();
      if (slice && !index.getIsSlice()) {
        lower.add(new Bound.Const(1L, Types.INT4, -1));
        hasLower = true;
      } else {
        lower.add(hasLower ? index(index.getLidx()) : new Bound.Const(null, Types.INT4, -1));
      }
      upper.add(hasUpper ? index(index.getUidx()) : new Bound.Const(null, Types.INT4, -1));
      present.add(hasLower);
      present.add(hasUpper);
    }
    SqlType container = PgTypes.base(base.type());
    SqlType result = slice ? container : elementOf(container);
    return new Bound.Subscript(base, lower, upper, slice, present, result);
  }

  /** What keys and indexes lead to in jsonb: texts and integers. */
  private Bound.Subscript member(Bound base, List<A_Indices> subscripts) {
    List<Bound> lower = new ArrayList<>();
    List<Bound> upper = new ArrayList<>();
    List<Boolean> present = new ArrayList<>();
    for (A_Indices index : subscripts) {
      if (index.getIsSlice()) {
        throw context.error(
            ErrorCode.DATATYPE_MISMATCH,
            Location.of(index.hasUidx() ? index.getUidx() : index.getLidx()),
            "jsonb subscript does not support slices");
      }
      lower.add(new Bound.Const(null, Types.INT4, -1));
      upper.add(key(index.getUidx()));
      present.add(false);
      present.add(true);
    }
    return new Bound.Subscript(base, lower, upper, false, present, SqlType.of(PgOid.JSONB));
  }

  private Bound key(Node node) {
    Bound value = expressions.bind(node);
    int location = Location.of(node);
    int given = value.type().oid();
    boolean integer =
        given != PgOid.UNKNOWN && context.resolver().canCoerce(given, PgOid.INT4, Context.IMPLICIT);
    boolean text = context.resolver().canCoerce(given, PgOid.TEXT, Context.IMPLICIT);
    Bound typed =
        integer == text
            ? null
            : coercion.toType(
                value, integer ? PgOid.INT4 : PgOid.TEXT, -1, Context.IMPLICIT, location);
    if (typed == null) {
      throw context
          .error(
              ErrorCode.DATATYPE_MISMATCH,
              location,
              "subscript type " + Names.type(value.type()) + " is not supported")
          .withHint(
              integer
                  ? "jsonb subscript must be coercible to only one type, integer or text."
                  : "jsonb subscript must be coercible to either integer or text.");
    }
    return typed;
  }

  private Bound index(Node node) {
    Bound value = expressions.bind(node);
    Bound typed = coercion.toType(value, PgOid.INT4, -1, Context.ASSIGNMENT, Location.of(node));
    if (typed == null) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH, Location.of(node), "array subscript must have type integer");
    }
    return typed;
  }

  /** The fields of a row with them in a list; those of a row that may be missing are then null. */
  static Bound.@Nullable RowOf rowOf(Bound row) {
    if (row instanceof Bound.RowOf r) {
      return r;
    }
    if (!(row instanceof Bound.Case c)
        || c.branches().size() != 3
        || !(c.branches().get(1) instanceof Bound.Const missing)
        || missing.value() != null
        || !(c.branches().getLast() instanceof Bound.RowOf whole)) {
      return null;
    }
    List<Bound> fields = new ArrayList<>();
    for (Bound field : whole.fields()) {
      Bound none = new Bound.Const(null, field.type(), -1);
      fields.add(new Bound.Case(List.of(c.branches().getFirst(), none, field), field.type()));
    }
    return new Bound.RowOf(fields, whole.names(), whole.type(), whole.location());
  }

  private Bound field(Bound row, String name, int location) {
    Bound.RowOf r = rowOf(row);
    if (r != null) {
      for (int i = 0; i < r.fields().size(); i++) {
        if (r.nameOf(i).equals(name)) {
          return r.fields().get(i);
        }
      }
    }
    List<FunctionTables.OutColumn> columns = context.recordColumns(row.type());
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return new Bound.Field(row, i, SqlType.of(columns.get(i).type()));
      }
    }
    if (row.type().oid() == PgOid.RECORD) {
      throw context.error(
          ErrorCode.UNDEFINED_COLUMN,
          location,
          "could not identify column \"" + name + "\" in record data type");
    }
    throw context.error(
        ErrorCode.WRONG_OBJECT_TYPE,
        location,
        "column notation ."
            + name
            + " applied to type "
            + Names.type(row.type())
            + ", which is not a composite type");
  }
}
