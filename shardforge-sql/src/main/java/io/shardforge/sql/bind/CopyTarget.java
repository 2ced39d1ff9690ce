package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.proto.CopyStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of a COPY: which columns, what the others get, what is checked, and (for COPY TO) the
 * query for its rows.
 *
 * @param condition which rows of the input are taken, null for all
 */
public record CopyTarget(
    TableDescriptor table,
    List<Integer> columns,
    List<Bound> defaults,
    List<Bound> checks,
    @Nullable Bound condition,
    Query rows) {
  public static CopyTarget bind(Binder binder, CopyStmt copy, SourceText source) {
    BindContext context = binder.context();
    SourceText outer = context.swapSource(source);
    try {
      TableDescriptor table = table(binder, copy);
      if (copy.getIsFrom()) {
        binder.requireAnyColumn(table, Privilege.INSERT);
      }
      TargetColumns target = new TargetColumns(binder, table);
      List<Integer> columns = new ArrayList<>();
      for (Node node : copy.getAttlistList()) {
        String name = node.getString().getSval();
        int ordinal = table.ordinalOf(name);
        if (ordinal < 0 || table.columns().get(ordinal).hidden()) {
          throw context.error(
              ErrorCode.UNDEFINED_COLUMN,
              -1,
              "column \"" + name + "\" of relation \"" + table.name() + "\" does not exist");
        }
        if (table.columns().get(ordinal).generated()) {
          throw context
              .error(
                  ErrorCode.INVALID_COLUMN_REFERENCE,
                  -1,
                  "column \"" + name + "\" is a generated column")
              .withDetail("Generated columns cannot be used in COPY.");
        }
        if (columns.contains(ordinal)) {
          throw context.error(
              ErrorCode.DUPLICATE_COLUMN, -1, "column \"" + name + "\" specified more than once");
        }
        columns.add(ordinal);
      }
      if (copy.getAttlistCount() == 0) {
        for (int i = 0; i < table.columns().size(); i++) {
          if (!table.columns().get(i).hidden() && !table.columns().get(i).generated()) {
            columns.add(i);
          }
        }
      }
      binder.requireColumns(table, columns, copy.getIsFrom() ? Privilege.INSERT : Privilege.SELECT);
      List<Bound> defaults = new ArrayList<>();
      for (int i = 0; i < table.columns().size(); i++) {
        defaults.add(columns.contains(i) ? target.given(i) : target.defaultOf(i));
      }
      return new CopyTarget(
          table,
          columns,
          defaults,
          target.rules(),
          condition(binder, copy, table),
          rows(binder, copy, table, columns));
    } finally {
      context.swapSource(outer);
    }
  }

  private static TableDescriptor table(Binder binder, CopyStmt copy) {
    BindContext context = binder.context();
    String copying = copy.getIsFrom() ? "cannot copy to " : "cannot copy from ";
    return switch (binder.relation(copy.getRelation())) {
      case TableDescriptor table -> table;
      case ViewDescriptor view ->
          throw context
              .error(ErrorCode.WRONG_OBJECT_TYPE, -1, copying + "view \"" + view.name() + "\"")
              .withHint(
                  copy.getIsFrom()
                      ? "To enable copying to a view, provide an INSTEAD OF INSERT trigger."
                      : "Try the COPY (SELECT ...) TO variant.");
      case SequenceDescriptor sequence ->
          throw context.error(
              ErrorCode.WRONG_OBJECT_TYPE, -1, copying + "sequence \"" + sequence.name() + "\"");
      default ->
          throw context.error(
              ErrorCode.INSUFFICIENT_PRIVILEGE,
              -1,
              "permission denied: \"" + copy.getRelation().getRelname() + "\" is a system catalog");
    };
  }

  private static @Nullable Bound condition(Binder binder, CopyStmt copy, TableDescriptor table) {
    if (!copy.hasWhereClause()) {
      return null;
    }
    BindContext context = binder.context();
    FromBinder.Item item =
        new FromBinder(binder, null, CteScope.EMPTY).table(table, table.name(), copy.getRelation());
    Scope scope = new Scope(context, null, item.sources());
    Bound condition =
        new ExpressionBinder(binder, scope, Clause.COPY_WHERE, CteScope.EMPTY)
            .condition(copy.getWhereClause());
    Bound.SubQuery subquery = Contains.subQuery(condition);
    if (subquery != null) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          subquery.location(),
          "cannot use subquery in COPY FROM WHERE condition");
    }
    return condition;
  }

  private static Query rows(
      Binder binder, CopyStmt copy, TableDescriptor table, List<Integer> columns) {
    FromBinder.Item item =
        new FromBinder(binder, null, CteScope.EMPTY).relation(copy.getRelation());
    List<Bound> expressions = new ArrayList<>();
    List<Query.Column> output = new ArrayList<>();
    for (int ordinal : columns) {
      var c = table.columns().get(ordinal);
      expressions.add(new Bound.Column(ordinal, c.type(), c.name(), -1));
      output.add(new Query.Column(c.name(), c.type(), table.id(), c.number()));
    }
    return new Query(Rel.Project.of(item.rel(), expressions), output);
  }
}
