package io.shardforge.sql.function;

import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import java.util.Arrays;
import java.util.List;

/** The binary forms of values, as clients get them. */
final class SendFunctions {
  private static final List<String> NAMES =
      List.of(
          "array_send",
          "bit_send",
          "boolsend",
          "bpcharsend",
          "byteasend",
          "charsend",
          "cidr_send",
          "date_send",
          "enum_send",
          "float4send",
          "float8send",
          "inet_send",
          "int2send",
          "int2vectorsend",
          "int4send",
          "int8send",
          "interval_send",
          "json_send",
          "jsonb_send",
          "namesend",
          "numeric_send",
          "oidsend",
          "oidvectorsend",
          "pg_lsn_send",
          "textsend",
          "time_send",
          "timestamp_send",
          "timestamptz_send",
          "timetz_send",
          "uuid_send",
          "varbit_send",
          "varcharsend",
          "xid8send");

  private SendFunctions() {}

  static void register(FunctionTable t) {
    for (String name : NAMES) {
      t.typed(
          name,
          types -> {
            PgType type = PgTypes.byOid(types.argument(0));
            return (context, in) -> {
              ByteWriter out = new ByteWriter();
              type.writeBinary(NullArguments.at(in, 0), out, context.typeContext());
              return Arrays.copyOf(out.array(), out.size());
            };
          });
    }
  }
}
