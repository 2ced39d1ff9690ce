package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;

/** Names of catalog objects for the reg* types: what regclass and its kin read and print. */
public interface ObjectNames {
  /**
   * The OID of the object that {@code text} names, as the input function of the type finds it along
   * the search path; throws PostgreSQL's error when there is none.
   */
  long resolve(int regTypeOid, String text);

  /** How the type prints the OID; the number itself if the object is gone. */
  String describe(int regTypeOid, long oid);

  /** Knows only types; for contexts without a catalog. */
  ObjectNames TYPES_ONLY =
      new ObjectNames() {
        @Override
        public long resolve(int regTypeOid, String text) {
          if (regTypeOid == PgOid.REGTYPE) {
            return TypeNames.parse(text).oid();
          }
          throw TypeErrors.of(ErrorCode.UNDEFINED_OBJECT, "object \"" + text + "\" does not exist");
        }

        @Override
        public String describe(int regTypeOid, long oid) {
          return regTypeOid == PgOid.REGTYPE ? TypeNames.format((int) oid, -1) : Long.toString(oid);
        }
      };
}
