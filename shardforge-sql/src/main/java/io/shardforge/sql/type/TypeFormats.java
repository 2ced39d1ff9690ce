package io.shardforge.sql.type;

import io.shardforge.sql.type.PgType.Representation;

/** Chooses the format of each type. */
final class TypeFormats {
  private TypeFormats() {}

  static PgType create(PgType.Row row) {
    return new PgType(row, representation(row), format(row));
  }

  private static Representation representation(PgType.Row row) {
    return switch (row.oid()) {
      case PgOid.BOOL -> Representation.BOOLEAN;
      case PgOid.FLOAT4, PgOid.FLOAT8 -> Representation.DOUBLE;
      case PgOid.INT2,
          PgOid.INT4,
          PgOid.INT8,
          PgOid.OID,
          PgOid.XID,
          PgOid.CID,
          PgOid.XID8,
          PgOid.PG_LSN,
          PgOid.TID,
          PgOid.DATE,
          PgOid.TIME,
          PgOid.TIMESTAMP,
          PgOid.TIMESTAMPTZ,
          PgOid.REGPROC,
          PgOid.REGPROCEDURE,
          PgOid.REGOPER,
          PgOid.REGOPERATOR,
          PgOid.REGCLASS,
          PgOid.REGTYPE,
          PgOid.REGROLE,
          PgOid.REGNAMESPACE,
          PgOid.REGCOLLATION ->
          Representation.LONG;
      default -> Representation.OBJECT;
    };
  }

  private static TypeFormat format(PgType.Row row) {
    return switch (row.oid()) {
      case PgOid.BOOL -> new BooleanFormat();
      case PgOid.INT2 -> IntegerFormat.INT2;
      case PgOid.INT4 -> IntegerFormat.INT4;
      case PgOid.INT8 -> IntegerFormat.INT8;
      case PgOid.OID -> IntegerFormat.OID;
      case PgOid.XID -> IntegerFormat.XID;
      case PgOid.CID -> IntegerFormat.CID;
      case PgOid.XID8 -> IntegerFormat.XID8;
      case PgOid.PG_LSN -> new LsnFormat();
      case PgOid.FLOAT4 -> new FloatFormat(true);
      case PgOid.FLOAT8 -> new FloatFormat(false);
      case PgOid.NUMERIC -> new NumericFormat();
      case PgOid.TEXT, PgOid.CSTRING, PgOid.UNKNOWN, PgOid.PG_NODE_TREE, PgOid.ACLITEM ->
          new TextFormat();
      case PgOid.VARCHAR -> new VarcharFormat();
      case PgOid.BPCHAR -> new BpcharFormat();
      case PgOid.NAME -> new NameFormat();
      case PgOid.CHAR -> new SingleCharFormat();
      case PgOid.BYTEA -> new ByteaFormat();
      case PgOid.BIT -> new BitFormat(false);
      case PgOid.VARBIT -> new BitFormat(true);
      case PgOid.UUID -> new UuidFormat();
      case PgOid.INET -> new NetworkAddressFormat(false);
      case PgOid.CIDR -> new NetworkAddressFormat(true);
      case PgOid.TID -> new TidFormat();
      case PgOid.DATE -> new DateFormat();
      case PgOid.TIME -> new TimeFormat();
      case PgOid.TIMETZ -> new TimeTzFormat();
      case PgOid.TIMESTAMP -> new TimestampFormat(false);
      case PgOid.TIMESTAMPTZ -> new TimestampFormat(true);
      case PgOid.INTERVAL -> new IntervalFormat();
      case PgOid.JSON -> new JsonFormat();
      case PgOid.JSONB -> new JsonbFormat();
      case PgOid.JSONPATH -> new JsonPathFormat();
      case PgOid.INT2VECTOR, PgOid.OIDVECTOR -> new VectorFormat(row.elementOid());
      case PgOid.REGPROC,
          PgOid.REGPROCEDURE,
          PgOid.REGOPER,
          PgOid.REGOPERATOR,
          PgOid.REGCLASS,
          PgOid.REGTYPE,
          PgOid.REGROLE,
          PgOid.REGNAMESPACE,
          PgOid.REGCOLLATION ->
          new ObjectNameFormat(row.oid());
      case PgOid.RECORD -> new RecordFormat();
      case PgOid.ANYARRAY, PgOid.ANYCOMPATIBLEARRAY -> new ArrayFormat(0);
      case PgOid.VOID -> new VoidFormat();
      default ->
          row.category() == 'A' || (row.elementOid() != 0 && row.kind() == 'p')
              ? new ArrayFormat(row.elementOid())
              : new PseudoFormat(row.name());
    };
  }
}
