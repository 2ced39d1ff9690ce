package io.shardforge.sql.function;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What functions ask of the session that runs them. Obtained from EvalContext.services(). */
public interface SessionFunctions {
  String databaseName();

  String userName();

  String sessionUserName();

  /** The schemas of the search path that exist, pg_catalog among them if {@code implicit}. */
  List<String> searchPath(boolean implicit);

  /** The OID of the schema with the session's temporary objects, 0 if it has none. */
  long temporarySchemaId();

  boolean isTemporarySchema(long oid);

  /** The process number that BackendKeyData named. */
  long backendPid();

  /** The running SQL text. */
  String currentQuery();

  /** SHOW's value of a setting, or null if there is no such setting. */
  @Nullable String setting(String name);

  /**
   * Sets a setting for the session or, if {@code local}, the transaction; returns its new value.
   */
  String setSetting(String name, @Nullable String value, boolean local);

  /** Cancels the statement of another session; false if there is no such process. */
  boolean cancelBackend(long pid);

  /** Ends a connection; with a timeout, waits so long for its end and tells whether it came. */
  boolean terminateBackend(long pid, long timeoutMillis);

  /** Sleeps, ending early with 57014 when the statement is canceled. */
  void sleep(double seconds);

  /**
   * A column of the primary key of the table's row that a cursor is on.
   *
   * @param column its number in the key, from 0
   */
  @Nullable Object cursorKey(String cursor, long table, int column);

  /** The wall clock, in microseconds since 2000-01-01 UTC. */
  long clockMicros();

  /** The id of the running transaction as txid_current shows it. */
  long transactionId();

  /** A random number in [0, 1). */
  double random();

  /** A random number from one bound to the other, both included. */
  long random(long low, long high);

  /** A random number of the normal distribution. */
  double randomNormal(double mean, double deviation);

  /** Makes {@link #random} repeat from a seed. */
  void seed(double seed);

  /** Bits for gen_random_uuid, from a secure source. */
  long randomBits();

  /** When the server started, in microseconds since 2000-01-01 UTC. */
  long serverStartMicros();

  @Nullable String clientAddress();

  long clientPort();

  @Nullable String serverAddress();

  long serverPort();

  /** server_version, such as 17.0, and the product's own name and version for version(). */
  String versionText();
}
