package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.parse.proto.AlterTableCmd;
import io.shardforge.sql.parse.proto.DropBehavior;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What ALTER TABLE does to generated columns, and what these forbid it. */
final class GeneratedColumns {
  private final DdlScope scope;
  private final TableDraft draft;
  private final Definitions definitions;

  GeneratedColumns(DdlScope scope, TableDraft draft, Definitions definitions) {
    this.scope = scope;
    this.draft = draft;
    this.definitions = definitions;
  }

  /** The generated columns whose expression has a column. */
  private List<ColumnDescriptor> usersOf(ColumnDescriptor column) {
    List<ColumnDescriptor> users = new ArrayList<>();
    for (ColumnDescriptor other : draft.columns) {
      if (other.generated()
          && definitions
              .columnsOf(Objects.requireNonNull(other.defaultSql()))
              .contains(column.name())) {
        users.add(other);
      }
    }
    return users;
  }

  /** The generated columns that go with a column; without CASCADE they are in the way. */
  List<ColumnDescriptor> release(ColumnDescriptor column, DropBehavior behavior) {
    List<ColumnDescriptor> users = usersOf(column);
    String of = " of table " + draft.name;
    if (users.isEmpty()) {
      return users;
    }
    if (behavior != DropBehavior.DROP_CASCADE) {
      String dropped = "column " + column.name() + of;
      throw DropObjects.dependents(
          dropped,
          users.stream()
              .map(user -> "column " + user.name() + of + " depends on " + dropped)
              .collect(Collectors.joining("\n")));
    }
    scope.noteCascade(users.stream().map(user -> "column " + user.name() + of).toList());
    return users;
  }

  /** Refuses a default of a generated column. */
  void requireGiven(ColumnDescriptor column, boolean set) {
    if (column.generated()) {
      ShardForgeException error =
          DdlErrors.of(ErrorCode.SYNTAX_ERROR, described(column) + " is a generated column");
      throw set
          ? error
          : error.withHint("Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.");
    }
  }

  private String described(ColumnDescriptor column) {
    return "column \"" + column.name() + "\" of relation \"" + draft.name + '"';
  }

  /** Refuses another type of a column that generated ones use. */
  void requireTypeFree(ColumnDescriptor column, boolean using) {
    if (column.generated() && using) {
      throw DdlErrors.of(
              ErrorCode.INVALID_COLUMN_DEFINITION,
              "cannot specify USING when altering type of generated column")
          .withDetail("Column \"" + column.name() + "\" is a generated column.");
    }
    for (ColumnDescriptor user : usersOf(column)) {
      throw DdlErrors.of(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "cannot alter type of a column used by a generated column")
          .withDetail(
              "Column \""
                  + column.name()
                  + "\" is used by generated column \""
                  + user.name()
                  + "\".");
    }
  }

  /** DROP EXPRESSION: the values stay, and are given from now on. */
  void drop(AlterTableCmd command) {
    ColumnDescriptor column = draft.requireColumn(command.getName());
    if (column.generated()) {
      draft.changeColumn(column.number(), c -> TableDraft.withExpression(c, null));
      return;
    }
    String message = described(column) + " is not a stored generated column";
    if (!command.getMissingOk()) {
      throw DdlErrors.of(ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, message);
    }
    scope.context().notice(ErrorCode.SUCCESSFUL_COMPLETION, message + ", skipping");
  }

  /** SET EXPRESSION; returns what makes the column's new values of rows that are there. */
  Map<Integer, Expression> set(AlterTableCmd command, TableDescriptor old) {
    ColumnDescriptor column = draft.requireColumn(command.getName());
    if (!column.generated()) {
      throw DdlErrors.of(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          described(column) + " is not a generated column");
    }
    String sql =
        definitions.generatedText(
            definitions.unqualified(command.getDef(), draft.schemaId, draft.name),
            column,
            draft.columns);
    ColumnDescriptor changed = TableDraft.withExpression(column, sql);
    draft.changeColumn(column.number(), _ -> changed);
    return Map.of(column.number(), definitions.bindGenerated(changed, old.columns()));
  }
}
