package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CollationDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ParamRef;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.Collations;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What binding one statement looks things up in, and what it finds out on the way: parameter types,
 * numbers given to correlations and CTEs, whether the plan may be kept. One thread.
 */
public final class BindContext {
  /** Nesting of expressions and queries that is bound; deeper statements are refused with 54001. */
  static final int NESTING_MAX = 1_200;

  /** Highest parameter number. */
  private static final int PARAMETERS_MAX = 65_535;

  private final CatalogSnapshot catalog;
  private List<String> searchPath;
  private final Resolver resolver;
  private final SqlParser parser;
  private TypeContext typeContext;
  private final List<Integer> parameterTypes;
  private final boolean infersParameters;
  private final List<List<FunctionTables.OutColumn>> records = new ArrayList<>();
  private @Nullable SourceText source;
  private @Nullable AccessCheck access;
  private @Nullable Expansion expansion;
  private @Nullable ViewTrace trace;
  private int correlations;

  /** The levels of all columns that were named, in order. */
  private final List<Scope> levels = new ArrayList<>();

  private int ctes;
  private int nesting;
  private int passedOver;

  /**
   * Given parameter type OIDs may be 0 (to be inferred) and, if {@code infersParameters}, fewer
   * than the statement has.
   */
  public BindContext(
      CatalogSnapshot catalog,
      List<String> searchPath,
      Resolver resolver,
      SqlParser parser,
      TypeContext typeContext,
      List<Integer> parameterTypes,
      boolean infersParameters) {
    this.catalog = catalog;
    this.searchPath = searchPath;
    this.resolver = resolver;
    this.parser = parser;
    this.typeContext = typeContext;
    this.parameterTypes = new ArrayList<>(parameterTypes);
    this.infersParameters = infersParameters;
    this.access = catalog.access();
  }

  /** A view whose text is being bound, and what to go back to after it. */
  private record Expansion(
      ViewDescriptor view,
      @Nullable Expansion outer,
      @Nullable SourceText source,
      @Nullable AccessCheck access,
      @Nullable ViewTrace trace) {}

  public CatalogSnapshot catalog() {
    return catalog;
  }

  List<String> searchPath() {
    return searchPath;
  }

  public Resolver resolver() {
    return resolver;
  }

  TypeContext typeContext() {
    return typeContext;
  }

  /** Notes that a column of this level was named. */
  void useOf(Scope level) {
    levels.add(level);
  }

  /** How often columns were named so far. */
  int uses() {
    return levels.size();
  }

  /** The levels of the columns that were named since. */
  List<Scope> usedSince(int uses) {
    return levels.subList(uses, levels.size());
  }

  int newCorrelation() {
    return ++correlations;
  }

  int newCte() {
    return ++ctes;
  }

  /** The text that locations refer to; null for text that the user did not send. */
  public @Nullable SourceText swapSource(@Nullable SourceText newSource) {
    SourceText old = source;
    source = newSource;
    return old;
  }

  /** Changes what reading literals depends on, for text that was written under other settings. */
  TypeContext swapTypeContext(TypeContext newContext) {
    TypeContext old = typeContext;
    typeContext = newContext;
    return old;
  }

  /** Changes the search path, for text that was written to mean the same under any. */
  List<String> swapSearchPath(List<String> newPath) {
    List<String> old = searchPath;
    searchPath = newPath;
    return old;
  }

  /** Parses text kept in the catalog. */
  ParsedStatement parseStored(String sql) {
    return parser.parse(sql).getFirst();
  }

  String write(Node statement) {
    return parser.write(statement);
  }

  // Views.

  /** The rights that relations are read with; null if nothing is forbidden. */
  @Nullable AccessCheck access() {
    return access;
  }

  /** From here on a view's text is bound, with the rights that it gives. */
  void enterView(ViewDescriptor view) {
    for (Expansion e = expansion; e != null; e = e.outer) {
      if (e.view.id() == view.id()) {
        throw error(
            ErrorCode.INVALID_OBJECT_DEFINITION,
            -1,
            "infinite recursion detected in rules for relation \"" + view.name() + "\"");
      }
    }
    expansion = new Expansion(view, expansion, source, access, trace);
    access = view.options().invoker() ? catalog.access() : AccessCheck.of(catalog, view.ownerId());
    source = null;
    trace = null;
  }

  void leaveView() {
    Expansion left = Objects.requireNonNull(expansion);
    expansion = left.outer;
    access = left.access;
    source = left.source;
    trace = left.trace;
  }

  /** What a name in a view's text means by its number; null for all other names. */
  @Nullable Reading reading(RangeVar range) {
    return expansion == null || !range.getSchemaname().equals(ViewDescriptor.READING)
        ? null
        : expansion.view.readings().get(Integer.parseInt(range.getRelname()));
  }

  /** Notes from now on what names mean, or no more. */
  void trace(@Nullable ViewTrace newTrace) {
    trace = newTrace;
  }

  /** Where to note what names mean; null unless a new view's own query is bound. */
  @Nullable ViewTrace trace() {
    return trace;
  }

  /** Notes that a column is read; fails with 42501 if it may not be. */
  void reads(Scope.SourceColumn column) {
    ViewTrace traced = trace;
    if (traced != null) {
      traced.uses(column);
    }
    requireReadable(column);
  }

  /**
   * Changes the relation whose columns may be read without a look at their rights, 0 for none: that
   * under a view that is written through, of which all that the statement needs was asked for.
   */
  int passOverColumnsOf(int relationId) {
    int before = passedOver;
    passedOver = relationId;
    return before;
  }

  void requireReadable(Scope.SourceColumn column) {
    if (column.tableId() != 0 && column.tableId() == passedOver) {
      return;
    }
    AccessCheck rights = access;
    Object relation =
        rights == null || column.tableId() == 0 ? null : catalog.relation(column.tableId());
    if (rights != null && relation != null) {
      rights.requireColumn(relation, column.columnNumber(), Privilege.SELECT);
    }
  }

  /** Fails with 42501 unless all of a relation may be read. */
  void requireReadable(int relationId) {
    AccessCheck rights = access;
    Object relation = rights == null ? null : catalog.relation(relationId);
    if (rights != null && relation != null) {
      rights.requireRelation(relation, Privilege.SELECT);
    }
  }

  /** Changes whose rights count, for text that belongs to a table; null forbids nothing. */
  @Nullable AccessCheck swapAccess(@Nullable AccessCheck newAccess) {
    AccessCheck old = access;
    access = newAccess;
    return old;
  }

  void enter() {
    if (++nesting > NESTING_MAX) {
      throw new ShardForgeException(ErrorCode.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
  }

  void leave() {
    nesting--;
  }

  // Records.

  /** A record type of known columns, which its modifier stands for within this statement. */
  SqlType recordOf(List<FunctionTables.OutColumn> columns) {
    int known = records.indexOf(columns);
    if (known < 0) {
      known = records.size();
      records.add(List.copyOf(columns));
    }
    return new SqlType(PgOid.RECORD, known);
  }

  /** The columns of a record type, none if they are not known. */
  List<FunctionTables.OutColumn> recordColumns(SqlType type) {
    return type.oid() == PgOid.RECORD && type.typmod() >= 0
        ? records.get(type.typmod())
        : List.of();
  }

  // Parameters.

  /** The type of a parameter so far, or unknown. */
  SqlType parameterType(int number, int location) {
    if (number <= 0
        || number > PARAMETERS_MAX
        || (number > parameterTypes.size() && !infersParameters)) {
      throw error(ErrorCode.UNDEFINED_PARAMETER, location, "there is no parameter $" + number);
    }
    while (parameterTypes.size() < number) {
      parameterTypes.add(0);
    }
    int oid = parameterTypes.get(number - 1);
    return oid == 0 || oid == PgOid.UNKNOWN ? Types.UNKNOWN : SqlType.of(oid);
  }

  /** Settles the type of a parameter that was unknown. */
  void inferParameter(int number, int oid, int location) {
    int known = parameterTypes.get(number - 1);
    if (known != 0 && known != PgOid.UNKNOWN && known != oid) {
      throw error(
              ErrorCode.AMBIGUOUS_PARAMETER,
              location,
              "inconsistent types deduced for parameter $" + number)
          .withDetail(Names.type(known) + " versus " + Names.type(oid));
    }
    parameterTypes.set(number - 1, oid);
  }

  /** The parameters' types; 42P18 if one is still open. */
  public List<SqlType> parameterTypes() {
    List<SqlType> types = new ArrayList<>();
    for (int i = 0; i < parameterTypes.size(); i++) {
      int oid = parameterTypes.get(i);
      if (oid == 0 || oid == PgOid.UNKNOWN) {
        throw new ShardForgeException(
            ErrorCode.INDETERMINATE_DATATYPE,
            "could not determine data type of parameter $" + (i + 1));
      }
      types.add(SqlType.of(oid));
    }
    return types;
  }

  // Collations.

  /** The collation of a name; 42704 if there is none. */
  Collation collation(List<String> path, int location) {
    String schema = path.size() > 1 ? path.get(path.size() - 2) : null;
    Collation found = catalog.collation(searchPath, schema, path.getLast());
    if (found == null) {
      throw error(
          ErrorCode.UNDEFINED_OBJECT,
          location,
          "collation \"" + Names.dotted(path) + "\" for encoding \"UTF8\" does not exist");
    }
    return found;
  }

  /** What to call a collation, null being the database's own. */
  String collationName(@Nullable Collation collation) {
    if (collation == null) {
      return "default";
    }
    Collations.BuiltIn builtIn = Collations.byOid(collation.oid());
    CollationDescriptor made = catalog.collation(collation.oid());
    return builtIn != null ? builtIn.name() : made != null ? made.name() : "";
  }

  // Errors.

  ShardForgeException error(ErrorCode code, int location, String message) {
    ShardForgeException error = new ShardForgeException(code, message);
    SourceText text = source;
    return text == null || location < 0 ? error : error.withPosition(text.position(location));
  }

  /** Refuses a parameter that a word follows, which the parser takes for two words. */
  void requireNoJunkAfter(ParamRef parameter) {
    int location = parameter.getLocation();
    String junk = source == null || location < 0 ? null : source.junkAfterParameter(location);
    if (junk != null) {
      throw error(
          ErrorCode.SYNTAX_ERROR,
          location,
          "trailing junk after parameter at or near \"" + junk + '"');
    }
  }

  ShardForgeException unsupported(int location, String construct) {
    return error(ErrorCode.FEATURE_NOT_SUPPORTED, location, construct + " is not supported yet");
  }

  /** Gives an error from a value's input function the place of its literal. */
  ShardForgeException at(ShardForgeException error, int location) {
    SourceText text = source;
    return text == null || location < 0 || error.position() != 0
        ? error
        : error.withPosition(text.position(location));
  }
}
