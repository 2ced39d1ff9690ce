package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.IndexDescriptor.KeyExpression;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.TreeEditor;
import io.shardforge.sql.parse.proto.A_Const;
import io.shardforge.sql.parse.proto.ColumnRef;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** DEFAULT and CHECK expressions and those of indexes: validated by the binder, kept as text. */
final class Definitions {
  private final DdlScope scope;

  /** The text in which errors have a place, null where PostgreSQL tells none. */
  private final @Nullable SourceText source;

  Definitions(DdlScope scope) {
    this(scope, null);
  }

  Definitions(DdlScope scope, @Nullable SourceText source) {
    this.scope = scope;
    this.source = source;
  }

  /** A default's text, or null for DEFAULT NULL, which is none. */
  @Nullable String defaultText(Node node, SqlType type) {
    if (node.getNodeCase() == Node.NodeCase.A_CONST
        && node.getAConst().getIsnull()
        && PgTypes.baseOid(type.oid()) == type.oid()) {
      // Of a domain it stays: it takes the place of the domain's own.
      return null;
    }
    ExpressionText text =
        new ExpressionText(scope.context(), "DEFAULT expression", scope::relationOid);
    String sql = text.write(node);
    bind(node, ExpressionBinder.Place.DEFAULT, List.of(), type);
    if (node.getNodeCase() == Node.NodeCase.A_CONST) {
      A_Const constant = node.getAConst();
      if (constant.hasSval()) {
        // An untyped literal is of the column's type: say so, as PostgreSQL does.
        return sql + "::" + TypeUses.text(SqlType.of(type.oid()));
      }
    }
    return sql;
  }

  /** An expression of a table without the table's name before its columns'. */
  Node unqualified(Node expression, int schemaId, String table) {
    return TreeEditor.edit(
        expression,
        node -> {
          int fields = node.getColumnRef().getFieldsCount();
          if (fields < 2 || fields > 3) {
            return null;
          }
          ColumnRef reference = node.getColumnRef();
          boolean own =
              reference.getFields(fields - 2).getString().getSval().equals(table)
                  && (fields == 2
                      || reference
                          .getFields(0)
                          .getString()
                          .getSval()
                          .equals(scope.schemaName(schemaId)));
          if (!own) {
            return null;
          }
          ColumnRef.Builder plain =
              reference.toBuilder().clearFields().addFields(reference.getFields(fields - 1));
          return List.of(node.toBuilder().setColumnRef(plain).build());
        });
  }

  /** The text of a generated column's expression over the columns of its table. */
  String generatedText(Node node, ColumnDescriptor generated, List<ColumnDescriptor> columns) {
    String place = "column generation expression";
    TreeEditor.edit(node, part -> refuseGenerated(part, columns));
    try {
      bind(node, ExpressionBinder.Place.GENERATED, columns, generated.type());
    } catch (ShardForgeException e) {
      throw e.code() == ErrorCode.DATATYPE_MISMATCH
          ? DdlErrors.of(
                  e.code(),
                  e.message()
                      .replace("\"generated\"", '"' + generated.name() + '"')
                      .replace("but expression", "but default expression"))
              .withHint("You will need to rewrite or cast the expression.")
          : e;
    }
    return new ExpressionText(scope.context(), place, scope::relationOid).write(node);
  }

  private @Nullable List<Node> refuseGenerated(Node node, List<ColumnDescriptor> columns) {
    if (node.hasColumnRef()) {
      ColumnRef reference = node.getColumnRef();
      String name = reference.getFields(reference.getFieldsCount() - 1).getString().getSval();
      for (ColumnDescriptor column : columns) {
        if (column.generated() && column.name().equals(name)) {
          throw DdlErrors.of(
                  ErrorCode.INVALID_OBJECT_DEFINITION,
                  "cannot use generated column \"" + name + "\" in column generation expression")
              .withDetail("A generated column cannot reference another generated column.")
              .withPosition(scope.context().position(reference.getLocation()));
        }
      }
    }
    return null;
  }

  /** Binds the stored expression of a generated column for evaluation on rows of these columns. */
  Expression bindGenerated(ColumnDescriptor generated, List<ColumnDescriptor> columns) {
    return scope
        .context()
        .expressions()
        .bindText(
            Objects.requireNonNull(generated.defaultSql()),
            ExpressionBinder.Place.GENERATED,
            scope.snapshot(),
            columns,
            generated.type());
  }

  /** A stored check's text with a column renamed. */
  String renamed(String sql, String from, String to) {
    return new ExpressionText(
            scope.context(),
            "check constraint",
            scope::relationOid,
            name -> name.equals(from) ? to : name)
        .write(scope.context().expressions().parse(sql));
  }

  /** The condition of a domain on a column of that domain. */
  String domainCheck(String sql, String column) {
    return new ExpressionText(scope.context(), "check constraint", scope::relationOid, _ -> column)
        .write(scope.context().expressions().parse(sql));
  }

  /** An index with a column renamed in what it computes. */
  IndexDescriptor renamed(IndexDescriptor index, String from, String to) {
    if (index.isPlain()) {
      return index;
    }
    List<KeyColumn> columns = new ArrayList<>();
    for (KeyColumn key : index.columns()) {
      KeyExpression expression = key.expression();
      columns.add(
          expression == null
              ? key
              : key.computed(
                  new KeyExpression(
                      renamed(expression.sql(), from, to), expression.type(), expression.name())));
    }
    String predicate = index.predicate();
    return index.withTerms(
        columns, index.included(), predicate == null ? null : renamed(predicate, from, to));
  }

  /** Whether an index has a column in its key, beside it, or in what it computes. */
  boolean uses(IndexDescriptor index, ColumnDescriptor column) {
    return index.hasColumn(column.number())
        || index.terms().stream().anyMatch(sql -> columnsOf(sql).contains(column.name()));
  }

  /** An index whose columns may have other types than when it was made. */
  IndexDescriptor rebound(IndexDescriptor index, List<ColumnDescriptor> columns) {
    if (index.isPlain()) {
      return index;
    }
    ExpressionBinder binder = scope.context().expressions();
    List<KeyColumn> keys = new ArrayList<>();
    for (KeyColumn key : index.columns()) {
      KeyExpression old = key.expression();
      if (old == null) {
        keys.add(key);
        continue;
      }
      Node node = binder.parse(old.sql());
      SqlType type = term(node, ExpressionBinder.Place.INDEX_KEY, columns, null).type();
      InvertedColumns.requireIndexable(key, type);
      keys.add(key.computed(new KeyExpression(old.sql(), type, old.name())));
    }
    String predicate = index.predicate();
    if (predicate != null) {
      term(binder.parse(predicate), ExpressionBinder.Place.INDEX_PREDICATE, columns, null);
    }
    return index.withTerms(keys, index.included(), predicate);
  }

  /** A key column's expression as it is kept. */
  KeyExpression indexKey(Node node, List<ColumnDescriptor> columns) {
    ExpressionBinder.IndexTerm term =
        term(node, ExpressionBinder.Place.INDEX_KEY, columns, scope.context().source());
    return new KeyExpression(text(node, "index expression", term), term.type(), term.name());
  }

  /** The condition of an index as it is kept. */
  String indexPredicate(Node node, List<ColumnDescriptor> columns) {
    return text(
        node,
        "index predicate",
        term(node, ExpressionBinder.Place.INDEX_PREDICATE, columns, scope.context().source()));
  }

  private ExpressionBinder.IndexTerm term(
      Node node,
      ExpressionBinder.Place place,
      List<ColumnDescriptor> columns,
      @Nullable SourceText source) {
    return scope
        .context()
        .expressions()
        .indexTerm(
            node,
            place,
            scope.snapshot(),
            scope.context().searchPath(),
            columns,
            source == null ? TypeContext.UTC : scope.context().evaluation().typeContext(),
            source);
  }

  private String text(Node node, String place, ExpressionBinder.IndexTerm term) {
    return new ExpressionText(
            scope.context(), place, scope::relationOid, name -> name, term.literals())
        .write(node);
  }

  /** What the table's indexes hold of its rows beyond columns. */
  DerivedValues derivedValues(TableDescriptor table) {
    List<Expression> expressions = new ArrayList<>();
    for (TableDescriptor.DerivedValue value : table.derivedValues()) {
      expressions.add(
          scope
              .context()
              .expressions()
              .bindText(
                  value.expression().sql(),
                  ExpressionBinder.Place.INDEX_KEY,
                  scope.snapshot(),
                  table.columns(),
                  null));
    }
    return DerivedValues.of(table, expressions);
  }

  /** The columns that a stored check is about. */
  Set<String> columnsOf(String sql) {
    ExpressionText text =
        new ExpressionText(scope.context(), "check constraint", scope::relationOid);
    text.write(scope.context().expressions().parse(sql));
    return text.columns();
  }

  /** A check whose name may still be empty, and the one column that it is about, if it is one. */
  record Check(CheckDescriptor descriptor, @Nullable String onlyColumn) {}

  Check check(int oid, String name, Node node, List<ColumnDescriptor> columns, String table) {
    ExpressionText text =
        new ExpressionText(scope.context(), "check constraint", scope::relationOid);
    String sql = text.write(node);
    bindCheck(node, columns);
    Set<String> named = text.columns();
    for (String column : named) {
      if (columns.stream().noneMatch(c -> !c.hidden() && c.name().equals(column))) {
        throw DdlErrors.of(ErrorCode.UNDEFINED_COLUMN, "column \"" + column + "\" does not exist");
      }
    }
    String only = named.size() == 1 ? named.iterator().next() : null;
    String chosen = name.isEmpty() ? RelationNames.compose(table, only, "check") : name;
    return new Check(new CheckDescriptor(oid, chosen, sql, true), only);
  }

  Expression bindCheck(Node node, List<ColumnDescriptor> columns) {
    return bind(node, ExpressionBinder.Place.CHECK, columns, SqlType.of(PgOid.BOOL));
  }

  /** Binds a stored check for evaluation on rows of these columns. */
  Expression bindCheck(CheckDescriptor check, List<ColumnDescriptor> columns) {
    return scope
        .context()
        .expressions()
        .bindText(
            check.sql(),
            ExpressionBinder.Place.CHECK,
            scope.snapshot(),
            columns,
            SqlType.of(PgOid.BOOL));
  }

  /** The default of a column, which may be its domain's; null where there is none. */
  @Nullable String defaultOf(ColumnDescriptor column) {
    if (column.generated()) {
      return null;
    }
    return column.defaultSql() != null ? column.defaultSql() : domainDefault(column.type());
  }

  /** Whether a default may be another value for each row. */
  boolean isVolatile(String defaultSql, SqlType type) {
    return scope.context().expressions().isVolatile(defaultSql, scope.snapshot(), type);
  }

  /** Binds a stored default for evaluation; null where there is none. */
  @Nullable Expression bindDefault(ColumnDescriptor column) {
    String sql = defaultOf(column);
    return sql == null
        ? null
        : scope
            .context()
            .expressions()
            .bindText(
                sql, ExpressionBinder.Place.DEFAULT, scope.snapshot(), List.of(), column.type());
  }

  /** What a column of a domain has without a default of its own; null for other columns. */
  private @Nullable String domainDefault(SqlType type) {
    String sql = null;
    int oid = type.oid();
    while (scope.snapshot().typeDescriptor(oid) instanceof DomainDescriptor domain) {
      if (domain.defaultSql() != null) {
        return domain.defaultSql();
      }
      sql = "NULL";
      oid = domain.base().oid();
    }
    return sql;
  }

  Expression bind(
      Node node,
      ExpressionBinder.Place place,
      List<ColumnDescriptor> columns,
      @Nullable SqlType target) {
    return scope
        .context()
        .expressions()
        .bind(
            node,
            place,
            scope.snapshot(),
            scope.context().searchPath(),
            columns,
            target,
            place == ExpressionBinder.Place.TRANSFORM ? scope.context().source() : source);
  }
}
