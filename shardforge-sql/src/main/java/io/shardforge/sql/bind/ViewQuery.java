package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import io.shardforge.sql.catalog.ViewOptions;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query of a view that is being made: bound, and written so that it means the same whatever
 * becomes of the names in it.
 */
public record ViewQuery(String sql, List<Query.Column> columns, List<Reading> readings) {
  /** Binds the query as the statement that makes the view has it. */
  public static ViewQuery of(Binder binder, Node query, SourceText source) {
    BindContext context = binder.context();
    refuseOutside(context, query);
    ViewTrace trace = new ViewTrace(context);
    context.trace(trace);
    Query bound;
    try {
      bound = binder.bind(query, source);
    } finally {
      context.trace(null);
    }
    if (Rels.any(bound.rel(), Binder::modifies, _ -> false)) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          -1,
          "views must not contain data-modifying statements in WITH");
    }
    if (!context.parameterTypes().isEmpty()) {
      throw context.error(ErrorCode.UNDEFINED_PARAMETER, -1, "there is no parameter $1");
    }
    String sql = written(context, trace.written(query));
    ViewQuery written = new ViewQuery(sql, bound.columns(), trace.readings());
    written.requireSame(binder);
    return written;
  }

  private static String written(BindContext context, Node query) {
    try {
      return context.write(query);
    } catch (ShardForgeException e) {
      throw unwritable(context, e);
    }
  }

  /** Refuses what the text of a view could not hold by identity. */
  private static void refuseOutside(BindContext context, Node query) {
    SelectStmt select = query.getSelectStmt();
    if (select.hasIntoClause()) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED, -1, "views must not contain SELECT INTO");
    }
  }

  /** What is stored must be what was asked for; what cannot be written so is refused. */
  private void requireSame(Binder binder) {
    BindContext context = binder.context();
    ViewDescriptor draft =
        new ViewDescriptor(
            0,
            1,
            0,
            "",
            0,
            sql,
            List.<ColumnDescriptor>of(),
            readings,
            ViewOptions.NONE.withInvoker(true));
    Query again;
    try {
      again = binder.view(draft);
    } catch (ShardForgeException e) {
      throw unwritable(context, e);
    }
    if (!again.rel().types().equals(typesOf(columns)) || !namesOf(again).equals(names())) {
      throw unwritable(context, null);
    }
  }

  private static ShardForgeException unwritable(
      BindContext context, @Nullable ShardForgeException cause) {
    ShardForgeException error = context.unsupported(-1, "this query in a view");
    return cause == null ? error : error.withDetail(cause.message());
  }

  private static List<io.shardforge.sql.type.SqlType> typesOf(List<Query.Column> columns) {
    return columns.stream().map(Query.Column::type).toList();
  }

  private static List<String> namesOf(Query query) {
    return query.columns().stream().map(Query.Column::name).toList();
  }

  /** The names that the query itself gives its columns. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (Query.Column column : columns) {
      names.add(column.name());
    }
    return names;
  }
}
