package io.shardforge.sql.function;

import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The types at one call: what polymorphic functions adapt to.
 *
 * @param variadicArray true if the call spread an array over the last argument with VARIADIC
 */
public record CallTypes(List<SqlType> arguments, SqlType result, boolean variadicArray) {
  public CallTypes {
    arguments = List.copyOf(arguments);
  }

  public CallTypes(List<SqlType> arguments, SqlType result) {
    this(arguments, result, false);
  }

  /** What the call orders text by: the binder sees to it that all arguments agree. */
  @Nullable Collation collation() {
    for (SqlType argument : arguments) {
      if (argument.collation() != null) {
        return argument.collation();
      }
    }
    return null;
  }

  /** A type as the call's collation orders it. */
  PgType ordered(int oid) {
    return PgTypes.of(SqlType.of(oid).withCollation(collation()));
  }

  /** The type of an argument, of a domain what it is made of. */
  int argument(int index) {
    return PgTypes.baseOid(arguments.get(index).oid());
  }
}
