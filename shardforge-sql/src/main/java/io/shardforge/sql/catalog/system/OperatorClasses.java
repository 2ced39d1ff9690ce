package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** PostgreSQL's operator classes, btree and gin, of the types that there are. */
final class OperatorClasses {
  /** One row of pg_opclass with its family. */
  record OperatorClass(
      int oid,
      String name,
      int familyOid,
      String familyName,
      int type,
      int keyType,
      boolean main,
      int method) {}

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
              f[6].equals("t"),
              Integer.parseInt(f[7])));
    }
    return List.copyOf(classes);
  }

  private static Map<Integer, Integer> defaults() {
    Map<Integer, Integer> oids = new HashMap<>();
    for (OperatorClass c : ALL) {
      if (c.main() && c.method() == SystemOids.ACCESS_METHOD_BTREE) {
        oids.put(c.type(), c.oid());
      }
    }
    return oids;
  }

  /** The class that the column of an index uses. */
  static long of(KeyColumn key, SqlType keyType) {
    if (key.inverted() != null) {
      return key.inverted().oid();
    }
    int typeOid = keyType.oid();
    int type =
        switch (typeOid) {
          case PgOid.VARCHAR -> PgOid.TEXT;
          case PgOid.CIDR -> PgOid.INET;
          case PgOid.REGCLASS, PgOid.REGTYPE, PgOid.REGPROC -> PgOid.OID;
          default -> PgTypes.byOid(typeOid).isArray() ? PgOid.ANYARRAY : typeOid;
        };
    return DEFAULTS.getOrDefault(type, 0);
  }
}
