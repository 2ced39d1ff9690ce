package io.shardforge.sql.session;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TemporarySchema;
import io.shardforge.sql.ddl.OnCommit;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.Executor;
import io.shardforge.sql.exec.Operator;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.type.Text;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temporary objects of one session: ordinary ones in a schema of its own, which goes when the
 * session does. What is left by a node that stopped is dropped by others.
 */
final class TemporaryObjects {
  private static final Logger LOG = LoggerFactory.getLogger(TemporaryObjects.class);

  private final Session session;
  private final Map<Integer, OnCommit> onCommit = new HashMap<>();
  private volatile @Nullable String schema;

  TemporaryObjects(Session session) {
    this.session = session;
  }

  /** The name of the schema, null before the first temporary object. Any thread. */
  @Nullable String schemaOrNull() {
    return schema;
  }

  /** The name of the schema, which may not be there yet. */
  String schema() {
    String known = schema;
    if (known == null) {
      known =
          TemporarySchema.nameOf(
              session.client().processId(), session.transaction().catalog().newId());
      schema = known;
      session.settings().useTemporarySchema(known);
    }
    return known;
  }

  /** Notes what becomes of a new table when a transaction commits. */
  void add(int tableId, OnCommit action) {
    onCommit.put(tableId, action);
  }

  /** Whether a commit has something to do here, so that no statement can bring its own. */
  boolean actOnCommit() {
    return !onCommit.isEmpty();
  }

  /** Empties and drops the tables that ask for it, as part of the transaction. */
  void beforeCommit() {
    if (onCommit.isEmpty() || !session.transaction().txn().hasWrites()) {
      return;
    }
    session.beginStatement();
    CatalogSnapshot snapshot = session.transaction().catalog().snapshot();
    Map<Integer, OnCommit> actions = Map.copyOf(onCommit);
    onCommit.keySet().removeIf(id -> snapshot.relation(id) == null);
    actions.forEach((id, action) -> {
      if (snapshot.relation(id) instanceof TableDescriptor table) {
        String name = nameOf(snapshot, table);
        switch (action) {
          case DELETE_ROWS -> delete("DELETE FROM " + name);
          case DROP -> {
            drop("DROP TABLE " + name + " CASCADE");
            onCommit.remove(id);
          }
        }
      }
    });
    session.transaction().txn().finishStatement(false);
    session.endStatement();
  }

  private static String nameOf(CatalogSnapshot snapshot, TableDescriptor table) {
    SchemaDescriptor schema = snapshot.schema(table.schemaId());
    return Text.quoteIdentifier(schema == null ? "" : schema.name())
        + "."
        + Text.quoteIdentifier(table.name());
  }

  private void delete(String sql) {
    try (Execution execution = session.newExecution(new Object[0]);
        Operator operator =
            Executor.open(session.ownStatements().plan(sql, List.of()), execution)) {
      while (operator.next() != null) {
        // Everything is written at the first pull.
      }
      session.finish(execution);
    }
  }

  private void drop(String sql) {
    ParsedStatement statement = session.services().parser().parse(sql).getFirst();
    var _ =
        session
            .services()
            .ddl()
            .execute(statement.node(), new SessionDdlContext(session, statement, true));
  }

  /** Drops all of it, in a transaction of its own. */
  void dropAll() {
    String known = schema;
    if (known == null) {
      return;
    }
    onCommit.clear();
    session.services().catalog().dropTemporary(session.databaseId(), known);
  }

  /** The session ends. */
  void close() {
    try {
      dropAll();
    } catch (RuntimeException e) {
      LOG.info(
          "temporary tables are dropped later schema={} reason=\"{}\"", schema, e.getMessage());
    }
  }
}
