package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.RowValue;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Whether a text can be read as a value of a type that is named. */
final class InputFunctions {
  private InputFunctions() {}

  static void register(FunctionTable t) {
    Class<String> s = String.class;
    t.of("pg_input_is_valid", s, s, (c, text, type) -> refusal(c, text, type) == null);
    t.of(
        "pg_input_error_info",
        s,
        s,
        (c, text, type) -> {
          ShardForgeException e = refusal(c, text, type);
          return new RowValue(
              Collections.nCopies(4, SqlType.of(PgOid.TEXT)),
              e == null
                  ? new @Nullable Object[4]
                  : new @Nullable Object[] {
                    e.message(), e.detail(), e.hint(), e.code().sqlState()
                  });
        });
  }

  /** Why it cannot; null if it can. */
  private static @Nullable ShardForgeException refusal(
      EvalContext context, String text, String typeName) {
    SqlType type = TypeNames.parse(typeName);
    PgType known = PgTypes.byOid(type.oid());
    if (known.isUserDefined() && !known.isEnum()) {
      throw TypeErrors.unsupported("pg_input_is_valid of a domain");
    }
    try {
      var _ = known.parse(text, type.typmod(), context.typeContext());
      return null;
    } catch (ShardForgeException e) {
      return e;
    }
  }
}
