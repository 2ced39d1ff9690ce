package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of built-in types, by OID and by name. */
public final class PgTypes {
  private static final Map<Integer, PgType> BY_OID = new LinkedHashMap<>();
  private static final Map<String, PgType> BY_NAME = new LinkedHashMap<>();

  /** Types from here on are made by statements. */
  static final int FIRST_USER_OID = 16384;

  private static final PgType[] DENSE = new PgType[4096];

  private static final int ARRAY_IN = 750;
  private static final int ARRAY_OUT = 751;
  private static final int ARRAY_RECEIVE = 2400;
  private static final int ARRAY_SEND = 2401;

  static {
    for (String[] f : resourceRows(PgTypes.class, "pg_type.tsv")) {
      PgType.Row row =
          new PgType.Row(
              Integer.parseInt(f[0]),
              f[1],
              Integer.parseInt(f[2]),
              f[3].equals("t"),
              f[4].charAt(0),
              f[5].charAt(0),
              f[6].equals("t"),
              f[7].charAt(0),
              Integer.parseInt(f[8]),
              Integer.parseInt(f[9]),
              f[10].charAt(0),
              f[11].charAt(0),
              Integer.parseInt(f[12]),
              Integer.parseInt(f[13]),
              Integer.parseInt(f[14]),
              Integer.parseInt(f[15]),
              Integer.parseInt(f[16]),
              Integer.parseInt(f[17]),
              Integer.parseInt(f[18]));
      PgType type = TypeFormats.create(row);
      BY_OID.put(row.oid(), type);
      BY_NAME.put(row.name(), type);
      if (row.oid() < DENSE.length) {
        DENSE[row.oid()] = type;
      }
    }
  }

  private PgTypes() {}

  /** The type with this OID; 42704 if it is none of ours. */
  public static PgType byOid(int oid) {
    PgType type = find(oid);
    if (type == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_OBJECT, "type with OID " + oid + " does not exist");
    }
    return type;
  }

  /** Whether the type is the same in all databases. */
  public static boolean isBuiltIn(int oid) {
    return oid < FIRST_USER_OID && find(oid) != null;
  }

  /** The type of some values, which compares them as their collation says. */
  public static PgType of(SqlType type) {
    PgType plain = byOid(type.oid());
    Collation collation = type.collation();
    if (collation == null) {
      return plain;
    }
    TextOrder order = collation.order();
    return order == null ? plain : plain.under(order);
  }

  public static @Nullable PgType find(int oid) {
    if (oid >= 0 && oid < DENSE.length) {
      return DENSE[oid];
    }
    if (oid >= FIRST_USER_OID) {
      UserTypes.InSchema found = TypeScope.types().find(oid);
      return found == null ? null : found.type();
    }
    return BY_OID.get(oid);
  }

  static @Nullable PgType builtIn(int oid) {
    return BY_OID.get(oid);
  }

  /**
   * What a domain is made of, for arrays of domains the arrays of that; other types as they are.
   */
  public static SqlType base(SqlType type) {
    SqlType base = type.oid() < FIRST_USER_OID ? null : TypeScope.types().base(type.oid());
    return base == null
        ? type
        : type.collation() == null ? base : base.withCollation(type.collation());
  }

  /** The same for a type without its modifier. */
  public static int baseOid(int oid) {
    SqlType base = oid < FIRST_USER_OID ? null : TypeScope.types().base(oid);
    return base == null ? oid : base.oid();
  }

  /** The built-in type with this pg_type.typname (such as int4 or _int4), or null. */
  public static @Nullable PgType byName(String name) {
    return BY_NAME.get(name);
  }

  /**
   * The type that a name means, or null.
   *
   * @param schema null to look along the search path, built-in types first
   */
  public static @Nullable PgType named(@Nullable String schema, String name) {
    if (schema == null) {
      PgType builtIn = BY_NAME.get(name);
      return builtIn != null ? builtIn : TypeScope.find(null, name);
    }
    return switch (schema) {
      case "pg_catalog" -> BY_NAME.get(name);
      case TypeScope.BY_OID -> name.matches("[0-9]{1,9}") ? find(Integer.parseInt(name)) : null;
      default -> TypeScope.find(schema, name);
    };
  }

  /**
   * The array type over a type that a statement made.
   *
   * @param storedElementOid what its values say that they are arrays of
   */
  static PgType arrayOf(PgType element, int storedElementOid) {
    PgType.Row row =
        new PgType.Row(
            element.arrayOid(),
            "_" + element.name(),
            -1,
            false,
            'b',
            'A',
            false,
            ',',
            element.oid(),
            0,
            element.row().alignment(),
            'x',
            ARRAY_IN,
            ARRAY_OUT,
            ARRAY_RECEIVE,
            ARRAY_SEND,
            0,
            0,
            element.row().collationOid());
    return new PgType(row, PgType.Representation.OBJECT, new ArrayFormat(storedElementOid));
  }

  /** All types, by OID. */
  public static Collection<PgType> all() {
    return BY_OID.values();
  }

  /** The rows of a tab-separated resource beside a class; a lone backslash-N is an empty field. */
  public static List<String[]> resourceRows(Class<?> owner, String name) {
    List<String[]> rows = new ArrayList<>();
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing");
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isEmpty() && line.charAt(0) != '#') {
          rows.add(line.split("\t", -1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
