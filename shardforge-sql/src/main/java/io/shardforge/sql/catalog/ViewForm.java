package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.ViewDescriptor.ReadColumn;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.parse.TreeEditor;
import io.shardforge.sql.parse.proto.ColumnRef;
import io.shardforge.sql.parse.proto.FuncCall;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.ResTarget;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SetOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A view's query as seen by who writes through the view: which relation its rows are rows of, and
 * which of that one's columns are its columns.
 *
 * @param obstacle why there is no such relation, in PostgreSQL's words; null if there is
 * @param baseId the relation, a table or a view; 0 if there is none
 * @param columns the number of the relation's column that each column is, not positive for others
 */
public record ViewForm(@Nullable String obstacle, int baseId, List<Integer> columns) {
  private static final int COMPUTED = 0;
  private static final int SYSTEM = -1;
  private static final int WHOLE_ROW = -2;
  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("tableoid", "ctid", "xmin", "xmax", "cmin", "cmax");

  /** Reads the query of a view off its text. */
  public static ViewForm of(SelectStmt select, ViewDescriptor view, CatalogSnapshot catalog) {
    String words = obstacle(select);
    Reading base = words == null ? base(select, view, catalog) : null;
    if (words == null && base == null) {
      words = "Views that do not select from a single table or view";
    }
    if (base == null) {
      return new ViewForm(words + " are not automatically updatable.", 0, List.of());
    }
    String alias = select.getFromClause(0).getRangeVar().getAlias().getAliasname();
    List<Integer> columns = new ArrayList<>();
    for (Node target : select.getTargetListList()) {
      columns.add(column(target.getResTarget(), base, alias));
    }
    return new ViewForm(null, base.relationId(), columns);
  }

  /** What in the query stands against it, in the order in which PostgreSQL looks. */
  private static @Nullable String obstacle(SelectStmt select) {
    if (select.getDistinctClauseCount() > 0) {
      return "Views containing DISTINCT";
    }
    if (select.getGroupClauseCount() > 0) {
      return "Views containing GROUP BY";
    }
    if (select.hasHavingClause()) {
      return "Views containing HAVING";
    }
    if (select.getOp() != SetOperation.SETOP_NONE) {
      return "Views containing UNION, INTERSECT, or EXCEPT";
    }
    if (select.hasWithClause()) {
      return "Views containing WITH";
    }
    if (select.hasLimitCount() || select.hasLimitOffset()) {
      return "Views containing LIMIT or OFFSET";
    }
    if (calls(select, call -> !call.hasOver() && isAny(call, PgFunction::isAggregate))) {
      return "Views that return aggregate functions";
    }
    if (calls(select, FuncCall::hasOver)) {
      return "Views that return window functions";
    }
    if (calls(select, call -> isAny(call, PgFunction::returnsSet))) {
      return "Views that return set-returning functions";
    }
    return null;
  }

  /** Whether there is such a call in the select list or the order, but for subqueries there. */
  private static boolean calls(SelectStmt select, Predicate<FuncCall> test) {
    List<Node> nodes = new ArrayList<>(select.getTargetListList());
    nodes.addAll(select.getSortClauseList());
    List<Node> found = new ArrayList<>();
    for (Node part : nodes) {
      TreeEditor.edit(
          part,
          node -> {
            if (node.hasFuncCall() && test.test(node.getFuncCall())) {
              found.add(node);
            }
            return node.hasSubLink() ? List.of(node) : null;
          });
    }
    return !found.isEmpty();
  }

  private static boolean isAny(FuncCall call, Predicate<PgFunction> test) {
    String name = call.getFuncnameList().getLast().getString().getSval();
    return FunctionRegistry.functions(name).stream().anyMatch(test);
  }

  private static @Nullable Reading base(
      SelectStmt select, ViewDescriptor view, CatalogSnapshot catalog) {
    if (select.getFromClauseCount() != 1 || !select.getFromClause(0).hasRangeVar()) {
      return null;
    }
    RangeVar range = select.getFromClause(0).getRangeVar();
    if (!range.getSchemaname().equals(ViewDescriptor.READING)) {
      return null;
    }
    Reading reading = view.readings().get(Integer.parseInt(range.getRelname()));
    Object relation = catalog.relation(reading.relationId());
    return relation instanceof TableDescriptor || relation instanceof ViewDescriptor
        ? reading
        : null;
  }

  private static int column(ResTarget target, Reading base, String alias) {
    if (!target.getVal().hasColumnRef()) {
      return COMPUTED;
    }
    ColumnRef column = target.getVal().getColumnRef();
    String name = column.getFieldsList().getLast().getString().getSval();
    for (ReadColumn read : base.columns()) {
      if (read.name().equals(name)) {
        return read.number();
      }
    }
    if (SYSTEM_COLUMNS.contains(name)) {
      return SYSTEM;
    }
    return column.getFieldsCount() == 1 && name.equals(alias) ? WHOLE_ROW : COMPUTED;
  }

  /** Why rows cannot be inserted or updated, or only deleted if {@code changes} is false. */
  public @Nullable String obstacle(boolean changes) {
    if (obstacle == null && changes && columns.stream().noneMatch(number -> number > 0)) {
      return "Views that have no updatable columns are not automatically updatable.";
    }
    return obstacle;
  }

  /** Why a column cannot be written; null if it can. */
  public @Nullable String obstacleOf(int column) {
    return switch (columns.get(column)) {
      case COMPUTED ->
          "View columns that are not columns of their base relation are not updatable.";
      case SYSTEM -> "View columns that refer to system columns are not updatable.";
      case WHOLE_ROW -> "View columns that return whole-row references are not updatable.";
      default -> null;
    };
  }
}
