package io.shardforge.sql.bind;

import io.shardforge.sql.bind.FunctionTables.Proc;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import io.shardforge.sql.catalog.VirtualTable;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.WithClause;
import io.shardforge.sql.type.JsonPath;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binds SELECT, INSERT, UPDATE, DELETE, MERGE and VALUES, and expressions kept in the catalog. */
public final class Binder {
  /** The text before and after a value of any type: as fixed as the text form of that. */
  private static final Set<Integer> CONCATENATIONS = Set.of(2003, 2004);

  private final BindContext context;
  private final Coercion coercion;
  private final CollationRules collations;
  private final Functions functions;
  private @Nullable WithClause topWith;

  public Binder(BindContext context) {
    this.context = context;
    this.coercion = new Coercion(this);
    this.collations = new CollationRules(context);
    this.functions = new Functions(context, coercion, collations);
  }

  /** The types of the statement's parameters, as far as they are known by now. */
  public List<SqlType> parameterTypes() {
    return context.parameterTypes();
  }

  BindContext context() {
    return context;
  }

  Coercion coercion() {
    return coercion;
  }

  CollationRules collations() {
    return collations;
  }

  Functions functions() {
    return functions;
  }

  /** Whether it is the WITH clause of the statement itself, where queries may change rows. */
  @SuppressWarnings("ReferenceEquality")
  boolean isTopWith(WithClause with) {
    return with == topWith;
  }

  /** Binds a statement of the given source. */
  public Query bind(ParsedStatement statement) {
    return bind(statement.node(), statement.source());
  }

  /** Binds a statement inside another one (EXPLAIN, COPY, …) whose text is {@code source}. */
  public Query bind(Node node, SourceText source) {
    SourceText outer = context.swapSource(source);
    WithClause outerWith = topWith;
    topWith =
        switch (node.getNodeCase()) {
          case SELECT_STMT -> node.getSelectStmt().getWithClause();
          case INSERT_STMT -> node.getInsertStmt().getWithClause();
          case UPDATE_STMT -> node.getUpdateStmt().getWithClause();
          case DELETE_STMT -> node.getDeleteStmt().getWithClause();
          case MERGE_STMT -> node.getMergeStmt().getWithClause();
          default -> null;
        };
    try {
      return node.hasSelectStmt()
          ? new SelectBinder(this, null, CteScope.EMPTY).bind(node.getSelectStmt(), true)
          : dataModifying(node, CteScope.EMPTY);
    } catch (StackOverflowError e) {
      throw new ShardForgeException(ErrorCode.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    } finally {
      context.swapSource(outer);
      topWith = outerWith;
    }
  }

  Query dataModifying(Node node, CteScope ctes) {
    return switch (node.getNodeCase()) {
      case INSERT_STMT -> new InsertBinder(this, ctes).bind(node.getInsertStmt());
      case UPDATE_STMT -> new UpdateBinder(this, ctes).bind(node.getUpdateStmt());
      case DELETE_STMT -> new DeleteBinder(this, ctes).bind(node.getDeleteStmt());
      case MERGE_STMT -> new MergeBinder(this, ctes).bind(node.getMergeStmt());
      default -> throw context.unsupported(-1, "a statement of kind " + Location.kind(node));
    };
  }

  /** Fails with 42501 unless the role may use the relation so, and the schema that it is in. */
  void require(Object relation, Privilege privilege) {
    requireSchemaOf(relation);
    AccessCheck access = context.access();
    if (access != null) {
      access.requireRelation(relation, privilege);
    }
  }

  /** The same for one that may be used so at least in part; what is used of it is judged later. */
  void requireAnyColumn(Object relation, Privilege privilege) {
    requireSchemaOf(relation);
    AccessCheck access = context.access();
    if (access != null) {
      access.requireAnyColumn(relation, privilege);
    }
  }

  /** The same for some of its columns, by their ordinals. */
  void requireColumns(TableDescriptor table, List<Integer> ordinals, Privilege privilege) {
    AccessCheck access = context.access();
    if (access != null) {
      for (int ordinal : ordinals) {
        access.requireColumn(table, table.columns().get(ordinal).number(), privilege);
      }
    }
  }

  private void requireSchemaOf(Object relation) {
    AccessCheck access = context.access();
    SchemaDescriptor schema = access == null ? null : context.catalog().schema(schemaOf(relation));
    if (access != null && schema != null) {
      access.requireSchema(schema, Privilege.USAGE);
    }
  }

  private static int schemaOf(Object relation) {
    return switch (relation) {
      case TableDescriptor table -> table.schemaId();
      case ViewDescriptor view -> view.schemaId();
      case SequenceDescriptor sequence -> sequence.schemaId();
      case VirtualTable table -> table.schemaId();
      default -> throw new IllegalArgumentException("not a relation: " + relation);
    };
  }

  /** The relation that a name means along the search path, or 42P01. */
  Object relation(RangeVar range) {
    String schema = range.getSchemaname().isEmpty() ? null : range.getSchemaname();
    Object relation = context.catalog().relation(context.searchPath(), schema, range.getRelname());
    if (relation == null) {
      throw context.error(
          ErrorCode.UNDEFINED_TABLE,
          range.getLocation(),
          "relation \""
              + (schema == null ? "" : schema + ".")
              + range.getRelname()
              + "\" does not exist");
    }
    return relation;
  }

  /** The relation that a view's text means, with the rights that its rows are read with. */
  Object relation(Reading reading) {
    Object relation = context.catalog().relation(reading.relationId());
    if (relation == null) {
      throw context.error(
          ErrorCode.UNDEFINED_TABLE,
          -1,
          "relation with OID " + reading.relationId() + " does not exist");
    }
    AccessCheck access = context.access();
    if (access != null) {
      // Its schema was looked into when the view was made.
      access.requireAnyColumn(relation, Privilege.SELECT);
    }
    return relation;
  }

  /** The query that a view stands for. */
  Query view(ViewDescriptor view) {
    ParsedStatement stored = context.parseStored(view.sql());
    context.enterView(view);
    try {
      return new SelectBinder(this, null, CteScope.EMPTY).bind(stored.node().getSelectStmt(), true);
    } finally {
      context.leaveView();
    }
  }

  // Expressions kept as text in the catalog.

  /** A column default as an expression of the column's type, over no columns. */
  public Bound storedDefault(String sql, SqlType type, String column) {
    Scope scope = new Scope(context, null, List.of());
    Bound value = stored(sql, scope, Clause.DEFAULT);
    return coercion.assign(value, type, column, -1);
  }

  /** A CHECK condition over a table's columns. */
  public Bound storedCheck(String sql, TableDescriptor table) {
    return coercion.condition(stored(sql, rowOf(table), Clause.CHECK), "CHECK", -1);
  }

  /** The value of a generated column over its table's columns. */
  public Bound storedExpression(String sql, ColumnDescriptor column, TableDescriptor table) {
    Bound value = stored(sql, rowOf(table), Clause.GENERATED);
    return coercion.assign(value, column.type(), column.name(), -1);
  }

  private Scope rowOf(TableDescriptor table) {
    FromBinder.Item item =
        new FromBinder(this, null, CteScope.EMPTY)
            .table(table, table.name(), RangeVar.getDefaultInstance());
    return new Scope(context, null, item.sources());
  }

  /** What a domain demands of a value of its base type. */
  Bound.DomainRules domainRules(DomainDescriptor domain) {
    // As in PostgreSQL, its own collation is not that of what it demands.
    SqlType base = PgTypes.base(domain.base()).withCollation(null);
    ColumnDescriptor value =
        new ColumnDescriptor(1, DomainDescriptor.VALUE, base, false, null, '\0', 0, false);
    Scope scope = new Scope(context, null, List.of(columnsOnly(List.of(value))));
    List<Bound> checks = new ArrayList<>();
    for (TableDescriptor.CheckDescriptor check : domain.checks()) {
      checks.add(coercion.condition(stored(check.sql(), scope, Clause.CHECK), "CHECK", -1));
    }
    return new Bound.DomainRules(domain, checks);
  }

  /** What the table's indexes hold of its rows beyond columns, over its columns. */
  public List<Bound> derivedValues(TableDescriptor table) {
    Scope scope = new Scope(context, null, List.of(columnsOnly(table.columns())));
    List<Bound> values = new ArrayList<>();
    TypeContext outer = context.swapTypeContext(TypeContext.UTC);
    try {
      for (TableDescriptor.DerivedValue value : table.derivedValues()) {
        values.add(coercion.settle(stored(value.expression().sql(), scope, Clause.INDEX_KEY)));
      }
    } finally {
      context.swapTypeContext(outer);
    }
    return values;
  }

  private Bound stored(String sql, Scope scope, Clause clause) {
    Node node = expressionOf(context.parseStored("SELECT " + sql));
    SourceText outer = context.swapSource(null);
    List<String> path = context.swapSearchPath(List.of());
    AccessCheck access = context.swapAccess(null);
    try {
      return new ExpressionBinder(this, scope, clause, CteScope.EMPTY).bind(node);
    } finally {
      context.swapAccess(access);
      context.swapSearchPath(path);
      context.swapSource(outer);
    }
  }

  private static Node expressionOf(ParsedStatement statement) {
    SelectStmt select = statement.node().getSelectStmt();
    return select.getTargetList(0).getResTarget().getVal();
  }

  // Expressions of definitions under way.

  /** A DEFAULT, assigned to the column's type if that is given. */
  public Bound defaultExpression(Node node, @Nullable SqlType type) {
    Scope scope = new Scope(context, null, List.of());
    return typed(
        new ExpressionBinder(this, scope, Clause.DEFAULT, CteScope.EMPTY).bind(node),
        type,
        "default");
  }

  /** A CHECK condition over columns. */
  public Bound checkExpression(Node node, List<ColumnDescriptor> columns) {
    Scope scope = new Scope(context, null, List.of(columnsOnly(columns)));
    Bound value = new ExpressionBinder(this, scope, Clause.CHECK, CteScope.EMPTY).bind(node);
    return coercion.condition(value, "CHECK", Location.of(node));
  }

  /** A conversion of a row's values to one column of a new type. */
  public Bound transformExpression(
      Node node, List<ColumnDescriptor> columns, @Nullable SqlType type) {
    Scope scope = new Scope(context, null, List.of(columnsOnly(columns)));
    return typed(
        new ExpressionBinder(this, scope, Clause.TRANSFORM, CteScope.EMPTY).bind(node),
        type,
        "using");
  }

  /** A key column of an index, over columns. */
  public Bound indexExpression(Node node, List<ColumnDescriptor> columns) {
    Bound value = indexTerm(node, columns, Clause.INDEX_KEY);
    requireImmutable(value, "index expression");
    return coercion.settle(value);
  }

  /** What a key column of an index is called that is computed so. */
  public static String indexColumnName(Node node) {
    return ColumnName.ofIndexed(node);
  }

  /** The condition of a partial index, over columns. */
  public Bound indexPredicate(Node node, List<ColumnDescriptor> columns) {
    Bound value =
        coercion.condition(
            indexTerm(node, columns, Clause.INDEX_PREDICATE), "WHERE", Location.of(node));
    requireImmutable(value, "index predicate");
    return value;
  }

  /**
   * Literals of a term whose text means what it does only under the settings of the session, by
   * their places, as text that always means it.
   */
  public static Map<Integer, String> settledLiterals(Bound term) {
    Map<Integer, String> literals = new HashMap<>();
    Bound.any(
        term,
        e -> {
          if (e instanceof Bound.Const c && c.value() != null && c.location() >= 0) {
            PgType type = PgTypes.byOid(c.type().oid());
            char category =
                type.isArray() ? Resolver.categoryOf(type.elementOid()) : type.category();
            if (category == 'D' || category == 'T') {
              literals.put(c.location(), type.format(c.value(), TypeContext.UTC));
            }
          }
          return false;
        });
    return literals;
  }

  private Bound indexTerm(Node node, List<ColumnDescriptor> columns, Clause clause) {
    Scope scope = new Scope(context, null, List.of(columnsOnly(columns)));
    return new ExpressionBinder(this, scope, clause, CteScope.EMPTY).bind(node);
  }

  private void requireImmutable(Bound value, String place) {
    if (Bound.any(value, e -> !isImmutable(e))) {
      throw context.error(
          ErrorCode.INVALID_OBJECT_DEFINITION,
          -1,
          "functions in " + place + " must be marked IMMUTABLE");
    }
  }

  /** The expression of a generated column, which gives one value for the same row for ever. */
  public Bound generatedExpression(
      Node node, List<ColumnDescriptor> columns, @Nullable SqlType type) {
    Scope scope = new Scope(context, null, List.of(columnsOnly(columns)));
    Bound value =
        typed(
            new ExpressionBinder(this, scope, Clause.GENERATED, CteScope.EMPTY).bind(node),
            type,
            "generated");
    if (Bound.any(value, e -> !isImmutable(e))) {
      throw context.error(
          ErrorCode.INVALID_OBJECT_DEFINITION, -1, "generation expression is not immutable");
    }
    return value;
  }

  private Bound typed(Bound value, @Nullable SqlType type, String name) {
    return type == null ? coercion.settle(value) : coercion.assign(value, type, name, -1);
  }

  private static Scope.Source columnsOnly(List<ColumnDescriptor> columns) {
    List<Scope.SourceColumn> sourceColumns = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      ColumnDescriptor c = columns.get(i);
      sourceColumns.add(
          new Scope.SourceColumn(
              c.name(), new Bound.Column(i, c.type(), c.name(), -1), 0, c.number(), c.hidden()));
    }
    return new Scope.Source("", null, sourceColumns, null, null, 0, false, true, false);
  }

  // Questions.

  boolean isVolatile(Rel rel) {
    return Rels.any(
        rel, node -> modifies(node) || node instanceof Rel.LockRows, this::callsVolatile);
  }

  /** Not looking into subqueries. */
  boolean isVolatile(Bound expression) {
    return Bound.any(expression, this::callsVolatile);
  }

  private boolean callsVolatile(Bound e) {
    return e instanceof Bound.Call call && volatility(call.function()) == 'v';
  }

  private boolean isImmutable(Bound e) {
    return switch (e) {
      case Bound.Call c when CONCATENATIONS.contains(c.function()) ->
          c.args().stream().allMatch(arg -> isWrittenFixed(PgTypes.byOid(arg.type().oid())));
      case Bound.Call c -> volatility(c.function()) == 'i';
      case Bound.ArrayCompare c -> volatility(c.function()) == 'i';
      case Bound.Distinct d -> volatility(d.equality()) == 'i';
      case Bound.NullIf n -> volatility(n.equality()) == 'i';
      case Bound.JsonSearch s ->
          s.path() instanceof Bound.Const path
              && !(path.value() instanceof JsonPath searched && searched.hasMoments());
      case Bound.Cast c when c.kind() == Bound.CastKind.FUNCTION -> volatility(c.function()) == 'i';
      case Bound.Cast c when c.kind() == Bound.CastKind.IO -> isImmutableByText(c);
      default -> true;
    };
  }

  /** Whether neither reading nor writing the text form depends on a setting. */
  private static boolean isImmutableByText(Bound.Cast cast) {
    return isWrittenFixed(PgTypes.byOid(cast.arg().type().oid()))
        && isTextFixed(PgTypes.byOid(cast.type().oid()));
  }

  /** Whether the text form of values is the same under all settings. */
  private static boolean isWrittenFixed(PgType type) {
    return switch (type.oid()) {
      case PgOid.TIME, PgOid.TIMETZ -> true;
      default -> isTextFixed(type);
    };
  }

  private static boolean isTextFixed(PgType type) {
    return !type.isArray()
        && !type.isPseudo()
        && type.category() != 'D'
        && type.category() != 'T'
        && type.category() != 'E'
        && !type.name().startsWith("reg");
  }

  private char volatility(int function) {
    Proc proc = context.resolver().tables().function(function);
    return proc == null ? 'v' : proc.volatility();
  }

  static boolean modifies(Rel rel) {
    return rel instanceof Rel.Insert
        || rel instanceof Rel.Update
        || rel instanceof Rel.Delete
        || rel instanceof Rel.Merge;
  }

  List<FunctionTables.OutColumn> outColumns(int function) {
    return new ArrayList<>(context.resolver().tables().outColumns(function));
  }
}
