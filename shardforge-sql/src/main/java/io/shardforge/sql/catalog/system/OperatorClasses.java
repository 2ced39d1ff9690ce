package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's operator classes, btree and gin, of the types that there are. */
public final class OperatorClasses {
  /** One row of pg_opclass with its family. */
  public record OperatorClass(
      int oid,
      String name,
      int familyOid,
      String familyName,
      int type,
      int keyType,
      boolean main,
      int method) {}

  /** The pseudo-type anyenum. */
  private static final int ENUM = 3500;

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

  /** The class of ordered indexes that has a name, or null. */
  public static @Nullable OperatorClass ordered(String name) {
    for (OperatorClass c : ALL) {
      if (c.name().equals(name) && c.method() == SystemOids.ACCESS_METHOD_BTREE) {
        return c;
      }
    }
    return null;
  }

  /** The class of this number, or null. */
  public static @Nullable OperatorClass find(int oid) {
    for (OperatorClass c : ALL) {
      if (c.oid() == oid) {
        return c;
      }
    }
    return null;
  }

  /** The type of the classes that values of a type have: what it is to comparisons. */
  public static int comparedAs(SqlType type) {
    int oid = type.oid();
    return switch (oid) {
      case PgOid.VARCHAR -> PgOid.TEXT;
      case PgOid.CIDR -> PgOid.INET;
      case PgOid.REGCLASS, PgOid.REGTYPE, PgOid.REGPROC -> PgOid.OID;
      default -> {
        PgType known = PgTypes.byOid(oid);
        yield known.isArray() ? PgOid.ANYARRAY : known.isEnum() ? ENUM : oid;
      }
    };
  }

  /** The class of ordered indexes that a type has by itself; 0 if there is none. */
  public static int usual(SqlType type) {
    return DEFAULTS.getOrDefault(comparedAs(type), 0);
  }

  /** The class that the column of an index uses. */
  static long of(KeyColumn key, SqlType keyType) {
    if (key.inverted() != null) {
      return key.inverted().oid();
    }
    return key.operatorClass() != 0 ? key.operatorClass() : usual(keyType);
  }
}
