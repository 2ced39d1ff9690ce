package io.shardforge.sql.plan;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CollationDescriptor;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.CombinedStatistics;
import io.shardforge.sql.catalog.CommentDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.DefaultPrivilegesDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SettingsDescriptor;
import io.shardforge.sql.catalog.StatisticsDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableOptions;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewOptions;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.sql.type.UserTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A catalog of tables written as text, for tests of binding and planning. */
final class TestCatalog implements CatalogSnapshot {
  static final int PUBLIC = 2200;

  private final Map<String, Object> relations = new LinkedHashMap<>();
  private final List<SchemaDescriptor> schemas =
      List.of(
          new SchemaDescriptor(11, 1, 1, "pg_catalog", 10),
          new SchemaDescriptor(PUBLIC, 1, 1, "public", 10));
  private int nextId = 16_384;

  /**
   * Adds a table.
   *
   * @param columns "name type [!]" each, ! for NOT NULL
   * @param keys column lists: the primary key first, then indexes, unique ones with a leading !
   */
  TestCatalog table(String name, List<String> columns, String... keys) {
    int id = nextId++;
    List<ColumnDescriptor> descriptors = new ArrayList<>();
    for (String column : columns) {
      String[] words = column.split(" ", 2);
      boolean notNull = words[1].endsWith("!");
      String rest = notNull ? words[1].substring(0, words[1].length() - 1).strip() : words[1];
      String[] typeAndDefault = rest.split("=", 2);
      descriptors.add(
          new ColumnDescriptor(
              descriptors.size() + 1,
              words[0],
              TypeNames.parse(typeAndDefault[0].strip()),
              notNull,
              typeAndDefault.length > 1 ? typeAndDefault[1].strip() : null,
              '\0',
              0,
              false));
    }
    List<IndexDescriptor> indexes = new ArrayList<>();
    if (keys.length == 0) {
      descriptors.addFirst(
          new ColumnDescriptor(0, "rowid", TypeNames.parse("int8"), true, null, '\0', 0, true));
      indexes.add(index(id, 1, name + "_rowid", true, List.of("rowid"), descriptors));
    }
    for (String key : keys) {
      boolean primary = indexes.isEmpty();
      boolean unique = primary || key.startsWith("!");
      List<String> names = Arrays.asList(key.replace("!", "").split(",", -1));
      String indexName =
          primary
              ? name + "_pkey"
              : name + "_" + String.join("_", names).replace(" ", "_") + "_idx";
      indexes.add(index(id, indexes.size() + 1, indexName, unique, names, descriptors));
    }
    relations.put(
        name,
        new TableDescriptor(
            id,
            1,
            id,
            PUBLIC,
            name,
            10,
            descriptors,
            indexes,
            List.of(),
            List.of(),
            descriptors.size(),
            indexes.size(),
            TableOptions.NONE));
    return this;
  }

  private IndexDescriptor index(
      int tableId,
      int number,
      String name,
      boolean unique,
      List<String> columns,
      List<ColumnDescriptor> all) {
    List<IndexDescriptor.KeyColumn> keys = new ArrayList<>();
    for (String column : columns) {
      String[] words = column.split(" ", -1);
      boolean descending = words.length > 1;
      for (ColumnDescriptor c : all) {
        if (c.name().equals(words[0])) {
          keys.add(new IndexDescriptor.KeyColumn(c.number(), descending, descending));
        }
      }
    }
    return new IndexDescriptor(
        tableId * 10 + number,
        number,
        name,
        unique,
        number == 1,
        false,
        0,
        IndexDescriptor.State.PUBLIC,
        keys);
  }

  TestCatalog view(String name, String sql) {
    relations.put(
        name,
        new ViewDescriptor(
            nextId++,
            1,
            PUBLIC,
            name,
            10,
            sql,
            List.of(),
            List.of(),
            ViewOptions.NONE.withInvoker(true)));
    return this;
  }

  @Override
  public long version() {
    return 1;
  }

  @Override
  public List<Reference> referencesTo(int tableId) {
    return List.of();
  }

  @Override
  public @Nullable StatisticsDescriptor statistics(int tableId) {
    return null;
  }

  @Override
  public int databaseId() {
    return 1;
  }

  @Override
  public @Nullable SchemaDescriptor schema(String name) {
    return schemas.stream().filter(s -> s.name().equals(name)).findFirst().orElse(null);
  }

  @Override
  public Collection<SchemaDescriptor> schemas() {
    return schemas;
  }

  @Override
  public @Nullable Object relation(int schemaId, String name) {
    return schemaId == PUBLIC ? relations.get(name) : null;
  }

  @Override
  public @Nullable Object relation(List<String> searchPath, @Nullable String schema, String name) {
    return schema == null || schema.equals("public") ? relations.get(name) : null;
  }

  @Override
  public @Nullable Object relation(int id) {
    for (Object relation : relations.values()) {
      if (relation instanceof TableDescriptor table && table.id() == id) {
        return table;
      }
    }
    return null;
  }

  @Override
  public Collection<TableDescriptor> tables() {
    List<TableDescriptor> tables = new ArrayList<>();
    for (Object relation : relations.values()) {
      if (relation instanceof TableDescriptor table) {
        tables.add(table);
      }
    }
    return tables;
  }

  @Override
  public Collection<SequenceDescriptor> sequences() {
    return List.of();
  }

  @Override
  public @Nullable SchemaDescriptor schema(int id) {
    return schemas.stream().filter(s -> s.id() == id).findFirst().orElse(null);
  }

  @Override
  public Collection<ViewDescriptor> views() {
    return List.of();
  }

  @Override
  public Collection<VirtualTable> virtualTables() {
    return List.of();
  }

  @Override
  public @Nullable IndexOfTable index(int schemaId, String name) {
    return null;
  }

  @Override
  public @Nullable IndexOfTable index(int oid) {
    return null;
  }

  @Override
  public Collection<TypeDescriptor> typeDescriptors() {
    return List.of();
  }

  @Override
  public @Nullable TypeDescriptor typeDescriptor(int id) {
    return null;
  }

  @Override
  public UserTypes types() {
    return UserTypes.NONE;
  }

  @Override
  public Collection<RoleDescriptor> roles() {
    return List.of();
  }

  @Override
  public @Nullable RoleDescriptor role(String name) {
    return null;
  }

  @Override
  public @Nullable RoleDescriptor role(int id) {
    return null;
  }

  @Override
  public Collection<DatabaseDescriptor> databases() {
    return List.of();
  }

  @Override
  public @Nullable DatabaseDescriptor database(String name) {
    return null;
  }

  @Override
  public @Nullable DatabaseDescriptor database(int id) {
    return null;
  }

  @Override
  public @Nullable CommentDescriptor comment(int classId, int objectId, int columnNumber) {
    return null;
  }

  @Override
  public Collection<CommentDescriptor> comments() {
    return List.of();
  }

  @Override
  public Collection<CombinedStatistics> combinedStatistics() {
    return List.of();
  }

  @Override
  public Collection<CollationDescriptor> collations() {
    return List.of();
  }

  @Override
  public @Nullable CollationDescriptor collation(int id) {
    return null;
  }

  @Override
  public Collection<DefaultPrivilegesDescriptor> defaultPrivileges() {
    return List.of();
  }

  @Override
  public @Nullable DefaultPrivilegesDescriptor defaultPrivileges(int roleId, int schemaId) {
    return null;
  }

  @Override
  public Collection<SettingsDescriptor> settings() {
    return List.of();
  }

  @Override
  public @Nullable SettingsDescriptor settings(int database, int roleId) {
    return null;
  }

  @Override
  public List<GrantsDescriptor> columnGrants(int relationId) {
    return List.of();
  }

  @Override
  public @Nullable GrantsDescriptor grants(int objectId) {
    return null;
  }
}
