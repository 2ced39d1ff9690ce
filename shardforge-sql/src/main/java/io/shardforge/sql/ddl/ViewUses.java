package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.parse.proto.DropBehavior;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The views that read what is being dropped or changed. */
final class ViewUses {
  /** A view in the way, and what of its own it is about. */
  private record Use(ViewDescriptor view, String on) {}

  private final DdlScope scope;
  private final Set<Integer> going;

  /**
   * @param going what the statement drops anyway
   */
  ViewUses(DdlScope scope, Set<Integer> going) {
    this.scope = scope;
    this.going = going;
  }

  /**
   * Before a relation goes: with CASCADE the views of it go first, else they are in the way. The
   * relation is locked, so that no view of it can be made any more.
   */
  void release(int relationId, String described, DropBehavior behavior) {
    scope.seeNewest();
    release(uses(relationId, 0, described), described, behavior);
  }

  /** The same before a column goes. */
  void releaseColumn(TableDescriptor table, ColumnDescriptor column, DropBehavior behavior) {
    scope.seeNewest();
    String described = "column " + column.name() + " of table " + table.name();
    release(uses(table.id(), column.number(), described), described, behavior);
  }

  /** Refuses another type of a column that a view shows or asks for. */
  void requireUnused(TableDescriptor table, ColumnDescriptor column) {
    scope.seeNewest();
    for (ViewDescriptor view : scope.snapshot().views()) {
      if (view.reads(table.id(), column.number())) {
        throw DdlErrors.of(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "cannot alter type of a column used by a view or rule")
            .withDetail(
                "rule _RETURN on view "
                    + scope.describedName(view.schemaId(), view.name())
                    + " depends on column \""
                    + column.name()
                    + "\"");
      }
    }
  }

  private void release(List<Use> uses, String described, DropBehavior behavior) {
    if (uses.isEmpty()) {
      return;
    }
    if (behavior != DropBehavior.DROP_CASCADE) {
      StringBuilder detail = new StringBuilder();
      for (Use use : uses) {
        detail
            .append(detail.isEmpty() ? "" : "\n")
            .append(name(use.view))
            .append(" depends on ")
            .append(use.on);
      }
      throw DropObjects.dependents(described, detail.toString());
    }
    scope.noteCascade(uses.stream().map(use -> name(use.view)).toList());
    for (Use use : uses) {
      scope.forgetAttachments(use.view.id());
      scope.dropIfPresent(use.view.key());
    }
  }

  /** The views that read it, each followed by the views of that one. */
  private List<Use> uses(int relationId, int columnNumber, String described) {
    List<Use> uses = new ArrayList<>();
    collect(relationId, columnNumber, described, uses, new HashSet<>(going));
    return uses;
  }

  private void collect(
      int relationId, int columnNumber, String described, List<Use> uses, Set<Integer> seen) {
    for (ViewDescriptor view : scope.snapshot().views()) {
      if (view.reads(relationId, columnNumber) && seen.add(view.id())) {
        uses.add(new Use(view, described));
        collect(view.id(), 0, name(view), uses, seen);
      }
    }
  }

  private String name(ViewDescriptor view) {
    return "view " + scope.describedName(view.schemaId(), view.name());
  }
}
