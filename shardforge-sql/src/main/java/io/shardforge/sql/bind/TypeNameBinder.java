package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.TypeName;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.Set;

/** Type names of the parse tree to types. */
public final class TypeNameBinder {
  /** Types that PostgreSQL has and that are not there. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "money",
          "macaddr",
          "macaddr8",
          "bit",
          "varbit",
          "point",
          "line",
          "lseg",
          "box",
          "path",
          "polygon",
          "circle",
          "tsvector",
          "tsquery",
          "xml",
          "int4range",
          "int8range",
          "numrange",
          "tsrange",
          "tstzrange",
          "daterange",
          "int4multirange",
          "int8multirange",
          "nummultirange",
          "tsmultirange",
          "tstzmultirange",
          "datemultirange");

  private TypeNameBinder() {}

  /** Whether PostgreSQL has a type of this name that is not there. */
  public static boolean isUnsupported(String name) {
    return UNSUPPORTED.contains(name);
  }

  /** The type that the name means; 42704 if there is none. */
  public static SqlType bind(BindContext context, TypeName name) {
    int location = name.getLocation();
    if (name.getPctType()) {
      throw context.unsupported(location, "%TYPE");
    }
    if (name.getSetof()) {
      throw context.unsupported(location, "SETOF");
    }
    List<String> names = Names.strings(name.getNamesList());
    PgType type =
        names.size() > 2
            ? null
            : PgTypes.named(names.size() == 1 ? null : names.getFirst(), names.getLast());
    if (type == null && isUnsupported(names.getLast())) {
      throw context.unsupported(location, "type " + names.getLast());
    }
    if (type == null) {
      String suffix = name.getArrayBoundsCount() > 0 ? "[]" : "";
      throw context.error(
          ErrorCode.UNDEFINED_OBJECT,
          location,
          "type \"" + Names.dotted(names) + suffix + "\" does not exist");
    }
    int typmod = modifier(context, name, type);
    if (name.getArrayBoundsCount() > 0) {
      int array = Resolver.arrayOf(type.oid());
      if (array == 0) {
        throw context.error(
            ErrorCode.UNDEFINED_OBJECT,
            location,
            "could not find array type for data type " + Names.type(type.oid()));
      }
      return new SqlType(array, typmod);
    }
    return new SqlType(type.oid(), typmod);
  }

  private static int modifier(BindContext context, TypeName name, PgType type) {
    if (name.getTypmodsCount() == 0) {
      return -1;
    }
    long[] arguments = new long[name.getTypmodsCount()];
    for (int i = 0; i < arguments.length; i++) {
      Node node = name.getTypmods(i);
      if (!node.hasAConst() || !node.getAConst().hasIval()) {
        throw context.error(
            ErrorCode.SYNTAX_ERROR,
            name.getLocation(),
            "type modifiers must be simple constants or identifiers");
      }
      arguments[i] = node.getAConst().getIval().getIval();
    }
    Integer typmod;
    try {
      typmod = type.typmodOf(arguments);
    } catch (ShardForgeException e) {
      throw context.at(e, name.getLocation());
    }
    if (typmod == null) {
      throw context.error(
          ErrorCode.SYNTAX_ERROR,
          name.getLocation(),
          "type modifier is not allowed for type \"" + type.name() + "\"");
    }
    return typmod;
  }
}
