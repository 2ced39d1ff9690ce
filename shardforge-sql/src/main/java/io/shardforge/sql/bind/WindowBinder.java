package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Resolver.Context;
import io.shardforge.sql.function.FrameShape;
import io.shardforge.sql.function.FrameShape.Edge;
import io.shardforge.sql.function.FrameShape.Exclusion;
import io.shardforge.sql.function.FrameShape.Mode;
import io.shardforge.sql.function.RangeOffset;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.SortBy;
import io.shardforge.sql.parse.proto.WindowDef;
import io.shardforge.sql.type.PgOid;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Binds the window definitions of one query level: its WINDOW clause and what OVER says. */
final class WindowBinder {
  // The bits of WindowDef.frameOptions.
  private static final int DEFINED = 0x00001;
  private static final int ROWS = 0x00004;
  private static final int GROUPS = 0x00008;
  private static final int START_CURRENT_ROW = 0x00200;
  private static final int END_CURRENT_ROW = 0x00400;
  private static final int START_OFFSET_PRECEDING = 0x00800;
  private static final int END_OFFSET_PRECEDING = 0x01000;
  private static final int START_OFFSET_FOLLOWING = 0x02000;
  private static final int END_OFFSET_FOLLOWING = 0x04000;
  private static final int END_UNBOUNDED_FOLLOWING = 0x00100;
  private static final int EXCLUDE_CURRENT_ROW = 0x08000;
  private static final int EXCLUDE_GROUP = 0x10000;
  private static final int EXCLUDE_TIES = 0x20000;

  private final BindContext context;
  private final Coercion coercion;
  private final ExpressionBinder expressions;
  private final Map<String, Named> named = new LinkedHashMap<>();

  /** A window of the WINDOW clause. */
  private record Named(Bound.Window window, boolean framed) {}

  WindowBinder(Binder binder, Scope scope, CteScope ctes) {
    this.context = binder.context();
    this.coercion = binder.coercion();
    this.expressions = new ExpressionBinder(binder, scope, Clause.WINDOW, ctes);
  }

  /** The WINDOW clause; a definition may build on those before it. */
  void define(List<Node> definitions) {
    for (Node node : definitions) {
      WindowDef definition = node.getWindowDef();
      if (named.containsKey(definition.getName())) {
        throw context.error(
            ErrorCode.WINDOWING_ERROR,
            definition.getLocation(),
            "window \"" + definition.getName() + "\" is already defined");
      }
      named.put(definition.getName(), new Named(window(definition), isFramed(definition)));
    }
  }

  /** The window that OVER names or describes. */
  Bound.Window over(WindowDef definition) {
    return definition.getName().isEmpty()
        ? window(definition)
        : find(definition.getName(), definition.getLocation()).window;
  }

  private Named find(String name, int location) {
    Named found = named.get(name);
    if (found == null) {
      throw context.error(
          ErrorCode.UNDEFINED_OBJECT, location, "window \"" + name + "\" does not exist");
    }
    return found;
  }

  private static boolean isFramed(WindowDef definition) {
    return (definition.getFrameOptions() & DEFINED) != 0;
  }

  private Bound.Window window(WindowDef definition) {
    List<Bound> partition = new ArrayList<>();
    for (Node node : definition.getPartitionClauseList()) {
      Bound key = coercion.settle(expressions.bind(node));
      SelectBinder.requireEquality(context, key, Location.of(node));
      partition.add(key);
    }
    List<Bound.Order> order = new ArrayList<>();
    for (Node node : definition.getOrderClauseList()) {
      SortBy sort = node.getSortBy();
      Bound key = coercion.settle(expressions.bind(sort.getNode()));
      SelectBinder.requireOrder(context, key, Location.of(sort.getNode()));
      SortDirection direction = SortDirection.of(context, sort);
      order.add(new Bound.Order(key, direction.descending(), direction.nullsFirst()));
    }
    if (!definition.getRefname().isEmpty()) {
      Named base = find(definition.getRefname(), definition.getLocation());
      checkCopy(definition, base, partition, order);
      partition = base.window.partition();
      order = order.isEmpty() ? base.window.order() : order;
    }
    return framed(definition, partition, order);
  }

  private void checkCopy(
      WindowDef definition, Named base, List<Bound> partition, List<Bound.Order> order) {
    int location = definition.getLocation();
    String name = "\"" + definition.getRefname() + "\"";
    if (!partition.isEmpty()) {
      throw context.error(
          ErrorCode.WINDOWING_ERROR,
          location,
          "cannot override PARTITION BY clause of window " + name);
    }
    if (!order.isEmpty() && !base.window.order().isEmpty()) {
      throw context.error(
          ErrorCode.WINDOWING_ERROR, location, "cannot override ORDER BY clause of window " + name);
    }
    if (base.framed) {
      boolean bare = definition.getName().isEmpty() && order.isEmpty() && !isFramed(definition);
      var error =
          context.error(
              ErrorCode.WINDOWING_ERROR,
              location,
              "cannot copy window " + name + " because it has a frame clause");
      throw bare ? error.withHint("Omit the parentheses in this OVER clause.") : error;
    }
  }

  // Frames.

  private Bound.Window framed(
      WindowDef definition, List<Bound> partition, List<Bound.Order> order) {
    int options = definition.getFrameOptions();
    Mode mode =
        (options & ROWS) != 0 ? Mode.ROWS : (options & GROUPS) != 0 ? Mode.GROUPS : Mode.RANGE;
    Exclusion exclusion =
        (options & EXCLUDE_CURRENT_ROW) != 0
            ? Exclusion.CURRENT_ROW
            : (options & EXCLUDE_GROUP) != 0
                ? Exclusion.GROUP
                : (options & EXCLUDE_TIES) != 0 ? Exclusion.TIES : Exclusion.NO_OTHERS;
    FrameShape shape =
        isFramed(definition)
            ? new FrameShape(mode, start(options), end(options), exclusion)
            : FrameShape.DEFAULT;
    if (shape.mode() == Mode.RANGE && shape.hasOffset() && order.size() != 1) {
      throw context.error(
          ErrorCode.WINDOWING_ERROR,
          definition.getLocation(),
          "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column");
    }
    if (shape.mode() == Mode.GROUPS && order.isEmpty()) {
      throw context.error(
          ErrorCode.WINDOWING_ERROR,
          definition.getLocation(),
          "GROUPS mode requires an ORDER BY clause");
    }
    return new Bound.Window(
        partition,
        order,
        shape,
        shape.start().hasOffset() ? offset(shape, definition.getStartOffset(), order) : null,
        shape.end().hasOffset() ? offset(shape, definition.getEndOffset(), order) : null);
  }

  private static Edge start(int options) {
    if ((options & START_CURRENT_ROW) != 0) {
      return Edge.CURRENT_ROW;
    }
    if ((options & START_OFFSET_PRECEDING) != 0) {
      return Edge.OFFSET_PRECEDING;
    }
    return (options & START_OFFSET_FOLLOWING) != 0
        ? Edge.OFFSET_FOLLOWING
        : Edge.UNBOUNDED_PRECEDING;
  }

  private static Edge end(int options) {
    if ((options & END_CURRENT_ROW) != 0) {
      return Edge.CURRENT_ROW;
    }
    if ((options & END_OFFSET_PRECEDING) != 0) {
      return Edge.OFFSET_PRECEDING;
    }
    if ((options & END_OFFSET_FOLLOWING) != 0) {
      return Edge.OFFSET_FOLLOWING;
    }
    return (options & END_UNBOUNDED_FOLLOWING) != 0 ? Edge.UNBOUNDED_FOLLOWING : Edge.CURRENT_ROW;
  }

  private Bound offset(FrameShape shape, Node node, List<Bound.Order> order) {
    int location = Location.of(node);
    Bound value = expressions.bind(node);
    Bound typed;
    if (shape.mode() == Mode.RANGE) {
      int type = rangeType(order.getFirst().expression(), value, location);
      typed = coercion.toType(value, type, -1, Context.ASSIGNMENT, location);
    } else {
      typed = coercion.toType(value, PgOid.INT8, -1, Context.ASSIGNMENT, location);
    }
    if (typed == null) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          location,
          "argument of "
              + shape.mode()
              + " must be type bigint, not type "
              + Names.type(value.type()));
    }
    if (Bound.any(typed, e -> e instanceof Bound.Column)) {
      throw context.error(
          ErrorCode.INVALID_COLUMN_REFERENCE,
          location,
          "argument of " + shape.mode() + " must not contain variables");
    }
    return typed;
  }

  /** The type that an offset from values of the sort column has. */
  private int rangeType(Bound column, Bound offset, int location) {
    List<Integer> types = RangeOffset.offsetTypes(column.type().oid());
    if (types.isEmpty()) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          location,
          "RANGE with offset PRECEDING/FOLLOWING is not supported for column type "
              + Names.type(column.type()));
    }
    int given = offset.type().oid();
    Integer chosen = choice(types, column.type().oid(), given);
    if (chosen == null) {
      throw context
          .error(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              location,
              "RANGE with offset PRECEDING/FOLLOWING is not supported for column type "
                  + Names.type(column.type())
                  + " and offset type "
                  + Names.type(offset.type()))
          .withHint("Cast the offset value to an appropriate type.");
    }
    return chosen;
  }

  private @Nullable Integer choice(List<Integer> types, int column, int given) {
    if (types.contains(given)) {
      return given;
    }
    if (given == PgOid.UNKNOWN) {
      return types.contains(column) ? column : types.getFirst();
    }
    for (int type : types) {
      if (context.resolver().castPath(given, type, Context.IMPLICIT) != null) {
        return type;
      }
    }
    return null;
  }
}
