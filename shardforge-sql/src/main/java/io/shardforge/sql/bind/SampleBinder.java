package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Resolver.Context;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeTableSample;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Binds TABLESAMPLE: a condition on the primary key, so that a seed chooses the same rows in
 * whatever order and from whichever nodes they are read.
 */
final class SampleBinder {
  private static final Set<String> METHODS = Set.of("bernoulli", "system");

  private final Binder binder;
  private final BindContext context;
  private final ExpressionBinder expressions;

  SampleBinder(Binder binder, ExpressionBinder expressions) {
    this.binder = binder;
    this.context = binder.context();
    this.expressions = expressions;
  }

  /** The rows of the sample of what {@code item} has. */
  FromBinder.Item bind(RangeTableSample node, FromBinder.Item item) {
    if (item.rel() instanceof Rel.VirtualScan) {
      throw context.unsupported(node.getLocation(), "TABLESAMPLE of a system table");
    }
    if (!(item.rel() instanceof Rel.Scan scan)) {
      throw context.error(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          node.getRelation().getRangeVar().getLocation(),
          "TABLESAMPLE clause can only be applied to tables and materialized views");
    }
    String method = Names.last(node.getMethodList());
    if (!METHODS.contains(method)) {
      throw context.error(
          ErrorCode.UNDEFINED_OBJECT,
          node.getLocation(),
          "tablesample method " + method + " does not exist");
    }
    if (node.getArgsCount() != 1) {
      throw context.error(
          ErrorCode.INVALID_TABLESAMPLE_ARGUMENT,
          node.getLocation(),
          "tablesample method " + method + " requires 1 argument, not " + node.getArgsCount());
    }
    List<Bound> args = new ArrayList<>();
    args.add(argument(node.getArgs(0), PgOid.FLOAT4, "TABLESAMPLE"));
    args.add(
        node.hasRepeatable()
            ? argument(node.getRepeatable(), PgOid.FLOAT8, "REPEATABLE")
            : seedOfStatement());
    args.addAll(key(scan.table()));
    Bound chosen = binder.functions().call("shardforge", "is_in_sample", args, -1);
    return new FromBinder.Item(new Rel.Filter(scan, chosen), item.sources());
  }

  private Bound argument(Node node, int type, String what) {
    Bound given = expressions.bind(node);
    int location = Location.of(node);
    Bound typed = binder.coercion().toType(given, type, -1, Context.ASSIGNMENT, location);
    if (typed == null) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          location,
          "argument of "
              + what
              + " must be type "
              + Names.type(SqlType.of(type))
              + ", not type "
              + Names.type(given.type()));
    }
    return typed;
  }

  /** A random number that stays the same while the statement runs. */
  private Bound seedOfStatement() {
    Bound random = binder.functions().call("pg_catalog", "random", List.of(), -1);
    return new Bound.SubQuery(
        Bound.SubQueryKind.SCALAR,
        Rel.Project.of(FromBinder.nothing(), List.of(random)),
        context.newCorrelation(),
        List.of(),
        List.of(),
        List.of(),
        "",
        random.type(),
        -1);
  }

  private static List<Bound> key(TableDescriptor table) {
    List<Bound> key = new ArrayList<>();
    for (IndexDescriptor.KeyColumn column : table.primaryIndex().columns()) {
      int ordinal = table.ordinalOfNumber(column.columnNumber());
      var described = table.columns().get(ordinal);
      key.add(new Bound.Column(ordinal, described.type(), described.name(), -1));
    }
    return key;
  }
}
