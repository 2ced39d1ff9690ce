package io.shardforge.sql.function;

import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.List;

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

  /** The type of an argument, of a domain what it is made of. */
  int argument(int index) {
    return PgTypes.baseOid(arguments.get(index).oid());
  }
}
