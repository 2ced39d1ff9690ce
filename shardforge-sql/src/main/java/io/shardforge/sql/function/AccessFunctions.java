package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;

/** Functions about access privileges as aclitem shows them. */
final class AccessFunctions {
  private AccessFunctions() {}

  static void register(FunctionTable t) {
    t.of("acldefault_sql", String.class, Long.class, AccessFunctions::byDefault);
  }

  /** What the owner, and everybody, may do with an object of which nothing was granted. */
  private static ArrayValue byDefault(EvalContext context, String kind, long ownerOid) {
    String everybody =
        switch (kind) {
          case "d" -> "Tc";
          case "f" -> "X";
          case "l", "T" -> "U";
          default -> "";
        };
    String owner =
        switch (kind) {
          case "c" -> "";
          case "r" -> "arwdDxtm";
          case "s" -> "rwU";
          case "d" -> "CTc";
          case "f" -> "X";
          case "l", "T", "F", "S" -> "U";
          case "L" -> "rw";
          case "n" -> "UC";
          case "p" -> "sA";
          case "t" -> "C";
          default ->
              throw new ShardForgeException(
                  ErrorCode.INVALID_PARAMETER_VALUE,
                  "unrecognized object type abbreviation: " + kind);
        };
    String known = context.services().get(CatalogFunctions.class).roleName(ownerOid);
    String name = known == null ? Long.toString(ownerOid) : known;
    List<String> items = new ArrayList<>();
    if (!everybody.isEmpty()) {
      items.add("=" + everybody + "/" + name);
    }
    if (!owner.isEmpty()) {
      items.add(name + "=" + owner + "/" + name);
    }
    return ArrayValue.of(PgOid.ACLITEM, items.toArray());
  }
}
