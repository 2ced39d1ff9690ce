package io.shardforge.sql.ddl;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.CommentDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Timing;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.ObjectKey;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.Successor;
import io.shardforge.sql.catalog.TableJob;
import io.shardforge.sql.catalog.TableJob.Kind;
import io.shardforge.sql.expr.Constant;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.parse.proto.AlterTableCmd;
import io.shardforge.sql.parse.proto.AlterTableStmt;
import io.shardforge.sql.parse.proto.AlterTableType;
import io.shardforge.sql.parse.proto.Constraint;
import io.shardforge.sql.parse.proto.DropBehavior;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * ALTER TABLE on a table: applies the commands to a draft one by one, then brings the rows in line
 * in one pass. For one statement.
 */
final class AlterTable {
  /** Commands with one thing to be done with the rows, beside which nothing else changes. */
  private static final Set<AlterTableType> WORKED_ON_LATER =
      EnumSet.of(AlterTableType.AT_AddConstraint, AlterTableType.AT_SetNotNull);

  /** Commands that change nothing but the table, so that it can have its new form all at once. */
  private static final Set<AlterTableType> REWRITTEN_LATER =
      EnumSet.of(
          AlterTableType.AT_AddColumn,
          AlterTableType.AT_AlterColumnType,
          AlterTableType.AT_ColumnDefault,
          AlterTableType.AT_SetNotNull,
          AlterTableType.AT_DropNotNull,
          AlterTableType.AT_SetExpression,
          AlterTableType.AT_AddConstraint,
          AlterTableType.AT_DropConstraint,
          AlterTableType.AT_SetRelOptions,
          AlterTableType.AT_ResetRelOptions);

  private static final Row NO_ROW =
      ordinal -> {
        throw new IllegalStateException("a default has no columns");
      };

  private final DdlScope scope;
  private final TableDescriptor old;
  private final TableDraft draft;
  private final TableAssembly assembly;
  private final Definitions definitions;
  private final ForeignKeys foreignKeys;

  /** Foreign keys that refer to the table, its own included. */
  private final List<Reference> references;

  private final GeneratedColumns generated;
  private final IdentityColumns identities;

  private final Successors successors;

  /** What the row pass has to do. */
  private boolean rewrite;

  private final Map<Integer, Expression> transforms = new HashMap<>();

  /** By number, constants that columns added have in existing rows, written anew or not. */
  private final Map<Integer, Constant> missing = new HashMap<>();

  private final List<IndexDescriptor> newIndexes = new ArrayList<>();

  /** Whether rows may be worked on after the statement's transaction, beside writers. */
  private boolean mayWorkLater;

  /** Whether that may be to write them anew. */
  private boolean mayRewriteLater;

  /** What is to be done then with rows of the changed table. */
  private @Nullable Function<TableDescriptor, TableJob> later;

  private final List<Integer> newNotNull = new ArrayList<>();

  /** OIDs of checks that rows are to be tested by. */
  private final Set<Integer> checksToTest = new HashSet<>();

  /** Added when all else is done, as they may refer to what this statement makes. */
  private final List<ConstraintSpecs.ForeignKey> newForeignKeys = new ArrayList<>();

  /** OIDs of foreign keys, of this table or to it, of which a column has another type now. */
  private final Set<Integer> touchedForeignKeys = new HashSet<>();

  /** OIDs of foreign keys to which existing rows are to be held from now on. */
  private final Set<Integer> validatedForeignKeys = new HashSet<>();

  /** Sequences that go with a column or an identity. */
  private final List<Integer> orphanedSequences = new ArrayList<>();

  private final List<ObjectKey> orphanedComments = new ArrayList<>();

  private AlterTable(DdlScope scope, TableDescriptor old) {
    this.scope = scope;
    this.old = old;
    this.draft = new TableDraft(old);
    this.definitions = new Definitions(scope);
    this.assembly = new TableAssembly(scope, draft, definitions);
    this.generated = new GeneratedColumns(scope, draft, definitions);
    this.identities = new IdentityColumns(scope, draft, assembly);
    this.successors = new Successors(scope, old, definitions);
    this.references = scope.referencesTo(old);
    this.foreignKeys = new ForeignKeys(scope);
  }

  static void run(DdlScope scope, TableDescriptor table, AlterTableStmt statement) {
    boolean first = !scope.catalog().hasChanges();
    TableDescriptor locked = scope.lockTable(table);
    scope.requireNoChecksLeft(locked, "ALTER TABLE");
    AlterTable alter = new AlterTable(scope, locked);
    Set<AlterTableType> kinds =
        statement.getCmdsList().stream()
            .map(node -> node.getAlterTableCmd().getSubtype())
            .collect(Collectors.toSet());
    boolean mayLater = scope.context().endsTransaction() && !scope.isTemporary(locked.id());
    alter.mayWorkLater =
        mayLater && statement.getCmdsCount() == 1 && WORKED_ON_LATER.containsAll(kinds);
    alter.mayRewriteLater = mayLater && REWRITTEN_LATER.containsAll(kinds);
    for (Node node : statement.getCmdsList()) {
      alter.apply(node.getAlterTableCmd());
    }
    boolean onlyValidates =
        statement.getCmdsList().stream()
            .allMatch(node ->
                node.getAlterTableCmd().getSubtype() == AlterTableType.AT_ValidateConstraint);
    if (first && onlyValidates && scope.txn().isolation() == Isolation.READ_COMMITTED) {
      alter.finishBesideWriters();
    } else {
      alter.finish();
    }
  }

  /** Writes all rows and entries anew as they are. */
  static void rewrite(DdlScope scope, TableDescriptor table, String command) {
    scope.access().requireRelation(table, Privilege.MAINTAIN);
    TableDescriptor locked = scope.lockForUse(table);
    scope.requireNoChecksLeft(locked, command);
    AlterTable alter = new AlterTable(scope, locked);
    alter.mayRewriteLater = scope.context().endsTransaction() && !scope.isTemporary(locked.id());
    alter.rewrite = true;
    alter.finish();
  }

  private void apply(AlterTableCmd command) {
    switch (command.getSubtype()) {
      case AT_AddColumn -> addColumn(command);
      case AT_DropColumn -> dropColumn(command);
      case AT_ColumnDefault -> columnDefault(command);
      case AT_DropNotNull -> dropNotNull(command);
      case AT_SetNotNull -> setNotNull(command);
      case AT_AlterColumnType -> alterType(command);
      case AT_AddConstraint -> addConstraint(command.getDef().getConstraint());
      case AT_DropConstraint -> dropConstraint(command);
      case AT_ValidateConstraint -> validateConstraint(command.getName());
      case AT_AlterConstraint -> alterConstraint(command.getDef().getConstraint());
      case AT_ChangeOwner -> OwnerChange.table(scope, draft, command.getNewowner());
      case AT_AddIdentity -> identities.add(command);
      case AT_SetIdentity -> identities.set(command);
      case AT_DropIdentity -> {
        int sequence = identities.drop(command);
        if (sequence != 0) {
          orphanedSequences.add(sequence);
        }
      }
      case AT_DropExpression -> generated.drop(command);
      case AT_SetExpression -> {
        transforms.putAll(generated.set(command, old));
        successors.generates(draft.requireColumn(command.getName()));
        rewrite = true;
      }
      // Hints about PostgreSQL's storage and statistics: they change no result.
      case AT_SetStatistics, AT_SetStorage, AT_SetCompression ->
          requireNamedColumn(command.getName());
      case AT_SetRelOptions ->
          draft.options =
              StorageOptions.change(
                  draft.options, command.getDef().getList().getItemsList(), scope.context()::nodes);
      case AT_ResetRelOptions ->
          draft.options =
              StorageOptions.reset(
                  draft.options, command.getDef().getList().getItemsList(), scope.context()::nodes);
      case AT_SetLogged, AT_SetUnLogged, AT_DropOids -> {}
      case AT_SetTableSpace -> StorageOptions.requireDefaultTablespace(command.getName());
      case AT_SetAccessMethod -> StorageOptions.requireHeap(command.getName());
      default ->
          throw DdlErrors.unsupported("ALTER TABLE ... " + GrammarWords.of(command.getSubtype()));
    }
  }

  // ---- columns ----

  private void addColumn(AlterTableCmd command) {
    var def = command.getDef().getColumnDef();
    if (draft.column(def.getColname()) != null) {
      if (!command.getMissingOk()) {
        throw DdlErrors.duplicateColumn(def.getColname(), draft.name);
      }
      scope
          .context()
          .notice(
              ErrorCode.DUPLICATE_COLUMN,
              "column \""
                  + def.getColname()
                  + "\" of relation \""
                  + draft.name
                  + "\" already exists, skipping");
      return;
    }
    ConstraintSpecs constraints = new ConstraintSpecs(false);
    ColumnSpec spec = ColumnSpec.read(def, scope.context(), draft.name, constraints);
    ColumnDescriptor column = assembly.addColumn(spec);
    if (column.generated()) {
      assembly.finishExpressions();
      column = draft.requireColumn(spec.name);
      transforms.put(column.number(), definitions.bindGenerated(column, old.columns()));
      successors.generates(column);
      rewrite = true;
    } else if (column.defaultSql() != null || PgTypes.byOid(column.type().oid()).isDomain()) {
      fillDefault(column);
    }
    if (column.notNull()) {
      newNotNull.add(column.number());
    }
    for (ConstraintSpecs.Key key : constraints.keys) {
      addKey(key);
    }
    for (ConstraintSpecs.Check check : constraints.checks) {
      addCheck(check);
    }
    newForeignKeys.addAll(constraints.foreignKeys);
  }

  /**
   * Existing rows get the new column's default; a sequence is not there before the statement ends.
   */
  private void fillDefault(ColumnDescriptor column) {
    for (SequenceDescriptor sequence : assembly.sequences()) {
      if (sequence.id() == column.sequenceId()) {
        scope.catalog().create(sequence);
      }
    }
    assembly.sequences().removeIf(sequence -> sequence.id() == column.sequenceId());
    Expression value = definitions.bindDefault(column);
    if (value == null) {
      return;
    }
    boolean domain = PgTypes.byOid(column.type().oid()).isDomain();
    String sql = column.defaultSql();
    if (sql != null && !domain && !definitions.isVolatile(sql, column.type())) {
      Object constant = value.eval(NO_ROW, scope.context().evaluation());
      missing.put(column.number(), new Constant(column.type(), constant));
    } else {
      transforms.put(column.number(), value);
      successors.fills(column);
      rewrite = true;
    }
  }

  private void dropColumn(AlterTableCmd command) {
    ColumnDescriptor column = draft.column(command.getName());
    if (column == null) {
      if (!command.getMissingOk()) {
        throw DdlErrors.undefinedColumn(command.getName(), draft.name);
      }
      scope
          .context()
          .notice(
              ErrorCode.SUCCESSFUL_COMPLETION,
              "column \""
                  + command.getName()
                  + "\" of relation \""
                  + draft.name
                  + "\" does not exist, skipping");
      return;
    }
    for (ColumnDescriptor user : generated.release(column, command.getBehavior())) {
      dropColumn(
          AlterTableCmd.newBuilder()
              .setName(user.name())
              .setBehavior(command.getBehavior())
              .build());
    }
    new ViewUses(scope, Set.of()).releaseColumn(old, column, command.getBehavior());
    scope.dropIfPresent(new ObjectKey(ObjectKey.Kind.GRANTS, old.id(), column.number()));
    scope.snapshot().combinedStatistics().stream()
        .filter(s -> s.tableId() == old.id() && s.columns().contains(column.number()))
        .toList()
        .forEach(s -> scope.dropIfPresent(s.key()));
    release(
        references.stream()
            .filter(reference -> reference.key().referencedColumns().contains(column.number()))
            .toList(),
        command,
        "column " + column.name() + " of table " + draft.name,
        "column " + column.name() + " of table " + draft.name);
    draft.foreignKeys.removeIf(key -> key.columns().contains(column.number()));
    boolean inPrimaryKey = false;
    for (IndexDescriptor index : List.copyOf(draft.indexes)) {
      if (definitions.uses(index, column)) {
        inPrimaryKey |= index.primary();
        removeIndex(index);
      }
    }
    draft.checks.removeIf(check -> definitions.columnsOf(check.sql()).contains(column.name()));
    draft.columns.removeIf(c -> c.number() == column.number());
    transforms.remove(column.number());
    missing.remove(column.number());
    newNotNull.remove(Integer.valueOf(column.number()));
    if (column.sequenceId() != 0) {
      orphanedSequences.add(column.sequenceId());
    }
    for (CommentDescriptor comment : scope.snapshot().comments()) {
      if (comment.id() == old.id() && comment.columnNumber() == column.number()) {
        orphanedComments.add(comment.key());
      }
    }
    if (inPrimaryKey) {
      rewrite = true;
    }
  }

  private void columnDefault(AlterTableCmd command) {
    ColumnDescriptor column = draft.requireColumn(command.getName());
    requireNoIdentity(column);
    generated.requireGiven(column, command.hasDef());
    String sql = command.hasDef() ? definitions.defaultText(command.getDef(), column.type()) : null;
    draft.changeColumn(column.number(), c -> TableDraft.withDefault(c, sql));
  }

  private void setNotNull(AlterTableCmd command) {
    ColumnDescriptor column = draft.requireColumn(command.getName());
    if (column.notNull()) {
      return;
    }
    if (mayWorkLater) {
      draft.changeColumn(column.number(), ColumnDescriptor::refusingNull);
      validateLater(Kind.NOT_NULL, scope.catalog().newId(), column.number(), column.name());
      return;
    }
    draft.changeColumn(column.number(), c -> c.withNotNull(true));
    newNotNull.add(column.number());
  }

  private void dropNotNull(AlterTableCmd command) {
    ColumnDescriptor column = draft.requireColumn(command.getName());
    requireNoIdentity(column);
    if (draft.indexes.stream()
        .filter(IndexDescriptor::isPrimaryKey)
        .flatMap(index -> index.columns().stream())
        .anyMatch(key -> key.columnNumber() == column.number())) {
      throw DdlErrors.of(
          ErrorCode.INVALID_TABLE_DEFINITION,
          "column \"" + column.name() + "\" is in a primary key");
    }
    draft.changeColumn(column.number(), c -> c.withNotNull(false));
    newNotNull.remove(Integer.valueOf(column.number()));
  }

  private void requireNoIdentity(ColumnDescriptor column) {
    if (column.identity() != '\0') {
      throw DdlErrors.of(
          ErrorCode.SYNTAX_ERROR,
          "column \""
              + column.name()
              + "\" of relation \""
              + draft.name
              + "\" is an identity column");
    }
  }

  private void requireNamedColumn(String name) {
    if (!name.isEmpty()) {
      draft.requireColumn(name);
    }
  }

  private void alterType(AlterTableCmd command) {
    ColumnDescriptor column = draft.requireColumn(command.getName());
    if (old.column(column.name()) == null || transforms.containsKey(column.number())) {
      throw DdlErrors.unsupported("ALTER TYPE of a column changed by the same statement");
    }
    generated.requireTypeFree(column, command.getDef().getColumnDef().hasRawDefault());
    new ViewUses(scope, Set.of()).requireUnused(old, column);
    var newType =
        new ColumnTypeChange(scope, definitions, old, column, command.getDef().getColumnDef());
    draft.changeColumn(column.number(), c -> newType.changed());
    if (column.identity() != '\0') {
      new SequenceStatements(scope).follow(column.sequenceId(), newType.changed().type());
    }
    Expression conversion =
        column.generated()
            ? definitions.bindGenerated(newType.changed(), old.columns())
            : newType.conversion();
    if (conversion != null) {
      successors.converts(newType.changed(), command.getDef().getColumnDef());
      transforms.put(column.number(), conversion);
      rewrite = true;
    }
    for (IndexDescriptor index : draft.indexes) {
      for (KeyColumn key : index.columns()) {
        if (key.columnNumber() == column.number()) {
          InvertedColumns.requireIndexable(key, newType.changed().type());
        }
      }
    }
    draft.indexes.replaceAll(index -> definitions.rebound(index, draft.columns));
    for (CheckDescriptor check : draft.checks) {
      definitions.bindCheck(check, draft.columns);
    }
    touchForeignKeys(column.number());
  }

  private void touchForeignKeys(int column) {
    List<ForeignKeyDescriptor> touched = new ArrayList<>();
    draft.foreignKeys.stream().filter(key -> key.columns().contains(column)).forEach(touched::add);
    references.stream()
        .map(Reference::key)
        .filter(key -> key.referencedColumns().contains(column))
        .forEach(touched::add);
    touched.forEach(key -> touchedForeignKeys.add(key.oid()));
    if (!touched.isEmpty() && !successors.keepsApart(column)) {
      // Rows that referred to others may do so no more.
      successors.requireWithinStatement();
    }
  }

  // ---- constraints ----

  private void addConstraint(Constraint constraint) {
    if (!constraint.getIndexname().isEmpty()) {
      IndexAdoption adoption = new IndexAdoption(scope, draft, constraint);
      IndexDescriptor index = adoption.index();
      if (adoption.primary()) {
        removeIndex(index);
        addKey(adoption.primaryKey(index));
      } else {
        draft.indexes.set(draft.indexes.indexOf(index), adoption.unique(index));
      }
      return;
    }
    ConstraintSpecs specs = new ConstraintSpecs(false);
    specs.add(constraint, null, scope.context());
    for (ConstraintSpecs.Key key : specs.keys) {
      addKey(key);
    }
    for (ConstraintSpecs.Check check : specs.checks) {
      if (check.valid() && mayWorkLater) {
        CheckDescriptor added = assembly.addCheck(check).withValid(false);
        draft.checks.set(draft.checks.size() - 1, added);
        validateLater(Kind.CHECK, added.oid(), 0, added.name());
      } else {
        addCheck(check);
      }
    }
    newForeignKeys.addAll(specs.foreignKeys);
  }

  private void addCheck(ConstraintSpecs.Check spec) {
    CheckDescriptor check = assembly.addCheck(spec);
    if (check.valid()) {
      checksToTest.add(check.oid());
    }
  }

  private void addKey(ConstraintSpecs.Key key) {
    List<Integer> nullable = new ArrayList<>();
    for (ColumnDescriptor column : draft.columns) {
      if (!column.notNull()) {
        nullable.add(column.number());
      }
    }
    IndexDescriptor index = assembly.addKey(key);
    if (index.primary()) {
      rewrite = true;
    } else if (mayWorkLater && index.deferrable() == null) {
      IndexDescriptor built = index.withState(IndexDescriptor.State.WRITE_ONLY);
      draft.indexes.set(draft.indexes.indexOf(index), built);
      later =
          table -> TableJob.ofIndex(scope.snapshot().databaseId(), table, built, false, rowCount());
    } else {
      newIndexes.add(index);
    }
    for (ColumnDescriptor column : draft.columns) {
      if (index.deferrable() != null && column.notNull() && nullable.contains(column.number())) {
        newNotNull.add(column.number());
      }
    }
  }

  private void dropConstraint(AlterTableCmd command) {
    String name = command.getName();
    for (IndexDescriptor index : List.copyOf(draft.indexes)) {
      if (index.constraintOid() != 0 && index.name().equals(name)) {
        release(
            references.stream()
                .filter(reference -> reference.key().indexOid() == index.oid())
                .toList(),
            command,
            "index " + name,
            "constraint " + name + " on table " + draft.name);
        removeIndex(index);
        rewrite |= index.primary();
        return;
      }
    }
    if (draft.foreignKeys.removeIf(key -> key.name().equals(name))) {
      return;
    }
    if (draft.checks.removeIf(check -> check.name().equals(name))) {
      return;
    }
    if (!command.getMissingOk()) {
      throw DdlErrors.undefinedConstraint(name, draft.name);
    }
    scope
        .context()
        .notice(
            ErrorCode.SUCCESSFUL_COMPLETION,
            "constraint \""
                + name
                + "\" of relation \""
                + draft.name
                + "\" does not exist, skipping");
  }

  private void validateConstraint(String name) {
    switch (draft.build().constraint(name)) {
      case null -> throw DdlErrors.undefinedConstraint(name, draft.name);
      case CheckDescriptor check -> {
        if (!check.valid()) {
          draft.checks.replaceAll(c -> c.oid() == check.oid() ? c.withValid(true) : c);
          checksToTest.add(check.oid());
        }
      }
      case ForeignKeyDescriptor key -> {
        if (!key.valid()) {
          draft.foreignKeys.replaceAll(k -> k.oid() == key.oid() ? k.withValid(true) : k);
          validatedForeignKeys.add(key.oid());
        }
      }
      default -> throw wrongConstraint(name, "a foreign key or check constraint");
    }
  }

  private void alterConstraint(Constraint change) {
    String name = change.getConname();
    switch (draft.build().constraint(name)) {
      case null -> throw DdlErrors.undefinedConstraint(name, draft.name);
      case ForeignKeyDescriptor key -> {
        Timing timing = Timing.of(change.getDeferrable(), change.getInitdeferred());
        draft.foreignKeys.replaceAll(k -> k.oid() == key.oid() ? k.withTiming(timing) : k);
      }
      default -> throw wrongConstraint(name, "a foreign key constraint");
    }
  }

  private ShardForgeException wrongConstraint(String name, String wanted) {
    return DdlErrors.of(
        ErrorCode.WRONG_OBJECT_TYPE,
        "constraint \"" + name + "\" of relation \"" + draft.name + "\" is not " + wanted);
  }

  /** Removes foreign keys that depend on what the command drops, or refuses to. */
  private void release(
      List<Reference> dependents, AlterTableCmd command, String object, String dropped) {
    List<Reference> others = new ArrayList<>();
    for (Reference dependent : dependents) {
      boolean own = dependent.table().id() == old.id();
      boolean gone =
          own && draft.foreignKeys.stream().noneMatch(key -> key.oid() == dependent.key().oid());
      if (!gone) {
        others.add(dependent);
      }
    }
    foreignKeys.refuse(others, command.getBehavior(), object, dropped);
    for (Reference dependent : others) {
      if (dependent.table().id() == old.id()) {
        draft.foreignKeys.removeIf(key -> key.oid() == dependent.key().oid());
      } else {
        foreignKeys.remove(dependent);
        successors.requireWithinStatement();
      }
    }
  }

  private void removeIndex(IndexDescriptor index) {
    newIndexes.remove(index);
    draft.indexes.remove(index);
    if (index.primary()) {
      draft.addRowId(scope.catalog().newId());
    }
  }

  // ---- the pass over the rows ----

  /**
   * Looks at the rows while others write the table: what is validated is in force already, for
   * whatever they write, so rows that are right now stay so. Nothing changes for writers.
   */
  private void finishBesideWriters() {
    TableDescriptor changed = draft.build();
    scope.requireNoSuccessorLost(old, changed);
    scope.seeNewest(old);
    alignRows(changed);
    finishForeignKeys(changed);
    scope.catalog().replace(old, changed);
  }

  private void finish() {
    // Slots are in the keys of rows.
    rewrite |= draft.options.isHashed() != old.options().isHashed();
    Successor successor =
        mayRewriteLater && newForeignKeys.isEmpty() && (rewrite || looksAtRows(draft.build()))
            ? successors.of(draft, transforms.keySet(), missing)
            : null;
    if (successor != null) {
      touched(successor.table()).forEach(foreignKeys::requireComparable);
      TableDescriptor both = old.withSuccessor(successor);
      scope.replace(old, both);
      scope.context().workLater(job(Kind.REWRITE, draft.dataId, 0, old.name(), both));
      return;
    }
    fillMissing();
    if (rewrite) {
      draft.dataId = scope.catalog().newId();
    }
    TableDescriptor changed = draft.build();
    scope.replace(old, changed);
    for (SequenceDescriptor sequence : assembly.sequences()) {
      scope.catalog().create(sequence);
    }
    boolean reads =
        rewrite || !newIndexes.isEmpty() || !newNotNull.isEmpty() || !checksToTest.isEmpty();
    if (rewrite) {
      // Their rows lock rows of this table by keys that name where these lie.
      for (Reference reference : references) {
        if (reference.table().id() != old.id()) {
          TableDescriptor referring = scope.lockForUse(reference.table());
          scope.replace(referring, referring.withVersion(referring.version() + 1));
        }
      }
    }
    if (reads) {
      scope.seeNewest(old);
      alignRows(changed);
    }
    for (IndexDescriptor index : changed.indexes()) {
      if (index.deferrable() != null && (rewrite || newIndexes.contains(index))) {
        new DeferrableKeys(scope).validate(changed, index);
      }
    }
    finishForeignKeys(changed);
    for (int sequence : orphanedSequences) {
      new DropObjects(scope).sequence(sequence, DropBehavior.DROP_CASCADE);
    }
    orphanedComments.forEach(scope::dropIfPresent);
    if (later != null) {
      scope.context().workLater(later.apply(changed));
    }
  }

  private void validateLater(Kind kind, int oid, int column, String name) {
    later = table -> job(kind, oid, column, name, table);
  }

  private TableJob job(Kind kind, int oid, int column, String name, TableDescriptor table) {
    return TableJob.of(kind, oid, column, name, scope.snapshot().databaseId(), table, rowCount());
  }

  private long rowCount() {
    return scope.snapshot().rowCount(old.id());
  }

  /** Gives existing rows the constants of columns that were added. */
  private void fillMissing() {
    if (rewrite) {
      transforms.putAll(missing);
      draft.columns.replaceAll(column -> column.withMissing(null));
      return;
    }
    missing.forEach((number, constant) -> {
      Object value = constant.value();
      if (value != null) {
        draft.changeColumn(number, c -> c.withMissing(RowCodec.missing(c.type(), value)));
        newNotNull.removeIf(number::equals);
      }
    });
  }

  private void finishForeignKeys(TableDescriptor changed) {
    List<Reference> toCheck = touched(changed);
    toCheck.forEach(foreignKeys::requireComparable);
    changed.foreignKeys().stream()
        .filter(key -> validatedForeignKeys.contains(key.oid()))
        .forEach(key -> toCheck.add(new Reference(changed, key)));
    for (ConstraintSpecs.ForeignKey key : newForeignKeys) {
      if (key.valid() && mayWorkLater && addedColumns(changed).isEmpty()) {
        ForeignKeyDescriptor added = foreignKeys.add(changed.id(), key.notValid()).key();
        validateLater(Kind.FOREIGN_KEY, added.oid(), 0, added.name());
        continue;
      }
      Reference added = foreignKeys.add(changed.id(), key);
      if (!refersToNothing(changed, added.key())) {
        toCheck.add(added);
      }
    }
    toCheck.stream().filter(reference -> reference.key().valid()).forEach(foreignKeys::validate);
  }

  /** Foreign keys of which a column has another type now. */
  private List<Reference> touched(TableDescriptor changed) {
    List<Reference> touched = new ArrayList<>();
    changed.foreignKeys().forEach(key -> touched.add(new Reference(changed, key)));
    references.stream().filter(r -> r.table().id() != changed.id()).forEach(touched::add);
    touched.removeIf(reference -> !touchedForeignKeys.contains(reference.key().oid()));
    return touched;
  }

  private List<ColumnDescriptor> addedColumns(TableDescriptor changed) {
    return changed.columns().stream()
        .filter(column -> column.number() > old.lastColumnNumber())
        .toList();
  }

  /** Whether no row refers to anything, for a column that was added is null in all of them. */
  private boolean refersToNothing(TableDescriptor changed, ForeignKeyDescriptor key) {
    return !rewrite
        && (!key.full() || key.columns().size() == 1)
        && addedColumns(changed).stream()
            .anyMatch(c -> c.missing() == null && key.columns().contains(c.number()));
  }

  /** Whether what is to be looked at are columns that were added, which are alike in all rows. */
  private boolean looksAtAdded(TableDescriptor changed, List<CheckDescriptor> newChecks) {
    List<ColumnDescriptor> added = addedColumns(changed);
    List<String> names = added.stream().map(ColumnDescriptor::name).toList();
    return newChecks.stream()
            .allMatch(check -> names.containsAll(definitions.columnsOf(check.sql())))
        && newNotNull.stream()
            .allMatch(number -> added.stream().anyMatch(column -> column.number() == number));
  }

  /** Whether there is more to be seen than what is alike in all rows. */
  private boolean looksAtRows(TableDescriptor changed) {
    return !newIndexes.isEmpty() || !looksAtAdded(changed, checksToTest(changed));
  }

  private List<CheckDescriptor> checksToTest(TableDescriptor changed) {
    return changed.checks().stream().filter(check -> checksToTest.contains(check.oid())).toList();
  }

  private void alignRows(TableDescriptor changed) {
    TableRebuild rebuild = new TableRebuild(scope, old, changed, transforms);
    if (rewrite) {
      rebuild.rewrite();
      scope.catalog().abandonData(old.dataId());
      return;
    }
    List<CheckDescriptor> newChecks = checksToTest(changed);
    rebuild.validate(newChecks, newNotNull, looksAtAdded(changed, newChecks));
    if (!newIndexes.isEmpty()) {
      CreateIndex.backfill(scope, changed, changed, newIndexes);
    }
  }
}
