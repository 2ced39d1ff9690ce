package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Scope.SourceColumn;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewForm;
import io.shardforge.sql.catalog.ViewOptions.Check;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a statement writes. A view is replaced by the table under it: its columns become
 * expressions over the table's row, its conditions conditions on it, as PostgreSQL's rewriter has
 * it. Who writes needs rights on the view; those on what it selects from are its owner's.
 */
final class TargetBinder {
  /** What is done to rows, and how errors say it. */
  enum Action {
    INSERT("insert into", "inserting into"),
    UPDATE("update", "updating"),
    DELETE("delete from", "deleting from");

    private final String verb;
    private final String doing;

    Action(String verb, String doing) {
      this.verb = verb;
      this.doing = doing;
    }

    private Set<Privilege> privileges() {
      return switch (this) {
        case INSERT -> EnumSet.of(Privilege.INSERT);
        case UPDATE -> EnumSet.of(Privilege.UPDATE, Privilege.SELECT);
        case DELETE -> EnumSet.of(Privilege.DELETE, Privilege.SELECT);
      };
    }
  }

  /** A view as rows of the table under it. */
  private record Opened(
      TableDescriptor table,
      Rel rows,
      List<SourceColumn> names,
      List<Target.Column> columns,
      Map<Integer, String> defaults,
      List<Rel.ViewCheck> checks) {}

  private final Binder binder;
  private final BindContext context;
  private final Set<Action> actions;
  private final boolean merge;
  private final Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);

  /** For all that the statement may do. */
  TargetBinder(Binder binder, Set<Action> actions) {
    this(binder, actions, false);
  }

  private TargetBinder(Binder binder, Set<Action> actions, boolean merge) {
    this.binder = binder;
    this.context = binder.context();
    this.actions = actions;
    this.merge = merge;
    actions.forEach(action -> privileges.addAll(action.privileges()));
  }

  /** For a MERGE, which reads the target whatever it does. */
  static TargetBinder ofMerge(Binder binder, Set<Action> actions) {
    TargetBinder targets = new TargetBinder(binder, actions, true);
    targets.privileges.add(Privilege.SELECT);
    return targets;
  }

  Target bind(RangeVar range) {
    Object relation = binder.relation(range);
    return switch (relation) {
      case TableDescriptor table -> {
        requireOf(table);
        String alias = range.hasAlias() ? range.getAlias().getAliasname() : table.name();
        FromBinder.Item item = from().table(table, alias, range);
        yield new Target(
            table,
            table.name(),
            alias,
            Target.columnsOf(table),
            item,
            Map.<Integer, String>of(),
            List.<Rel.ViewCheck>of());
      }
      case ViewDescriptor view -> {
        privileges.forEach(privilege -> binder.require(view, privilege));
        String alias = range.hasAlias() ? range.getAlias().getAliasname() : view.name();
        Opened opened = open(view, false);
        FromBinder.Item item =
            from().named(opened.rows, opened.names, alias, view.schemaId(), range);
        yield new Target(
            opened.table, view.name(), alias, opened.columns, item, opened.defaults, opened.checks);
      }
      case VirtualTable table ->
          throw context.error(
              ErrorCode.INSUFFICIENT_PRIVILEGE,
              -1,
              "permission denied: \"" + table.name() + "\" is a system catalog");
      default -> {
        if (merge) {
          throw context
              .error(
                  ErrorCode.FEATURE_NOT_SUPPORTED,
                  -1,
                  "cannot execute MERGE on relation \"" + range.getRelname() + "\"")
              .withDetail("This operation is not supported for sequences.");
        }
        String verb = actions.iterator().next().verb;
        throw context.error(
            ErrorCode.WRONG_OBJECT_TYPE,
            -1,
            (relation instanceof SequenceDescriptor
                    ? "cannot change sequence"
                    : "cannot " + verb + " relation")
                + " \"%s\"".formatted(range.getRelname()));
      }
    };
  }

  /** What is done to single columns is judged where they are named. */
  private void requireOf(TableDescriptor table) {
    for (Action action : actions) {
      switch (action) {
        case INSERT -> binder.requireAnyColumn(table, Privilege.INSERT);
        case UPDATE -> binder.requireAnyColumn(table, Privilege.UPDATE);
        case DELETE -> binder.require(table, Privilege.DELETE);
      }
    }
    if (merge) {
      binder.require(table, Privilege.SELECT);
    }
  }

  private FromBinder from() {
    return new FromBinder(binder, null, CteScope.EMPTY);
  }

  /**
   * @param cascaded whether a view over this one wants its conditions kept, too
   */
  private Opened open(ViewDescriptor view, boolean cascaded) {
    SelectStmt select = context.parseStored(view.sql()).node().getSelectStmt();
    ViewForm form = ViewForm.of(select, view, context.catalog());
    for (Action action : actions) {
      String obstacle = form.obstacle(action != Action.DELETE);
      if (obstacle != null) {
        throw refusal(view, action, obstacle);
      }
    }
    boolean cascades = cascaded || view.options().check() == Check.CASCADED;
    context.enterView(view);
    int before = context.passOverColumnsOf(form.baseId());
    try {
      RangeVar range = select.getFromClause(0).getRangeVar();
      String alias = range.getAlias().getAliasname();
      Object base = context.catalog().relation(form.baseId());
      require(base);
      TableDescriptor table;
      FromBinder.Item item;
      List<Target.Column> inner;
      Map<Integer, String> defaults = new HashMap<>();
      List<Rel.ViewCheck> checks = new ArrayList<>();
      if (base instanceof ViewDescriptor under) {
        Opened opened = open(under, cascades);
        table = opened.table;
        item = from().named(opened.rows, opened.names, alias, 0, range);
        inner = opened.columns;
        defaults.putAll(opened.defaults);
        checks.addAll(opened.checks);
      } else {
        table = (TableDescriptor) java.util.Objects.requireNonNull(base);
        item = from().table(table, alias, range);
        inner = null;
      }
      Scope scope = new Scope(context, null, item.sources());
      List<SourceColumn> names = names(view, select, scope);
      Rel rows = item.rel();
      if (select.hasWhereClause()) {
        Bound condition = expressions(scope, Clause.WHERE).condition(select.getWhereClause());
        rows = new Rel.Filter(rows, condition);
        if (cascades || view.options().check() == Check.LOCAL) {
          checks.add(new Rel.ViewCheck(view.name(), condition));
        }
        if (view.options().barrier()) {
          rows = new Rel.Barrier(rows);
        }
      }
      List<Target.Column> columns = columns(view, form, table, inner);
      for (int i = 0; i < columns.size(); i++) {
        String own = view.columns().get(i).defaultSql();
        if (own != null) {
          defaults.put(columns.get(i).ordinal(), own);
        }
      }
      return new Opened(table, rows, names, columns, defaults, checks);
    } finally {
      var _ = context.passOverColumnsOf(before);
      context.leaveView();
    }
  }

  private void require(@Nullable Object base) {
    AccessCheck access = context.access();
    if (access != null && base != null) {
      privileges.forEach(privilege -> access.requireRelation(base, privilege));
    }
  }

  private ExpressionBinder expressions(Scope scope, Clause clause) {
    return new ExpressionBinder(binder, scope, clause, CteScope.EMPTY);
  }

  /** The names of a view's columns for expressions over the table's row. */
  private List<SourceColumn> names(ViewDescriptor view, SelectStmt select, Scope scope) {
    List<SourceColumn> names = new ArrayList<>();
    for (PlainSelect.Target target :
        PlainSelect.targetList(
            binder, scope, expressions(scope, Clause.SELECT), select.getTargetListList())) {
      String name = view.columns().get(names.size()).name();
      Bound value = binder.coercion().settle(target.expression());
      names.add(new SourceColumn(name, value, view.id(), names.size() + 1, false));
    }
    return names;
  }

  private static List<Target.Column> columns(
      ViewDescriptor view,
      ViewForm form,
      TableDescriptor table,
      @Nullable List<Target.Column> inner) {
    List<Target.Column> columns = new ArrayList<>();
    for (int i = 0; i < view.columns().size(); i++) {
      String name = view.columns().get(i).name();
      String reason = form.obstacleOf(i);
      if (reason != null) {
        columns.add(new Target.Column(name, -1, new Target.Obstacle(name, view.name(), reason)));
        continue;
      }
      int number = form.columns().get(i);
      Target.Column under = inner == null ? null : inner.get(number - 1);
      columns.add(
          under == null
              ? new Target.Column(name, table.ordinalOfNumber(number), null)
              : new Target.Column(name, under.ordinal(), under.obstacle()));
    }
    return columns;
  }

  private ShardForgeException refusal(ViewDescriptor view, Action action, String obstacle) {
    return context
        .error(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            -1,
            "cannot " + action.verb + " view \"" + view.name() + "\"")
        .withDetail(obstacle)
        .withHint(
            "To enable "
                + action.doing
                + (merge ? " the view using MERGE" : " the view")
                + ", provide an INSTEAD OF "
                + action
                + (merge
                    ? " trigger."
                    : " trigger or an unconditional ON " + action + " DO INSTEAD rule."));
  }
}
