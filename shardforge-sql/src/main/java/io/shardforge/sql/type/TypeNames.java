package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Type names as SQL writes them: format_type's words and the reading of such words. */
public final class TypeNames {
  private static final Map<Integer, String> SQL_NAMES =
      Map.ofEntries(
          Map.entry(PgOid.BOOL, "boolean"),
          Map.entry(PgOid.INT2, "smallint"),
          Map.entry(PgOid.INT4, "integer"),
          Map.entry(PgOid.INT8, "bigint"),
          Map.entry(PgOid.FLOAT4, "real"),
          Map.entry(PgOid.FLOAT8, "double precision"),
          Map.entry(PgOid.BPCHAR, "character"),
          Map.entry(PgOid.VARCHAR, "character varying"),
          Map.entry(PgOid.CHAR, "\"char\""),
          Map.entry(PgOid.TIME, "time without time zone"),
          Map.entry(PgOid.TIMETZ, "time with time zone"),
          Map.entry(PgOid.TIMESTAMP, "timestamp without time zone"),
          Map.entry(PgOid.TIMESTAMPTZ, "timestamp with time zone"),
          Map.entry(PgOid.NUMERIC, "numeric"),
          Map.entry(PgOid.INTERVAL, "interval"),
          Map.entry(PgOid.BIT, "bit"),
          Map.entry(PgOid.VARBIT, "bit varying"),
          Map.entry(PgOid.ANY, "\"any\""));

  private static final Map<String, Integer> ALIASES =
      Map.ofEntries(
          Map.entry("boolean", PgOid.BOOL),
          Map.entry("smallint", PgOid.INT2),
          Map.entry("integer", PgOid.INT4),
          Map.entry("int", PgOid.INT4),
          Map.entry("bigint", PgOid.INT8),
          Map.entry("real", PgOid.FLOAT4),
          Map.entry("double precision", PgOid.FLOAT8),
          Map.entry("float", PgOid.FLOAT8),
          Map.entry("decimal", PgOid.NUMERIC),
          Map.entry("dec", PgOid.NUMERIC),
          Map.entry("character", PgOid.BPCHAR),
          Map.entry("char", PgOid.BPCHAR),
          Map.entry("nchar", PgOid.BPCHAR),
          Map.entry("character varying", PgOid.VARCHAR),
          Map.entry("char varying", PgOid.VARCHAR),
          Map.entry("bit varying", PgOid.VARBIT),
          Map.entry("time without time zone", PgOid.TIME),
          Map.entry("time with time zone", PgOid.TIMETZ),
          Map.entry("timestamp without time zone", PgOid.TIMESTAMP),
          Map.entry("timestamp with time zone", PgOid.TIMESTAMPTZ));

  /** A part of a dotted name, in quotes or not. */
  private static final Pattern NAME_PART =
      Pattern.compile("(?:\"((?:[^\"]|\"\")+)\"|([^\".\\s]+))(?:\\.(?!$)|$)");

  private TypeNames() {}

  /** The type's SQL name with its modifier, as format_type prints it. */
  public static String format(int oid, int typmod) {
    PgType type = PgTypes.find(oid);
    if (type == null) {
      return "???";
    }
    if (type.isArray() && type.row().name().startsWith("_")) {
      return format(type.elementOid(), typmod) + "[]";
    }
    if (oid == PgOid.BPCHAR && typmod == -1) {
      return "character";
    }
    String modifier = type.typmodText(typmod);
    UserTypes.InSchema made = type.isUserDefined() ? TypeScope.types().find(oid) : null;
    if (made != null) {
      return TypeScope.nameOf(made) + modifier;
    }
    String name = SQL_NAMES.get(oid);
    if (name == null) {
      return Text.quoteIdentifier(type.name()) + modifier;
    }
    if (oid == PgOid.TIME
        || oid == PgOid.TIMETZ
        || oid == PgOid.TIMESTAMP
        || oid == PgOid.TIMESTAMPTZ) {
      int space = name.indexOf(' ');
      return name.substring(0, space) + modifier + name.substring(space);
    }
    return name + modifier;
  }

  /** The name of the schema that a type is in. */
  public static String schemaOf(int oid) {
    UserTypes.InSchema made = TypeScope.types().find(oid);
    return made == null ? "pg_catalog" : made.schema();
  }

  public static String format(SqlType type) {
    return format(type.oid(), type.typmod());
  }

  /**
   * Reads a type name such as {@code numeric(10,2)[]} or {@code pg_catalog.int4}; 42704 if unknown.
   */
  public static SqlType parse(String text) {
    SqlType type = find(text);
    if (type == null) {
      throw TypeErrors.of(ErrorCode.UNDEFINED_OBJECT, "type \"" + text + "\" does not exist");
    }
    return type;
  }

  /** As {@link #parse}, but null for an unknown name. */
  public static @Nullable SqlType find(String text) {
    String rest = Text.stripSpace(text);
    boolean array = false;
    while (rest.endsWith("]")) {
      int open = rest.lastIndexOf('[');
      if (open < 0) {
        return null;
      }
      rest = Text.stripSpace(rest.substring(0, open));
      array = true;
    }
    long[] modifiers = new long[0];
    int open = rest.indexOf('(');
    if (open >= 0) {
      int close = rest.indexOf(')', open);
      if (close < 0) {
        return null;
      }
      List<Long> numbers = new ArrayList<>();
      for (String word : rest.substring(open + 1, close).split(",", -1)) {
        try {
          numbers.add(Long.parseLong(word.strip()));
        } catch (NumberFormatException e) {
          return null;
        }
      }
      modifiers = numbers.stream().mapToLong(Long::longValue).toArray();
      rest = Text.stripSpace(rest.substring(0, open) + " " + rest.substring(close + 1));
    }
    Integer oid = oidOf(rest);
    if (oid == null) {
      return null;
    }
    PgType type = PgTypes.byOid(oid);
    int typmod = -1;
    if (modifiers.length > 0) {
      Integer encoded =
          type.typmodOf(
              oid == PgOid.INTERVAL
                  ? new long[] {IntervalFormat.FULL_RANGE, modifiers[0]}
                  : modifiers);
      if (encoded == null) {
        throw TypeErrors.of(
            ErrorCode.SYNTAX_ERROR,
            "type modifier is not allowed for type \"" + type.name() + "\"");
      }
      typmod = encoded;
    } else if (oid == PgOid.BPCHAR && !rest.contains("bpchar")) {
      typmod = VarcharFormat.HEADER + 1;
    } else if (oid == PgOid.BIT && !rest.contains("\"")) {
      typmod = 1;
    }
    if (array) {
      if (type.arrayOid() == 0) {
        return null;
      }
      return new SqlType(type.arrayOid(), typmod);
    }
    return new SqlType(oid, typmod);
  }

  private static @Nullable Integer oidOf(String name) {
    String rest = name;
    for (String schema : List.of("pg_catalog.", "\"pg_catalog\".")) {
      if (rest.regionMatches(true, 0, schema, 0, schema.length())) {
        rest = rest.substring(schema.length());
      }
    }
    if (rest.startsWith("\"") && rest.endsWith("\"") && rest.length() > 2) {
      PgType quoted = PgTypes.byName(rest.substring(1, rest.length() - 1).replace("\"\"", "\""));
      if (quoted != null) {
        return quoted.oid();
      }
    }
    String folded = rest.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    Integer alias = ALIASES.get(folded);
    if (alias != null) {
      return alias;
    }
    PgType type = PgTypes.byName(folded);
    if (type == null) {
      type = userType(rest);
    }
    return type == null ? null : type.oid();
  }

  /** A type by a name such as {@code mood} or {@code app."Mood"}, or null. */
  private static @Nullable PgType userType(String name) {
    List<String> parts = new ArrayList<>();
    Matcher matcher = NAME_PART.matcher(name);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      String quoted = matcher.group(1);
      parts.add(
          quoted == null
              ? matcher.group(2).toLowerCase(Locale.ROOT)
              : quoted.replace("\"\"", "\""));
      end = matcher.end();
    }
    return end != name.length() || parts.isEmpty() || parts.size() > 2
        ? null
        : PgTypes.named(parts.size() == 1 ? null : parts.getFirst(), parts.getLast());
  }
}
