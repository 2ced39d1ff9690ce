package io.shardforge.sql.ddl;

import io.shardforge.sql.bind.TypeNameBinder;
import io.shardforge.sql.parse.proto.A_Const;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.TypeName;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;

/** Resolves the type names of definitions. */
final class ColumnTypes {
  private ColumnTypes() {}

  /** The last part of the name, such as {@code int4}. */
  static String lastName(TypeName type) {
    return type.getNamesCount() == 0
        ? ""
        : type.getNames(type.getNamesCount() - 1).getString().getSval();
  }

  static SqlType resolve(TypeName type, DdlContext context) {
    if (type.getPctType()) {
      throw DdlErrors.unsupported("%TYPE").withPosition(context.position(type.getLocation()));
    }
    if (type.getSetof()) {
      throw DdlErrors.of(ErrorCode.INVALID_TABLE_DEFINITION, "column cannot be declared SETOF");
    }
    String written = written(type);
    int parts = type.getNamesCount();
    PgType base =
        parts == 0 || parts > 2
            ? null
            : PgTypes.named(
                parts == 1 ? null : type.getNames(0).getString().getSval(), lastName(type));
    if (base == null && TypeNameBinder.isUnsupported(lastName(type))) {
      throw DdlErrors.unsupported("type " + lastName(type))
          .withPosition(context.position(type.getLocation()));
    }
    if (base == null) {
      throw DdlErrors.of(ErrorCode.UNDEFINED_OBJECT, "type \"" + written + "\" does not exist")
          .withPosition(context.position(type.getLocation()));
    }
    TypeUses.use(context, base.oid());
    int typmod = typmod(type, base, context);
    if (type.getArrayBoundsCount() == 0) {
      return new SqlType(base.oid(), typmod);
    }
    if (base.arrayOid() == 0) {
      throw DdlErrors.of(
          ErrorCode.UNDEFINED_OBJECT,
          "could not find array type for data type " + base.displayName());
    }
    return new SqlType(base.arrayOid(), typmod);
  }

  /** Refuses types that a column cannot have. */
  static void requireStorable(String column, SqlType type) {
    PgType pgType = PgTypes.byOid(type.oid());
    if (pgType.isPseudo()) {
      throw DdlErrors.of(
          ErrorCode.INVALID_TABLE_DEFINITION,
          "column \"" + column + "\" has pseudo-type " + pgType.displayName());
    }
  }

  private static int typmod(TypeName type, PgType base, DdlContext context) {
    List<Node> nodes = type.getTypmodsList();
    if (nodes.isEmpty()) {
      return -1;
    }
    long[] arguments = new long[nodes.size()];
    for (int i = 0; i < arguments.length; i++) {
      A_Const constant = nodes.get(i).getAConst();
      if (!constant.hasIval()) {
        throw DdlErrors.of(
                ErrorCode.SYNTAX_ERROR, "type modifiers must be simple constants or identifiers")
            .withPosition(context.position(type.getLocation()));
      }
      arguments[i] = constant.getIval().getIval();
    }
    Integer typmod;
    try {
      typmod = base.typmodOf(arguments);
    } catch (ShardForgeException e) {
      throw e.withPosition(context.position(type.getLocation()));
    }
    if (typmod == null) {
      throw DdlErrors.of(
              ErrorCode.SYNTAX_ERROR,
              "type modifier is not allowed for type \"" + base.name() + "\"")
          .withPosition(context.position(type.getLocation()));
    }
    return typmod;
  }

  private static String written(TypeName type) {
    StringBuilder name = new StringBuilder();
    for (Node part : type.getNamesList()) {
      if (!name.isEmpty()) {
        name.append('.');
      }
      name.append(part.getString().getSval());
    }
    for (int i = 0; i < type.getArrayBoundsCount(); i++) {
      name.append("[]");
    }
    return name.toString();
  }
}
