package io.shardforge.sql.ddl;

import io.shardforge.sql.parse.proto.ColumnDef;
import io.shardforge.sql.parse.proto.Constraint;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One column of CREATE TABLE or ADD COLUMN, with its column constraints sorted out. */
final class ColumnSpec {
  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("ctid", "xmin", "cmin", "xmax", "cmax", "tableoid", TableDraft.ROW_ID_NAME);

  private static final Map<String, Integer> SERIALS =
      Map.of(
          "smallserial", PgOid.INT2,
          "serial2", PgOid.INT2,
          "serial", PgOid.INT4,
          "serial4", PgOid.INT4,
          "bigserial", PgOid.INT8,
          "serial8", PgOid.INT8);

  final String name;
  final SqlType type;
  final boolean serial;
  boolean notNull;
  char identity;
  List<Node> identityOptions = List.of();
  @Nullable Node defaultNode;

  /** The expression of a generated column. */
  @Nullable Node generatedNode;

  private ColumnSpec(String name, SqlType type, boolean serial) {
    this.name = name;
    this.type = type;
    this.serial = serial;
  }

  /** Reads a column definition; its CHECK and key constraints go to the collector. */
  static ColumnSpec read(ColumnDef def, DdlContext context, String table, ConstraintSpecs specs) {
    String name = def.getColname();
    requireUsableName(name);
    String typeName = ColumnTypes.lastName(def.getTypeName());
    Integer serialOf =
        def.getTypeName().getNamesCount() == 1 && def.getTypeName().getArrayBoundsCount() == 0
            ? SERIALS.get(typeName)
            : null;
    SqlType declared =
        serialOf == null ? ColumnTypes.resolve(def.getTypeName(), context) : SqlType.of(serialOf);
    ColumnTypes.requireStorable(name, declared);
    SqlType type =
        CollationStatements.collated(
            declared, def.hasCollClause() ? def.getCollClause() : null, context);
    if (!def.getCompression().isEmpty() || !def.getStorageName().isEmpty()) {
      // Hints about how values are stored: they change no result.
      requireStorageHint(def);
    }
    ColumnSpec spec = new ColumnSpec(name, type, serialOf != null);
    spec.notNull = serialOf != null;
    spec.readConstraints(def, context, table, specs);
    return spec;
  }

  static void requireUsableName(String name) {
    if (SYSTEM_COLUMNS.contains(name)) {
      throw DdlErrors.of(
          ErrorCode.DUPLICATE_COLUMN,
          "column name \"" + name + "\" conflicts with a system column name");
    }
  }

  private void readConstraints(
      ColumnDef def, DdlContext context, String table, ConstraintSpecs specs) {
    boolean sawNull = false;
    boolean sawNotNull = serial;
    boolean sawDefault = serial;
    for (Constraint constraint : ConstraintAttributes.applied(def.getConstraintsList(), context)) {
      int position = context.position(constraint.getLocation());
      switch (constraint.getContype()) {
        case CONSTR_NULL -> {
          sawNull = true;
          if (sawNotNull) {
            throw conflictingNull(table, position);
          }
        }
        case CONSTR_NOTNULL -> {
          sawNotNull = true;
          if (sawNull) {
            throw conflictingNull(table, position);
          }
          notNull = true;
        }
        case CONSTR_DEFAULT -> {
          if (sawDefault) {
            throw DdlErrors.of(
                    ErrorCode.SYNTAX_ERROR,
                    "multiple default values specified for column \""
                        + name
                        + "\" of table \""
                        + table
                        + "\"")
                .withPosition(position);
          }
          sawDefault = true;
          defaultNode = constraint.getRawExpr();
        }
        case CONSTR_IDENTITY -> {
          readIdentity(constraint, table, position, sawNull);
          sawNotNull = true;
        }
        case CONSTR_GENERATED -> {
          if (generatedNode != null) {
            throw twice("multiple generation clauses", table).withPosition(position);
          }
          generatedNode = constraint.getRawExpr();
        }
        case CONSTR_CHECK,
            CONSTR_PRIMARY,
            CONSTR_UNIQUE,
            CONSTR_FOREIGN,
            CONSTR_EXCLUSION,
            CONSTR_ATTR_DEFERRABLE,
            CONSTR_ATTR_NOT_DEFERRABLE,
            CONSTR_ATTR_DEFERRED,
            CONSTR_ATTR_IMMEDIATE ->
            specs.add(constraint, name, context);
        case CONSTR_TYPE_UNDEFINED, UNRECOGNIZED ->
            throw DdlErrors.unsupported("column constraint").withPosition(position);
      }
    }
    if (generatedNode != null && sawDefault) {
      throw twice("both default and generation expression", table);
    }
    if (generatedNode != null && identity != 0) {
      throw twice("both identity and generation expression", table);
    }
    if (identity != 0 && defaultNode != null) {
      throw DdlErrors.of(
          ErrorCode.SYNTAX_ERROR,
          "both default and identity specified for column \""
              + name
              + "\" of table \""
              + table
              + "\"");
    }
    if (identity != 0 && sawNull) {
      throw conflictingNull(table, 0);
    }
  }

  private ShardForgeException twice(String what, String table) {
    return DdlErrors.of(
        ErrorCode.SYNTAX_ERROR,
        what + " specified for column \"" + name + "\" of table \"" + table + "\"");
  }

  private void readIdentity(Constraint constraint, String table, int position, boolean sawNull) {
    if (identity != 0) {
      throw DdlErrors.of(
              ErrorCode.SYNTAX_ERROR,
              "multiple identity specifications for column \""
                  + name
                  + "\" of table \""
                  + table
                  + "\"")
          .withPosition(position);
    }
    if (serial) {
      throw DdlErrors.of(
          ErrorCode.SYNTAX_ERROR,
          "both default and identity specified for column \""
              + name
              + "\" of table \""
              + table
              + "\"");
    }
    if (sawNull) {
      throw conflictingNull(table, position);
    }
    requireIdentityType();
    identity = constraint.getGeneratedWhen().charAt(0);
    identityOptions = constraint.getOptionsList();
    notNull = true;
  }

  private void requireIdentityType() {
    requireIdentityType(type);
  }

  static void requireIdentityType(SqlType type) {
    switch (type.oid()) {
      case PgOid.INT2, PgOid.INT4, PgOid.INT8 -> {}
      default ->
          throw DdlErrors.of(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "identity column type must be smallint, integer, or bigint");
    }
  }

  private ShardForgeException conflictingNull(String table, int position) {
    ShardForgeException error =
        DdlErrors.of(
            ErrorCode.SYNTAX_ERROR,
            "conflicting NULL/NOT NULL declarations for column \""
                + name
                + "\" of table \""
                + table
                + "\"");
    return position > 0 ? error.withPosition(position) : error;
  }

  private static void requireStorageHint(ColumnDef def) {
    String compression = def.getCompression();
    if (!compression.isEmpty() && !Set.of("pglz", "lz4", "default").contains(compression)) {
      throw DdlErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE, "invalid compression method \"" + compression + "\"");
    }
  }
}
