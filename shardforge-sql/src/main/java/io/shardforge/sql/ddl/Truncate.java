package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.DropBehavior;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.TruncateStmt;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * TRUNCATE: the tables go on in new spans, so that it takes the same time for any number of rows.
 */
final class Truncate {
  private final DdlScope scope;

  Truncate(DdlScope scope) {
    this.scope = scope;
  }

  String run(TruncateStmt statement) {
    Map<Integer, TableDescriptor> tables = new LinkedHashMap<>();
    for (Node node : statement.getRelationsList()) {
      RangeVar name = node.getRangeVar();
      switch (scope.find(name)) {
        case TableDescriptor table -> tables.put(table.id(), table);
        case VirtualTable system -> throw DdlScope.systemCatalog(system);
        case null -> throw DdlScope.undefined(name);
        default -> throw DdlErrors.wrongKind(name.getRelname(), "a table");
      }
    }
    if (statement.getBehavior() == DropBehavior.DROP_CASCADE) {
      addReferring(tables);
    }
    // In order of id, so that two statements over the same tables do not wait for each other.
    for (TableDescriptor known :
        tables.values().stream()
            .sorted(java.util.Comparator.comparingInt(TableDescriptor::id))
            .toList()) {
      scope.access().requireRelation(known, Privilege.TRUNCATE);
      TableDescriptor table = scope.lockForUse(known);
      scope.requireNoChecksLeft(table, "TRUNCATE");
      requireUnreferenced(table, tables);
      TableDraft draft = new TableDraft(table);
      draft.dataId = scope.catalog().newId();
      scope.replace(table, draft.build());
      scope.catalog().abandonData(table.dataId());
      if (statement.getRestartSeqs()) {
        restartSequences(table);
      }
    }
    return "TRUNCATE TABLE";
  }

  /** Adds the tables that refer to those, and those that refer to them. */
  private void addReferring(Map<Integer, TableDescriptor> tables) {
    Deque<TableDescriptor> toFollow = new ArrayDeque<>(tables.values());
    while (!toFollow.isEmpty()) {
      for (Reference reference : scope.snapshot().referencesTo(toFollow.remove().id())) {
        TableDescriptor referring = reference.table();
        if (tables.putIfAbsent(referring.id(), referring) == null) {
          toFollow.add(referring);
          scope
              .context()
              .notice(
                  ErrorCode.SUCCESSFUL_COMPLETION,
                  "truncate cascades to table \"" + referring.name() + "\"");
        }
      }
    }
  }

  private void requireUnreferenced(TableDescriptor table, Map<Integer, TableDescriptor> tables) {
    for (Reference reference : scope.referencesTo(table)) {
      String referring = reference.table().name();
      if (!tables.containsKey(reference.table().id())) {
        throw DdlErrors.of(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "cannot truncate a table referenced in a foreign key constraint")
            .withDetail("Table \"" + referring + "\" references \"" + table.name() + "\".")
            .withHint(
                "Truncate table \""
                    + referring
                    + "\" at the same time, or use TRUNCATE ... CASCADE.");
      }
    }
  }

  private void restartSequences(TableDescriptor table) {
    SequenceStatements sequences = new SequenceStatements(scope);
    for (SequenceDescriptor sequence : List.copyOf(scope.snapshot().sequences())) {
      if (sequence.ownedByTable() == table.id()) {
        sequences.restart(sequence);
      }
    }
  }
}
