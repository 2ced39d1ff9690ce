package io.shardforge.sql.function;

import org.jspecify.annotations.Nullable;

/** What functions look up in the catalog. Obtained from EvalContext.services(). */
public interface CatalogFunctions {
  /** The OID behind a name for a reg* type, or null: what to_regclass and its kin return. */
  @Nullable Long findObject(int regTypeOid, String name);

  /**
   * Whether a relation, type, function or other object of a catalog is found without its schema.
   */
  boolean isVisible(String catalog, long oid);

  /** The name of a collation as SQL writes it, or null. */
  @Nullable String collationName(int oid);

  /** The locale that a collation orders by, null for code points. */
  @Nullable String collationLocale(long oid);

  /** The name of a role, or null. */
  @Nullable String roleName(long oid);

  /** pg_get_expr: the expression behind a pg_node_tree, which is kept as SQL text. */
  @Nullable String expression(String tree, long relationOid, boolean pretty);

  /** pg_get_indexdef; column 0 for the whole definition. */
  @Nullable String indexDefinition(long oid, int column, boolean pretty);

  /**
   * pg_index_has_property and pg_index_column_has_property.
   *
   * @param column counted from 1, or 0 to ask about the whole index
   */
  @Nullable Boolean indexProperty(long index, int column, String property);

  /** pg_indexam_has_property. */
  @Nullable Boolean methodProperty(long method, String property);

  @Nullable String constraintDefinition(long oid, boolean pretty);

  @Nullable String viewDefinition(long oid, boolean pretty);

  /** pg_get_statisticsobjdef. */
  @Nullable String statisticsDefinition(long oid);

  /** pg_get_statisticsobjdef_columns. */
  @Nullable String statisticsColumns(long oid);

  /** pg_relation_is_updatable: bit 2 for UPDATE, 3 for INSERT, 4 for DELETE. */
  int updatableEvents(long oid);

  /** pg_column_is_updatable. */
  boolean isUpdatable(long oid, int column);

  /** obj_description and shobj_description; catalog such as pg_class, or empty for any. */
  @Nullable String description(long oid, String catalog, int column);

  /** pg_get_serial_sequence. */
  @Nullable String serialSequence(String table, String column);

  /** The OID of the database of this name, or null. */
  @Nullable Long databaseOid(String name);

  /**
   * has_*_privilege: whether a role may do what {@code privilege} lists on an object.
   *
   * @param kind table, column, schema, database, function, sequence, type, language, tablespace
   * @param role null for the current user
   * @param object an OID as Long or a name as String; null if the object is gone
   * @param column attnum as Long or name as String for columns, else null
   */
  @Nullable Boolean hasPrivilege(
      String kind,
      @Nullable Object role,
      @Nullable Object object,
      @Nullable Object column,
      String privilege);

  /** pg_has_role. */
  boolean hasRole(@Nullable Object role, Object of, String privilege);

  /**
   * Where a sequence is.
   *
   * @param last the value given out last, or the one to give out next if {@code called} is false
   */
  record SequenceState(long last, boolean called) {}

  /** Where a sequence is, or null if there is none of this OID. */
  @Nullable SequenceState sequenceState(long oid);
}
