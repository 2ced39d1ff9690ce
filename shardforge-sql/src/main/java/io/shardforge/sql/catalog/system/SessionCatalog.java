package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.CommentDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.Memberships;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SequenceValue;
import io.shardforge.sql.catalog.Sequences;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TemplateDatabases;
import io.shardforge.sql.catalog.UpdatableRelations;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.function.CatalogFunctions;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.type.ObjectNames;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.Text;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What functions and name types of one session look up in the catalog. For the session's thread.
 */
public final class SessionCatalog implements CatalogFunctions, ObjectNames {
  private final Supplier<CatalogSnapshot> snapshots;
  private final Supplier<List<String>> searchPath;
  private final IntSupplier currentRole;
  private final Sequences sequences;
  private final SqlParser parser;

  /**
   * @param snapshots what the running statement was planned on
   * @param searchPath the schema names searched, in order; pg_catalog is put in front if not named
   * @param currentRole the OID of the role in whose name statements run
   */
  public SessionCatalog(
      Supplier<CatalogSnapshot> snapshots,
      Supplier<List<String>> searchPath,
      IntSupplier currentRole,
      Sequences sequences,
      SqlParser parser) {
    this.snapshots = snapshots;
    this.searchPath = searchPath;
    this.currentRole = currentRole;
    this.sequences = sequences;
    this.parser = parser;
  }

  private CatalogSnapshot snapshot() {
    return snapshots.get();
  }

  private List<String> fullPath() {
    List<String> path = searchPath.get();
    if (path.contains("pg_catalog")) {
      return path;
    }
    List<String> full = new ArrayList<>();
    full.add("pg_catalog");
    full.addAll(path);
    return full;
  }

  private NameLookup names() {
    return new NameLookup(snapshot(), fullPath());
  }

  private ObjectDefinitions definitions() {
    return new ObjectDefinitions(snapshot(), fullPath());
  }

  // ---- names ----

  @Override
  public long resolve(int regTypeOid, String text) {
    return names().resolve(regTypeOid, text);
  }

  @Override
  public String describe(int regTypeOid, long oid) {
    return names().describe(regTypeOid, oid);
  }

  @Override
  public @Nullable Long findObject(int regTypeOid, String name) {
    return names().find(regTypeOid, name);
  }

  /** Names of objects as a snapshot and a search path, with or without pg_catalog, see them. */
  public static ObjectNames names(CatalogSnapshot snapshot, List<String> searchPath) {
    List<String> path = new ArrayList<>(searchPath);
    if (!path.contains("pg_catalog")) {
      path.addFirst("pg_catalog");
    }
    return new NameLookup(snapshot, path);
  }

  @Override
  public boolean isVisible(String catalog, long oid) {
    ObjectDefinitions definitions = definitions();
    return switch (catalog) {
      case "pg_class" -> {
        Object relation = snapshot().relation((int) oid);
        IndexOfTable index = relation == null ? snapshot().index((int) oid) : null;
        yield relation != null
            ? definitions.isVisible(relation)
            : index != null && definitions.isVisibleIndex(index);
      }
      case "pg_type" -> {
        PgType type = PgTypes.find((int) oid);
        yield type != null && PgTypes.named(null, type.name()) == type;
      }
      case "pg_collation" -> CollationTables.isVisible(snapshot(), fullPath(), (int) oid);
      case "pg_proc" -> TypeTables.functionName(oid) != null;
      case "pg_operator" -> FunctionRegistry.operator((int) oid) != null;
      // The rest lives in pg_catalog, which is always searched.
      default -> true;
    };
  }

  @Override
  public @Nullable String collationName(int oid) {
    return CollationTables.name(snapshot(), fullPath(), oid);
  }

  @Override
  public @Nullable String collationLocale(long oid) {
    return CollationTables.locale(snapshot(), (int) oid);
  }

  @Override
  public @Nullable String roleName(long oid) {
    RoleDescriptor role = snapshot().role((int) oid);
    return role == null ? null : role.name();
  }

  @Override
  public @Nullable Long databaseOid(String name) {
    DatabaseDescriptor found = snapshot().database(name);
    DatabaseDescriptor database = found == null ? TemplateDatabases.named(name) : found;
    return database == null ? null : (long) database.id();
  }

  // ---- definitions ----

  @Override
  public @Nullable String expression(String tree, long relationOid, boolean pretty) {
    String sql = definitions().expression(tree);
    return pretty ? PrettyExpression.of(sql) : sql;
  }

  @Override
  public @Nullable String indexDefinition(long oid, int column, boolean pretty) {
    IndexOfTable found = snapshot().index((int) oid);
    if (found == null) {
      return null;
    }
    if (column == 0) {
      return definitions().indexDefinition(found.table(), found.index(), pretty);
    }
    int columns = found.index().columns().size() + found.index().included().size();
    if (column < 1 || column > columns) {
      return "";
    }
    return definitions().indexColumn(found.table(), found.index(), column - 1, pretty);
  }

  @Override
  public @Nullable Boolean methodProperty(long method, String property) {
    if (method == SystemOids.ACCESS_METHOD_BTREE) {
      return IndexProperties.ofMethod(false, property);
    }
    return method == SystemOids.ACCESS_METHOD_GIN ? IndexProperties.ofMethod(true, property) : null;
  }

  @Override
  public @Nullable Boolean indexProperty(long index, int column, String property) {
    IndexOfTable found = snapshot().index((int) index);
    if (found == null) {
      return null;
    }
    return column == 0
        ? IndexProperties.ofIndex(found.index(), property)
        : IndexProperties.ofColumn(found.index(), column, property);
  }

  @Override
  public @Nullable String constraintDefinition(long oid, boolean pretty) {
    return definitions().constraint(oid, pretty);
  }

  @Override
  public @Nullable String viewDefinition(long oid, boolean pretty) {
    return snapshot().relation((int) oid) instanceof ViewDescriptor view
        ? new ViewWriter(parser, snapshot(), definitions()).write(view)
        : null;
  }

  @Override
  public @Nullable String statisticsDefinition(long oid) {
    return CombinedStatisticsTables.definition(snapshot(), definitions(), oid);
  }

  @Override
  public @Nullable String statisticsColumns(long oid) {
    return CombinedStatisticsTables.columns(snapshot(), oid);
  }

  @Override
  public int updatableEvents(long oid) {
    return new UpdatableRelations(snapshot(), parser).events((int) oid);
  }

  @Override
  public boolean isUpdatable(long oid, int column) {
    return new UpdatableRelations(snapshot(), parser).isUpdatable((int) oid, column);
  }

  @Override
  public @Nullable String description(long oid, String catalog, int column) {
    if (catalog.isEmpty()) {
      for (CommentDescriptor comment : snapshot().comments()) {
        if (comment.id() == (int) oid && comment.columnNumber() == column && !comment.isShared()) {
          return comment.text();
        }
      }
      return null;
    }
    Object id = snapshot().relation(SystemOids.SCHEMA_PG_CATALOG, catalog);
    if (id == null) {
      return null;
    }
    CommentDescriptor comment = snapshot().comment(ObjectDefinitions.idOf(id), (int) oid, column);
    return comment == null ? null : comment.text();
  }

  @Override
  public ObjectName objectName(long catalog, long oid, int column) {
    return new ObjectIdentity(snapshot(), fullPath()).of((int) catalog, (int) oid, column);
  }

  @Override
  public List<Long> objectAddress(String kind, List<String> names, List<String> arguments) {
    ObjectAddresses.Address found =
        new ObjectAddresses(snapshot(), fullPath()).find(kind, names, arguments);
    return List.of(found.catalog(), found.oid(), found.column());
  }

  @Override
  public @Nullable String serialSequence(String table, String column) {
    long oid = names().resolve(PgOid.REGCLASS, table);
    if (!(snapshot().relation((int) oid) instanceof TableDescriptor found)) {
      return null;
    }
    ColumnDescriptor wanted = found.column(column);
    if (wanted == null || wanted.hidden()) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_COLUMN,
          "column \"" + column + "\" of relation \"" + found.name() + "\" does not exist");
    }
    for (SequenceDescriptor s : snapshot().sequences()) {
      if (s.ownedByTable() == found.id() && s.ownedByColumn() == wanted.number()) {
        return Text.quoteIdentifier(definitions().schemaName(s.schemaId()))
            + "."
            + Text.quoteIdentifier(s.name());
      }
    }
    return null;
  }

  // ---- values ----

  @Override
  public @Nullable SequenceState sequenceState(long oid) {
    if (!(snapshot().relation((int) oid) instanceof SequenceDescriptor sequence)) {
      return null;
    }
    SequenceValue value = sequences.read(sequence);
    return new SequenceState(value.last(), value.called());
  }

  @Override
  public @Nullable List<Object> sequenceParameters(long oid) {
    return snapshot().relation((int) oid) instanceof SequenceDescriptor s
        ? List.of(
            s.start(),
            s.minimum(),
            s.maximum(),
            s.increment(),
            s.cycle(),
            s.cache(),
            (long) s.type().oid())
        : null;
  }

  // ---- privileges ----

  @Override
  public @Nullable Boolean hasPrivilege(
      String kind,
      @Nullable Object role,
      @Nullable Object object,
      @Nullable Object column,
      String privilege) {
    RoleDescriptor asked = role(role);
    return new PrivilegeQuestion(snapshot(), names(), asked)
        .answer(kind, object, column, privilege);
  }

  @Override
  public boolean hasRole(@Nullable Object role, Object of, String privilege) {
    RoleDescriptor asked = role(role);
    RoleDescriptor target = role(of);
    for (String word : privilege.split(",", -1)) {
      String wanted = word.strip().toUpperCase(java.util.Locale.ROOT);
      boolean yes =
          switch (wanted) {
            case "USAGE" -> Memberships.hasPrivilegesOf(snapshot(), asked.id(), target.id());
            case "MEMBER", "SET" -> Memberships.isMember(snapshot(), asked.id(), target.id());
            case "USAGE WITH GRANT OPTION",
                "USAGE WITH ADMIN OPTION",
                "MEMBER WITH GRANT OPTION",
                "MEMBER WITH ADMIN OPTION" ->
                asked.superuser()
                    || asked.memberOf().stream()
                        .anyMatch(m -> m.roleId() == target.id() && m.admin());
            default ->
                throw new ShardForgeException(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "unrecognized privilege type: \"" + word + "\"");
          };
      if (yes) {
        return true;
      }
    }
    return false;
  }

  private RoleDescriptor role(@Nullable Object role) {
    RoleDescriptor found =
        switch (role) {
          case null -> snapshot().role(currentRole.getAsInt());
          case Long oid -> snapshot().role((int) (long) oid);
          default -> snapshot().role(role.toString());
        };
    if (found == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_OBJECT, "role \"" + role + "\" does not exist");
    }
    return found;
  }
}
