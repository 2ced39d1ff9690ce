package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SetOperation;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;

/** A view as the target of INSERT, UPDATE or DELETE: PostgreSQL's reasons why it cannot be one. */
final class ViewTarget {
  private final Binder binder;

  /** What the statement does, as in "cannot insert into view". */
  private final String verb;

  ViewTarget(Binder binder, String verb) {
    this.binder = binder;
    this.verb = verb;
  }

  ShardForgeException refusal(ViewDescriptor view) {
    BindContext context = binder.context();
    String event =
        switch (verb) {
          case "insert into" -> "INSERT";
          case "update" -> "UPDATE";
          default -> "DELETE";
        };
    SelectStmt select = context.parseStored(view.sql()).node().getSelectStmt();
    String reason = reason(select);
    if (reason == null) {
      Object base = context.catalog().relation(view.readings().getFirst().relationId());
      if (base instanceof ViewDescriptor inner) {
        return refusal(inner);
      }
      reason =
          base instanceof TableDescriptor
              ? computed(binder.view(view).rel())
              : "Views that do not select from a single table or view";
    }
    if (reason == null) {
      return context.unsupported(-1, event + " of a view");
    }
    String doing =
        switch (verb) {
          case "insert into" -> "inserting into";
          case "update" -> "updating";
          default -> "deleting from";
        };
    return context
        .error(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            -1,
            "cannot " + verb + " view \"" + view.name() + "\"")
        .withDetail(reason + " are not automatically updatable.")
        .withHint(
            "To enable "
                + doing
                + " the view, provide an INSTEAD OF "
                + event
                + " trigger or an unconditional ON "
                + event
                + " DO INSTEAD rule.");
  }

  /** What in the query's form stands against it, in the order in which PostgreSQL looks. */
  private static @Nullable String reason(SelectStmt select) {
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
    if (select.getFromClauseCount() != 1
        || select.getFromClause(0).getNodeCase() != Node.NodeCase.RANGE_VAR) {
      return "Views that do not select from a single table or view";
    }
    return null;
  }

  /** What its columns are computed by that no row of a table has. */
  private static @Nullable String computed(Rel rel) {
    return switch (rel) {
      case Rel.Group _ -> "Views that return aggregate functions";
      case Rel.Window _ -> "Views that return window functions";
      case Rel.ProjectSet _ -> "Views that return set-returning functions";
      case Rel.Project project -> computed(project.input());
      case Rel.Filter filter -> computed(filter.input());
      case Rel.Sort sort -> computed(sort.input());
      default -> null;
    };
  }
}
