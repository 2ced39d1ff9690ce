package io.shardforge.sql.catalog.system;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** PostgreSQL's btree operator classes of the types that there are. */
final class OperatorClasses {
  /** One row of pg_opclass with its family. */
  record OperatorClass(
      int oid,
      String name,
      int familyOid,
      String familyName,
      int type,
      int keyType,
      boolean main) {}

  static final List<OperatorClass> ALL = load();
  private static final Map<Integer, Integer> DEFAULTS = defaults();

  private OperatorClasses() {}

  private static List<OperatorClass> load() {
    List<OperatorClass> classes = new ArrayList<>();
    for (String[] f : PgTypes.resourceRows(OperatorClasses.class, "operator_classes.tsv")) {
      classes.add(
          new OperatorClass(
              Integer.parseInt(f[0]),
              f[1],
              Integer.parseInt(f[2]),
              f[3],
              Integer.parseInt(f[4]),
              Integer.parseInt(f[5]),
              f[6].equals("t")));
    }
    return List.copyOf(classes);
  }

  private static Map<Integer, Integer> defaults() {
    Map<Integer, Integer> oids = new HashMap<>();
    for (OperatorClass c : ALL) {
      if (c.main()) {
        oids.put(c.type(), c.oid());
      }
    }
    return oids;
  }

  /** The class that an index on a column of the type uses. */
  static long of(int typeOid) {
    int type =
        switch (typeOid) {
          case PgOid.VARCHAR -> PgOid.TEXT;
          case PgOid.REGCLASS, PgOid.REGTYPE, PgOid.REGPROC -> PgOid.OID;
          default -> PgTypes.byOid(typeOid).isArray() ? PgOid.ANYARRAY : typeOid;
        };
    return DEFAULTS.getOrDefault(type, 0);
  }
}
