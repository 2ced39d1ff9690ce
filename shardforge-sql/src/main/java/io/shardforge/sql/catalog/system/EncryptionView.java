package io.shardforge.sql.catalog.system;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The TLS of all connections, for pg_stat_ssl. Obtained from EvalContext.services(). */
public interface EncryptionView {
  /**
   * One connection.
   *
   * @param protocol null, as what follows, without TLS, or for who may not see it
   */
  record Entry(
      int processId,
      boolean encrypted,
      @Nullable String protocol,
      @Nullable String cipher,
      @Nullable String clientName,
      @Nullable BigInteger clientSerial,
      @Nullable String issuerName) {}

  List<Entry> connections();
}
