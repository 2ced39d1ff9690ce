package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.CombinedStatistics;
import io.shardforge.sql.catalog.CombinedStatistics.Kind;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.proto.CreateStatsStmt;
import io.shardforge.sql.parse.proto.DropStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.RoleSpec;
import io.shardforge.sql.row.ValueCodec;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** CREATE, DROP and ALTER STATISTICS. */
final class StatisticsStatements {
  private static final int COLUMNS_MAX = 8;

  private final DdlScope scope;

  StatisticsStatements(DdlScope scope) {
    this.scope = scope;
  }

  String create(CreateStatsStmt statement) {
    if (statement.getRelationsCount() != 1 || !statement.getRelations(0).hasRangeVar()) {
      throw DdlErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "only a single relation is allowed in CREATE STATISTICS");
    }
    TableDescriptor table = table(statement.getRelations(0).getRangeVar());
    String name = name(statement, table);
    if (find(table.schemaId(), name) != null) {
      String text = "statistics object \"" + name + "\" already exists";
      if (!statement.getIfNotExists()) {
        throw DdlErrors.of(ErrorCode.DUPLICATE_OBJECT, text);
      }
      scope.context().notice(ErrorCode.DUPLICATE_OBJECT, text + ", skipping");
      return "CREATE STATISTICS";
    }
    scope.catalog().keep(table.key());
    scope
        .catalog()
        .create(
            new CombinedStatistics(
                scope.catalog().newId(),
                1,
                table.id(),
                name,
                kinds(statement),
                columns(statement, table),
                List.of(),
                List.of(),
                List.of()));
    return "CREATE STATISTICS";
  }

  private TableDescriptor table(RangeVar name) {
    TableDescriptor table =
        switch (scope.find(name)) {
          case TableDescriptor found -> found;
          case VirtualTable system -> throw DdlScope.systemCatalog(system);
          case null -> throw DdlErrors.undefinedTable(DdlScope.written(name));
          case Object other ->
              throw DdlErrors.of(
                      ErrorCode.WRONG_OBJECT_TYPE,
                      "cannot define statistics for relation \"" + name.getRelname() + "\"")
                  .withDetail(
                      "This operation is not supported for " + DdlScope.kindOf(other) + "s.");
        };
    scope.requireOwner(table.ownerId(), "table", table.name());
    return table;
  }

  /** The name that is given, which may say the table's schema, or one made of the columns. */
  private String name(CreateStatsStmt statement, TableDescriptor table) {
    int parts = statement.getDefnamesCount();
    if (parts == 0) {
      return freeName(
          table, statement.getExprsList().stream().map(e -> e.getStatsElem().getName()).toList());
    }
    if (parts > 1) {
      String schemaName = statement.getDefnames(parts - 2).getString().getSval();
      SchemaDescriptor schema = scope.snapshot().schema(schemaName);
      if (schema == null) {
        throw DdlErrors.undefinedSchema(schemaName);
      }
      if (schema.id() != table.schemaId()) {
        throw DdlErrors.unsupported("statistics in another schema than their table");
      }
    }
    return statement.getDefnames(parts - 1).getString().getSval();
  }

  private String freeName(TableDescriptor table, List<String> columns) {
    String first = RelationNames.compose(table.name(), String.join("_", columns), "stat");
    String free = first;
    for (int i = 1; find(table.schemaId(), free) != null; i++) {
      free = first + i;
    }
    return free;
  }

  /**
   * Makes statistics of a table that is made like another one; returns their OIDs by those of the
   * other's.
   */
  Map<Integer, Integer> copy(TableDescriptor source, TableDescriptor table) {
    Map<Integer, Integer> copied = new HashMap<>();
    for (CombinedStatistics known : List.copyOf(scope.snapshot().combinedStatistics())) {
      if (known.tableId() != source.id()) {
        continue;
      }
      List<ColumnDescriptor> columns =
          known.columns().stream()
              .map(number -> source.columns().get(source.ordinalOfNumber(number)).name())
              .map(name -> Objects.requireNonNull(table.column(name)))
              .toList();
      int oid = scope.catalog().newId();
      copied.put(known.id(), oid);
      scope
          .catalog()
          .create(
              new CombinedStatistics(
                  oid,
                  1,
                  table.id(),
                  freeName(table, columns.stream().map(ColumnDescriptor::name).toList()),
                  known.kinds(),
                  columns.stream().map(ColumnDescriptor::number).sorted().toList(),
                  List.of(),
                  List.of(),
                  List.of()));
    }
    return copied;
  }

  private static List<Kind> kinds(CreateStatsStmt statement) {
    Set<Kind> kinds = new TreeSet<>();
    for (Node node : statement.getStatTypesList()) {
      String kind = node.getString().getSval();
      kinds.add(
          switch (kind) {
            case "ndistinct" -> Kind.NDISTINCT;
            case "dependencies" -> Kind.DEPENDENCIES;
            case "mcv" -> Kind.MCV;
            default ->
                throw DdlErrors.of(
                    ErrorCode.SYNTAX_ERROR, "unrecognized statistics kind \"" + kind + "\"");
          });
    }
    return kinds.isEmpty() ? List.of(Kind.values()) : List.copyOf(kinds);
  }

  private static List<Integer> columns(CreateStatsStmt statement, TableDescriptor table) {
    if (statement.getExprsCount() > COLUMNS_MAX) {
      throw DdlErrors.of(
          ErrorCode.TOO_MANY_COLUMNS,
          "cannot have more than " + COLUMNS_MAX + " columns in statistics");
    }
    Set<Integer> numbers = new TreeSet<>();
    for (Node node : statement.getExprsList()) {
      String name = node.getStatsElem().getName();
      if (name.isEmpty()) {
        throw DdlErrors.unsupported("CREATE STATISTICS on expressions");
      }
      ColumnDescriptor column = table.column(name);
      if (column == null || column.hidden()) {
        throw DdlErrors.of(ErrorCode.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist");
      }
      if (!ValueCodec.of(column.type()).isKeyable()) {
        throw DdlErrors.of(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            "column \""
                + name
                + "\" cannot be used in statistics because its type "
                + TypeNames.format(column.type().oid(), -1)
                + " has no default btree operator class");
      }
      if (!numbers.add(column.number())) {
        throw DdlErrors.of(
            ErrorCode.DUPLICATE_COLUMN, "duplicate column name in statistics definition");
      }
    }
    if (numbers.size() < 2) {
      throw DdlErrors.of(
          ErrorCode.INVALID_OBJECT_DEFINITION, "extended statistics require at least 2 columns");
    }
    return new ArrayList<>(numbers);
  }

  String drop(DropStmt statement) {
    for (Node object : statement.getObjectsList()) {
      CombinedStatistics found = find(DropObjects.rangeVar(object));
      if (found != null) {
        scope.dropIfPresent(requireOwner(found).key());
        scope.forgetAttachments(found.id());
        continue;
      }
      String text = missing(DropObjects.rangeVar(object));
      if (!statement.getMissingOk()) {
        throw DdlErrors.of(ErrorCode.UNDEFINED_OBJECT, text);
      }
      scope.context().notice(ErrorCode.UNDEFINED_OBJECT, text + ", skipping");
    }
    return "DROP STATISTICS";
  }

  /** Those of the current role's that have a name. */
  CombinedStatistics own(RangeVar name) {
    CombinedStatistics found = find(name);
    if (found == null) {
      throw DdlErrors.of(ErrorCode.UNDEFINED_OBJECT, missing(name));
    }
    return requireOwner(found);
  }

  /** ALTER STATISTICS ... OWNER TO the owner that they have, as pg_dump writes it. */
  void owner(RangeVar name, RoleSpec owner) {
    TableDescriptor table = tableOf(own(name));
    if (table != null && scope.role(owner).id() != table.ownerId()) {
      throw DdlErrors.unsupported("ALTER STATISTICS OWNER TO another role than the table's owner");
    }
  }

  /** ALTER STATISTICS ... SET SCHEMA to the one that they are in. */
  void setSchema(RangeVar name, String schema) {
    TableDescriptor table = tableOf(own(name));
    if (table != null && scope.schema(schema).id() != table.schemaId()) {
      throw DdlErrors.unsupported("ALTER STATISTICS SET SCHEMA to another one than the table's");
    }
  }

  void rename(RangeVar name, String newName) {
    CombinedStatistics found = own(name);
    TableDescriptor table = tableOf(found);
    if (table != null && find(table.schemaId(), newName) != null) {
      throw DdlErrors.of(
          ErrorCode.DUPLICATE_OBJECT,
          "statistics object \""
              + newName
              + "\" already exists in schema \""
              + scope.schemaName(table.schemaId())
              + "\"");
    }
    scope.catalog().update(found.key(), o -> ((CombinedStatistics) o).withName(newName));
  }

  private static String missing(RangeVar name) {
    return "statistics object \"" + DdlScope.written(name) + "\" does not exist";
  }

  private @Nullable TableDescriptor tableOf(CombinedStatistics statistics) {
    return scope.snapshot().relation(statistics.tableId()) instanceof TableDescriptor table
        ? table
        : null;
  }

  private CombinedStatistics requireOwner(CombinedStatistics statistics) {
    TableDescriptor table = tableOf(statistics);
    if (table != null) {
      scope.requireOwner(table.ownerId(), "statistics object", statistics.name());
    }
    return statistics;
  }

  private @Nullable CombinedStatistics find(RangeVar name) {
    List<String> schemas =
        name.getSchemaname().isEmpty()
            ? scope.context().searchPath()
            : List.of(name.getSchemaname());
    for (String schemaName : schemas) {
      SchemaDescriptor schema = scope.snapshot().schema(schemaName);
      CombinedStatistics found = schema == null ? null : find(schema.id(), name.getRelname());
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private @Nullable CombinedStatistics find(int schemaId, String name) {
    for (CombinedStatistics statistics : scope.snapshot().combinedStatistics()) {
      TableDescriptor table = tableOf(statistics);
      if (statistics.name().equals(name) && table != null && table.schemaId() == schemaId) {
        return statistics;
      }
    }
    return null;
  }
}
