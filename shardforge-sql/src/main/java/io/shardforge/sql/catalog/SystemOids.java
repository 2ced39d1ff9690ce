package io.shardforge.sql.catalog;

/** PostgreSQL's fixed OIDs of schemas, roles, databases and system tables. */
public final class SystemOids {
  public static final int SCHEMA_PG_CATALOG = 11;
  public static final int SCHEMA_PUBLIC = 2200;
  public static final int SCHEMA_INFORMATION = 13207;
  public static final int SCHEMA_SHARDFORGE = 9003;

  /** The name of the schema with what PostgreSQL does not have. */
  public static final String SHARDFORGE = "shardforge";

  public static final int ROLE_POSTGRES = 10;
  public static final int ROLE_DATABASE_OWNER = 6171;
  public static final int ROLE_SHARDFORGE = 9001;

  public static final int DATABASE_POSTGRES = 5;
  public static final int DATABASE_SHARDFORGE = 9002;

  public static final int PG_TYPE = 1247;
  public static final int PG_ATTRIBUTE = 1249;
  public static final int PG_PROC = 1255;
  public static final int PG_CLASS = 1259;
  public static final int PG_AUTHID = 1260;
  public static final int PG_DATABASE = 1262;
  public static final int PG_ATTRDEF = 2604;
  public static final int PG_REWRITE = 2618;
  public static final int PG_CONSTRAINT = 2606;
  public static final int PG_COLLATION = 3456;
  public static final int PG_NAMESPACE = 2615;
  public static final int PG_STATISTIC_EXT = 3381;

  public static final int TABLESPACE_DEFAULT = 1663;
  public static final int TABLESPACE_GLOBAL = 1664;

  public static final int ACCESS_METHOD_HEAP = 2;
  public static final int ACCESS_METHOD_BTREE = 403;
  public static final int ACCESS_METHOD_GIN = 2742;

  /** OIDs below are the system's own; objects that users make count up from here. */
  public static final int FIRST_USER_OID = 16384;

  private SystemOids() {}
}
