package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
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
  private final TypeContext typeContext;
  private final List<Integer> parameterTypes;
  private final boolean infersParameters;
  private final List<List<FunctionTables.OutColumn>> records = new ArrayList<>();
  private @Nullable SourceText source;
  private int correlations;
  private int ctes;
  private int nesting;

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
  }

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

  int newCorrelation() {
    return ++correlations;
  }

  int newCte() {
    return ++ctes;
  }

  /** The text that locations refer to; null for text that the user did not send. */
  @Nullable SourceText swapSource(@Nullable SourceText newSource) {
    SourceText old = source;
    source = newSource;
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

  // Errors.

  ShardForgeException error(ErrorCode code, int location, String message) {
    ShardForgeException error = new ShardForgeException(code, message);
    SourceText text = source;
    return text == null || location < 0 ? error : error.withPosition(text.position(location));
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
