package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.DeferrableKey;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.row.ValueCodec;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adds columns, keys and checks to a {@link TableDraft}, making up names and the sequences behind
 * serial and identity columns. For one statement.
 */
final class TableAssembly {
  /** PostgreSQL's limit of columns in a table. */
  static final int COLUMNS_MAX = 1600;

  /** PostgreSQL's limit of columns in an index. */
  static final int INDEX_COLUMNS_MAX = 32;

  private final DdlScope scope;
  private final Definitions definitions;
  private final TableDraft draft;
  private final List<SequenceDescriptor> sequences = new ArrayList<>();

  /** Relation names that this statement has given out but not yet created. */
  private final Set<String> takenRelations = new HashSet<>();

  /** The expressions of generated columns that are not bound yet, by column number. */
  private final Map<Integer, Node> expressions = new LinkedHashMap<>();

  TableAssembly(DdlScope scope, TableDraft draft, Definitions definitions) {
    this.scope = scope;
    this.definitions = definitions;
    this.draft = draft;
    takenRelations.add(draft.name);
  }

  /** Sequences to be created with the table. */
  List<SequenceDescriptor> sequences() {
    return sequences;
  }

  ColumnDescriptor addColumn(ColumnSpec spec) {
    if (draft.column(spec.name) != null) {
      throw DdlErrors.of(
          ErrorCode.DUPLICATE_COLUMN, "column \"" + spec.name + "\" specified more than once");
    }
    if (draft.columns.size() >= COLUMNS_MAX) {
      throw DdlErrors.of(
          ErrorCode.TOO_MANY_COLUMNS, "tables can have at most " + COLUMNS_MAX + " columns");
    }
    int number = draft.nextColumnNumber();
    String defaultSql = null;
    int sequenceId = 0;
    if (spec.serial || spec.identity != 0) {
      sequenceId = addSequence(spec.name, spec.type, number, spec.identityOptions);
      defaultSql = nextvalText(sequenceId);
    } else if (spec.defaultNode != null) {
      defaultSql = definitions.defaultText(spec.defaultNode, spec.type);
    }
    ColumnDescriptor column =
        new ColumnDescriptor(
            number,
            spec.name,
            spec.type,
            spec.notNull,
            defaultSql,
            spec.identity,
            sequenceId,
            false,
            spec.generatedNode != null);
    if (spec.generatedNode != null) {
      expressions.put(number, spec.generatedNode);
    }
    // The hidden row id stays last.
    int at = draft.columns.size();
    while (at > 0 && draft.columns.get(at - 1).hidden()) {
      at--;
    }
    draft.columns.add(at, column);
    return column;
  }

  /** Binds the expressions of generated columns, once all columns are there. */
  void finishExpressions() {
    expressions.forEach((number, node) ->
        draft.changeColumn(
            number,
            column ->
                TableDraft.withExpression(
                    column,
                    definitions.generatedText(
                        definitions.unqualified(node, draft.schemaId, draft.name),
                        column,
                        draft.columns))));
    expressions.clear();
  }

  static String nextvalText(int sequenceId) {
    return "nextval('" + sequenceId + "'::regclass)";
  }

  /** Makes the sequence of a serial or identity column; returns its id. */
  int addSequence(String column, SqlType type, int columnNumber, List<Node> optionNodes) {
    SequenceOptions options = SequenceOptions.parse(optionNodes, scope.context());
    List<String> wanted = options.sequenceName();
    String name;
    int schemaId = draft.schemaId;
    if (wanted != null) {
      name = wanted.getLast();
      if (wanted.size() > 1) {
        SchemaDescriptor schema =
            scope.creationSchema(
                RangeVar.newBuilder()
                    .setSchemaname(wanted.get(wanted.size() - 2))
                    .setRelname(name)
                    .build());
        schemaId = schema.id();
      }
    } else {
      name =
          RelationNames.free(
              scope.snapshot(), schemaId, takenRelations, this::isGiven, draft.name, column, "seq");
    }
    takenRelations.add(name);
    int id = scope.catalog().newId();
    SequenceDescriptor sequence = options.create(id, schemaId, name, draft.ownerId, type);
    sequences.add(sequence.withOwner(draft.id(), columnNumber));
    return id;
  }

  /** Adds the constraints: the primary key first, so that the rest finds it in place. */
  void addConstraints(ConstraintSpecs specs) {
    for (ConstraintSpecs.Key key : specs.keys) {
      if (key.primary()) {
        addKey(key);
      }
    }
    for (ConstraintSpecs.Key key : specs.keys) {
      if (!key.primary()) {
        addKey(key);
      }
    }
    for (ConstraintSpecs.Check check : specs.checks) {
      var _ = addCheck(check);
    }
  }

  CheckDescriptor addCheck(ConstraintSpecs.Check spec) {
    Set<String> taken = draft.constraintNames();
    if (taken.contains(spec.name())) {
      throw DdlErrors.duplicateConstraint(spec.name(), draft.name);
    }
    Definitions.Check check =
        definitions.check(
            scope.catalog().newId(),
            spec.name(),
            definitions.unqualified(spec.expression(), draft.schemaId, draft.name),
            draft.columns,
            draft.name);
    String name =
        spec.name().isEmpty()
            ? RelationNames.freeConstraint(taken, draft.name, check.onlyColumn(), "check")
            : spec.name();
    CheckDescriptor added = check.descriptor().withName(name).withValid(spec.valid());
    draft.checks.add(added);
    return added;
  }

  /** Adds a PRIMARY KEY or UNIQUE index; a primary key takes the place of the hidden row id. */
  IndexDescriptor addKey(ConstraintSpecs.Key key) {
    if (key.primary() && draft.hasPrimaryKey()) {
      throw DdlErrors.of(
              ErrorCode.INVALID_TABLE_DEFINITION,
              "multiple primary keys for table \"" + draft.name + "\" are not allowed")
          .withPosition(scope.context().position(key.location()));
    }
    if (!key.name().isEmpty()) {
      draft.requireFreeConstraint(key.name());
    }
    List<KeyColumn> columns = new ArrayList<>();
    for (String name : key.columns()) {
      ColumnDescriptor column = keyColumn(name, key);
      requireIndexable(column.type());
      columns.add(new KeyColumn(column.number(), false, false));
      if (key.primary()) {
        draft.changeColumn(column.number(), c -> c.withNotNull(true));
      }
    }
    List<Integer> included =
        key.included().stream().map(name -> keyColumn(name, key).number()).toList();
    requireIndexWidth(columns.size() + included.size());
    String name = key.name();
    if (name.isEmpty()) {
      name =
          key.primary()
              ? freeRelation(null, "pkey")
              : freeRelation(String.join("_", draft.indexColumnNames(columns, included)), "key");
    }
    takenRelations.add(name);
    // A key that may be there twice for a while is not where rows are.
    boolean stored = key.primary() && !key.timing().deferrable();
    if (stored && !draft.indexes.isEmpty()) {
      draft.removeRowId();
    }
    IndexDescriptor index =
        new IndexDescriptor(
            scope.catalog().newId(),
            stored ? 1 : draft.nextIndexNumber(),
            name,
            true,
            stored,
            key.nullsNotDistinct(),
            scope.catalog().newId(),
            IndexDescriptor.State.PUBLIC,
            columns,
            included,
            null,
            null,
            key.parameters());
    if (key.timing().deferrable()) {
      index = index.withDeferrable(new DeferrableKey(key.primary(), key.timing()));
    }
    draft.indexes.add(stored ? 0 : draft.indexes.size(), index);
    return index;
  }

  private ColumnDescriptor keyColumn(String name, ConstraintSpecs.Key key) {
    ColumnDescriptor column = draft.column(name);
    if (column == null) {
      if (key.primary() && key.location() < 0) {
        throw DdlErrors.undefinedColumn(name, draft.name);
      }
      throw DdlErrors.of(
              ErrorCode.UNDEFINED_COLUMN, "column \"" + name + "\" named in key does not exist")
          .withPosition(scope.context().position(key.location()));
    }
    return column;
  }

  /** A free name that nothing else of the statement gets. */
  String takeRelation(String second, String label) {
    String name = freeRelation(second, label);
    takenRelations.add(name);
    return name;
  }

  String freeRelation(@org.jspecify.annotations.Nullable String second, String label) {
    return RelationNames.free(
        scope.snapshot(), draft.schemaId, takenRelations, this::isGiven, draft.name, second, label);
  }

  /** Whether the table had an index of this name, which the statement has dropped. */
  private boolean isGiven(String name) {
    return scope.snapshot().relation(draft.id()) instanceof TableDescriptor old
        && old.schemaId() == draft.schemaId
        && old.indexes().stream().anyMatch(index -> index.name().equals(name))
        && draft.indexes.stream().noneMatch(index -> index.name().equals(name));
  }

  static void requireIndexWidth(int columns) {
    if (columns > INDEX_COLUMNS_MAX) {
      throw DdlErrors.of(
          ErrorCode.TOO_MANY_COLUMNS,
          "cannot use more than " + INDEX_COLUMNS_MAX + " columns in an index");
    }
  }

  static void requireIndexable(SqlType type) {
    if (type.oid() == PgOid.JSON || !PgTypes.byOid(type.oid()).isComparable()) {
      throw DdlErrors.of(
              ErrorCode.UNDEFINED_OBJECT,
              "data type "
                  + PgTypes.byOid(type.oid()).displayName()
                  + " has no default operator class for access method \"btree\"")
          .withHint(
              "You must specify an operator class for the index or define a default operator class"
                  + " for the data type.");
    }
    if (!ValueCodec.of(type).isKeyable()) {
      throw DdlErrors.unsupported(
          "index on a column of type " + PgTypes.byOid(type.oid()).displayName());
    }
  }
}
