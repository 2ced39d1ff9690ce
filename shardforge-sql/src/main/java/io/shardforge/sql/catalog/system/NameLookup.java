package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TemporarySchema;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.function.PgOperator;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.ObjectNames;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names of catalog objects for regclass and its kin, as one snapshot and search path see them. */
final class NameLookup implements ObjectNames {
  private final CatalogSnapshot snapshot;

  /** Schemas in search order, pg_catalog included. */
  private final List<String> searchPath;

  private final ObjectDefinitions definitions;

  NameLookup(CatalogSnapshot snapshot, List<String> searchPath) {
    this.snapshot = snapshot;
    this.searchPath = searchPath;
    this.definitions = new ObjectDefinitions(snapshot, searchPath);
  }

  @Override
  public long resolve(int regTypeOid, String text) {
    Long found = find(regTypeOid, text);
    if (found != null) {
      return found;
    }
    throw switch (regTypeOid) {
      case PgOid.REGCLASS -> missing(ErrorCode.UNDEFINED_TABLE, "relation", text);
      case PgOid.REGTYPE -> missing(ErrorCode.UNDEFINED_OBJECT, "type", text);
      case PgOid.REGPROC, PgOid.REGPROCEDURE ->
          missing(ErrorCode.UNDEFINED_FUNCTION, "function", text);
      case PgOid.REGOPER, PgOid.REGOPERATOR ->
          new ShardForgeException(ErrorCode.UNDEFINED_FUNCTION, "operator does not exist: " + text);
      case PgOid.REGNAMESPACE -> missing(ErrorCode.INVALID_SCHEMA_NAME, "schema", text);
      case PgOid.REGROLE -> missing(ErrorCode.UNDEFINED_OBJECT, "role", text);
      case PgOid.REGCOLLATION ->
          new ShardForgeException(
              ErrorCode.UNDEFINED_OBJECT,
              "collation \"" + text + "\" for encoding \"UTF8\" does not exist");
      default ->
          new ShardForgeException(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "names of type " + regTypeOid + " are not supported");
    };
  }

  private static ShardForgeException missing(ErrorCode code, String kind, String text) {
    return new ShardForgeException(code, kind + " \"" + text + "\" does not exist");
  }

  /** The OID, or null if there is none; ambiguous and malformed names are errors. */
  @Nullable Long find(int regTypeOid, String text) {
    return switch (regTypeOid) {
      case PgOid.REGCLASS -> relation(parts(text));
      case PgOid.REGTYPE -> {
        SqlType type = TypeNames.find(text);
        yield optional(type, SqlType::oid);
      }
      case PgOid.REGPROC -> function(parts(text), text);
      case PgOid.REGPROCEDURE -> procedure(text);
      case PgOid.REGOPER -> operator(text);
      case PgOid.REGOPERATOR -> operatorOf(text);
      case PgOid.REGNAMESPACE -> {
        SchemaDescriptor schema = snapshot.schema(parts(text).getLast());
        yield optional(schema, SchemaDescriptor::id);
      }
      case PgOid.REGROLE -> {
        RoleDescriptor role = snapshot.role(parts(text).getLast());
        yield optional(role, RoleDescriptor::id);
      }
      case PgOid.REGCOLLATION -> {
        List<String> parts = parts(text);
        String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
        Collation collation = snapshot.collation(searchPath, schema, parts.getLast());
        yield optional(collation, Collation::oid);
      }
      default -> null;
    };
  }

  private static <T> @Nullable Long optional(@Nullable T object, ToIntFunction<T> oid) {
    if (object == null) {
      return null;
    }
    return (long) oid.applyAsInt(object);
  }

  private @Nullable Long relation(List<String> parts) {
    String name = parts.getLast();
    String schemaName = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
    String own = TemporarySchema.ownOf(searchPath);
    if (own != null && TemporarySchema.ALIAS.equals(schemaName)) {
      schemaName = own;
    }
    List<String> path = schemaName == null ? searchPath : List.of(schemaName);
    for (String candidate : path) {
      SchemaDescriptor schema = snapshot.schema(candidate);
      if (schema == null) {
        continue;
      }
      Object relation = snapshot.relation(schema.id(), name);
      if (relation != null) {
        return (long) ObjectDefinitions.idOf(relation);
      }
      IndexOfTable index = snapshot.index(schema.id(), name);
      if (index != null) {
        return (long) index.index().oid();
      }
    }
    return null;
  }

  private static @Nullable Long function(List<String> parts, String text) {
    String name = parts.getLast();
    List<PgFunction> overloads = FunctionRegistry.functions(name);
    if (overloads.size() > 1) {
      throw new ShardForgeException(
          ErrorCode.AMBIGUOUS_FUNCTION, "more than one function named \"" + text + "\"");
    }
    if (overloads.size() == 1) {
      return (long) overloads.getFirst().oid();
    }
    int io = TypeTables.ioFunction(name);
    return io == 0 ? null : (long) io;
  }

  private static @Nullable Long procedure(String text) {
    int open = text.indexOf('(');
    if (open < 0 || !text.endsWith(")")) {
      throw new ShardForgeException(
          ErrorCode.INVALID_TEXT_REPRESENTATION, "expected a left parenthesis");
    }
    String name = parts(text.substring(0, open)).getLast();
    List<Integer> types = new ArrayList<>();
    String inside = text.substring(open + 1, text.length() - 1).strip();
    if (!inside.isEmpty()) {
      for (String word : inside.split(",", -1)) {
        types.add(TypeNames.parse(word).oid());
      }
    }
    for (PgFunction candidate : FunctionRegistry.functions(name)) {
      if (candidate.argumentTypes().equals(types)) {
        return (long) candidate.oid();
      }
    }
    return null;
  }

  private static @Nullable Long operator(String text) {
    List<PgOperator> overloads =
        FunctionRegistry.operators(text.substring(text.lastIndexOf('.') + 1));
    if (overloads.size() > 1) {
      throw new ShardForgeException(
          ErrorCode.AMBIGUOUS_FUNCTION, "more than one operator named " + text);
    }
    return overloads.isEmpty() ? null : (long) overloads.getFirst().oid();
  }

  /** An operator with the types of what it is between. */
  private static @Nullable Long operatorOf(String text) {
    int open = text.indexOf('(');
    if (open < 0 || !text.endsWith(")")) {
      throw new ShardForgeException(
          ErrorCode.INVALID_TEXT_REPRESENTATION, "expected a left parenthesis");
    }
    String name = text.substring(0, open).strip();
    List<Integer> types = new ArrayList<>();
    for (String word : text.substring(open + 1, text.length() - 1).split(",", -1)) {
      types.add(word.strip().equalsIgnoreCase("none") ? 0 : TypeNames.parse(word).oid());
    }
    if (types.size() < 2) {
      throw new ShardForgeException(ErrorCode.UNDEFINED_PARAMETER, "missing argument")
          .withHint("Use NONE to denote the missing argument of a unary operator.");
    }
    if (types.size() > 2) {
      throw new ShardForgeException(ErrorCode.TOO_MANY_ARGUMENTS, "too many arguments")
          .withHint("Provide two argument types for operator.");
    }
    for (PgOperator candidate :
        FunctionRegistry.operators(name.substring(name.lastIndexOf('.') + 1))) {
      if (List.of(candidate.leftType(), candidate.rightType()).equals(types)) {
        return (long) candidate.oid();
      }
    }
    return null;
  }

  @Override
  public String describe(int regTypeOid, long oid) {
    String number = Long.toString(oid);
    return switch (regTypeOid) {
      case PgOid.REGCLASS -> definitions.relationName((int) oid);
      case PgOid.REGTYPE -> {
        String name = TypeNames.format((int) oid, -1);
        yield name.equals("???") ? number : name;
      }
      case PgOid.REGPROC -> {
        String name = TypeTables.functionName(oid);
        yield name == null ? number : Text.quoteIdentifier(name);
      }
      case PgOid.REGPROCEDURE -> {
        PgFunction function = FunctionRegistry.function((int) oid);
        yield function == null ? number : signature(function);
      }
      case PgOid.REGOPER, PgOid.REGOPERATOR -> {
        PgOperator operator = FunctionRegistry.operator((int) oid);
        yield operator == null ? number : operatorText(operator, regTypeOid);
      }
      case PgOid.REGNAMESPACE -> {
        SchemaDescriptor schema = snapshot.schema((int) oid);
        yield schema == null ? number : Text.quoteIdentifier(schema.name());
      }
      case PgOid.REGROLE -> {
        RoleDescriptor role = snapshot.role((int) oid);
        yield role == null ? number : Text.quoteIdentifier(role.name());
      }
      case PgOid.REGCOLLATION -> {
        String name = CollationTables.name(snapshot, searchPath, (int) oid);
        yield name == null ? number : name;
      }
      default -> number;
    };
  }

  private static String signature(PgFunction function) {
    return Text.quoteIdentifier(function.name())
        + function.argumentTypes().stream()
            .map(type -> TypeNames.format(type, -1))
            .collect(Collectors.joining(",", "(", ")"));
  }

  private static String operatorText(PgOperator operator, int regTypeOid) {
    if (regTypeOid == PgOid.REGOPER) {
      return FunctionRegistry.operators(operator.name()).size() > 1
          ? "pg_catalog." + operator.name()
          : operator.name();
    }
    String left = operator.leftType() == 0 ? "NONE" : TypeNames.format(operator.leftType(), -1);
    return operator.name() + "(" + left + "," + TypeNames.format(operator.rightType(), -1) + ")";
  }

  /** The parts of a dotted name, with SQL's folding and quoting. */
  static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
          part.append('"');
          i++;
        } else {
          quoted = !quoted;
          wasQuoted = true;
        }
      } else if (c == '.' && !quoted) {
        parts.add(finished(part, wasQuoted));
        part.setLength(0);
        wasQuoted = false;
      } else {
        part.append(c);
      }
    }
    if (quoted) {
      throw new ShardForgeException(ErrorCode.INVALID_NAME, "invalid name syntax");
    }
    parts.add(finished(part, wasQuoted));
    return parts;
  }

  private static String finished(StringBuilder part, boolean wasQuoted) {
    String name = wasQuoted ? part.toString() : part.toString().strip().toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      throw new ShardForgeException(ErrorCode.INVALID_NAME, "invalid name syntax");
    }
    return name;
  }
}
