package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ForeignKeyDescriptor.Timing;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.parse.proto.ConstrType;
import io.shardforge.sql.parse.proto.Constraint;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import org.jspecify.annotations.Nullable;

/** ADD CONSTRAINT ... USING INDEX: which index becomes a constraint, and under which name. */
final class IndexAdoption {
  private final DdlScope scope;
  private final TableDraft draft;
  private final Constraint constraint;

  IndexAdoption(DdlScope scope, TableDraft draft, Constraint constraint) {
    this.scope = scope;
    this.draft = draft;
    this.constraint = constraint;
  }

  boolean primary() {
    return constraint.getContype() == ConstrType.CONSTR_PRIMARY;
  }

  /** The index, which can be a key of the table. */
  IndexDescriptor index() {
    String name = constraint.getIndexname();
    IndexDescriptor index = null;
    for (IndexDescriptor known : draft.indexes) {
      if (known.name().equals(name)) {
        index = known;
      }
    }
    if (index == null) {
      throw scope.snapshot().index(draft.schemaId, name) == null
          ? error(ErrorCode.UNDEFINED_OBJECT, "index \"" + name + "\" does not exist")
          : error(
              ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
              "index \"" + name + "\" does not belong to table \"" + draft.name + "\"");
    }
    if (index.constraintOid() != 0) {
      throw error(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "index \"" + name + "\" is already associated with a constraint");
    }
    if (index.state() != IndexDescriptor.State.PUBLIC) {
      throw error(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, "index \"" + name + "\" is not valid");
    }
    String unfit = unfit(index);
    if (unfit != null) {
      throw error(ErrorCode.WRONG_OBJECT_TYPE, unfit)
          .withDetail("Cannot create a primary key or unique constraint using such an index.");
    }
    if (constraint.getDeferrable()) {
      throw DdlErrors.unsupported("DEFERRABLE constraint USING INDEX");
    }
    if (primary() && index.nullsNotDistinct()) {
      throw error(
          ErrorCode.WRONG_OBJECT_TYPE, "primary keys cannot use NULLS NOT DISTINCT indexes");
    }
    return index;
  }

  private static @Nullable String unfit(IndexDescriptor index) {
    if (!index.unique()) {
      return "\"" + index.name() + "\" is not a unique index";
    }
    if (index.columns().stream().anyMatch(key -> key.expression() != null)) {
      return "index \"" + index.name() + "\" contains expressions";
    }
    if (index.predicate() != null) {
      return "\"" + index.name() + "\" is a partial index";
    }
    int number = 0;
    for (KeyColumn key : index.columns()) {
      number++;
      if (key.descending() || key.nullsFirst()) {
        return "index \""
            + index.name()
            + "\" column number "
            + number
            + " does not have default sorting behavior";
      }
    }
    return null;
  }

  /** The index as that of a constraint. */
  IndexDescriptor unique(IndexDescriptor index) {
    return index.copy(index.oid(), index.number(), name(index), scope.catalog().newId());
  }

  /** What takes the place of the index: rows lie in their primary key. */
  ConstraintSpecs.Key primaryKey(IndexDescriptor index) {
    return new ConstraintSpecs.Key(
        name(index),
        true,
        false,
        index.columns().stream().map(KeyColumn::columnNumber).map(draft::columnName).toList(),
        index.included().stream().map(draft::columnName).toList(),
        Timing.of(false, false),
        index.parameters(),
        constraint.getLocation());
  }

  /** What the constraint and its index are called. */
  private String name(IndexDescriptor index) {
    String wanted = constraint.getConname();
    if (wanted.isEmpty() || wanted.equals(index.name())) {
      return index.name();
    }
    scope
        .context()
        .notice(
            ErrorCode.SUCCESSFUL_COMPLETION,
            "ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index \""
                + index.name()
                + "\" to \""
                + wanted
                + "\"");
    draft.requireFreeConstraint(wanted);
    return wanted;
  }

  private ShardForgeException error(ErrorCode code, String message) {
    return DdlErrors.of(code, message)
        .withPosition(scope.context().position(constraint.getLocation()));
  }
}
