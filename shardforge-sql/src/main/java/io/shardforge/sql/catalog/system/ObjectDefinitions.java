package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Action;
import io.shardforge.sql.catalog.ForeignKeyText;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.InvertedClass;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.catalog.system.OperatorClasses.OperatorClass;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeNames;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Definitions of objects as SQL text, in the words of PostgreSQL's pg_get_...def functions. */
public final class ObjectDefinitions {
  private static final Pattern STORED_TYPE = Pattern.compile("\"@\"\\.\"([0-9]+)\"");

  /** A column, or a call, that an index orders by a collation of its own. */
  private static final Pattern COLLATED =
      Pattern.compile("\\(((?:[\\w$]+|\"[^\"]+\"|[\\w$]+\\([\\w$]*\\)) COLLATE [^()]+)\\)");

  private static final Pattern STORED_RELATION = Pattern.compile("'(\\d+)'::regclass");

  /** A stored expression that begins so is nothing but a call: all operators are in parentheses. */
  private static final Pattern FUNCTION_CALL = Pattern.compile("(?s)[\\w.\"]+\\(.*\\)");

  private final CatalogSnapshot snapshot;
  private final List<String> searchPath;

  public ObjectDefinitions(CatalogSnapshot snapshot, List<String> searchPath) {
    this.snapshot = snapshot;
    this.searchPath = List.copyOf(searchPath);
  }

  // ---- names ----

  /** The relation's name, with its schema where it is not found without. */
  String relationName(int oid) {
    Object relation = snapshot.relation(oid);
    if (relation == null) {
      var index = snapshot.index(oid);
      return index == null
          ? Integer.toString(oid)
          : qualified(
              index.table().schemaId(),
              index.index().name(),
              isFirstIndex(index.table().schemaId(), index.index().name()));
    }
    int schemaId = schemaOf(relation);
    String name = nameOf(relation);
    return qualified(schemaId, name, isVisible(relation));
  }

  private boolean isFirstIndex(int schemaId, String name) {
    for (String path : searchPath) {
      SchemaDescriptor schema = snapshot.schema(path);
      if (schema == null) {
        continue;
      }
      if (schema.id() == schemaId) {
        return true;
      }
      if (snapshot.relation(schema.id(), name) != null
          || snapshot.index(schema.id(), name) != null) {
        return false;
      }
    }
    return false;
  }

  boolean isVisible(Object relation) {
    Object found = snapshot.relation(searchPath, null, nameOf(relation));
    return found != null && idOf(found) == idOf(relation);
  }

  /** Whether an index is found by its name alone. */
  boolean isVisibleIndex(CatalogSnapshot.IndexOfTable index) {
    return isFirstIndex(index.table().schemaId(), index.index().name());
  }

  private String qualified(int schemaId, String name, boolean visible) {
    String quoted = Text.quoteIdentifier(name);
    return visible ? quoted : Text.quoteIdentifier(schemaName(schemaId)) + "." + quoted;
  }

  String schemaName(int schemaId) {
    SchemaDescriptor schema = snapshot.schema(schemaId);
    return schema == null ? Integer.toString(schemaId) : schema.name();
  }

  static int idOf(Object relation) {
    return switch (relation) {
      case TableDescriptor t -> t.id();
      case SequenceDescriptor s -> s.id();
      case ViewDescriptor v -> v.id();
      case VirtualTable v -> v.id();
      default -> throw new IllegalArgumentException("not a relation: " + relation);
    };
  }

  static int schemaOf(Object relation) {
    return switch (relation) {
      case TableDescriptor t -> t.schemaId();
      case SequenceDescriptor s -> s.schemaId();
      case ViewDescriptor v -> v.schemaId();
      case VirtualTable v -> v.schemaId();
      default -> throw new IllegalArgumentException("not a relation: " + relation);
    };
  }

  static String nameOf(Object relation) {
    return switch (relation) {
      case TableDescriptor t -> t.name();
      case SequenceDescriptor s -> s.name();
      case ViewDescriptor v -> v.name();
      case VirtualTable v -> v.name();
      default -> throw new IllegalArgumentException("not a relation: " + relation);
    };
  }

  /** The columns that SQL sees; none for a sequence. */
  static List<ColumnDescriptor> columnsOf(Object relation) {
    return switch (relation) {
      case TableDescriptor t -> t.visibleColumns();
      case ViewDescriptor v -> v.columns();
      case VirtualTable v -> v.columns();
      default -> List.of();
    };
  }

  // ---- expressions ----

  /** A stored expression with the names of the sequences that it holds by OID. */
  String expression(String stored) {
    String named =
        STORED_RELATION
            .matcher(stored)
            .replaceAll(match ->
                Matcher.quoteReplacement(
                    Text.quoteLiteral(relationName(Integer.parseInt(match.group(1))))
                        + "::regclass"));
    return STORED_TYPE
        .matcher(named)
        .replaceAll(match -> Matcher.quoteReplacement(madeName(Integer.parseInt(match.group(1)))));
  }

  /** The name of a type or a collation that a statement made. */
  private String madeName(int oid) {
    String collation = CollationTables.name(snapshot, searchPath, oid);
    return collation == null ? TypeNames.format(oid, -1) : collation;
  }

  /** The relations that a stored expression has by OID. */
  static List<Integer> relationsIn(String stored) {
    return STORED_RELATION
        .matcher(stored)
        .results()
        .map(match -> Integer.parseInt(match.group(1)))
        .distinct()
        .toList();
  }

  // ---- indexes ----

  String indexDefinition(TableDescriptor table, IndexDescriptor index, boolean pretty) {
    StringBuilder text = new StringBuilder("CREATE ");
    text.append(index.isUniqueKey() ? "UNIQUE INDEX " : "INDEX ")
        .append(Text.quoteIdentifier(index.name()))
        .append(" ON ")
        .append(
            pretty && isVisible(table)
                ? Text.quoteIdentifier(table.name())
                : Text.quoteIdentifier(schemaName(table.schemaId()))
                    + "."
                    + Text.quoteIdentifier(table.name()))
        .append(index.isInverted() ? " USING gin (" : " USING btree (");
    for (int i = 0; i < index.columns().size(); i++) {
      text.append(i == 0 ? "" : ", ").append(keyColumn(table, index, i, pretty));
    }
    text.append(')').append(included(table, index));
    if (index.nullsNotDistinct()) {
      text.append(" NULLS NOT DISTINCT");
    }
    if (!index.parameters().isEmpty()) {
      text.append(
          index.parameters().stream()
              .map(ObjectDefinitions::parameter)
              .collect(Collectors.joining(", ", " WITH (", ")")));
    }
    String predicate = index.predicate();
    if (predicate != null) {
      String sql = expression(predicate);
      text.append(" WHERE ").append(pretty ? PrettyExpression.of(sql) : sql);
    }
    return text.toString();
  }

  private static String parameter(String nameAndValue) {
    int at = nameAndValue.indexOf('=');
    String value = nameAndValue.substring(at + 1);
    boolean plain = Text.quoteIdentifier(value).equals(value);
    return Text.quoteIdentifier(nameAndValue.substring(0, at))
        + "="
        + (plain ? value : Text.quoteLiteral(value));
  }

  /** The expressions of an index's key, as pg_index has them; null if there are none. */
  static @Nullable String indexExpressions(IndexDescriptor index) {
    List<String> expressions = new ArrayList<>();
    for (KeyColumn key : index.columns()) {
      if (key.expression() != null) {
        expressions.add(key.expression().sql());
      }
    }
    return expressions.isEmpty() ? null : String.join(", ", expressions);
  }

  private static String included(TableDescriptor table, IndexDescriptor index) {
    return index.included().isEmpty() ? "" : " INCLUDE " + columnList(table, index.included());
  }

  /** One column of an index without its order. */
  String indexColumn(TableDescriptor table, IndexDescriptor index, int position, boolean pretty) {
    int keys = index.columns().size();
    if (position >= keys) {
      return Text.quoteIdentifier(columnName(table, index.included().get(position - keys)));
    }
    KeyColumn key = index.columns().get(position);
    if (key.expression() == null) {
      return Text.quoteIdentifier(columnName(table, key.columnNumber()));
    }
    String sql = expression(key.expression().sql());
    if (FUNCTION_CALL.matcher(sql).matches()) {
      return sql;
    }
    Matcher collated = COLLATED.matcher(sql);
    if (collated.matches()) {
      return collated.group(1);
    }
    return "(" + (pretty ? PrettyExpression.of(sql) : sql) + ")";
  }

  private String keyColumn(
      TableDescriptor table, IndexDescriptor index, int position, boolean pretty) {
    KeyColumn key = index.columns().get(position);
    StringBuilder text = new StringBuilder(indexColumn(table, index, position, pretty));
    InvertedClass inverted = key.inverted();
    if (inverted != null && inverted != InvertedClass.defaultOf(table.keyType(index, position))) {
      text.append(' ').append(inverted.sqlName());
    }
    OperatorClass by = OperatorClasses.find(key.operatorClass());
    if (by != null && by.oid() != OperatorClasses.usual(table.keyType(index, position))) {
      text.append(' ').append(by.name());
    }
    if (key.descending()) {
      text.append(" DESC");
    }
    if (key.descending() != key.nullsFirst()) {
      text.append(key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST");
    }
    return text.toString();
  }

  static String columnName(TableDescriptor table, int number) {
    return table.columns().get(table.ordinalOfNumber(number)).name();
  }

  // ---- constraints ----

  static String keyDefinition(TableDescriptor table, IndexDescriptor index) {
    StringBuilder text = new StringBuilder(index.isPrimaryKey() ? "PRIMARY KEY" : "UNIQUE");
    if (index.nullsNotDistinct()) {
      text.append(" NULLS NOT DISTINCT");
    }
    text.append(" (");
    for (int i = 0; i < index.columns().size(); i++) {
      text.append(i == 0 ? "" : ", ")
          .append(Text.quoteIdentifier(columnName(table, index.columns().get(i).columnNumber())));
    }
    return text.append(')')
        .append(included(table, index))
        .append(index.timing().words())
        .toString();
  }

  String checkDefinition(CheckDescriptor check, boolean pretty) {
    String sql = expression(check.sql());
    return "CHECK (" + (pretty ? PrettyExpression.of(sql) : sql) + ")";
  }

  /** The text without parentheses that enclose all of it. */
  private String foreignKeyDefinition(TableDescriptor table, ForeignKeyDescriptor key) {
    TableDescriptor referenced = ForeignKeyText.referenced(snapshot, new Reference(table, key));
    StringBuilder text = new StringBuilder("FOREIGN KEY ");
    text.append(columnList(table, key.columns()))
        .append(" REFERENCES ")
        .append(relationName(referenced.id()))
        .append(columnList(referenced, key.referencedColumns()));
    if (key.full()) {
      text.append(" MATCH FULL");
    }
    if (key.onUpdate() != Action.NO_ACTION) {
      text.append(" ON UPDATE ").append(key.onUpdate().words());
    }
    if (key.onDelete() != Action.NO_ACTION) {
      text.append(" ON DELETE ").append(key.onDelete().words());
    }
    if (!key.setColumns().isEmpty()) {
      text.append(' ').append(columnList(table, key.setColumns()));
    }
    return text.append(key.timing().words()).append(validity(key.valid())).toString();
  }

  private static String validity(boolean valid) {
    return valid ? "" : " NOT VALID";
  }

  private static String columnList(TableDescriptor table, List<Integer> numbers) {
    return numbers.stream()
        .map(number -> Text.quoteIdentifier(columnName(table, number)))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  @Nullable String constraint(long oid, boolean pretty) {
    for (TypeDescriptor type : snapshot.typeDescriptors()) {
      if (type instanceof DomainDescriptor domain) {
        for (CheckDescriptor check : domain.checks()) {
          if (check.oid() == oid) {
            return checkDefinition(check, pretty);
          }
        }
      }
    }
    for (TableDescriptor table : snapshot.tables()) {
      for (IndexDescriptor index : table.indexes()) {
        if (index.constraintOid() != 0 && index.constraintOid() == oid) {
          return keyDefinition(table, index);
        }
      }
      for (CheckDescriptor check : table.checks()) {
        if (check.oid() == oid) {
          return checkDefinition(check, pretty) + validity(check.valid());
        }
      }
      for (ForeignKeyDescriptor key : table.foreignKeys()) {
        if (key.oid() == oid) {
          return foreignKeyDefinition(table, key);
        }
      }
    }
    return null;
  }

  /** The default as pg_attrdef shows it; identity columns have none there. */
  static @Nullable String visibleDefault(ColumnDescriptor column) {
    return column.identity() == '\0' ? column.defaultSql() : null;
  }
}
