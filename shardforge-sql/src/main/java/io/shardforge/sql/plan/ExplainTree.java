package io.shardforge.sql.plan;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.SubPlan;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Describes plan nodes for EXPLAIN, with PostgreSQL's names where it has the same node. */
final class ExplainTree {
  private int subPlans;

  /** A described node and the names of its output columns. */
  private record Described(ExplainNode node, List<String> names) {}

  ExplainNode describe(PlanNode plan) {
    return node(plan).node;
  }

  private Described node(PlanNode plan) {
    return switch (plan) {
      case PlanNode.Values p -> values(p);
      case PlanNode.IndexScan p -> indexScan(p);
      case PlanNode.InvertedScan p -> invertedScan(p);
      case PlanNode.KeyLookup p -> keyLookup(p);
      case PlanNode.IndexLookupJoin p -> lookupJoin(p);
      case PlanNode.VirtualScan p -> {
        List<String> names = new ArrayList<>();
        p.columns().forEach(i -> names.add(p.table().columns().get(i).name()));
        ExplainNode node = new ExplainNode("Seq Scan on " + p.table().name(), p);
        filter(node, p.filter(), names);
        yield new Described(node, names);
      }
      case PlanNode.FunctionScan p -> {
        List<String> functions = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (PlanNode.FunctionCall call : p.calls()) {
          PgFunction function = FunctionRegistry.function(call.functionOid());
          String name = function == null ? "?" : function.name();
          functions.add(name);
          for (int i = 0; i < call.types().size(); i++) {
            names.add(i == 0 ? name : name + (i + 1));
          }
        }
        if (p.withOrdinality()) {
          names.add("ordinality");
        }
        ExplainNode node = new ExplainNode("Function Scan on " + String.join(", ", functions), p);
        p.arguments().forEach(a -> subPlans(node, a));
        yield new Described(node, names);
      }
      case PlanNode.Filter p -> {
        Described input = node(p.input());
        // As in PostgreSQL a filter is a property of the node that it filters, where it can be.
        ExplainNode node = new ExplainNode("Filter", p);
        filter(node, p.condition(), input.names);
        yield new Described(node.add(input.node), input.names);
      }
      case PlanNode.Project p -> {
        Described input = node(p.input());
        List<String> names = new ArrayList<>();
        for (Expression e : p.expressions()) {
          names.add(ExpressionText.of(e, input.names));
        }
        ExplainNode node = new ExplainNode("Project", p);
        node.with("Output", names);
        p.expressions().forEach(e -> subPlans(node, e));
        yield new Described(node.add(input.node), names);
      }
      case PlanNode.HashJoin p -> hashJoin(p);
      case PlanNode.NestedLoopJoin p -> {
        Described left = node(p.left());
        Described right = node(p.right());
        List<String> both = joined(left.names, right.names);
        ExplainNode node = new ExplainNode("Nested Loop" + kind(p.kind()), p);
        Expression condition = p.condition();
        if (condition != null) {
          node.with("Join Filter", ExpressionText.of(condition, both));
          subPlans(node, condition);
        }
        yield new Described(
            node.add(left.node).add(right.node), output(p.kind(), left.names, both));
      }
      case PlanNode.Correlate p -> {
        Described left = node(p.left());
        Described right = node(p.right());
        ExplainNode node = new ExplainNode("Nested Loop" + kind(p.kind()), p);
        yield new Described(
            node.add(left.node).add(right.node),
            output(p.kind(), left.names, joined(left.names, right.names)));
      }
      case PlanNode.Aggregate p -> aggregate(p);
      case PlanNode.Window p -> {
        Described input = node(p.input());
        List<String> names = new ArrayList<>(input.names);
        for (PlanNode.WindowCall call : p.calls()) {
          PgFunction function = FunctionRegistry.function(call.functionOid());
          names.add((function == null ? "?" : function.name()) + "() OVER");
        }
        yield new Described(new ExplainNode("WindowAgg", p).add(input.node), names);
      }
      case PlanNode.DistinctOn p -> {
        Described input = node(p.input());
        yield new Described(new ExplainNode("Unique", p).add(input.node), input.names);
      }
      case PlanNode.Sort p -> {
        Described input = node(p.input());
        List<String> keys = new ArrayList<>();
        for (PlanNode.SortKey key : p.keys()) {
          keys.add(input.names.get(key.column()) + order(key));
        }
        yield new Described(
            new ExplainNode("Sort", p).with("Sort Key", keys).add(input.node), input.names);
      }
      case PlanNode.Limit p -> {
        Described input = node(p.input());
        yield new Described(new ExplainNode("Limit", p).add(input.node), input.names);
      }
      case PlanNode.SetOperation p -> setOperation(p);
      case PlanNode.With p -> {
        Described body = node(p.body());
        ExplainNode node = new ExplainNode("With", p);
        for (PlanNode.Cte cte : p.ctes()) {
          ExplainNode query = node(cte.plan()).node;
          PlanNode step = cte.step();
          if (step != null) {
            query = new ExplainNode("Recursive Union", cte.plan()).add(query).add(node(step).node);
          }
          node.add("CTE " + cte.name(), query);
        }
        yield new Described(node.add(body.node), body.names);
      }
      case PlanNode.CteScan p -> {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < p.types().size(); i++) {
          names.add(p.name() + "." + (i + 1));
        }
        String what = p.working() ? "WorkTable Scan on " : "CTE Scan on ";
        yield new Described(new ExplainNode(what + p.name(), p), names);
      }
      case PlanNode.LockRows p -> {
        Described input = node(p.input());
        yield new Described(new ExplainNode("LockRows", p).add(input.node), input.names);
      }
      case PlanNode.Insert p -> {
        ExplainNode node = new ExplainNode("Insert on " + p.table().name(), p);
        PlanNode.OnConflict conflict = p.onConflict();
        if (conflict != null) {
          node.with("Conflict Resolution", conflict.assignments() == null ? "NOTHING" : "UPDATE");
          if (!conflict.arbiters().isEmpty()) {
            node.with(
                "Conflict Arbiter Indexes",
                conflict.arbiters().stream().map(IndexDescriptor::name).toList());
          }
        }
        yield new Described(node.add(node(p.input()).node), columnNames(p.table()));
      }
      case PlanNode.Update p ->
          new Described(
              new ExplainNode("Update on " + p.table().name(), p).add(node(p.input()).node),
              columnNames(p.table()));
      case PlanNode.Merge p ->
          new Described(
              new ExplainNode("Merge on " + p.table().name(), p).add(node(p.input()).node),
              columnNames(p.table()));
      case PlanNode.Delete p ->
          new Described(
              new ExplainNode("Delete on " + p.table().name(), p).add(node(p.input()).node),
              columnNames(p.table()));
    };
  }

  // Leaves.

  private static Described values(PlanNode.Values p) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < p.types().size(); i++) {
      names.add("column" + (i + 1));
    }
    String title = p.rows().size() <= 1 ? "Result" : "Values Scan";
    ExplainNode node = new ExplainNode(title, p);
    if (p.rows().isEmpty()) {
      node.with("One-Time Filter", "false");
    }
    return new Described(node, names);
  }

  private Described indexScan(PlanNode.IndexScan p) {
    List<String> names = names(p.table(), p.columns());
    String direction = p.reverse() ? " Backward" : "";
    boolean whole = p.ranges().isEmpty();
    String title =
        whole && p.index().primary() && !p.reverse()
            ? "Seq Scan on " + p.table().name()
            : (readsEntriesOnly(p) ? "Index Only Scan" : "Index Scan")
                + direction
                + " using "
                + p.index().name()
                + " on "
                + p.table().name();
    ExplainNode node = new ExplainNode(title, p);
    if (!whole) {
      node.with("Index Cond", ranges(p));
    }
    if (p.table().isSlotted(p.index())) {
      node.with("Hash Arcs", "all " + p.table().options().shards());
    }
    lock(node, p.lock());
    filter(node, p.filter(), names);
    return new Described(node, names);
  }

  private Described invertedScan(PlanNode.InvertedScan p) {
    TableDescriptor table = p.rows().table();
    List<String> names = names(table, p.rows().columns());
    ExplainNode node =
        new ExplainNode("Inverted Index Scan using " + p.index().name() + " on " + table.name(), p);
    node.with("Index Cond", text(p.condition(), keyNames(table, p.index())));
    lock(node, p.rows().lock());
    filter(node, p.rows().filter(), names);
    return new Described(node, names);
  }

  private static String text(KeyCondition condition, List<String> columns) {
    return switch (condition) {
      case KeyCondition.Test test when test.operator().equals(KeyCondition.Test.ELEMENT) ->
          "(" + text(test.operand()) + " = ANY (" + columns.get(test.position()) + "))";
      case KeyCondition.Test test ->
          "("
              + columns.get(test.position())
              + " "
              + test.operator()
              + " "
              + text(test.operand())
              + ")";
      case KeyCondition.Logic logic ->
          logic.parts().stream()
              .map(part -> text(part, columns))
              .collect(Collectors.joining(logic.and() ? " AND " : " OR ", "(", ")"));
    };
  }

  private static boolean readsEntriesOnly(PlanNode.IndexScan p) {
    int[] columns = p.columns().stream().mapToInt(Integer::intValue).toArray();
    return !p.index().primary()
        && p.lock() == null
        && new IndexCodec(RowCodec.of(p.table()), p.index()).covers(columns);
  }

  private String ranges(PlanNode.IndexScan p) {
    List<String> columns = keyNames(p.table(), p.index());
    List<String> all = new ArrayList<>();
    for (KeyRange range : p.ranges()) {
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < range.equal().size(); i++) {
        Expression value = range.equal().get(i);
        String test = KeyRange.NULL.equals(value) ? " IS NULL" : " = " + text(value);
        parts.add("(" + columns.get(i) + test + ")");
      }
      KeyRange.Bound lower = range.lower();
      if (lower != null) {
        String operator = lower.inclusive() ? " >= " : " > ";
        parts.add("(" + columns.get(range.equal().size()) + operator + text(lower.value()) + ")");
      }
      KeyRange.Bound upper = range.upper();
      if (upper != null) {
        String operator = upper.inclusive() ? " <= " : " < ";
        parts.add("(" + columns.get(range.equal().size()) + operator + text(upper.value()) + ")");
      }
      all.add(parts.size() == 1 ? parts.getFirst() : "(" + String.join(" AND ", parts) + ")");
    }
    return String.join(" OR ", all);
  }

  private static String text(Expression e) {
    return ExpressionText.of(e, List.of());
  }

  private Described keyLookup(PlanNode.KeyLookup p) {
    List<String> names = names(p.table(), p.columns());
    List<String> columns = keyNames(p.table(), p.index());
    List<String> all = new ArrayList<>();
    for (List<Expression> key : p.keys()) {
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < key.size(); i++) {
        parts.add("(" + columns.get(i) + " = " + text(key.get(i)) + ")");
      }
      all.add(parts.size() == 1 ? parts.getFirst() : "(" + String.join(" AND ", parts) + ")");
    }
    ExplainNode node =
        new ExplainNode("Index Scan using " + p.index().name() + " on " + p.table().name(), p)
            .with("Index Cond", String.join(" OR ", all));
    if (p.table().isSlotted(p.index())) {
      int arcs = p.table().options().shards();
      int most = Math.min(arcs, p.keys().size());
      node.with(
          "Hash Slot",
          "of the key, in " + (most > 1 ? "up to " : "") + most + " of " + arcs + " arcs");
    }
    lock(node, p.lock());
    filter(node, p.filter(), names);
    return new Described(node, names);
  }

  private static void lock(ExplainNode node, PlanNode.@Nullable RowLock lock) {
    if (lock != null) {
      node.with("Row Lock", lock.name().replace('_', ' '));
    }
  }

  private void filter(ExplainNode node, @Nullable Expression filter, List<String> names) {
    if (filter != null) {
      node.with("Filter", ExpressionText.of(filter, names));
      subPlans(node, filter);
    }
  }

  /** Puts the plans inside an expression below the node. */
  private void subPlans(ExplainNode node, Expression e) {
    if (e instanceof SubPlan sub && sub.plan() instanceof PlanNode plan) {
      String kind = sub.correlationId() == SubPlan.UNCORRELATED ? "InitPlan " : "SubPlan ";
      node.add(kind + ++subPlans, node(plan).node);
    }
    e.children().forEach(child -> subPlans(node, child));
  }

  private static List<String> names(TableDescriptor table, List<Integer> columns) {
    List<String> names = new ArrayList<>();
    for (int column : columns) {
      names.add(table.columns().get(column).name());
    }
    return names;
  }

  private static List<String> keyNames(TableDescriptor table, IndexDescriptor index) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < index.columns().size(); i++) {
      names.add(table.keyText(index, i));
    }
    return names;
  }

  private static List<String> columnNames(TableDescriptor table) {
    return table.columns().stream().map(ColumnDescriptor::name).toList();
  }

  // Joins.

  private static List<String> joined(List<String> left, List<String> right) {
    List<String> both = new ArrayList<>(left);
    both.addAll(right);
    return both;
  }

  private static List<String> output(PlanNode.JoinKind kind, List<String> left, List<String> both) {
    return kind == PlanNode.JoinKind.SEMI || kind == PlanNode.JoinKind.ANTI ? left : both;
  }

  private static String kind(PlanNode.JoinKind kind) {
    return switch (kind) {
      case INNER -> "";
      case LEFT -> " Left Join";
      case RIGHT -> " Right Join";
      case FULL -> " Full Join";
      case SEMI -> " Semi Join";
      case ANTI -> " Anti Join";
    };
  }

  private Described hashJoin(PlanNode.HashJoin p) {
    Described left = node(p.left());
    Described right = node(p.right());
    List<String> both = joined(left.names, right.names);
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < p.leftKeys().size(); i++) {
      conditions.add(
          "("
              + ExpressionText.of(p.leftKeys().get(i), left.names)
              + " = "
              + ExpressionText.of(p.rightKeys().get(i), right.names)
              + ")");
    }
    String title = p.kind() == PlanNode.JoinKind.INNER ? "Hash Join" : "Hash" + kind(p.kind());
    ExplainNode node =
        new ExplainNode(title, p)
            .with(
                "Hash Cond",
                conditions.size() == 1
                    ? conditions.getFirst()
                    : "(" + String.join(" AND ", conditions) + ")");
    Expression residual = p.residual();
    if (residual != null) {
      node.with("Join Filter", ExpressionText.of(residual, both));
      subPlans(node, residual);
    }
    return new Described(node.add(left.node).add(right.node), output(p.kind(), left.names, both));
  }

  private Described lookupJoin(PlanNode.IndexLookupJoin p) {
    Described left = node(p.input());
    List<String> right = names(p.table(), p.columns());
    List<String> both = joined(left.names, right);
    List<String> columns = keyNames(p.table(), p.index());
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < p.keys().size(); i++) {
      conditions.add(
          "(" + columns.get(i) + " = " + ExpressionText.of(p.keys().get(i), left.names) + ")");
    }
    ExplainNode node =
        new ExplainNode(
                "Index Lookup"
                    + (p.kind() == PlanNode.JoinKind.INNER ? " Join" : kind(p.kind()))
                    + " using "
                    + p.index().name()
                    + " on "
                    + p.table().name(),
                p)
            .with(
                "Index Cond",
                conditions.size() == 1
                    ? conditions.getFirst()
                    : "(" + String.join(" AND ", conditions) + ")");
    if (p.table().isSlotted(p.index())) {
      node.with("Hash Slot", "of each key, of " + p.table().options().shards() + " arcs");
    }
    Expression condition = p.condition();
    if (condition != null) {
      node.with("Join Filter", ExpressionText.of(condition, both));
      subPlans(node, condition);
    }
    return new Described(node.add(left.node), output(p.kind(), left.names, both));
  }

  // Grouping, sets, order.

  private Described aggregate(PlanNode.Aggregate p) {
    Described input = node(p.input());
    List<String> names = new ArrayList<>();
    for (int column : p.groupColumns()) {
      names.add(input.names.get(column));
    }
    String title = p.groupColumns().isEmpty() ? "Aggregate" : "HashAggregate";
    ExplainNode node = new ExplainNode(title, p);
    if (!names.isEmpty()) {
      node.with("Group Key", names);
    }
    for (PlanNode.AggregateCall call : p.calls()) {
      PgFunction function = FunctionRegistry.function(call.functionOid());
      List<String> args = new ArrayList<>();
      call.arguments().forEach(a -> args.add(ExpressionText.of(a, input.names)));
      names.add(
          (function == null ? "?" : function.name())
              + "("
              + (call.distinct() ? "DISTINCT " : "")
              + (args.isEmpty() ? "*" : String.join(", ", args))
              + ")");
    }
    return new Described(node.add(input.node), names);
  }

  private Described setOperation(PlanNode.SetOperation p) {
    String title =
        switch (p.kind()) {
          case UNION -> p.all() ? "Append" : "HashAggregate Append";
          case INTERSECT -> "HashSetOp Intersect" + (p.all() ? " All" : "");
          case EXCEPT -> "HashSetOp Except" + (p.all() ? " All" : "");
        };
    ExplainNode node = new ExplainNode(title, p);
    List<String> names = List.of();
    for (PlanNode input : p.inputs()) {
      Described described = node(input);
      names = names.isEmpty() ? described.names : names;
      node.add(described.node);
    }
    return new Described(node, names);
  }

  private static String order(PlanNode.SortKey key) {
    String text = key.descending() ? " DESC" : "";
    if (key.nullsFirst() != key.descending()) {
      text += key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST";
    }
    return text;
  }
}
