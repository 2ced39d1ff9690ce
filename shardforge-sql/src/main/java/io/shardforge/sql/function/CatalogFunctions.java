package io.shardforge.sql.function;

import io.shardforge.sql.type.Text;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * What an object is called.
   *
   * @param kind such as table column
   * @param name as SQL writes it, null if others in its schema may have the same
   * @param identity as SQL writes it, with all that it belongs to; null if there is no such object
   * @param names of what it belongs to and its own, as they are
   * @param description in words
   */
  record ObjectName(
      String kind,
      @Nullable String schema,
      @Nullable String name,
      @Nullable String identity,
      List<String> names,
      List<String> arguments,
      @Nullable String description) {
    /** Of what is not there. */
    public static ObjectName ofNone(String kind) {
      return new ObjectName(kind, null, null, null, List.of(), List.of(), null);
    }

    /** Of what has a name of its own in a schema. */
    public static ObjectName named(String kind, String schema, String name, String description) {
      String quoted = Text.quoteIdentifier(name);
      return new ObjectName(
          kind,
          schema,
          quoted,
          Text.quoteIdentifier(schema) + "." + quoted,
          List.of(schema, name),
          List.of(),
          description);
    }

    /** Of what is in no schema. */
    public static ObjectName global(String kind, String name) {
      String quoted = Text.quoteIdentifier(name);
      return new ObjectName(
          kind, null, quoted, quoted, List.of(name), List.of(), kind + " " + name);
    }

    /** Of a part of this. */
    public ObjectName of(String part, String partName, String words) {
      List<String> all = new ArrayList<>(names);
      all.add(partName);
      return new ObjectName(
          part,
          schema,
          name,
          identity + "." + Text.quoteIdentifier(partName),
          List.copyOf(all),
          List.of(),
          words + description);
    }
  }

  /** pg_identify_object and its kin; the column is 0 for the whole object. */
  ObjectName objectName(long catalog, long oid, int column);

  /** pg_get_object_address: the numbers of the catalog, the object and the column. */
  List<Long> objectAddress(String kind, List<String> names, List<String> arguments);

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

  /** What pg_sequence_parameters tells of a sequence, or null if there is none of this OID. */
  @Nullable List<Object> sequenceParameters(long oid);

  /** Where a sequence is, or null if there is none of this OID. */
  @Nullable SequenceState sequenceState(long oid);
}
