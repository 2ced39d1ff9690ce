package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ForeignKeyDescriptor.Action;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Timing;
import io.shardforge.sql.parse.proto.ConstrType;
import io.shardforge.sql.parse.proto.Constraint;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The constraints of a statement, in the order written. */
final class ConstraintSpecs {
  /** PRIMARY KEY or UNIQUE; an empty name is to be made up. */
  record Key(
      String name,
      boolean primary,
      boolean nullsNotDistinct,
      List<String> columns,
      List<String> included,
      Timing timing,
      List<String> parameters,
      int location) {}

  /** CHECK; an empty name is to be made up. */
  record Check(String name, Node expression, boolean valid, int location) {}

  /** FOREIGN KEY; an empty name is to be made up, no referenced columns mean the primary key. */
  record ForeignKey(
      String name,
      List<String> columns,
      RangeVar referenced,
      List<String> referencedColumns,
      boolean full,
      Action onUpdate,
      Action onDelete,
      List<String> setColumns,
      Timing timing,
      boolean valid) {
    /** The same for new rows only. */
    ForeignKey notValid() {
      return new ForeignKey(
          name,
          columns,
          referenced,
          referencedColumns,
          full,
          onUpdate,
          onDelete,
          setColumns,
          timing,
          false);
    }
  }

  final List<Key> keys = new ArrayList<>();
  final List<Check> checks = new ArrayList<>();
  final List<ForeignKey> foreignKeys = new ArrayList<>();
  private final boolean newTable;

  /**
   * @param newTable whether there are no rows that a constraint could be NOT VALID for
   */
  ConstraintSpecs(boolean newTable) {
    this.newTable = newTable;
  }

  /** Takes a constraint of a column, or of the table where {@code column} is null. */
  void add(Constraint constraint, @Nullable String column, DdlContext context) {
    int position = context.position(constraint.getLocation());
    switch (constraint.getContype()) {
      case CONSTR_CHECK -> {
        if (constraint.getIsNoInherit()) {
          throw DdlErrors.unsupported("NO INHERIT constraint").withPosition(position);
        }
        checks.add(
            new Check(
                constraint.getConname(),
                constraint.getRawExpr(),
                isValid(constraint),
                constraint.getLocation()));
      }
      case CONSTR_PRIMARY, CONSTR_UNIQUE -> addKey(constraint, column, context);
      case CONSTR_FOREIGN -> addForeignKey(constraint, column, position);
      case CONSTR_EXCLUSION ->
          throw DdlErrors.unsupported("EXCLUDE constraint").withPosition(position);
      case CONSTR_ATTR_DEFERRABLE,
          CONSTR_ATTR_DEFERRED,
          CONSTR_ATTR_NOT_DEFERRABLE,
          CONSTR_ATTR_IMMEDIATE,
          CONSTR_NULL,
          CONSTR_NOTNULL,
          CONSTR_DEFAULT,
          CONSTR_IDENTITY,
          CONSTR_GENERATED,
          CONSTR_TYPE_UNDEFINED,
          UNRECOGNIZED ->
          throw DdlErrors.unsupported("constraint").withPosition(position);
    }
  }

  private void addForeignKey(Constraint constraint, @Nullable String column, int position) {
    if (constraint.getFkMatchtype().equals("p")) {
      throw DdlErrors.of(ErrorCode.FEATURE_NOT_SUPPORTED, "MATCH PARTIAL not yet implemented")
          .withPosition(position);
    }
    foreignKeys.add(
        new ForeignKey(
            constraint.getConname(),
            column == null ? names(constraint.getFkAttrsList()) : List.of(column),
            constraint.getPktable(),
            names(constraint.getPkAttrsList()),
            constraint.getFkMatchtype().equals("f"),
            Action.of(constraint.getFkUpdAction().charAt(0)),
            Action.of(constraint.getFkDelAction().charAt(0)),
            names(constraint.getFkDelSetColsList()),
            Timing.of(constraint.getDeferrable(), constraint.getInitdeferred()),
            isValid(constraint)));
  }

  private boolean isValid(Constraint constraint) {
    return newTable || !constraint.getSkipValidation() || constraint.getInitiallyValid();
  }

  private static List<String> names(List<Node> strings) {
    return strings.stream().map(node -> node.getString().getSval()).toList();
  }

  private void addKey(Constraint constraint, @Nullable String column, DdlContext context) {
    if (!constraint.getIndexname().isEmpty()) {
      throw DdlErrors.of(
              ErrorCode.FEATURE_NOT_SUPPORTED, "cannot use an existing index in CREATE TABLE")
          .withPosition(context.position(constraint.getLocation()));
    }
    List<String> parameters = StorageOptions.ofIndex(constraint.getOptionsList(), false);
    StorageOptions.requireDefaultTablespace(constraint.getIndexspace());
    boolean primary = constraint.getContype() == ConstrType.CONSTR_PRIMARY;
    List<String> columns = new ArrayList<>();
    for (Node key : constraint.getKeysList()) {
      String name = key.getString().getSval();
      if (columns.contains(name)) {
        throw DdlErrors.of(
                ErrorCode.DUPLICATE_COLUMN,
                "column \""
                    + name
                    + "\" appears twice in "
                    + (primary ? "primary key" : "unique")
                    + " constraint")
            .withPosition(context.position(constraint.getLocation()));
      }
      columns.add(name);
    }
    if (columns.isEmpty() && column != null) {
      columns.add(column);
    }
    keys.add(
        new Key(
            constraint.getConname(),
            primary,
            constraint.getNullsNotDistinct(),
            columns,
            names(constraint.getIncludingList()),
            Timing.of(constraint.getDeferrable(), constraint.getInitdeferred()),
            parameters,
            newTable ? constraint.getLocation() : -1));
  }
}
