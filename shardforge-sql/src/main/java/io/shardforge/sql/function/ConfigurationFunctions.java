package io.shardforge.sql.function;

/** pg_reload_conf and its kin. Obtained from EvalContext.services(). */
public interface ConfigurationFunctions {
  /** Reads again what can be read again of the node's files; 42501 for who is no superuser. */
  void reload();

  /** When that was done last: microseconds since 2000-01-01 UTC. */
  long loadedMicros();
}
