package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogObject;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.CollationDescriptor;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ForeignKeyText;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.ObjectKey;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.DropBehavior;
import io.shardforge.sql.parse.proto.DropStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectType;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** DROP of relations and schemas, with what depends on them. */
final class DropObjects {
  private final DdlScope scope;

  /** The relations that the statement names or that are in a schema that it names. */
  private final Set<Integer> going = new HashSet<>();

  DropObjects(DdlScope scope) {
    this.scope = scope;
  }

  String run(DropStmt statement) {
    if (statement.getRemoveType() == ObjectType.OBJECT_TYPE
        || statement.getRemoveType() == ObjectType.OBJECT_DOMAIN) {
      TypeUses.run(scope, statement);
      return "DROP " + GrammarWords.of(statement.getRemoveType());
    }
    if (statement.getRemoveType() == ObjectType.OBJECT_STATISTIC_EXT) {
      return new StatisticsStatements(scope).drop(statement);
    }
    if (statement.getRemoveType() == ObjectType.OBJECT_COLLATION) {
      return new CollationStatements(scope).drop(statement);
    }
    String kind =
        switch (statement.getRemoveType()) {
          case OBJECT_TABLE -> "table";
          case OBJECT_INDEX -> "index";
          case OBJECT_SEQUENCE -> "sequence";
          case OBJECT_VIEW -> "view";
          case OBJECT_SCHEMA -> "schema";
          default -> "";
        };
    if (kind.isEmpty()) {
      return new AbsentObjects(scope).drop(statement);
    }
    if (statement.getConcurrent() && scope.context().inTransactionBlock()) {
      throw DdlErrors.of(
          ErrorCode.ACTIVE_SQL_TRANSACTION,
          "DROP INDEX CONCURRENTLY cannot run inside a transaction block");
    }
    if (statement.getRemoveType() != ObjectType.OBJECT_SCHEMA) {
      for (Node object : statement.getObjectsList()) {
        if (scope.find(rangeVar(object)) instanceof CatalogObject relation) {
          going.add(relation.id());
        }
      }
    }
    for (Node object : statement.getObjectsList()) {
      if (statement.getRemoveType() == ObjectType.OBJECT_SCHEMA) {
        schema(object.getString().getSval(), statement);
      } else {
        relation(rangeVar(object), kind, statement);
      }
    }
    return "DROP " + kind.toUpperCase(java.util.Locale.ROOT);
  }

  /** A relation's name out of a list of strings. */
  static RangeVar rangeVar(Node list) {
    List<Node> parts = list.getList().getItemsList();
    RangeVar.Builder name = RangeVar.newBuilder().setLocation(-1);
    int count = parts.size();
    name.setRelname(parts.get(count - 1).getString().getSval());
    if (count > 1) {
      name.setSchemaname(parts.get(count - 2).getString().getSval());
    }
    if (count > 2) {
      name.setCatalogname(parts.get(count - 3).getString().getSval());
    }
    return name.build();
  }

  private void relation(RangeVar name, String kind, DropStmt statement) {
    if (kind.equals("index")) {
      IndexOfTable index = scope.findIndex(name);
      if (index != null) {
        index(index, statement.getBehavior());
        return;
      }
    }
    Object found = scope.find(name);
    if (found == null) {
      IndexOfTable index = scope.findIndex(name);
      if (index != null) {
        throw wrongKind(name, "index", kind);
      }
      missing(name, kind, statement.getMissingOk());
      return;
    }
    if (found instanceof VirtualTable system) {
      throw DdlScope.systemCatalog(system);
    }
    String actual = DdlScope.kindOf(found);
    if (!actual.equals(kind)) {
      throw wrongKind(name, actual, kind);
    }
    drop(found, statement.getBehavior());
  }

  private void drop(Object relation, DropBehavior behavior) {
    switch (relation) {
      case TableDescriptor table -> {
        scope.requireOwner(table.ownerId(), "table", table.name());
        table(table, behavior);
      }
      case SequenceDescriptor sequence -> {
        scope.requireOwner(sequence.ownerId(), "sequence", sequence.name());
        requireNotIdentity(sequence);
        sequence(sequence.id(), behavior);
      }
      case ViewDescriptor view -> {
        scope.requireOwner(view.ownerId(), "view", view.name());
        view(view, behavior);
      }
      case CollationDescriptor collation -> new CollationStatements(scope).remove(collation);
      default -> throw new IllegalArgumentException("not a relation: " + relation);
    }
  }

  private void missing(RangeVar name, String kind, boolean missingOk) {
    String schema = name.getSchemaname();
    if (!schema.isEmpty() && scope.snapshot().schema(schema) == null) {
      if (!missingOk) {
        throw DdlErrors.undefinedSchema(schema);
      }
      scope
          .context()
          .notice(
              ErrorCode.SUCCESSFUL_COMPLETION,
              "schema \"" + schema + "\" does not exist, skipping");
      return;
    }
    ErrorCode code = kind.equals("index") ? ErrorCode.UNDEFINED_OBJECT : ErrorCode.UNDEFINED_TABLE;
    String text = kind + " \"" + DdlScope.written(name) + "\" does not exist";
    if (!missingOk) {
      throw DdlErrors.of(code, text);
    }
    scope.context().notice(ErrorCode.SUCCESSFUL_COMPLETION, text + ", skipping");
  }

  static ShardForgeException wrongKind(RangeVar name, String actual, String wanted) {
    return DdlErrors.of(
            ErrorCode.WRONG_OBJECT_TYPE,
            "\""
                + name.getRelname()
                + "\" is not "
                + (wanted.equals("index") ? "an " : "a ")
                + wanted)
        .withHint(
            "Use DROP "
                + actual.toUpperCase(java.util.Locale.ROOT)
                + " to remove "
                + (actual.equals("index") ? "an " : "a ")
                + actual
                + ".");
  }

  void view(ViewDescriptor view, DropBehavior behavior) {
    if (scope.catalog().lock(view.key()) == null) {
      throw DdlErrors.undefinedTable(view.name());
    }
    releaseViews(view.id(), describe(view), behavior);
    scope.forgetAttachments(view.id());
    scope.dropIfPresent(view.key());
  }

  private void releaseViews(int relationId, String described, DropBehavior behavior) {
    new ViewUses(scope, going).release(relationId, described, behavior);
  }

  /** Drops a table, its indexes and the sequences that it owns. */
  void table(TableDescriptor known, DropBehavior behavior) {
    TableDescriptor table = scope.lockForUse(known);
    scope.requireNoChecksLeft(table, "DROP TABLE");
    releaseViews(table.id(), describe(table), behavior);
    releaseReferences(table, behavior);
    List<SequenceDescriptor> owned = new ArrayList<>();
    for (SequenceDescriptor sequence : scope.snapshot().sequences()) {
      if (sequence.ownedByTable() == table.id()) {
        owned.add(sequence);
      }
    }
    for (SequenceDescriptor sequence : owned) {
      releaseViews(sequence.id(), describe(sequence), behavior);
      releaseDefaults(sequence, table.id(), behavior, "table " + table.name());
    }
    scope.fence(table, table.version() + 1);
    scope.catalog().drop(table);
    scope.catalog().abandonRows(table);
    scope.forgetAttachments(table.id());
    for (IndexDescriptor index : table.indexes()) {
      scope.forgetAttachments(index.oid());
    }
    for (SequenceDescriptor sequence : owned) {
      removeSequence(sequence);
    }
  }

  private void releaseReferences(TableDescriptor table, DropBehavior behavior) {
    List<Reference> others = fromOthers(table);
    ForeignKeys foreignKeys = new ForeignKeys(scope);
    String words = "table " + table.name();
    foreignKeys.refuse(others, behavior, words, words);
    others.forEach(foreignKeys::remove);
  }

  /** The foreign keys that tables which stay have to one that goes. */
  private List<Reference> fromOthers(TableDescriptor table) {
    return scope.referencesTo(table).stream()
        .filter(r -> r.table().id() != table.id() && !going.contains(r.table().id()))
        .toList();
  }

  /** Drops a sequence; with CASCADE the views and the defaults that use it go too. */
  void sequence(int id, DropBehavior behavior) {
    ObjectKey key = new ObjectKey(ObjectKey.Kind.SEQUENCE, id, 0);
    if (scope.catalog().lock(key) instanceof SequenceDescriptor sequence) {
      releaseViews(sequence.id(), describe(sequence), behavior);
      releaseDefaults(sequence, 0, behavior, "sequence " + sequence.name());
      removeSequence(sequence);
    }
  }

  private void removeSequence(SequenceDescriptor sequence) {
    scope.dropIfPresent(sequence.key());
    scope.catalog().abandonData(sequence.dataId());
    scope.forgetAttachments(sequence.id());
  }

  private void requireNotIdentity(SequenceDescriptor sequence) {
    if (sequence.ownedByTable() != 0
        && scope.snapshot().relation(sequence.ownedByTable()) instanceof TableDescriptor table) {
      for (ColumnDescriptor column : table.columns()) {
        if (column.sequenceId() == sequence.id() && column.identity() != '\0') {
          throw DdlErrors.of(
                  ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
                  "cannot drop sequence "
                      + sequence.name()
                      + " because column "
                      + column.name()
                      + " of table "
                      + table.name()
                      + " requires it")
              .withHint(
                  "You can drop column "
                      + column.name()
                      + " of table "
                      + table.name()
                      + " instead.");
        }
      }
    }
  }

  /** Takes the sequence out of the defaults of all tables but one, or refuses to. */
  private void releaseDefaults(
      SequenceDescriptor sequence, int exceptTable, DropBehavior behavior, String dropped) {
    String call = TableAssembly.nextvalText(sequence.id());
    for (TableDescriptor known : List.copyOf(scope.snapshot().tables())) {
      if (known.id() == exceptTable
          || going.contains(known.id())
          || known.columns().stream().noneMatch(c -> uses(c, call))) {
        continue;
      }
      if (behavior != DropBehavior.DROP_CASCADE) {
        ColumnDescriptor user =
            known.columns().stream().filter(c -> uses(c, call)).findFirst().orElseThrow();
        throw dependents(
            dropped,
            "default value for column "
                + user.name()
                + " of table "
                + known.name()
                + " depends on sequence "
                + sequence.name());
      }
      TableDescriptor table = scope.lockForUse(known);
      TableDraft draft = new TableDraft(table);
      for (ColumnDescriptor column : table.columns()) {
        if (uses(column, call)) {
          draft.changeColumn(
              column.number(), c -> TableDraft.withSequence(c, c.identity(), 0, null));
          cascades("default value for column " + column.name() + " of table " + table.name());
        }
      }
      scope.replace(table, draft.build());
    }
    for (ViewDescriptor view : List.copyOf(scope.snapshot().views())) {
      if (!going.contains(view.id()) && view.columns().stream().anyMatch(c -> uses(c, call))) {
        releaseDefaults(view, sequence, call, behavior, dropped);
      }
    }
  }

  private void releaseDefaults(
      ViewDescriptor view,
      SequenceDescriptor sequence,
      String call,
      DropBehavior behavior,
      String dropped) {
    List<ColumnDescriptor> columns = new ArrayList<>();
    for (ColumnDescriptor column : view.columns()) {
      String user = "default value for column %s of view %s".formatted(column.name(), view.name());
      if (!uses(column, call)) {
        columns.add(column);
      } else if (behavior == DropBehavior.DROP_CASCADE) {
        cascades(user);
        columns.add(TableDraft.withDefault(column, null));
      } else {
        throw dependents(dropped, user + " depends on sequence " + sequence.name());
      }
    }
    if (scope.catalog().lock(view.key()) instanceof ViewDescriptor locked) {
      scope.catalog().replace(locked, locked.withQuery(locked.sql(), columns, locked.readings()));
    }
  }

  private static boolean uses(ColumnDescriptor column, String call) {
    String sql = column.defaultSql();
    return sql != null && sql.contains(call);
  }

  static ShardForgeException dependents(String dropped, String detail) {
    return DdlErrors.of(
            ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
            "cannot drop " + dropped + " because other objects depend on it")
        .withDetail(detail)
        .withHint("Use DROP ... CASCADE to drop the dependent objects too.");
  }

  private void cascades(String what) {
    scope.noteCascade(List.of(what));
  }

  void index(IndexOfTable found, DropBehavior behavior) {
    scope.requireOwner(found.table().ownerId(), "index", found.index().name());
    TableDescriptor table = scope.lockForUse(found.table());
    IndexDescriptor index = found.index();
    if (index.constraintOid() != 0) {
      String text = "constraint " + index.name() + " on table " + table.name();
      throw DdlErrors.of(
              ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop index " + index.name() + " because " + text + " requires it")
          .withHint("You can drop " + text + " instead.");
    }
    List<Reference> dependents =
        scope.referencesTo(table).stream()
            .filter(reference -> reference.key().indexOid() == index.oid())
            .toList();
    ForeignKeys foreignKeys = new ForeignKeys(scope);
    String words = "index " + index.name();
    foreignKeys.refuse(dependents, behavior, words, words);
    dependents.forEach(foreignKeys::remove);
    table = scope.lockForUse(table);
    TableDraft draft = new TableDraft(table);
    draft.indexes.removeIf(i -> i.oid() == index.oid());
    scope.replace(table, draft.build());
    scope.forgetAttachments(index.oid());
  }

  private void schema(String name, DropStmt statement) {
    SchemaDescriptor schema = scope.snapshot().schema(name);
    if (schema == null) {
      if (!statement.getMissingOk()) {
        throw DdlErrors.undefinedSchema(name);
      }
      scope
          .context()
          .notice(
              ErrorCode.SUCCESSFUL_COMPLETION, "schema \"" + name + "\" does not exist, skipping");
      return;
    }
    if (schema.name().equals("pg_catalog")
        || schema.name().equals("information_schema")
        || schema.name().equals("shardforge")) {
      throw DdlErrors.of(
          ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
          "cannot drop schema " + schema.name() + " because it is required by the database system");
    }
    scope.requireOwner(schema.ownerId(), "schema", name);
    // Locked first: whoever creates something in it holds it, and waits for this from now on.
    CatalogObject newest = scope.catalog().lock(schema.key());
    if (newest == null) {
      throw DdlErrors.undefinedSchema(name);
    }
    List<Object> content = contentOf(schema);
    content.forEach(relation -> going.add(((CatalogObject) relation).id()));
    List<Reference> outside = new ArrayList<>();
    for (Object relation : content) {
      if (relation instanceof TableDescriptor table) {
        outside.addAll(fromOthers(table));
      }
    }
    if (!content.isEmpty() && statement.getBehavior() != DropBehavior.DROP_CASCADE) {
      StringBuilder detail = new StringBuilder();
      for (Object relation : content) {
        detail
            .append(detail.isEmpty() ? "" : "\n")
            .append(describe(relation))
            .append(" depends on schema ")
            .append(name);
        if (relation instanceof TypeDescriptor type) {
          new TypeUses(scope).details(type).forEach(use -> detail.append('\n').append(use));
        }
      }
      for (Reference reference : outside) {
        detail
            .append('\n')
            .append(ForeignKeys.words(reference))
            .append(" depends on ")
            .append(describe(ForeignKeyText.referenced(scope.snapshot(), reference)));
      }
      throw dependents("schema " + name, detail.toString());
    }
    for (CollationDescriptor collation : scope.snapshot().collations()) {
      if (collation.schemaId() == schema.id()) {
        new CollationStatements(scope).requireUsedWithin(collation, content);
      }
    }
    for (Object relation : content) {
      scope.noteCascade(List.of(describe(relation)));
      if (relation instanceof TableDescriptor table) {
        scope.noteCascade(fromOthers(table).stream().map(ForeignKeys::words).toList());
      }
    }
    outside.forEach(new ForeignKeys(scope)::remove);
    for (Object relation : content) {
      int id = ((CatalogObject) relation).id();
      TypeDescriptor type = scope.snapshot().typeDescriptor(id);
      Object made = type != null ? type : scope.snapshot().collation(id);
      Object current = made != null ? made : scope.snapshot().relation(id);
      if (current != null) {
        dropContent(current);
      }
    }
    scope.forgetAttachments(schema.id());
    scope.catalog().drop(newest);
  }

  private void dropContent(Object relation) {
    switch (relation) {
      case TableDescriptor table -> table(table, DropBehavior.DROP_CASCADE);
      case SequenceDescriptor sequence -> sequence(sequence.id(), DropBehavior.DROP_CASCADE);
      case ViewDescriptor view -> view(view, DropBehavior.DROP_CASCADE);
      case TypeDescriptor type -> {
        if (scope.catalog().lock(type.key()) instanceof TypeDescriptor newest) {
          new TypeUses(scope).drop(newest, DropBehavior.DROP_CASCADE);
        }
      }
      case CollationDescriptor collation -> new CollationStatements(scope).remove(collation);
      default -> throw new IllegalArgumentException("not part of a schema: " + relation);
    }
  }

  private List<Object> contentOf(SchemaDescriptor schema) {
    List<Object> content = new ArrayList<>();
    for (TableDescriptor table : scope.snapshot().tables()) {
      if (table.schemaId() == schema.id()) {
        content.add(table);
      }
    }
    for (ViewDescriptor view : scope.snapshot().views()) {
      if (view.schemaId() == schema.id()) {
        content.add(view);
      }
    }
    for (TypeDescriptor type : scope.snapshot().typeDescriptors()) {
      if (type.schemaId() == schema.id()) {
        content.add(type);
      }
    }
    for (CollationDescriptor collation : scope.snapshot().collations()) {
      if (collation.schemaId() == schema.id()) {
        content.add(collation);
      }
    }
    for (SequenceDescriptor sequence : scope.snapshot().sequences()) {
      boolean ownedHere =
          sequence.ownedByTable() != 0
              && schemaOf(scope.snapshot().relation(sequence.ownedByTable())) == schema.id();
      if (sequence.schemaId() == schema.id() && !ownedHere) {
        content.add(sequence);
      }
    }
    content.sort(Comparator.comparingInt(object -> ((CatalogObject) object).id()));
    return content;
  }

  private static int schemaOf(@Nullable Object relation) {
    return relation instanceof TableDescriptor table ? table.schemaId() : 0;
  }

  private String describe(Object relation) {
    return switch (relation) {
      case TableDescriptor t -> "table " + scope.describedName(t.schemaId(), t.name());
      case ViewDescriptor v -> "view " + scope.describedName(v.schemaId(), v.name());
      case SequenceDescriptor s -> "sequence " + scope.describedName(s.schemaId(), s.name());
      case CollationDescriptor c -> "collation " + scope.describedName(c.schemaId(), c.name());
      case TypeDescriptor t -> "type " + scope.describedName(t.schemaId(), t.name());
      default -> relation.toString();
    };
  }
}
