package io.shardforge.sql.type;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The collations that every database has: those of the C library's kind, and ICU's locales. */
public final class Collations {
  public static final int DEFAULT = 100;
  public static final int C = 950;
  public static final int POSIX = 951;
  private static final int UCS_BASIC = 962;
  private static final int UNICODE = 963;

  /**
   * A row of pg_collation.
   *
   * @param provider who orders: d for the database, c for code points, i for ICU
   * @param encoding what it is for, -1 for any
   */
  public record BuiltIn(String name, char provider, int encoding, Collation collation) {}

  /** What pg_collation calls UTF-8. */
  private static final int UTF8 = 6;

  private static final Map<Integer, BuiltIn> BY_OID = new LinkedHashMap<>();
  private static final Map<String, BuiltIn> BY_NAME = new HashMap<>();

  static {
    add("default", 'd', -1, new Collation(DEFAULT, null, true));
    add("C", 'c', -1, new Collation(C, null, true));
    add("POSIX", 'c', -1, new Collation(POSIX, null, true));
    add("ucs_basic", 'c', UTF8, new Collation(UCS_BASIC, null, true));
    add("unicode", 'i', -1, new Collation(UNICODE, "und", true));
    for (String[] f : PgTypes.resourceRows(Collations.class, "pg_collation.tsv")) {
      add(f[1], 'i', -1, new Collation(Integer.parseInt(f[0]), f[2], true));
    }
  }

  private Collations() {}

  private static void add(String name, char provider, int encoding, Collation collation) {
    BuiltIn row = new BuiltIn(name, provider, encoding, collation);
    BY_OID.put(collation.oid(), row);
    BY_NAME.put(name, row);
  }

  public static @Nullable BuiltIn byOid(int oid) {
    return BY_OID.get(oid);
  }

  public static @Nullable BuiltIn byName(String name) {
    return BY_NAME.get(name);
  }

  /** All, by OID. */
  public static Collection<BuiltIn> all() {
    return new ArrayList<>(BY_OID.values());
  }
}
