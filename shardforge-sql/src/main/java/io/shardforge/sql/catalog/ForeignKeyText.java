package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.type.Text;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements that check a foreign key and carry out its actions, as SQL text, and PostgreSQL's
 * words for its violations.
 */
public final class ForeignKeyText {
  /** What errors say of a key to who may not read it. */
  private static final String UNTOLD_KEY = "Key";

  private final TableDescriptor table;
  private final ForeignKeyDescriptor key;
  private final TableDescriptor referenced;
  private final String tableName;
  private final String referencedName;
  private final String schema;
  private final List<String> columns;
  private final List<String> referencedColumns;

  public ForeignKeyText(CatalogSnapshot snapshot, Reference reference) {
    this.table = reference.table();
    this.key = reference.key();
    this.referenced = referenced(snapshot, reference);
    this.schema = schemaOf(snapshot, table);
    this.tableName = qualified(schema, table);
    this.referencedName = qualified(schemaOf(snapshot, referenced), referenced);
    this.columns = names(table, key.columns());
    this.referencedColumns = names(referenced, key.referencedColumns());
  }

  /** The table that a foreign key refers to. */
  public static TableDescriptor referenced(CatalogSnapshot snapshot, Reference reference) {
    int id = reference.key().referencedTable();
    // A table's own version may be newer than the snapshot that it is to become part of.
    if (id == reference.table().id()) {
      return reference.table();
    }
    if (snapshot.relation(id) instanceof TableDescriptor found) {
      return found;
    }
    throw CatalogErrors.corrupted("foreign key " + reference.key().name() + " refers to nothing");
  }

  private static String schemaOf(CatalogSnapshot snapshot, TableDescriptor table) {
    SchemaDescriptor schema = snapshot.schema(table.schemaId());
    return schema == null ? "" : schema.name();
  }

  private static String qualified(String schema, TableDescriptor table) {
    return Text.quoteIdentifier(schema) + "." + Text.quoteIdentifier(table.name());
  }

  private static List<String> names(TableDescriptor table, List<Integer> numbers) {
    List<String> names = new ArrayList<>();
    for (int number : numbers) {
      names.add(table.columns().get(table.ordinalOfNumber(number)).name());
    }
    return names;
  }

  // ---- SQL ----

  /** A row whose key is not there: its values. */
  public String orphan() {
    return "SELECT "
        + each(", ", i -> "f." + quoted(columns, i))
        + " FROM "
        + tableName
        + " f WHERE "
        + each(" AND ", i -> "f." + quoted(columns, i) + " IS NOT NULL")
        + " AND NOT EXISTS (SELECT 1 FROM "
        + referencedName
        + " p WHERE "
        + each(" AND ", i -> "p." + quoted(referencedColumns, i) + " = f." + quoted(columns, i))
        + ") LIMIT 1";
  }

  /** A row that has some values but not all, which MATCH FULL forbids. */
  public String mixture() {
    return "SELECT 1 FROM "
        + tableName
        + " f WHERE ("
        + each(" OR ", i -> "f." + quoted(columns, i) + " IS NULL")
        + ") AND ("
        + each(" OR ", i -> "f." + quoted(columns, i) + " IS NOT NULL")
        + ") LIMIT 1";
  }

  /**
   * The first key that rows refer to.
   *
   * @param unlessThere whether a key that another row has by now does not count
   */
  public String firstReferredTo(KeyParameters keys, boolean unlessThere) {
    return "SELECT "
        + each(", ", i -> "k.o" + i)
        + " FROM "
        + keys.from()
        + " WHERE EXISTS (SELECT 1 FROM "
        + tableName
        + " f WHERE "
        + matches("f.", columns)
        + ")"
        + (unlessThere
            ? " AND NOT EXISTS (SELECT 1 FROM "
                + referencedName
                + " p WHERE "
                + matches("p.", referencedColumns)
                + ")"
            : "")
        + " ORDER BY k.n LIMIT 1";
  }

  /** Deletes the rows that refer to the keys. */
  public String deletion(KeyParameters keys) {
    return "DELETE FROM " + tableName + " f USING " + from(keys);
  }

  /** Sets columns of the rows that refer to the keys to NULL or DEFAULT. */
  public String resetting(KeyParameters keys, List<Integer> numbers, String value) {
    List<String> names = names(table, numbers);
    return "UPDATE "
        + tableName
        + " f SET "
        + names.stream()
            .map(name -> Text.quoteIdentifier(name) + " = " + value)
            .collect(Collectors.joining(", "))
        + " FROM "
        + from(keys);
  }

  /** Gives the rows that refer to old keys the new ones. */
  public String renumbering(KeyParameters keys) {
    return "UPDATE "
        + tableName
        + " f SET "
        + each(", ", i -> quoted(columns, i) + " = k.w" + i)
        + " FROM "
        + from(keys);
  }

  private String from(KeyParameters keys) {
    return keys.from() + " WHERE " + matches("f.", columns);
  }

  private String matches(String alias, List<String> names) {
    return each(" AND ", i -> alias + quoted(names, i) + " = k.o" + i);
  }

  private String each(String between, java.util.function.IntFunction<String> one) {
    return IntStream.range(0, columns.size()).mapToObj(one).collect(Collectors.joining(between));
  }

  private static String quoted(List<String> names, int i) {
    return Text.quoteIdentifier(names.get(i));
  }

  // ---- violations ----

  /** 23503: a row has a key that is not there. */
  public ShardForgeException notPresent(List<String> values) {
    return notPresent(keyText(columns, values));
  }

  /** The same for one who is told no key that it may not read. */
  public ShardForgeException notPresent(List<String> values, AccessCheck reader) {
    return notPresent(
        mayRead(reader, table, key.columns()) ? keyText(columns, values) : UNTOLD_KEY);
  }

  private ShardForgeException notPresent(String keyText) {
    return insertOrUpdate()
        .withDetail(keyText + " is not present in table \"" + referenced.name() + "\".");
  }

  /** 23503: a row has some values of a MATCH FULL key but not all. */
  public ShardForgeException mixedNulls() {
    return insertOrUpdate()
        .withDetail("MATCH FULL does not allow mixing of null and nonnull key values.");
  }

  /** 23503: a key that goes is referred to. */
  public ShardForgeException stillReferenced(List<String> values, AccessCheck reader) {
    return violation(
            "update or delete on table \""
                + referenced.name()
                + "\" violates foreign key constraint \""
                + key.name()
                + "\" on table \""
                + table.name()
                + "\"")
        .withDetail(
            (mayRead(reader, referenced, key.referencedColumns())
                    ? keyText(referencedColumns, values)
                    : UNTOLD_KEY)
                + " is still referenced from table \""
                + table.name()
                + "\".");
  }

  private ShardForgeException insertOrUpdate() {
    return violation(
        "insert or update on table \""
            + table.name()
            + "\" violates foreign key constraint \""
            + key.name()
            + "\"");
  }

  private ShardForgeException violation(String message) {
    return new ShardForgeException(ErrorCode.FOREIGN_KEY_VIOLATION, message)
        .withTable(schema, table.name())
        .withConstraint(key.name());
  }

  private static boolean mayRead(AccessCheck reader, TableDescriptor table, List<Integer> columns) {
    return columns.stream().allMatch(number -> reader.mayColumn(table, number, Privilege.SELECT));
  }

  private static String keyText(List<String> names, List<String> values) {
    return "Key (" + String.join(", ", names) + ")=(" + String.join(", ", values) + ")";
  }
}
