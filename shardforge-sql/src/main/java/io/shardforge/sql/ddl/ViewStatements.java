package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogObject;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import io.shardforge.sql.catalog.ViewOptions;
import io.shardforge.sql.parse.proto.AlterTableCmd;
import io.shardforge.sql.parse.proto.AlterTableType;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.ViewStmt;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** CREATE VIEW, and what ALTER VIEW does to columns and options. */
final class ViewStatements {
  private final DdlScope scope;

  ViewStatements(DdlScope scope) {
    this.scope = scope;
  }

  // ---- CREATE VIEW ----

  String create(ViewStmt statement) {
    ViewOptions options = ViewOptionList.of(statement);
    ViewQueries.Definition definition = define(statement.getQuery());
    SchemaDescriptor schema = scope.creationSchema(placed(statement.getView(), definition));
    String name = statement.getView().getRelname();
    List<String> names = names(statement, definition);
    String sql = scope.context().views().renamed(definition.sql(), definition.names(), names);
    List<ColumnDescriptor> columns = columns(names, definition.types());
    Object known = scope.snapshot().relation(schema.id(), name);
    if (known != null && statement.getReplace()) {
      replace(known, name, sql, columns, definition.readings(), options);
      return "CREATE VIEW";
    }
    CreateTable.exists(scope, schema, statement.getView(), false);
    ViewDescriptor view =
        new ViewDescriptor(
            scope.catalog().newId(),
            1,
            schema.id(),
            name,
            scope.context().currentRole(),
            sql,
            columns,
            definition.readings(),
            options);
    requireCheckable(view);
    scope.catalog().create(view);
    return "CREATE VIEW";
  }

  /** A view of something temporary is temporary, too. */
  private RangeVar placed(RangeVar view, ViewQueries.Definition definition) {
    if (scope.isTemporary(view)
        || definition.readings().stream()
            .noneMatch(reading -> scope.isTemporary(reading.relationId()))) {
      return view;
    }
    scope
        .context()
        .notice(
            ErrorCode.SUCCESSFUL_COMPLETION,
            "view \"" + view.getRelname() + "\" will be a temporary view");
    return view.toBuilder().setRelpersistence("t").build();
  }

  /** Binds the query, and again if what it reads was changed before it was held. */
  private ViewQueries.Definition define(Node query) {
    while (true) {
      ViewQueries.Definition definition = scope.context().views().define(query);
      Map<Integer, Object> bound = new HashMap<>();
      for (Reading reading : definition.readings()) {
        Object relation = scope.snapshot().relation(reading.relationId());
        if (relation instanceof CatalogObject object) {
          bound.put(object.id(), object);
          scope.catalog().keep(object.key());
        }
      }
      TypeUses.keep(scope.context(), definition.sql());
      scope.seeNewest();
      boolean same = true;
      for (Map.Entry<Integer, Object> entry : bound.entrySet()) {
        same &= entry.getValue().equals(scope.snapshot().relation(entry.getKey()));
      }
      if (same) {
        return definition;
      }
    }
  }

  private static List<String> names(ViewStmt statement, ViewQueries.Definition definition) {
    List<String> names = new ArrayList<>(definition.names());
    if (statement.getAliasesCount() > names.size()) {
      throw DdlErrors.of(
          ErrorCode.SYNTAX_ERROR, "CREATE VIEW specifies more column names than columns");
    }
    for (int i = 0; i < statement.getAliasesCount(); i++) {
      names.set(i, statement.getAliases(i).getString().getSval());
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw DdlErrors.of(
            ErrorCode.DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once");
      }
    }
    return names;
  }

  private static List<ColumnDescriptor> columns(List<String> names, List<SqlType> types) {
    List<ColumnDescriptor> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      SqlType type = types.get(i);
      if (type.oid() == PgOid.RECORD) {
        throw DdlErrors.of(
            ErrorCode.INVALID_TABLE_DEFINITION,
            "column \"" + names.get(i) + "\" has pseudo-type record");
      }
      if (Collation.INDETERMINATE.equals(type.collation())) {
        throw Collation.indeterminate("view column \"" + names.get(i) + '"');
      }
      columns.add(new ColumnDescriptor(i + 1, names.get(i), type, false, null, '\0', 0, false));
    }
    return columns;
  }

  private void replace(
      Object known,
      String name,
      String sql,
      List<ColumnDescriptor> columns,
      List<Reading> readings,
      ViewOptions options) {
    if (!(known instanceof ViewDescriptor view)) {
      throw DdlErrors.wrongKind(name, "a view");
    }
    scope.requireOwner(view.ownerId(), "view", name);
    ViewDescriptor old = lock(view);
    requireExtends(old.columns(), columns);
    List<ColumnDescriptor> withDefaults = new ArrayList<>(columns);
    for (int i = 0; i < old.columns().size(); i++) {
      String defaultSql = old.columns().get(i).defaultSql();
      withDefaults.set(i, TableDraft.withDefault(columns.get(i), defaultSql));
    }
    ViewDescriptor replaced = old.withQuery(sql, withDefaults, readings).withOptions(options);
    requireCheckable(replaced);
    scope.catalog().replace(old, replaced);
  }

  /** What checks rows must be able to have some written through it. */
  private void requireCheckable(ViewDescriptor view) {
    String obstacle =
        view.options().check() == ViewOptions.Check.NONE
            ? null
            : scope.context().views().obstacleToCheck(view);
    if (obstacle != null) {
      throw DdlErrors.of(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "WITH CHECK OPTION is supported only on automatically updatable views")
          .withHint(obstacle);
    }
  }

  /** A new query may add columns to a view; those that it has stay as they are. */
  private static void requireExtends(List<ColumnDescriptor> old, List<ColumnDescriptor> columns) {
    if (columns.size() < old.size()) {
      throw DdlErrors.of(ErrorCode.INVALID_TABLE_DEFINITION, "cannot drop columns from view");
    }
    for (int i = 0; i < old.size(); i++) {
      ColumnDescriptor before = old.get(i);
      ColumnDescriptor after = columns.get(i);
      if (!before.name().equals(after.name())) {
        throw DdlErrors.of(
                ErrorCode.INVALID_TABLE_DEFINITION,
                "cannot change name of view column \""
                    + before.name()
                    + "\" to \""
                    + after.name()
                    + "\"")
            .withHint(
                "Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.");
      }
      if (!before.type().equals(after.type())) {
        throw DdlErrors.of(
            ErrorCode.INVALID_TABLE_DEFINITION,
            "cannot change data type of view column \""
                + before.name()
                + "\" from "
                + TypeNames.format(before.type())
                + " to "
                + TypeNames.format(after.type()));
      }
    }
  }

  private ViewDescriptor lock(ViewDescriptor view) {
    if (scope.catalog().lock(view.key()) instanceof ViewDescriptor newest) {
      return newest;
    }
    throw DdlErrors.undefinedTable(view.name());
  }

  // ---- ALTER VIEW ----

  void alter(ViewDescriptor view, AlterTableCmd command) {
    switch (command.getSubtype()) {
      case AT_ChangeOwner -> OwnerChange.of(scope, view, command.getNewowner());
      case AT_SetRelOptions, AT_ResetRelOptions -> {
        scope.requireOwner(view.ownerId(), "view", view.name());
        List<Node> options = command.getDef().getList().getItemsList();
        ViewDescriptor old = lock(view);
        boolean set = command.getSubtype() == AlterTableType.AT_SetRelOptions;
        ViewDescriptor changed =
            old.withOptions(
                set
                    ? ViewOptionList.set(options, old.options())
                    : ViewOptionList.reset(options, old.options()));
        requireCheckable(changed);
        scope.catalog().replace(old, changed);
      }
      case AT_ColumnDefault -> columnDefault(view, command);
      default -> {
        String words = GrammarWords.of(command.getSubtype());
        String action =
            switch (command.getSubtype()) {
              case AT_SetNotNull,
                  AT_DropNotNull,
                  AT_SetStatistics,
                  AT_SetStorage,
                  AT_DropExpression,
                  AT_AddIdentity,
                  AT_DropIdentity ->
                  "ALTER COLUMN ... " + words;
              default -> words;
            };
        throw DdlErrors.of(
                ErrorCode.WRONG_OBJECT_TYPE,
                "ALTER action "
                    + action
                    + " cannot be performed on relation \""
                    + view.name()
                    + "\"")
            .withDetail("This operation is not supported for views.");
      }
    }
  }

  /** What rows get that are inserted through the view, instead of the table's default. */
  private void columnDefault(ViewDescriptor view, AlterTableCmd command) {
    scope.requireOwner(view.ownerId(), "view", view.name());
    ViewDescriptor old = lock(view);
    List<ColumnDescriptor> columns = new ArrayList<>(old.columns());
    for (int i = 0; i < columns.size(); i++) {
      ColumnDescriptor column = columns.get(i);
      if (column.name().equals(command.getName())) {
        String sql =
            command.hasDef()
                ? new Definitions(scope).defaultText(command.getDef(), column.type())
                : null;
        columns.set(i, TableDraft.withDefault(column, sql));
        scope.catalog().replace(old, old.withQuery(old.sql(), columns, old.readings()));
        return;
      }
    }
    throw DdlErrors.undefinedColumn(command.getName(), view.name());
  }

  void renameColumn(ViewDescriptor view, String name, String newName) {
    scope.requireOwner(view.ownerId(), "view", view.name());
    ViewDescriptor old = lock(view);
    List<String> from = old.columns().stream().map(ColumnDescriptor::name).toList();
    int at = from.indexOf(name);
    if (at < 0) {
      throw DdlErrors.of(ErrorCode.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist");
    }
    if (from.contains(newName)) {
      throw DdlErrors.duplicateColumn(newName, old.name());
    }
    List<String> to = new ArrayList<>(from);
    to.set(at, newName);
    List<ColumnDescriptor> columns = new ArrayList<>(old.columns());
    columns.set(at, TableDraft.withName(columns.get(at), newName));
    String sql = scope.context().views().renamed(old.sql(), from, to);
    scope.catalog().replace(old, old.withQuery(sql, columns, old.readings()));
  }
}
