package io.shardforge.sql.catalog.system;

import java.util.List;

/** The run-time settings of a session, for pg_settings. Obtained from EvalContext.services(). */
public interface SettingsView {
  List<Entry> settings();

  /**
   * One setting.
   *
   * @param context PostgreSQL's word for who may set it, such as user, internal, or sighup for
   *     those of the cluster
   * @param type bool, integer, real, string or enum
   */
  record Entry(
      String name,
      String value,
      String defaultValue,
      String context,
      String type,
      String description) {}
}
