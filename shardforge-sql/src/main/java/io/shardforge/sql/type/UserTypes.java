package io.shardforge.sql.type;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types that statements made in one database, as one catalog snapshot has them. Immutable. */
public final class UserTypes {
  public static final UserTypes NONE = new UserTypes(List.of(), Map.of());

  /** A type with the schema that it is in. */
  record InSchema(String schema, PgType type) {}

  private record Name(String schema, String name) {}

  private final Map<Integer, InSchema> byOid = new HashMap<>();
  private final Map<Name, PgType> byName = new HashMap<>();

  /** What a domain, or the arrays of one, are made of; never a domain itself. */
  private final Map<Integer, SqlType> bases;

  private UserTypes(List<InSchema> types, Map<Integer, SqlType> bases) {
    this.bases = Map.copyOf(bases);
    for (InSchema type : types) {
      byOid.put(type.type.oid(), type);
      byName.put(new Name(type.schema, type.type.name()), type.type);
    }
  }

  /** Collects the types of a snapshot. */
  public static final class Builder {
    private static final int ENUM_IN = 3506;
    private static final int ENUM_OUT = 3507;
    private static final int ENUM_RECEIVE = 3532;
    private static final int ENUM_SEND = 3533;
    private static final int ENUM_LENGTH = 4;
    private static final int DOMAIN_IN = 2597;
    private static final int DOMAIN_RECEIVE = 2598;

    private record Domain(int oid, int arrayOid, String schema, String name, SqlType base) {}

    private final List<InSchema> types = new ArrayList<>();
    private final List<Domain> domains = new ArrayList<>();

    /** Adds an enum and the arrays of it. */
    public void addEnum(int oid, int arrayOid, String schema, String name, List<EnumLabel> labels) {
      PgType.Row row =
          new PgType.Row(
              oid,
              name,
              ENUM_LENGTH,
              true,
              'e',
              'E',
              false,
              ',',
              0,
              arrayOid,
              'i',
              'p',
              ENUM_IN,
              ENUM_OUT,
              ENUM_RECEIVE,
              ENUM_SEND,
              0,
              0,
              0);
      PgType type = new PgType(row, PgType.Representation.LONG, new EnumFormat(name, labels));
      types.add(new InSchema(schema, type));
      types.add(new InSchema(schema, PgTypes.arrayOf(type, type.oid())));
    }

    /**
     * Adds a domain and the arrays of it.
     *
     * @param base what it is declared over, which may be a domain that is added later
     */
    public void addDomain(int oid, int arrayOid, String schema, String name, SqlType base) {
      domains.add(new Domain(oid, arrayOid, schema, name, base));
    }

    public UserTypes build() {
      Map<Integer, PgType> known = new HashMap<>();
      Map<Integer, SqlType> bases = new HashMap<>();
      types.forEach(made -> known.put(made.type.oid(), made.type));
      List<Domain> rest = new ArrayList<>(domains);
      while (!rest.isEmpty()) {
        boolean found =
            rest.removeIf(domain -> {
              PgType base = known.get(domain.base.oid());
              PgType builtIn = base == null ? PgTypes.builtIn(domain.base.oid()) : base;
              return builtIn != null && resolve(domain, builtIn, known, bases);
            });
        if (!found) {
          throw new IllegalStateException("a domain has no base: " + rest);
        }
      }
      return types.isEmpty() ? NONE : new UserTypes(types, bases);
    }

    private boolean resolve(
        Domain domain, PgType declared, Map<Integer, PgType> known, Map<Integer, SqlType> bases) {
      SqlType base = bases.getOrDefault(declared.oid(), domain.base);
      PgType.Row from = declared.row();
      PgType.Row row =
          new PgType.Row(
              domain.oid,
              domain.name,
              from.length(),
              from.byValue(),
              'd',
              from.category(),
              false,
              from.delimiter(),
              0,
              domain.arrayOid,
              from.alignment(),
              from.storage(),
              DOMAIN_IN,
              from.outputOid(),
              DOMAIN_RECEIVE,
              from.sendOid(),
              0,
              0,
              domain.base.collationOid(from));
      PgType type = new PgType(row, declared.representation(), declared.formatOf());
      PgType array = PgTypes.arrayOf(type, base.oid());
      types.add(new InSchema(domain.schema, type));
      types.add(new InSchema(domain.schema, array));
      known.put(type.oid(), type);
      known.put(array.oid(), array);
      bases.put(type.oid(), base);
      PgType element = known.containsKey(base.oid()) ? known.get(base.oid()) : null;
      PgType builtIn = element == null ? PgTypes.builtIn(base.oid()) : element;
      if (builtIn != null && builtIn.arrayOid() != 0) {
        bases.put(array.oid(), new SqlType(builtIn.arrayOid(), base.typmod()));
      }
      return true;
    }
  }

  /** A type that is there. */
  public PgType get(int oid) {
    InSchema found = byOid.get(oid);
    if (found == null) {
      throw new IllegalArgumentException("no type has the OID " + oid);
    }
    return found.type;
  }

  /** What a domain or an array of domains is made of, null for other types. */
  @Nullable SqlType base(int oid) {
    return bases.get(oid);
  }

  @Nullable InSchema find(int oid) {
    return byOid.get(oid);
  }

  @Nullable PgType find(String schema, String name) {
    return byName.get(new Name(schema, name));
  }

  /** The first match along a search path. */
  @Nullable PgType find(List<String> searchPath, String name) {
    for (String schema : searchPath) {
      PgType type = find(schema, name);
      if (type != null) {
        return type;
      }
    }
    return null;
  }
}
