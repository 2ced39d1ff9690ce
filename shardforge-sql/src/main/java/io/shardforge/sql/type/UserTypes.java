package io.shardforge.sql.type;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types that statements made in one database, as one catalog snapshot has them. Immutable. */
public final class UserTypes {
  public static final UserTypes NONE = new UserTypes(List.of());

  /** A type with the schema that it is in. */
  record InSchema(String schema, PgType type) {}

  private record Name(String schema, String name) {}

  private final Map<Integer, InSchema> byOid = new HashMap<>();
  private final Map<Name, PgType> byName = new HashMap<>();

  private UserTypes(List<InSchema> types) {
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

    private final List<InSchema> types = new ArrayList<>();

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
      types.add(new InSchema(schema, PgTypes.arrayOf(type)));
    }

    public UserTypes build() {
      return types.isEmpty() ? NONE : new UserTypes(types);
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
