package io.shardforge.sql.function;

/** pg_stat_reset and its kin. Obtained from EvalContext.services(). */
public interface UseFunctions {
  /** Sets what is counted of the current database to nothing. */
  void reset();

  /** Sets what is counted of a relation to nothing. */
  void resetRelation(long oid);
}
