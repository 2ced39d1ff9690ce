package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.function.CatalogFunctions.ObjectName;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.RowValue;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.Text;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Functions that tell of any object what it is: its names, its parameters, who may use it. */
final class ObjectFunctions {
  private static final Pattern ACL_ITEM = Pattern.compile("(.*?)=([a-zA-Z*]*)/(.*)");

  /** By the letters that stand for them. */
  private static final Map<Character, String> PRIVILEGES =
      Map.ofEntries(
          Map.entry('a', "INSERT"),
          Map.entry('r', "SELECT"),
          Map.entry('w', "UPDATE"),
          Map.entry('d', "DELETE"),
          Map.entry('D', "TRUNCATE"),
          Map.entry('x', "REFERENCES"),
          Map.entry('t', "TRIGGER"),
          Map.entry('X', "EXECUTE"),
          Map.entry('U', "USAGE"),
          Map.entry('C', "CREATE"),
          Map.entry('T', "TEMPORARY"),
          Map.entry('c', "CONNECT"),
          Map.entry('s', "SET"),
          Map.entry('A', "ALTER SYSTEM"),
          Map.entry('m', "MAINTAIN"));

  private ObjectFunctions() {}

  static void register(FunctionTable t) {
    Class<Long> n = Long.class;
    t.of(
        "pg_describe_object",
        n,
        n,
        n,
        (c, catalog, oid, column) ->
            catalog == 0 && oid == 0 ? null : name(c, catalog, oid, column).description());
    t.of(
        "pg_identify_object",
        n,
        n,
        n,
        (c, catalog, oid, column) -> {
          ObjectName found = name(c, catalog, oid, column);
          return texts(found.kind(), found.schema(), found.name(), found.identity());
        });
    t.of(
        "pg_identify_object_as_address",
        n,
        n,
        n,
        (c, catalog, oid, column) -> address(name(c, catalog, oid, column)));
    t.of(
        "pg_get_object_address",
        String.class,
        ArrayValue.class,
        ArrayValue.class,
        (c, kind, names, arguments) ->
            new RowValue(
                List.of(SqlType.of(PgOid.OID), SqlType.of(PgOid.OID), SqlType.of(PgOid.INT4)),
                CatalogLookups.catalog(c)
                    .objectAddress(kind, parts(names), parts(arguments))
                    .toArray()));
    t.of(
        "pg_sequence_parameters",
        n,
        (c, oid) -> {
          List<Object> values = CatalogLookups.catalog(c).sequenceParameters(oid);
          if (values == null) {
            throw TypeErrors.of(
                ErrorCode.INTERNAL_ERROR, "cache lookup failed for sequence " + oid);
          }
          List<SqlType> types = new ArrayList<>(Collections.nCopies(4, SqlType.of(PgOid.INT8)));
          types.addAll(
              List.of(SqlType.of(PgOid.BOOL), SqlType.of(PgOid.INT8), SqlType.of(PgOid.OID)));
          return new RowValue(types, values.toArray());
        });
    t.set("aclexplode", (c, in) -> grants(c, (ArrayValue) NullArguments.at(in, 0)));
    // There are no partitions, triggers and policies.
    t.of("pg_partition_root", n, (_, _) -> null);
    t.set("pg_partition_tree", (_, _) -> Collections.emptyIterator());
    t.of("pg_trigger_depth", _ -> 0L);
    t.of("row_security_active", n, (_, _) -> false);
    t.of("row_security_active_name", String.class, (_, _) -> false);
  }

  private static ObjectName name(EvalContext context, long catalog, long oid, long column) {
    return CatalogLookups.catalog(context).objectName(catalog, oid, (int) column);
  }

  private static List<String> parts(ArrayValue texts) {
    List<String> parts = new ArrayList<>();
    for (Object text : texts.toArray()) {
      if (text == null) {
        throw TypeErrors.invalidParameter("name or argument lists may not contain nulls");
      }
      parts.add((String) text);
    }
    return parts;
  }

  private static RowValue texts(@Nullable Object... values) {
    return new RowValue(Collections.nCopies(values.length, SqlType.of(PgOid.TEXT)), values);
  }

  private static RowValue address(ObjectName found) {
    boolean there = found.identity() != null;
    SqlType texts = SqlType.of(PgOid.TEXT_ARRAY);
    return new RowValue(
        List.of(SqlType.of(PgOid.TEXT), texts, texts),
        new @Nullable Object[] {
          found.kind(),
          there ? ArrayValue.of(PgOid.TEXT, found.names().toArray()) : null,
          there ? ArrayValue.of(PgOid.TEXT, found.arguments().toArray()) : null
        });
  }

  /** Each privilege of each item on a row of its own. */
  private static Iterator<@Nullable Object[]> grants(EvalContext context, ArrayValue items) {
    return Arrays.stream(items.toArray())
        .flatMap(item -> {
          if (item == null) {
            throw TypeErrors.of(
                ErrorCode.NULL_VALUE_NOT_ALLOWED, "ACL arrays must not contain null values");
          }
          return grants(context, (String) item);
        })
        .iterator();
  }

  private static Stream<@Nullable Object[]> grants(EvalContext context, String item) {
    Matcher parts = ACL_ITEM.matcher(item);
    if (!parts.matches()) {
      throw TypeErrors.of(
          ErrorCode.INVALID_TEXT_REPRESENTATION, "invalid aclitem: \"" + item + "\"");
    }
    String letters = parts.group(2);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      String privilege = PRIVILEGES.get(letters.charAt(i));
      if (privilege != null) {
        boolean grantable = i + 1 < letters.length() && letters.charAt(i + 1) == '*';
        rows.add(
            new @Nullable Object[] {
              role(context, parts.group(3)), role(context, parts.group(1)), privilege, grantable
            });
      }
    }
    return rows.stream();
  }

  /** The OID of a role, 0 for everybody. */
  private static long role(EvalContext context, String name) {
    if (name.isEmpty()) {
      return 0;
    }
    Long oid =
        CatalogLookups.catalog(context).findObject(PgOid.REGROLE, Text.quoteIdentifier(name));
    return oid == null ? Long.parseLong(name) : oid;
  }
}
