package io.shardforge.sql.session;

import io.shardforge.sql.catalog.system.AccessRulesView;
import java.util.List;

/** What the node was told at its start, as far as sessions show it; handed in by the server. */
public interface NodeConfiguration {
  /** Whether clients can have TLS. */
  boolean hasTls();

  /**
   * What the file with the access rules says now, line by line; without one, the rules that the
   * node has.
   */
  List<AccessRulesView.Entry> accessRules();

  /** Reads the files again that can be read again: access rules and certificates. */
  void reload();

  /** When that was done last, or the node started: microseconds of the wall clock. */
  long loadedMicros();
}
