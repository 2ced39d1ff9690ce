package io.shardforge.sql.function;

/** What functions do with jobs of schema changes and of backups. From EvalContext.services(). */
public interface JobFunctions {
  /** Has one rest until it is resumed; returns the word for its state then. */
  String pause(long id);

  /** Has one that rests go on; the same. */
  String resume(long id);

  /** Ends one, of which nothing is left; the same. */
  String cancel(long id);
}
